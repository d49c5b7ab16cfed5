// form[data-autosave]: what is typed is saved a second after typing stops; until then it is kept by unsent.js. Tells how
// it goes in [data-autosave-status]; complaints are put at their fields, and nothing moves the focus.
(() => {
  const PAUSE = 1000;
  const LOGIN_PAGE = 401; // an ended session is answered with the login page
  const SLOW = 600; // saving is only spoken of when it takes its time
  const RETRIES = [2, 4, 8, 15, 30]; // seconds
  const WORDS = {
    saving: "Sparar …",
    away: "Inte sparat: servern svarar inte. Texten finns kvar här och sparas när det går.",
    session: "Inte sparat: du har loggats ut. Logga in i ett annat fönster, så sparas texten sedan av sig själv.",
    marked: "Inte sparat: rätta det som är markerat.",
    refused: "Inte sparat: du saknar behörighet. Texten finns kvar här.",
  };
  const { typed, said, keep, forget, offer } = window.unsent;
  const state = new WeakMap();
  const current = () => document.querySelector("form[data-autosave]");
  const of = (form) => state.get(form) || state.set(form, { failures: 0 }).get(form);

  // a new row gets its name here, so that it is the same row however many times it is sent
  function nameRows(form) {
    for (const field of form.querySelectorAll('[data-row] input[type=hidden][name$="-id"]')) {
      if (!field.value) field.value = crypto.getRandomValues(new Uint32Array(1))[0].toString(16).padStart(8, "0");
    }
  }

  function tell(form, text, tone = "") {
    const place = form.querySelector("[data-autosave-status]");
    place.dataset.tone = tone;
    if (place.textContent !== text) place.textContent = text;
  }

  function surfaceOf(id) {
    return document.getElementById(`${id}_editor`) || document.getElementById(id);
  }

  function mark(form, errors) {
    for (const old of form.querySelectorAll("[data-autosave-error]")) {
      const control = surfaceOf(old.dataset.autosaveError);
      control?.removeAttribute("aria-invalid");
      old.remove();
    }
    for (const { id, message } of errors) {
      const control = id && surfaceOf(id);
      if (!control || document.getElementById(`${id}_error`)) continue;
      const words = document.createElement("div");
      words.className = "ds-validation-message";
      words.dataset.field = "validation";
      words.dataset.autosaveError = id;
      words.id = `${id}_error`;
      words.textContent = message;
      control.setAttribute("aria-invalid", "true");
      const described = new Set((control.getAttribute("aria-describedby") || "").split(" ").filter(Boolean));
      control.setAttribute("aria-describedby", [...described.add(words.id)].join(" "));
      (control.closest("[data-editor], fieldset") || control).after(words);
    }
  }

  function later(form, wait = PAUSE) {
    const own = of(form);
    clearTimeout(own.timer);
    own.timer = setTimeout(() => save(form), wait);
  }

  async function send(form, fields) {
    const body = new URLSearchParams([...fields, ["revision", form.elements.revision.value]]);
    const headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value, Accept: "application/json" };
    const answer = await fetch(form.dataset.autosave, { method: "POST", body, headers });
    const isOurs = (answer.headers.get("Content-Type") || "").startsWith("application/json");
    if (isOurs) return { status: answer.status, facts: await answer.json() };
    return { status: answer.ok ? LOGIN_PAGE : answer.status, facts: {} };
  }

  async function attempt(form, fields) {
    const own = of(form);
    if (own.session && !(await window.server.renewToken())) return { status: LOGIN_PAGE, facts: {} };
    const answer = await send(form, fields);
    if (answer.status === 403 && !own.session && (await window.server.renewToken())) return send(form, fields);
    return answer;
  }

  async function save(form) {
    const own = of(form);
    clearTimeout(own.timer);
    if (own.stopped || !form.isConnected) return;
    if (own.busy) {
      own.again = true;
      return;
    }
    nameRows(form);
    const fields = typed(form);
    if (said(fields) === own.saved) return settle(form, fields);
    const slow = setTimeout(() => own.failures || tell(form, WORDS.saving), SLOW);
    own.busy = attempt(form, fields).catch(() => ({ status: 0, facts: {} }));
    const answer = await own.busy;
    clearTimeout(slow);
    own.busy = null;
    heard(form, fields, answer);
    own.done?.();
    if (own.again) {
      own.again = false;
      if (answer.status === 200) later(form, 0);
    }
  }

  function heard(form, fields, { status, facts }) {
    const own = of(form);
    own.session = status === LOGIN_PAGE;
    if (status === 200) return saved(form, fields, facts);
    keep(form);
    if (facts.stale) return stop(form, facts.stale);
    if (facts.refused) return tell(form, `Inte sparat: ${facts.refused}`, "danger");
    if (status === 403 || status === 404) return tell(form, WORDS.refused, "danger");
    tell(form, own.session ? WORDS.session : WORDS.away, "warning");
    later(form, RETRIES[Math.min(own.failures++, RETRIES.length - 1)] * 1000);
  }

  function saved(form, fields, facts) {
    const own = of(form);
    const errors = facts.errors.filter((error) => error.id);
    const general = facts.errors.find((error) => !error.id);
    own.failures = 0;
    own.saved = said(fields);
    form.elements.revision.value = facts.revision;
    if (form.elements.base) form.elements.base.value = facts.base;
    mark(form, errors);
    if (general) tell(form, `Inte sparat: ${general.message}`, "danger");
    else if (errors.length) tell(form, facts.at ? `Sparat ${facts.at}, utom det som är markerat.` : WORDS.marked, "warning");
    else if (facts.at) tell(form, `Sparat ${facts.at}.`);
    if (facts.errors.length) keep(form);
    else settle(form, fields);
    form.dispatchEvent(new CustomEvent("section:saved", { bubbles: true }));
  }

  // nothing is left to save unless something has been typed meanwhile
  function settle(form, fields) {
    if (said(typed(form)) !== said(fields)) return;
    delete form.dataset.dirty;
    forget(form);
  }

  // somebody else has saved: nothing more goes by itself, and a button leads to both texts
  function stop(form, name) {
    of(form).stopped = true;
    tell(form, `Inte sparat: ${name} har sparat i avsnittet sedan du började. Det du skriver finns kvar här.`, "danger");
    form.querySelector("[data-autosave-both]").hidden = false;
  }

  async function ready(form) {
    for (let turns = 0; turns < 50 && form.querySelector("[data-editor]:not([data-ready])"); turns++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    if (form.isConnected) offer(form);
  }

  function start() {
    const form = current();
    if (!form || state.has(form)) return;
    of(form);
    ready(form);
  }

  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-autosave]");
    if (!form) return;
    nameRows(form);
    keep(form);
    if (!of(form).failures) later(form);
  });

  // the buttons of the form save too: one at a time, or somebody would collide with themselves
  document.addEventListener("htmx:confirm", (event) => {
    const form = event.target.closest?.("form[data-autosave]");
    if (!form || event.target !== form || event.defaultPrevented) return;
    const own = of(form);
    clearTimeout(own.timer);
    own.again = false;
    if (!own.busy) return;
    event.preventDefault();
    own.done = () => {
      own.done = null;
      clearTimeout(own.timer);
      event.detail.issueRequest(true);
    };
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form[data-section]");
    if (form && event.target === form && event.detail.xhr.getResponseHeader("HX-Redirect")) forget(form);
  });

  window.addEventListener("online", () => current() && of(current()).failures && save(current()));
  document.addEventListener("visibilitychange", () => {
    const form = current();
    if (form && document.visibilityState === "hidden" && "dirty" in form.dataset) save(form);
    else if (form && of(form).failures) save(form);
  });
  document.addEventListener("htmx:load", start);
  start();
})();
