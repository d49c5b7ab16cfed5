// Ticks every row of the list at once. Without scripts the rows are ticked one by one, or all that match by the box below.
document.addEventListener("change", (event) => {
  const all = event.target.closest("[data-choose-all]");
  if (!all) return;
  for (const box of all.closest("form").querySelectorAll("input[name='val']")) box.checked = all.checked;
});
