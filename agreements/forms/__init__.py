"""What is posted, read and shown again. Nothing typed is ever lost: a form that is refused shows it all once more."""
