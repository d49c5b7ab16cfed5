"""Invented agreements for the demonstration and for measuring. Which municipalities is invented; so are the people."""
