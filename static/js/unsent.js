// Text that the server has not got yet, kept in this browser under the user's own key: neither a lost server, an ended
// session nor a closed window loses a word. Gone when it is saved, at log-out, and after a week. `unsent` is what
// autosave.js works with; [data-unsent] offers what an earlier visit left behind.
window.unsent = (() => {
  const PREFIX = "osparat:";
  const EARLIER = ":tidigare"; // what is offered stands apart from what is typed meanwhile
  const KEPT = 7 * 24 * 3600 * 1000;
  const key = (form) => `${PREFIX}${form.dataset.user}:${form.dataset.section}`;

  function typed(form) {
    return [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken" && name !== "revision");
  }

  // the same words are the same text, whatever the rows are called
  const said = (fields) => JSON.stringify(fields.filter(([name]) => !/-(?:id|INITIAL_FORMS)$|^base$/.test(name)));

  // a full or forbidden store: the page itself still holds the text
  function store(work) {
    try {
      return work(localStorage);
    } catch {
      return null;
    }
  }

  const read = (name) => store((shelf) => JSON.parse(shelf.getItem(name)));
  const forget = (form) => store((shelf) => shelf.removeItem(key(form)));

  function keep(form) {
    const entry = { at: Date.now(), revision: form.elements.revision.value, fields: typed(form) };
    store((shelf) => shelf.setItem(key(form), JSON.stringify(entry)));
  }

  function forgetAll(isDue) {
    store((shelf) => {
      for (const name of Object.keys(shelf)) if (name.startsWith(PREFIX) && isDue(name)) shelf.removeItem(name);
    });
  }

  // ---------------------------------------------------------------------------------------- taking back

  function fill(form, fields) {
    const values = new Map();
    for (const [name, value] of fields) values.set(name, [...(values.get(name) || []), value]);
    addRows(form, values);
    for (const control of form.elements) {
      if (!control.name || ["csrfmiddlewaretoken", "revision"].includes(control.name) || control.type === "submit") continue;
      const given = values.get(control.name) || [];
      if (["checkbox", "radio"].includes(control.type)) tick(control, given.includes(control.value));
      else if (values.has(control.name)) write(control, given[0]);
    }
    for (const list of form.querySelectorAll("[data-rows-list]")) order(list);
  }

  function addRows(form, values) {
    for (const root of form.querySelectorAll("[data-rows]")) {
      const wanted = Number(values.get(`${root.dataset.prefix}-TOTAL_FORMS`)?.[0] || 0);
      const total = root.querySelector(`[name="${root.dataset.prefix}-TOTAL_FORMS"]`);
      while (Number(total.value) < wanted) root.querySelector("[data-rows-add]").click();
    }
  }

  function tick(control, on) {
    const row = control.name.endsWith("-DELETE") && control.closest("[data-row]");
    if (control.checked === on) return;
    if (row) row.querySelector(on ? "[data-row-remove]" : "[data-row-undo]")?.click();
    else control.checked = on;
  }

  function write(control, value) {
    if (control.value === value) return;
    const editor = control.closest("[data-editor]")?.editor;
    if (editor) editor.commands.setContent(value);
    control.value = value;
  }

  function order(list) {
    const place = (row) => Number(row.querySelector('[data-row-control="ORDER"] input')?.value || 0);
    list.append(...[...list.children].sort((one, other) => place(one) - place(other)));
  }

  function offer(form) {
    const box = form.querySelector("[data-unsent]");
    const entry = read(key(form) + EARLIER) || read(key(form));
    if (!entry || !box) return;
    if (said(entry.fields) === said(typed(form))) return leave(form);
    store((shelf) => shelf.setItem(key(form) + EARLIER, JSON.stringify(entry)));
    forget(form);
    const when = { dateStyle: "long", timeStyle: "short" };
    box.querySelector("[data-unsent-at]").textContent = new Date(entry.at).toLocaleString("sv-SE", when);
    box.hidden = false;
  }

  function leave(form) {
    store((shelf) => shelf.removeItem(key(form) + EARLIER));
    forget(form);
  }

  function takeBack(form) {
    const entry = read(key(form) + EARLIER);
    if (!entry) return;
    fill(form, entry.fields);
    form.elements.revision.value = entry.revision;
    leave(form);
    form.querySelector("[data-autosave-status]").dispatchEvent(new Event("input", { bubbles: true }));
  }

  document.addEventListener("click", (event) => {
    const box = event.target.closest?.("[data-unsent]");
    const form = box?.closest("form");
    if (event.target.closest?.("[data-unsent-take]")) takeBack(form);
    else if (event.target.closest?.("[data-unsent-drop]")) leave(form);
    else return;
    box.hidden = true;
    form.tabIndex = -1;
    form.focus({ preventScroll: true });
  });

  document.addEventListener("submit", (event) => event.target.matches("[data-sign-out]") && forgetAll(() => true));
  forgetAll((name) => Date.now() - (read(name)?.at ?? 0) > KEPT);

  return { typed, said, keep, forget, offer };
})();
