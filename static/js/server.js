// What the page does when it talks to the server by htmx: tells plainly when that fails, keeps what was written,
// and puts the focus where the reader should go next.
(() => {
  let sessionChanged = false;

  function tell(text, color) {
    const place = document.getElementById("messages");
    const alert = document.createElement("div");
    alert.className = "ds-alert";
    alert.dataset.color = color;
    const words = document.createElement("p");
    words.textContent = text;
    alert.append(words);
    place.replaceChildren(alert);
  }

  function focusOn(root) {
    const wanted = root.querySelector("[data-autofocus]");
    if (wanted) wanted.focus();
  }

  document.addEventListener("htmx:sendError", () => {
    tell("Servern går inte att nå just nu. Det du har skrivit finns kvar på sidan. Försök igen om en stund.", "danger");
  });

  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    if (status === 403) sessionChanged = true;
    const texts = {
      403: "Det gick inte: du saknar behörighet, eller har loggat in på nytt sedan sidan öppnades. Det du har skrivit finns kvar. Försök en gång till.",
      404: "Det du försökte ändra finns inte längre. Ladda om sidan.",
    };
    tell(texts[status] || "Något gick fel och ändringen är inte sparad. Det du har skrivit finns kvar på sidan.", "danger");
  });

  // an ended session answers with the login page: never let it replace what was written
  document.addEventListener("htmx:beforeSwap", (event) => {
    const address = event.detail.xhr.responseURL;
    if (!address || new URL(address).pathname !== document.body.dataset.login) return;
    event.detail.shouldSwap = false;
    sessionChanged = true;
    tell("Du har loggats ut. Logga in i ett annat fönster och spara sedan igen; texten finns kvar här.", "warning");
  });

  // a new session has a new token: fetch it before the next attempt, so that what was written can be saved
  async function renewToken() {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok || new URL(answer.url).pathname === document.body.dataset.login) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector("input[name=csrfmiddlewaretoken]")?.value;
    if (!token) return false;
    for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = token;
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
    sessionChanged = false;
    return true;
  }
  window.server = { renewToken };

  document.addEventListener("htmx:confirm", (event) => {
    if (!sessionChanged || event.detail.verb === "get" || event.detail.question) return;
    event.preventDefault();
    renewToken()
      .catch(() => {}) // the attempt itself then tells what is wrong
      .then(() => event.detail.issueRequest(true));
  });

  document.addEventListener("htmx:afterSettle", (event) => focusOn(event.detail.elt));
  // after load, since an address with # moves the focus before it
  window.addEventListener("load", () => setTimeout(() => focusOn(document), 0));
})();
