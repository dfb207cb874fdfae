/*
 * Every htmx request carries the form token of the session:  <meta name="csrf" content="...">
 *
 *   data-signed-out     the message that the session is over. Once the same person has signed in
 *                       again, in another tab, this page takes over the new session's token, so
 *                       that what was typed here can still be sent. For anybody else it stays shut.
 *   data-desk-look="URL"  told now and then that this letter is still on the screen (tellLook)
 */

const META = 'meta[name="csrf"]';

/** The session's token as it stands on the page; undefined where nobody is signed in. */
export const token = (page = document) => page.querySelector(META)?.content;

document.addEventListener("htmx:config:request", (event) => {
  const known = token();
  if (known) event.detail.ctx.request.headers["X-CSRF-Token"] = known;
});

/** Tells colleagues that the letter of this place is still looked at here. */
export function tellLook(place) {
  if (!place || document.visibilityState !== "visible") return;
  // The next time will tell again; a closed connection is no news.
  fetch(place.dataset.deskLook, {
    method: "POST",
    headers: { "X-CSRF-Token": token() ?? "", "X-Eakte-Von-Selbst": "1" },
  }).catch(() => undefined);
}

const whose = (page) => page.querySelector(".wer > summary")?.textContent.replace(/\s+/g, " ").trim();

async function takeUpAgain() {
  const message = document.querySelector("[data-signed-out]");
  if (!message || document.visibilityState !== "visible") return;
  const answer = await fetch("/kennwort", { headers: { Accept: "text/html", "X-Eakte-Von-Selbst": "1" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = token(page);
  if (!fresh || !message.isConnected) return;
  const text = message.querySelector("p");
  if (whose(page) !== whose(document)) {
    text.textContent = "In diesem Browser ist jetzt jemand anderes angemeldet. Bitte die Seite neu laden.";
    return;
  }
  document.querySelector(META).content = fresh;
  document.querySelectorAll('input[name="csrf"]').forEach((field) => { field.value = fresh; });
  delete message.dataset.signedOut;
  text.textContent = "Sie sind wieder angemeldet. Bitte den Schritt wiederholen.";
}

window.addEventListener("focus", takeUpAgain);
document.addEventListener("visibilitychange", takeUpAgain);
