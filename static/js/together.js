// form[data-presence]: who else has this section open, told in [data-others]; after a save, what is left and flagged is
// shown anew. All of it goes without saying: when the server is away, nothing is told.
(() => {
  const EVERY = 15000;
  const AFTER_SAVE = 3000;
  const current = () => document.querySelector("form[data-presence]");
  let refreshing = null;

  function post(form, fields) {
    const body = new URLSearchParams(fields);
    const headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value, Accept: "application/json" };
    return fetch(form.dataset.presence, { method: "POST", body, headers, keepalive: true });
  }

  async function beat() {
    const form = current();
    if (!form || document.visibilityState === "hidden") return;
    try {
      const answer = await post(form, {});
      if (!answer.ok || !(answer.headers.get("Content-Type") || "").startsWith("application/json")) return;
      const { others } = await answer.json();
      const place = form.querySelector("[data-others]");
      if (place.textContent !== others) place.textContent = others;
    } catch {}
  }

  async function drawProgress(form) {
    const list = document.querySelector(".side-nav ol");
    const answer = await fetch(form.dataset.progress, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected || !list || list.contains(document.activeElement)) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector(".side-nav ol");
    if (fresh) list.replaceWith(fresh);
  }

  function drawFlags(form) {
    const panel = document.getElementById("flaggor");
    if (panel && !panel.contains(document.activeElement)) {
      htmx.ajax("GET", form.dataset.flags, { target: "#flaggor", swap: "outerHTML" }).catch(() => {});
    }
  }

  document.addEventListener("section:saved", (event) => {
    clearTimeout(refreshing);
    refreshing = setTimeout(() => {
      drawProgress(event.target).catch(() => {});
      drawFlags(event.target);
    }, AFTER_SAVE);
  });
  window.addEventListener("pagehide", () => current() && post(current(), { left: "1" }).catch(() => {}));
  document.addEventListener("visibilitychange", beat);
  if (current()) {
    beat();
    setInterval(beat, EVERY);
  }
})();
