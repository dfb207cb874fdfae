/*
 * Every htmx request carries the form token of the session:  <meta name="csrf" content="...">
 *
 *   data-signed-out     the message that the session is over. Once the same person has signed in
 *                       again, in another tab, this page takes over the new session's token, so
 *                       that what was typed here can still be sent. For anybody else it stays shut.
 */

document.addEventListener("htmx:config:request", (event) => {
  const token = document.querySelector('meta[name="csrf"]')?.content;
  if (token) event.detail.ctx.request.headers["X-CSRF-Token"] = token;
});

const whose = (page) => page.querySelector(".wer > summary")?.textContent.replace(/\s+/g, " ").trim();

async function takeUpAgain() {
  const message = document.querySelector("[data-signed-out]");
  if (!message || document.visibilityState !== "visible") return;
  const answer = await fetch("/kennwort", { headers: { Accept: "text/html", "X-Eakte-Von-Selbst": "1" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = page.querySelector('meta[name="csrf"]')?.content;
  if (!token || !message.isConnected) return;
  const text = message.querySelector("p");
  if (whose(page) !== whose(document)) {
    text.textContent = "In diesem Browser ist jetzt jemand anderes angemeldet. Bitte die Seite neu laden.";
    return;
  }
  document.querySelector('meta[name="csrf"]').content = token;
  document.querySelectorAll('input[name="csrf"]').forEach((field) => { field.value = token; });
  delete message.dataset.signedOut;
  text.textContent = "Sie sind wieder angemeldet. Bitte den Schritt wiederholen.";
}

window.addEventListener("focus", takeUpAgain);
document.addEventListener("visibilitychange", takeUpAgain);
