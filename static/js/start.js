// Runs before the page is drawn: says that scripts work, so that what needs them is shown.
document.documentElement.classList.remove("no-js");

// A page that is the same to everybody does not know the reader's choice of appearance: it is taken from the cookie here.
if (document.documentElement.dataset.colorScheme === "auto") {
  const chosen = document.cookie.match(/(?:^|; )utseende=(light|dark)/);
  if (chosen) document.documentElement.dataset.colorScheme = chosen[1];
}
