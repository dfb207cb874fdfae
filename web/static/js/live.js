/*
 * What happens elsewhere shows here at once, without disturbing what one does.
 *
 *   <body data-live="/ereignisse">     the address of the server-sent events
 *   data-count="KEY"                   gets the number of that postbox, for 0 the words of
 *                                      data-count-zero or nothing
 *   hx-trigger="eakte:neu from:body"   refreshes itself when something changed
 *   data-live-query (on the body)      added to the address, set by windows.js in a file window,
 *                                      whose stream stays open while it is hidden
 *
 * Event "stand": {"counts": {KEY: number}}.
 * Event "akte": {"seq", "url"}; passed on as "eakte:akte" on the body (windows.js). The body's
 * event "eakte:verbinden" connects again.
 * Event "ende": the session is over; the page goes away, unless somebody is writing a note on it:
 * then sending it says what to do. The connection is closed while the tab is hidden: browsers
 * allow six connections a server, and staff have many tabs open.
 */

const address = document.body.dataset.live;
let source;
let known;

function announce(text) {
  document.getElementById("ansage").textContent = text;
}

function take({ counts }) {
  const before = known;
  known = counts;
  document.querySelectorAll("[data-count]").forEach((element) => {
    const number = counts[element.dataset.count];
    if (number !== undefined) element.textContent = number || element.dataset.countZero || "";
  });
  if (before === undefined) return;
  document.body.dispatchEvent(new CustomEvent("eakte:neu"));
  const more = (counts.mine ?? counts.clearing ?? 0) - (before.mine ?? before.clearing ?? 0);
  if (more > 0) announce(more === 1 ? "Ein neuer Eingang" : `${more} neue Eingänge`);
}

function open() {
  source = new EventSource(address + (document.body.dataset.liveQuery ?? ""));
  source.addEventListener("stand", (event) => {
    document.body.dataset.liveState = "on";
    take(JSON.parse(event.data));
  });
  source.addEventListener("akte", (event) => {
    document.body.dispatchEvent(new CustomEvent("eakte:akte", { detail: JSON.parse(event.data) }));
  });
  source.addEventListener("ende", () => {
    close();
    const notes = [...document.querySelectorAll("main textarea")];
    if (notes.every((note) => note.value === note.defaultValue)) location.reload();
  });
  source.addEventListener("error", () => { document.body.dataset.liveState = "off"; });
}

function close() {
  source?.close();
  source = undefined;
}

if (address) {
  open();
  document.body.addEventListener("eakte:verbinden", () => { close(); open(); });
  document.addEventListener("visibilitychange", () => {
    if (document.body.dataset.liveQuery) return;
    close();
    if (document.visibilityState === "visible") open();
  });
  window.addEventListener("pagehide", close);
}
