// The side navigation of a long document marks the section that is being read, and folds away on small screens.
(() => {
  const fold = document.querySelector(".side-fold");
  if (fold) {
    const small = matchMedia("(width < 64rem)");
    const fit = () => (fold.open = !small.matches);
    small.addEventListener("change", fit);
    fold.addEventListener("click", (event) => event.target.closest("a") && fit());
    fit();
  }

  const nav = document.querySelector("[data-sections]");
  if (!nav || !("IntersectionObserver" in window)) return;
  const links = new Map([...nav.querySelectorAll('a[href^="#"]')].map((a) => [a.hash.slice(1), a]));
  const visible = new Set();

  function draw() {
    const first = [...links.keys()].find((id) => visible.has(id));
    if (!first) return;
    for (const [id, link] of links) {
      if (id !== first) link.removeAttribute("aria-current");
      else if (!link.hasAttribute("aria-current")) {
        link.setAttribute("aria-current", "location");
        const box = nav.closest(".sticky");
        if (box && box.scrollHeight > box.clientHeight) box.scrollTop = link.offsetTop - box.clientHeight / 2;
      }
    }
  }

  const watcher = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) entry.isIntersecting ? visible.add(entry.target.id) : visible.delete(entry.target.id);
      draw();
    },
    { rootMargin: "-10% 0px -60% 0px" },
  );
  for (const id of links.keys()) {
    const section = document.getElementById(id);
    if (section) watcher.observe(section);
  }
})();
