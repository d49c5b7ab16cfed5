// [data-rows] (templates/components/rows.html): rows of a formset that are added, moved and removed in the browser.
// A removed row that the server knows is marked for removal; both kinds can be taken back. Everything is said aloud in
// the live region. Field names keep Django's pattern prefix-number-name.
(() => {
  const list = (root) => root.querySelector("[data-rows-list]");
  const rowsOf = (root) => [...list(root).children];
  const control = (row, name) => row.querySelector(`[data-row-control="${name}"] input`);
  const nameOf = (row) => row.querySelector("[data-row-name]").textContent.trim();
  const total = (root) => root.querySelector(`[name="${root.dataset.prefix}-TOTAL_FORMS"]`);

  function say(root, text) {
    root.querySelector("[data-rows-status]").textContent = text;
  }

  function changed(root) {
    total(root).dispatchEvent(new Event("input", { bubbles: true }));
  }

  function number(root) {
    let order = 0;
    for (const row of rowsOf(root)) {
      const field = control(row, "ORDER");
      if (field) field.value = ++order;
    }
  }

  function position(root, row) {
    const shown = rowsOf(root).filter((each) => !("removed" in each.dataset));
    return `${shown.indexOf(row) + 1} av ${shown.length}`;
  }

  function add(root) {
    const count = Number(total(root).value);
    const made = root.querySelector("[data-rows-template]").innerHTML.replaceAll("__prefix__", count);
    list(root).insertAdjacentHTML("beforeend", made);
    total(root).value = count + 1;
    const row = list(root).lastElementChild;
    number(root);
    row.dispatchEvent(new CustomEvent("rows:added", { bubbles: true }));
    row.querySelector("[data-row-fields] :is(input:not([type=hidden]), select, textarea)")?.focus();
    say(root, `${nameOf(row)} ${position(root, row)} är tillagd.`);
    changed(root);
  }

  function move(root, row, step) {
    let other = row;
    do other = step < 0 ? other.previousElementSibling : other.nextElementSibling;
    while (other && "removed" in other.dataset);
    if (!other) {
      say(root, step < 0 ? "Raden står redan först." : "Raden står redan sist.");
      return;
    }
    const focused = document.activeElement;
    if (step < 0) other.before(row);
    else other.after(row);
    number(root);
    focused.focus();
    say(root, `${nameOf(row)} står nu på plats ${position(root, row)}.`);
    changed(root);
  }

  function remove(root, row) {
    const mark = control(row, "DELETE");
    if (mark) mark.checked = true;
    const name = nameOf(row);
    row.dataset.removed = "";
    for (const part of row.children) part.hidden = true;
    const notice = document.createElement("div");
    notice.className = "row__removed";
    const text = document.createElement("span");
    text.textContent = `${name} är borttagen. Den försvinner när du sparar.`;
    const undo = document.createElement("button");
    undo.type = "button";
    undo.className = "ds-button";
    undo.dataset.variant = "tertiary";
    undo.dataset.compact = "";
    undo.dataset.rowUndo = "";
    undo.textContent = "Ångra";
    notice.append(text, undo);
    row.append(notice);
    undo.focus();
    say(root, `${name} är borttagen. Tryck på Ångra för att ta tillbaka den.`);
    changed(root);
  }

  function bringBack(root, row) {
    const mark = control(row, "DELETE");
    if (mark) mark.checked = false;
    delete row.dataset.removed;
    row.querySelector(".row__removed").remove();
    for (const part of row.children) part.hidden = false;
    row.querySelector("[data-row-remove]").focus();
    say(root, `${nameOf(row)} är tillbaka.`);
    changed(root);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    const root = button?.closest("[data-rows]");
    if (!root) return;
    const row = button.closest("[data-row]");
    if ("rowsAdd" in button.dataset) add(root);
    else if ("rowUp" in button.dataset) move(root, row, -1);
    else if ("rowDown" in button.dataset) move(root, row, 1);
    else if ("rowRemove" in button.dataset) remove(root, row);
    else if ("rowUndo" in button.dataset) bringBack(root, row);
  });

  document.addEventListener("keydown", (event) => {
    const row = event.altKey && event.target.closest("[data-row]");
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!row || !step) return;
    event.preventDefault();
    move(row.closest("[data-rows]"), row, step);
  });
})();
