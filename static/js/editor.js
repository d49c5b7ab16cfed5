// Turns [data-editor] (templates/widgets/rich_text.html) into a writing surface. The engine is fetched only by pages
// that have one. The textarea stays in the form and always holds what will be sent.
(() => {
  const COMMANDS = {
    bold: (chain) => chain.toggleBold(),
    italic: (chain) => chain.toggleItalic(),
    heading: (chain) => chain.toggleHeading({ level: 3 }),
    bulletList: (chain) => chain.toggleBulletList(),
    orderedList: (chain) => chain.toggleOrderedList(),
    undo: (chain) => chain.undo(),
    redo: (chain) => chain.redo(),
  };

  // Word wraps its text in styles, comments and tags of its own; the engine's schema drops the rest. Style attributes
  // are renamed, since the page's policy refuses them, and read by the two marks below.
  function withoutWord(markup) {
    const tidy = markup
      .replace(/(<[a-z][^<>]*?)\sstyle\s*=/gi, "$1 data-style=")
      .replace(/<!--[\s\S]*?-->/g, "")
      .replace(/<(style|script|xml|title)\b[\s\S]*?<\/\1>/gi, "")
      .replace(/<\/?(?:o|w|m|v):[^>]*>/gi, "")
      .replace(/<(\/?)h[1-6]\b/gi, "<$1h3")
      .replace(/<p[^>]*>(?:\s|&nbsp;|<br\s*\/?>|<\/?span[^>]*>)*<\/p>/gi, "");
    return window.wordLists ? window.wordLists(tidy) : tidy;
  }

  function marked(mark, tags, style, unstyled) {
    const says = (pattern) => (node) => pattern.test(node.dataset.style || "");
    return mark.extend({
      parseHTML: () => [
        ...tags.map((tag) => ({ tag, getAttrs: (node) => (says(unstyled)(node) ? false : null) })),
        { tag: "span[data-style]", getAttrs: (node) => (says(style)(node) ? null : false) },
      ],
    });
  }

  function extensions(engine) {
    const bold = marked(engine.Bold, ["strong", "b"], /font-weight:\s*(bold|[6-9]00)/i, /font-weight:\s*(normal|400)/i);
    const italic = marked(engine.Italic, ["em", "i"], /font-style:\s*italic/i, /font-style:\s*normal/i);
    return [
      engine.Document, engine.Paragraph, engine.Text, engine.HardBreak, bold, italic,
      engine.BulletList, engine.OrderedList, engine.ListItem, engine.Heading.configure({ levels: [3] }),
      engine.History,
    ];
  }

  function surfaceAttributes(textarea) {
    const attributes = {
      id: `${textarea.id}_editor`, class: "editor__text prose", role: "textbox", "aria-multiline": "true", lang: "sv",
      spellcheck: "true",
    };
    const label = document.querySelector(`label[for="${CSS.escape(textarea.id)}"]`);
    if (label) {
      label.id = label.id || `${textarea.id}_label`;
      attributes["aria-labelledby"] = label.id;
      label.addEventListener("click", () => document.getElementById(attributes.id)?.focus());
    } else attributes["aria-label"] = textarea.getAttribute("aria-label") || "Text";
    for (const name of ["aria-describedby", "aria-invalid"]) {
      if (textarea.hasAttribute(name)) attributes[name] = textarea.getAttribute(name);
    }
    if (textarea.required) attributes["aria-required"] = "true";
    return attributes;
  }

  function drawTools(tools, editor) {
    for (const button of tools.children) {
      const name = button.dataset.command;
      if (name === "undo" || name === "redo") {
        button.setAttribute("aria-disabled", String(!editor.can()[name]()));
      } else {
        button.setAttribute("aria-pressed", String(editor.isActive(name, name === "heading" ? { level: 3 } : {})));
      }
    }
  }

  // one stop for Tab; arrows, Home and End move inside (the toolbar pattern)
  function moveInTools(tools, event) {
    const buttons = [...tools.children];
    const here = buttons.indexOf(document.activeElement);
    const steps = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: buttons.length - 1 };
    if (!(event.key in steps)) return;
    event.preventDefault();
    const next = buttons[(steps[event.key] + buttons.length) % buttons.length];
    for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
    next.focus();
  }

  function wireTools(tools, editor) {
    tools.hidden = false;
    tools.setAttribute("aria-controls", editor.view.dom.id);
    tools.addEventListener("keydown", (event) => moveInTools(tools, event));
    tools.addEventListener("mousedown", (event) => event.preventDefault());
    tools.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button || button.getAttribute("aria-disabled") === "true") return;
      const chain = event.detail ? editor.chain().focus() : editor.chain();
      COMMANDS[button.dataset.command](chain).run();
    });
    editor.on("transaction", () => drawTools(tools, editor));
    drawTools(tools, editor);
  }

  // The engine may come late; what was written in the textarea meanwhile is carried over, and so is the focus.
  function contentOf(root, textarea) {
    if (textarea.value === textarea.defaultValue) return root.querySelector("[data-editor-content]").innerHTML;
    if (/<[a-z][^<>]*>/i.test(textarea.value)) return textarea.value;
    const escaped = document.createElement("p");
    escaped.textContent = textarea.value;
    return `<p>${escaped.innerHTML.replace(/\n{2,}/g, "</p><p>").replace(/\n/g, "<br>")}</p>`;
  }

  async function start(root) {
    root.dataset.starting = "";
    const engine = await import(root.dataset.editor);
    const textarea = root.querySelector("textarea");
    const writing = document.activeElement === textarea;
    const place = document.createElement("div");
    textarea.after(place);
    const editor = new engine.Editor({
      element: place,
      extensions: extensions(engine),
      content: contentOf(root, textarea),
      injectCSS: false,
      editable: !textarea.disabled && !textarea.readOnly,
      editorProps: { attributes: surfaceAttributes(textarea), transformPastedHTML: withoutWord },
      onUpdate: () => {
        textarea.value = editor.isEmpty ? "" : editor.getHTML();
        textarea.dispatchEvent(new Event("input", { bubbles: true }));
      },
    });
    textarea.value = editor.isEmpty ? "" : editor.getHTML();
    textarea.required = false; // a hidden control cannot show the browser's own message; the server asks
    if (textarea.getAttribute("aria-invalid") === "true") root.dataset.invalid = "";
    root.editor = editor;
    root.dataset.ready = "";
    wireTools(root.querySelector("[data-editor-tools]"), editor);
    if (writing) editor.commands.focus("end");
    else if (location.hash === `#${textarea.id}`) {
      editor.view.dom.focus(); // a link from another page leads to the surface too
      editor.view.dom.scrollIntoView({ block: "center" });
    }
  }

  function startAll(place) {
    for (const root of place.querySelectorAll("[data-editor]:not([data-starting])")) {
      start(root).catch(() => delete root.dataset.ready); // the textarea is still there and works
    }
  }

  // links to the field (error summary, what is left) lead to the surface, not to the hidden textarea
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    const target = link && document.getElementById(`${link.hash.slice(1)}_editor`);
    if (!target) return;
    event.preventDefault();
    target.focus();
    target.scrollIntoView({ block: "center" });
  });
  document.addEventListener("htmx:load", (event) => startAll(event.detail.elt.parentElement || document));
  document.addEventListener("rows:added", (event) => startAll(event.target));
  startAll(document);
})();
