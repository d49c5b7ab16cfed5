// data-opens="ID" opens a <dialog>, data-closes closes the one it stands in. data-confirm="Question?" on a submit
// button or an htmx element (hx-confirm) asks first, in one shared dialog.
(() => {
  const shared = () => document.getElementById("confirm");
  let agreed = null;

  function ask(question, label, onYes) {
    const dialog = shared();
    dialog.querySelector("[data-confirm-text]").textContent = question;
    dialog.querySelector("[data-confirm-yes]").textContent = label || "Ja";
    agreed = onYes;
    dialog.showModal();
  }

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) {
      event.preventDefault();
      document.getElementById(opener.dataset.opens).showModal();
    }
    const closer = event.target.closest("[data-closes]");
    if (closer) closer.closest("dialog").close();
    if (event.target.closest("[data-confirm-yes]")) {
      const action = agreed;
      shared().close();
      if (action) action();
    }
  });

  document.addEventListener(
    "submit",
    (event) => {
      const button = event.submitter;
      if (!button || !button.dataset.confirm || button.dataset.confirmed) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      ask(button.dataset.confirm, button.dataset.confirmLabel, () => {
        button.dataset.confirmed = "yes";
        button.form.requestSubmit(button);
        delete button.dataset.confirmed;
      });
    },
    true,
  );

  document.addEventListener("htmx:confirm", (event) => {
    if (!event.detail.question) return;
    event.preventDefault();
    ask(event.detail.question, event.target.dataset.confirmLabel, () => event.detail.issueRequest(true));
  });

  document.addEventListener("close", (event) => event.target.id === "confirm" && (agreed = null), true);
})();
