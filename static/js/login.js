// Demo logins: one click fills in the form.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fill-email]");
  if (!button) return;
  const form = document.querySelector("main form");
  form.elements.username.value = button.dataset.fillEmail;
  form.elements.password.value = button.dataset.fillPassword;
  form.querySelector("button[type=submit]").focus();
});
