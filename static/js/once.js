// A form that writes goes once: a second click while the answer is awaited sends nothing more. Loaded last, so that
// whoever asks or holds back a submit before has done so.
(() => {
  const WAIT = 5000; // milliseconds: an answer that takes longer may be asked for again
  const gone = new Map();

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const method = event.submitter?.getAttribute("formmethod") || form.method;
    if (event.defaultPrevented || method !== "post") return;
    if (gone.get(form) > Date.now()) event.preventDefault();
    else gone.set(form, Date.now() + WAIT);
  });
  addEventListener("pageshow", () => gone.clear());
})();
