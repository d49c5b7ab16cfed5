// A form with data-warn-unsaved warns before its changes are lost. It carries data-dirty while it differs from what
// the server has.
(() => {
  const watched = "form[data-warn-unsaved]";
  const formOf = (event) => event.target.closest && event.target.closest(watched);

  document.addEventListener("input", (event) => {
    const form = formOf(event);
    if (form) form.dataset.dirty = "";
  });

  for (const saved of ["submit", "reset"]) {
    document.addEventListener(saved, (event) => {
      const form = formOf(event);
      if (form && !event.defaultPrevented) delete form.dataset.dirty;
    });
  }

  // htmx takes over the submit, and says itself how it went
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = formOf(event);
    const address = event.detail.xhr.responseURL;
    const loggedOut = address && new URL(address).pathname === document.body.dataset.login;
    const saved = event.detail.successful && !loggedOut && event.detail.requestConfig.verb !== "get";
    if (form && saved) delete form.dataset.dirty;
  });

  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector(`${watched}[data-dirty]`)) event.preventDefault();
  });
})();
