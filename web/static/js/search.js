/*
 * The search box with suggestions, and the list of hits.
 *
 *   data-suggest="URL"        (on the field) what may be meant is asked there while one types; the
 *                             answer is rows with role=option and data-href
 *   data-hits                 a list of hits; arrow up and down go from one to the next
 *   data-hit                  a hit's link: Enter opens the document
 *   data-hit-preview          (hidden) a button beside it that shows the document beside the list
 *   data-hit-pane             where it is shown; without room for it the buttons stay hidden
 *
 * The last searches stay in this tab (sessionStorage "eakte.suchen") and go with it: what somebody
 * searches for is about people. Without JavaScript the field is a plain form.
 */

const PAUSE_MS = 120;
const REST_MS = 200;
const KEPT = 6;
const STORE = "eakte.suchen";

// -- suggestions ----------------------------------------------------------------------------------

function lastWords() {
  try {
    return JSON.parse(sessionStorage.getItem(STORE) ?? "[]");
  } catch {
    return []; // storage may be switched off
  }
}

function remember(words) {
  if (!words.trim()) return;
  const kept = [words.trim(), ...lastWords().filter((one) => one !== words.trim())].slice(0, KEPT);
  try {
    sessionStorage.setItem(STORE, JSON.stringify(kept));
  } catch {
    // Then the next page knows nothing of it.
  }
}

function lastRows(typed) {
  const begun = typed.trim().toLocaleLowerCase("de");
  return lastWords().filter((one) => one !== typed.trim() && one.toLocaleLowerCase("de").startsWith(begun)).slice(0, 3).map((one, index) => {
    const row = document.createElement("li");
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", "false");
    row.id = `zuletzt-${index}`;
    row.dataset.href = `/suche?${new URLSearchParams({ q: one })}`;
    const kind = document.createElement("span");
    kind.className = "leise";
    kind.textContent = "Zuletzt";
    row.append(kind, " ", one);
    return row;
  });
}

function attachSuggestions(field) {
  const list = document.createElement("ul");
  list.id = "suchvorschlaege";
  list.className = "auswahl-liste suchvorschlaege";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Vorschläge");
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) field.setAttribute(name, value);
  field.after(list);
  let waiting;
  let asked;
  let present = -1;
  const rows = () => [...list.querySelectorAll("[role=option]")];

  function show(open) {
    list.hidden = !open;
    field.setAttribute("aria-expanded", String(open));
    if (!open) field.removeAttribute("aria-activedescendant");
    present = -1;
  }
  function move(by) {
    const all = rows();
    if (!all.length) return;
    all[present]?.setAttribute("aria-selected", "false");
    present = (present + by + all.length + (present < 0 && by < 0 ? 1 : 0)) % all.length;
    all[present].setAttribute("aria-selected", "true");
    all[present].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", all[present].id);
  }
  async function ask() {
    asked?.abort();
    const mine = new AbortController();
    asked = mine;
    const typed = field.value;
    const last = lastRows(typed);
    let found = "";
    if (typed.trim().length > 1) {
      try {
        const answer = await fetch(`${field.dataset.suggest}?${new URLSearchParams({ q: typed.slice(0, 200) })}`, { signal: mine.signal, headers: { "HX-Request": "true" } });
        if (answer.ok && !answer.redirected) found = await answer.text();
      } catch {
        return; // typed on, or nobody answers: the form works without
      }
    }
    if (mine.signal.aborted || field.value !== typed || document.activeElement !== field) return;
    const made = new DOMParser().parseFromString(`<ul>${found}</ul>`, "text/html");
    list.replaceChildren(...made.querySelectorAll("[role=option]"), ...last);
    show(rows().length > 0);
  }
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE_MS);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) ask();
      else move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && !list.hidden && present >= 0) {
      event.preventDefault();
      location.assign(rows()[present].dataset.href);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      show(false);
    }
  });
  field.addEventListener("blur", () => show(false));
  field.form?.addEventListener("submit", () => {
    clearTimeout(waiting);
    asked?.abort();
    remember(field.value);
  });
  list.addEventListener("mousedown", (event) => {
    event.preventDefault(); // keeps the cursor in the field
    const row = event.target.closest("[role=option]");
    if (row) location.assign(row.dataset.href);
  });
}

document.querySelectorAll("[data-suggest]").forEach(attachSuggestions);

// -- hits -----------------------------------------------------------------------------------------

let resting;
const pane = () => document.querySelector("[data-hit-pane]");
const hasRoom = () => (pane()?.getClientRects().length ?? 0) > 0;
const links = () => [...document.querySelectorAll("[data-hits] [data-hit]")].filter((link) => link.getClientRects().length > 0);

function attachHits() {
  if (!hasRoom()) return;
  document.querySelectorAll("[data-hit-preview], [data-hit-empty]").forEach((one) => { one.hidden = false; });
}

function show(link) {
  links().forEach((other) => other.closest("li").classList.toggle("treffer-jetzt", other === link));
  if (!hasRoom()) return;
  clearTimeout(resting);
  resting = setTimeout(() => link.parentElement.querySelector("[data-hit-preview]")?.click(), REST_MS);
}

function step(by) {
  const all = links();
  if (!all.length) return;
  const at = all.findIndex((link) => link === document.activeElement || link.closest("li").classList.contains("treffer-jetzt"));
  const next = all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  show(next);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const inList = event.target.closest?.("[data-hits]");
  const nowhere = event.target === document.body || event.target.id === "inhalt";
  if (!(inList || nowhere) || !document.querySelector("[data-hits]")) return;
  event.preventDefault();
  step(event.key === "ArrowDown" ? 1 : -1);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-hit-preview]");
  if (!button) return;
  const link = button.parentElement.querySelector("[data-hit]");
  links().forEach((other) => other.closest("li").classList.toggle("treffer-jetzt", other === link));
});

attachHits();
