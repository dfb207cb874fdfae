/*
 * One key per action, and the help that lists them.
 *
 *   data-key="a"                 the key that clicks the element; a field is focused, a <summary>
 *                                opens its panel and focuses the first field in it
 *   data-key-label="Zu den Akten"   what the help says about it
 *   x                            ticks the present letter of a list that has boxes (entries.js)
 *   data-own-digits              (on the screen) digits choose here; those of the frame rest
 *   data-help, data-help-keys    the help dialog and the list that is filled when it opens
 *   data-help-open               a button that opens it
 *   data-keys-toggle             a checkbox: single keys on or off (WCAG 2.1.4), kept in this
 *                                browser (localStorage "eakte.keys")
 *
 * Keys are ignored while a field has the cursor and with Ctrl, Alt or Meta. Escape leaves a field
 * and closes an open panel. A key that is held decides once: the next letter is there before the
 * finger is up, and nobody has seen it.
 */

const STORE = "eakte.keys";
const NAMES = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Enter: "Enter", Delete: "Entf" };
let enabled = true;
try {
  enabled = localStorage.getItem(STORE) !== "off";
} catch {
  // Storage may be switched off; keys then work as by default.
}

const isField = (element) => element?.matches?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
const decides = (element) => element.matches("a, button:not([type=button])");
const visible = (element) => element.getClientRects().length > 0;
const taken = (element) => /^\d$/.test(element.dataset.key) && !element.closest("main");
/** What keys reach, the screen's own before those of the frame. */
function withKey() {
  const all = [...document.querySelectorAll("[data-key]")].filter(visible);
  const digits = document.querySelector("main [data-own-digits]") !== null;
  const kept = digits ? all.filter((element) => !taken(element)) : all;
  return [...kept.filter((one) => one.closest("main")), ...kept.filter((one) => !one.closest("main"))];
}

function use(element) {
  if (isField(element)) {
    element.focus();
    element.select?.();
    return;
  }
  element.click();
  if (element.matches("summary") && element.parentElement.open) {
    element.parentElement.querySelector(":is(form, [data-desk-panel], [data-panel]) :is(input:not([type=hidden]), select:not([hidden]), textarea, button)")?.focus();
  }
}

function fillHelp(dialog) {
  const list = dialog.querySelector("[data-help-keys]");
  const seen = new Set();
  const rows = withKey().filter((element) => {
    const fresh = !seen.has(element.dataset.key);
    seen.add(element.dataset.key);
    return fresh;
  });
  list.replaceChildren(...rows.map((element) => {
    const row = document.createElement("li");
    const key = document.createElement("kbd");
    key.className = "taste";
    key.textContent = NAMES[element.dataset.key] ?? element.dataset.key;
    row.append(element.dataset.keyLabel ?? element.textContent.trim(), key);
    return row;
  }));
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
  const active = document.activeElement;
  if (event.repeat && event.key === "Enter" && active && decides(active)) event.preventDefault();
  if (event.key === "x" && enabled && !isField(active) && document.querySelector("[data-choose]") && !document.querySelector("dialog[open]")) {
    event.preventDefault();
    document.dispatchEvent(new CustomEvent("eakte:auswahl"));
    return;
  }
  if (event.key === "Escape") {
    const panel = active?.closest?.("details[open]") ?? document.querySelector("details.aktion[open], details[data-menu][open]");
    if (panel) {
      panel.open = false;
      panel.querySelector("summary").focus();
    } else if (isField(active)) {
      active.blur();
    } else {
      document.querySelector("[data-choose]:checked")?.form?.querySelector("[data-choose-none]")?.click();
    }
    return;
  }
  if (!enabled || isField(active) || document.querySelector("dialog[open]")) return;
  const moves = active?.closest?.("[data-own-arrows]");
  // A list of letters goes up and down; left and right still turn the page beside it.
  const own = moves?.matches("[data-entries]") ? ["ArrowUp", "ArrowDown"].includes(event.key) : event.key.startsWith("Arrow");
  if (moves && own) return;
  const element = withKey().find((candidate) => candidate.dataset.key === event.key);
  if (!element) return;
  event.preventDefault();
  if (!(event.repeat && decides(element))) use(element);
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-help-open]")) return;
  const dialog = document.querySelector("[data-help]");
  fillHelp(dialog);
  dialog.querySelector("[data-keys-toggle]").checked = enabled;
  dialog.showModal();
});

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-keys-toggle]")) return;
  enabled = event.target.checked;
  try {
    localStorage.setItem(STORE, enabled ? "on" : "off");
  } catch {
    // The choice then lasts for this page only.
  }
});
