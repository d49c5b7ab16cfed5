// Menus are <details data-menu>: Escape and a click elsewhere close them. The theme choice lives in a cookie, so that
// the server can draw the next page right from the start.
(() => {
  const openMenus = () => document.querySelectorAll("details[data-menu][open]");

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of openMenus()) {
      menu.open = false;
      if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    }
  });

  document.addEventListener("click", (event) => {
    for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
  });

  const root = document.documentElement;
  const choice = document.querySelector("[data-theme]");
  if (!choice) return;
  const current = choice.querySelector(`input[value="${root.dataset.colorScheme}"]`);
  if (current) current.checked = true;
  choice.addEventListener("change", (event) => {
    root.dataset.colorScheme = event.target.value;
    const secure = location.protocol === "https:" ? ";secure" : "";
    const age = event.target.value === "auto" ? 0 : 31536000;
    document.cookie = `utseende=${event.target.value};path=/;max-age=${age};samesite=lax${secure}`;
  });
})();
