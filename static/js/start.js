// Runs before the page is drawn: says that scripts work, so that what needs them is shown.
document.documentElement.classList.remove("no-js");
