// A contact point is made in a dialog over the section: its form is fetched into #ny-kontaktyta, and when it is saved
// the section's form is drawn anew with what was typed in it and the new one ticked. Autosave does the rest.
(() => {
  const dialog = document.getElementById("kontaktyta-dialog");
  const place = document.getElementById("ny-kontaktyta");
  let opener = null;
  let awaited = null; // the one that was made, until the form that has it is there

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.name === "new_contact") opener = event.target.value;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target === place && !dialog.open) dialog.showModal();
  });
  dialog.addEventListener("close", () => {
    place.replaceChildren();
    document.querySelector(`button[name="new_contact"][value="${opener}"]`)?.focus();
  });

  document.addEventListener("contact-point-made", (event) => {
    const { organisation, level, point } = event.detail;
    const form = document.getElementById("avsnitt-formular");
    const party = form.querySelector(`[data-organisation="${organisation}"]`).dataset.party;
    const made = document.createElement("input");
    Object.assign(made, { type: "hidden", name: "contacts", value: `${party}:${level}:${point}` });
    form.append(made);
    dialog.close();
    awaited = made.value;
    const redraw = { source: form, target: "#avsnitt-formular", swap: "outerHTML", values: { redraw: "1" } };
    htmx.ajax("POST", form.action, redraw);
  });

  // not when htmx.ajax says it is done: while an autosave is under way it says so at once, and asks afterwards
  document.addEventListener("htmx:afterSettle", () => {
    const box = awaited && document.querySelector(`input[type="checkbox"][name="contacts"][value="${awaited}"]`);
    if (!box) return;
    awaited = null;
    box.focus();
    box.dispatchEvent(new Event("input", { bubbles: true }));
  });
})();
