// Talking about words: [data-quote] takes the words selected within [data-quote-from] into the form of a new comment,
// with the field they stand in (data-path) and which time they stand there.
(() => {
  const source = document.querySelector("[data-quote-from]");
  if (!source) return;
  const squeezed = (text) => text.replace(/\s+/g, "");
  let chosen = null;

  function read() {
    const selection = document.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return;
    const range = selection.getRangeAt(0);
    if (!source.contains(range.commonAncestorContainer)) return;
    const start = range.startContainer;
    const block = (start.nodeType === Node.TEXT_NODE ? start.parentElement : start).closest("[data-path]");
    const words = selection.toString().trim();
    if (!words) return;
    chosen = { words, path: block ? block.dataset.path : "", nth: block ? times(block, range, words) : 0 };
  }

  // how many times the words stand in the block before the selection
  function times(block, range, words) {
    const before = document.createRange();
    before.setStart(block, 0);
    before.setEnd(range.startContainer, range.startOffset);
    return squeezed(before.toString()).split(squeezed(words)).length - 1;
  }

  document.addEventListener("selectionchange", read);

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-quote]")) return;
    const field = (name) => document.getElementById(`id_${name}`);
    if (chosen) {
      field("words").value = chosen.words;
      field("nth").value = chosen.nth;
      const place = field("place");
      place.value = [...place.options].some((option) => option.value === chosen.path) ? chosen.path : "";
      field("text").focus();
    } else {
      field("words").focus();
    }
  });

  // words written by hand stand where they stand first
  document.addEventListener("input", (event) => {
    if (event.target.id === "id_words") document.getElementById("id_nth").value = "";
  });
})();
