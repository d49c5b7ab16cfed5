// Word writes a list as paragraphs with a drawn mark: class MsoListParagraph, the level in mso-list. `window.wordLists`
// makes real lists of them, so that they are lists for everybody and can be written on. editor.js has renamed the style
// attributes to data-style by then.
window.wordLists = (() => {
  const LEVEL = /mso-list:\s*(l\d+)\s+level(\d+)/i;
  const ORDERED = /^\s*(?:\d+|[a-zåäö]|[ivxlc]+)[.)]/i;
  const styleOf = (element) => element.dataset.style || "";

  function markOf(paragraph) {
    return [...paragraph.querySelectorAll("span")].find((span) => /mso-list:\s*ignore/i.test(styleOf(span)));
  }

  function taken(paragraph) {
    const found = LEVEL.exec(styleOf(paragraph));
    const mark = markOf(paragraph);
    if (!found || !mark) return null;
    const tag = ORDERED.test(mark.textContent) ? "ol" : "ul";
    mark.remove();
    return { list: found[1], level: Number(found[2]), tag };
  }

  // open: the lists that go on, the outermost first
  function put(paragraph, { list, level, tag }, open) {
    while (open.length > level || (open.length === level && open.at(-1).tag !== tag)) open.pop();
    if (open.length && open[0].list !== list && level === 1) open.length = 0;
    if (open.length < level) {
      const made = document.createElement(tag);
      const outer = open.at(-1)?.element.lastElementChild;
      if (outer) outer.append(made);
      else paragraph.before(made);
      open.push({ element: made, tag, list });
    }
    const item = document.createElement("li");
    open.at(-1).element.append(item);
    const text = document.createElement("p");
    text.append(...paragraph.childNodes);
    item.append(text);
  }

  return (markup) => {
    if (!/mso-list/i.test(markup)) return markup;
    const page = new DOMParser().parseFromString(markup, "text/html");
    const walker = document.createTreeWalker(page.body, NodeFilter.SHOW_COMMENT);
    const comments = [];
    while (walker.nextNode()) comments.push(walker.currentNode);
    for (const comment of comments) comment.remove();
    let open = [];
    for (const paragraph of [...page.body.querySelectorAll("p")]) {
      const previous = paragraph.previousElementSibling;
      if (open.length && previous !== open[0].element) open = [];
      const place = taken(paragraph);
      if (!place) continue;
      put(paragraph, place, open);
      paragraph.remove();
    }
    return page.body.innerHTML;
  };
})();
