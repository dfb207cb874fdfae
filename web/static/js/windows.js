/*
 * The file window on the second monitor, and the windows that move it.
 *
 *   data-window-open          a button: opens the file window on the other screen (Window Management
 *                             API, where the browser allows it), else where it was left last
 *   data-window-follows       a checkbox: letters of the postbox move the file window (kept in this
 *                             browser, localStorage "eakte.folgen")
 *   data-window-bar           (hidden) the bar of a file window: shown where this is one
 *   data-window-back, -forward, -pin   its buttons; a pinned window keeps its file
 *   data-window-state         says what the window does
 *   data-window-call          (hidden) a link in the bar: in a pinned window it names the file that
 *                             was called, and opens it here
 *   data-called-document      in a file: the row of the document that is meant
 *
 * A file window is one that was once at /fenster: sessionStorage "eakte.fenster" holds its id, the
 * number of the last call that it showed and whether it is pinned. Its pages are ordinary pages, so
 * that back and forward are those of the browser. Windows of one browser know of each other by the
 * BroadcastChannel "eakte.fenster": {was: "wer"} asks, {was: "da"} answers; {was: "ich", id, wer}
 * tells a copy of the tab that the id is taken.
 */

import { token } from "./request.js";

const PAGE = "/fenster";
const STORE = "eakte.fenster";
const PLACE = "eakte.fenster.ort";
const FOLLOW = "eakte.folgen";
const me = crypto.getRandomValues(new Uint32Array(2)).join("-");
const channel = new BroadcastChannel(STORE);

function read(storage, key) {
  try {
    return JSON.parse(storage.getItem(key));
  } catch {
    return null; // storage that is switched off or unreadable: as if nothing was kept
  }
}

function keep(storage, key, value) {
  try {
    storage.setItem(key, JSON.stringify(value));
  } catch {
    // Kept for this page only.
  }
}

function post(url, fields, { byItself = true } = {}) {
  const headers = { Accept: "application/json", "X-CSRF-Token": token() };
  if (byItself) headers["X-Eakte-Von-Selbst"] = "1";
  return fetch(url, { method: "POST", headers, body: new URLSearchParams(fields) });
}

/* -- this is a file window ------------------------------------------------------------------ */

let own = token() && (read(sessionStorage, STORE) ?? (location.pathname === PAGE ? { id: "", seq: 0, pinned: false } : null));

/** A pinned window keeps its file, says what was called, and opens it when it is told to. */
function offer({ seq, url, akte }) {
  document.querySelectorAll("[data-window-call]").forEach((link) => {
    if (Number(link.dataset.windowCall) >= seq) return;
    link.dataset.windowCall = seq;
    link.href = url;
    const key = Object.assign(document.createElement("kbd"), { className: "taste", textContent: "G" });
    key.ariaHidden = "true";
    link.replaceChildren(akte ? `Anruf für Akte ${akte} – hier öffnen ` : "Anruf für eine Akte, die nicht zu finden ist – hier suchen ", key);
    link.hidden = false;
  });
}

function show({ seq, url, akte }) {
  if (own.pinned && url) {
    offer({ seq, url, akte });
    return;
  }
  own.seq = Math.max(own.seq, seq);
  keep(sessionStorage, STORE, own);
  if (!url) return;
  const target = new URL(url, location.href);
  const row = target.searchParams.get("dokument");
  if (target.pathname === location.pathname && point(row)) return;
  if (location.pathname === PAGE) location.replace(target);
  else location.assign(target);
}

/** Marks the document that is meant, in the file that is shown already. */
function point(id) {
  const rows = [...document.querySelectorAll("[data-document]")];
  const row = rows.find((one) => one.dataset.document === id);
  if (id && !row) return false;
  rows.forEach((one) => one.toggleAttribute("data-called-document", one === row));
  row?.scrollIntoView({ block: "nearest" });
  return true;
}

function tell() {
  document.querySelectorAll("[data-window-pin]").forEach((button) => button.setAttribute("aria-pressed", String(own.pinned)));
  document.querySelectorAll("[data-window-state]").forEach((line) => {
    line.textContent = own.pinned ? "Angeheftet: bleibt bei dieser Akte" : "Folgt Fachverfahren und Postkorb";
  });
  const ways = [["back", window.navigation?.canGoBack], ["forward", window.navigation?.canGoForward]];
  ways.forEach(([way, can]) => document.querySelectorAll(`[data-window-${way}]`).forEach((button) => { button.disabled = can === false; }));
}

async function join() {
  const before = own.id;
  const answer = await post("/fenster/melden", { fenster: own.id, gezeigt: own.seq, folgt: !own.pinned });
  if (!answer.ok) return;
  const { fenster, seq, url, akte } = await answer.json();
  own.id = fenster;
  if (fenster !== before) own.seq = url ? 0 : seq;
  keep(sessionStorage, STORE, own);
  if (url) show({ seq, url, akte });
  if (url && !own.pinned) return;
  if (fenster !== before) connect();
  document.documentElement.dataset.window = "ready";
}

/** Keeps the file, or lets it follow again: said only when the server knows. */
async function pin() {
  own.pinned = !own.pinned;
  keep(sessionStorage, STORE, own);
  await join();
  tell();
  if (!own.pinned) channel.postMessage({ was: "da", id: own.id, wer: me, again: true });
}

function connect() {
  document.body.dataset.liveQuery = `?${new URLSearchParams({ fenster: own.id, gezeigt: own.seq })}`;
  document.body.dispatchEvent(new CustomEvent("eakte:verbinden"));
}

function rememberPlace() {
  keep(localStorage, PLACE, { left: window.screenX, top: window.screenY, width: window.innerWidth, height: window.innerHeight });
}

function beFileWindow() {
  document.documentElement.dataset.window = "joining";
  document.querySelectorAll("[data-window-bar]").forEach((bar) => { bar.hidden = false; });
  tell();
  if (own.id) document.body.dataset.liveQuery = `?${new URLSearchParams({ fenster: own.id, gezeigt: own.seq })}`;
  join();
  channel.postMessage({ was: "da", id: own.id, wer: me });
  document.body.addEventListener("eakte:akte", (event) => show(event.detail));
  window.addEventListener("pagehide", () => {
    rememberPlace();
    navigator.sendBeacon("/fenster/verlassen", new URLSearchParams({ csrf: token(), fenster: own.id }));
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) join(); });
  window.addEventListener("resize", rememberPlace);
  window.navigation?.addEventListener("currententrychange", tell);
  point(new URLSearchParams(location.search).get("dokument"));
}

/* -- this is a window that moves one ---------------------------------------------------------- */

let there = false; // a file window of this browser is open
let heard = 0; // how often one said so
let last; // the letter that it was told of
let telling = Promise.resolve();
const follows = () => read(localStorage, FOLLOW) !== false;

function move({ again = false } = {}) {
  const shown = document.querySelector("[data-shown-entry]")?.dataset.shownEntry;
  if (!shown) return;
  if (!there || !follows()) {
    last = undefined; // nobody was told: the same letter counts as new when somebody listens again
    return;
  }
  if (shown === last && !again) return;
  last = shown;
  // One after the other: an answer that comes late must not put an earlier letter on top.
  telling = telling.then(() => tellOf(shown)).catch(() => { last = undefined; });
}

async function tellOf(shown) {
  if (shown !== last) return; // a later letter waits already
  const before = heard;
  const answer = await post("/fenster/zeigen", { dokument: shown });
  if (!answer.ok) return;
  const { fenster } = await answer.json();
  if (fenster || heard === before) there = fenster;
}

/** Where the window goes: the other screen, else where it was left. */
async function place() {
  const left = read(localStorage, PLACE);
  let spot = left;
  if ("getScreenDetails" in window) {
    try {
      const { screens, currentScreen } = await window.getScreenDetails();
      const within = left && screens.some((one) => left.left >= one.availLeft && left.left < one.availLeft + one.availWidth
        && left.top >= one.availTop && left.top < one.availTop + one.availHeight);
      const other = screens.find((one) => one !== currentScreen);
      if (other && !within) spot = { left: other.availLeft, top: other.availTop, width: other.availWidth, height: other.availHeight };
    } catch {
      // Not allowed: the window opens where it was left.
    }
  }
  if (!spot) return "popup,width=1100,height=900";
  return `popup,${Object.entries(spot).map(([name, value]) => `${name}=${Math.round(value)}`).join(",")}`;
}

async function openWindow() {
  const opened = window.open("", STORE, await place());
  if (!opened) {
    document.getElementById("ansage").textContent = "Der Browser hat das Aktenfenster nicht zugelassen.";
    return;
  }
  if (opened.location.href === "about:blank") opened.location.href = PAGE;
  opened.focus();
  last = undefined;
}

channel.addEventListener("message", ({ data }) => {
  if (own) {
    if (data.was === "wer") channel.postMessage({ was: "da", id: own.id, wer: me });
    // A copy of this tab has this tab's id: it gives way.
    if (data.was === "da" && data.id && data.id === own.id) channel.postMessage({ was: "ich", id: own.id, wer: me });
    if (data.was === "ich" && data.id === own.id && performance.now() < 2000 && data.wer !== me) {
      own.id = "";
      join();
    }
    return;
  }
  if (data.was !== "da") return;
  const fresh = !there;
  there = true;
  heard += 1;
  // One that follows again keeps its file until the next letter.
  if (fresh && !data.again && document.visibilityState === "visible") move({ again: true });
});

/* -- the call of the Fachverfahren ------------------------------------------------------------ */

async function call(form) {
  const number = decodeURIComponent(location.hash.slice(1)).replace(/^aktenzeichen=/, "").trim();
  if (!number) return;
  history.replaceState(null, "", location.pathname); // the number stays in no history
  form.elements.aktenzeichen.value = number;
  const said = form.querySelector("[data-call-state]");
  said.textContent = "Die Akte wird aufgerufen …";
  const answer = await post(form.action, { aktenzeichen: number }, { byItself: false });
  if (!answer.ok) {
    said.textContent = "Der Aufruf ging nicht. Bitte noch einmal versuchen.";
    return;
  }
  if (!(await answer.json()).fenster) {
    location.replace(PAGE);
    return;
  }
  said.textContent = "Der Aufruf ist im Aktenfenster angekommen. Dieses Fenster kann geschlossen werden.";
  if (!own) window.close();
}

/* -- beginning -------------------------------------------------------------------------------- */

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-window-open]")) openWindow();
  if (event.target.closest("[data-window-back]")) history.back();
  if (event.target.closest("[data-window-forward]")) history.forward();
  if (own && event.target.closest("[data-window-pin]")) {
    pin();
  }
  const called = own && event.target.closest("[data-window-call]");
  if (called) {
    own.seq = Math.max(own.seq, Number(called.dataset.windowCall)); // shown: it is not offered again
    keep(sessionStorage, STORE, own);
  }
});
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-window-follows]")) return;
  keep(localStorage, FOLLOW, event.target.checked);
  move({ again: true });
});
document.querySelectorAll("[data-window-follows]").forEach((box) => { box.checked = follows(); });

if (own) {
  beFileWindow();
} else if (token()) {
  document.addEventListener("htmx:after:swap", () => move());
  channel.postMessage({ was: "wer" });
}
document.querySelectorAll("form[data-call-file]").forEach((form) => {
  call(form);
  window.addEventListener("hashchange", () => call(form));
});
// Who has to sign in first still gets the file: the part behind the # goes along.
const door = document.querySelector('form[action="/anmelden"]');
if (door && location.hash) door.action += location.hash;
