// Notes which sections of a long text have been read for the first time: those that have been on the screen for a
// second. The panel that comes after the page says which they are (data-unseen), and where to tell it (data-looked).
(() => {
  const DWELL = 1000;
  const PAUSE = 2000;
  let watcher = null;

  function start(panel) {
    const waiting = new Set(panel.dataset.unseen.split(" ").filter(Boolean));
    if (!waiting.size || watcher || !("IntersectionObserver" in window)) return;
    const timers = new Map();
    const seen = new Set();

    function tell() {
      if (!seen.size) return;
      const body = new URLSearchParams({ shown: panel.dataset.shown });
      for (const key of seen) body.append("section", key);
      seen.clear();
      const token = JSON.parse(document.body.getAttribute("hx-headers") || "{}");
      fetch(panel.dataset.looked, {
        method: "POST",
        body,
        keepalive: true,
        headers: { ...token, "HX-Request": "true" },
      }).catch(() => {}); // what is not noted now is noted the next time it is read
    }

    watcher = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          const key = target.id.replace("avsnitt-", "");
          clearTimeout(timers.get(key));
          if (!isIntersecting || !waiting.has(key)) continue;
          timers.set(
            key,
            setTimeout(() => {
              waiting.delete(key);
              seen.add(key);
              setTimeout(tell, PAUSE);
            }, DWELL),
          );
        }
      },
      { threshold: 0.2, rootMargin: "0px 0px -20% 0px" },
    );
    for (const key of waiting) {
      const section = document.getElementById(`avsnitt-${key}`);
      if (section) watcher.observe(section);
    }
    window.addEventListener("pagehide", tell);
  }

  document.addEventListener("htmx:afterSettle", () => {
    const panel = document.querySelector("[data-unseen]");
    if (panel) start(panel);
  });
})();
