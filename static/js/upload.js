// input[data-largest]: a file that is too large is told of before it is sent; the server says the same.
(() => {
  const CLASS = "ds-validation-message";

  function complain(input, text) {
    const id = `${input.id}_too_large`;
    document.getElementById(id)?.remove();
    input.toggleAttribute("aria-invalid", Boolean(text));
    if (!text) return input.removeAttribute("aria-invalid");
    const message = document.createElement("div");
    message.className = CLASS;
    message.id = id;
    message.dataset.field = "validation";
    message.setAttribute("role", "alert");
    message.textContent = text;
    input.setAttribute("aria-invalid", "true");
    input.after(message);
    return undefined;
  }

  function complaint(input) {
    const largest = Number(input.dataset.largest);
    return [...input.files].some((file) => file.size > largest) ? input.dataset.tooLarge : "";
  }

  document.addEventListener("change", (event) => {
    if (event.target.matches("input[type=file][data-largest]")) complain(event.target, complaint(event.target));
  });

  document.addEventListener("submit", (event) => {
    for (const input of event.target.querySelectorAll("input[type=file][data-largest]")) {
      const text = complaint(input);
      if (!text) continue;
      event.preventDefault();
      complain(input, text);
      input.focus();
    }
  });
})();
