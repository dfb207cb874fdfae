/*
 * The clearing desk, for eight hours a day: everything by the keyboard, the next letter at once.
 *
 *   data-clearing                  the desk
 *   data-desk-search               the register's field: arrow down goes into what was found, Enter
 *                                  takes the first; data-desk-hit are the radio buttons there
 *   data-desk-new                  the fields of a new file: Enter presses their own button
 *   data-desk-label                around the Schlagwort's choice: its field gets a key
 *   data-desk-labels               (hidden) buttons that set the Schlagwort: data-desk-set-label="ID"
 *   data-desk-page-choice          the page that the tools work on; follows the viewer
 *   data-desk-look="URL"           told now and then that this letter is still on the screen
 *   data-desk-ahead="URL URL"      images of the next letter, fetched once this one is on the screen
 *
 * Without JavaScript the desk is a form; only the search while typing is missing.
 */

import { tellLook } from "./request.js";

const LOOK_MS = 20_000;
const AHEAD_MS = 700; // whoever runs through the list opens nothing on the way
let looking;
let waiting;
let scrolled = 0;

const desk = () => document.querySelector("[data-clearing]");
const hits = () => [...(desk()?.querySelectorAll("[data-desk-hit]") ?? [])];

function take(hit) {
  hit.checked = true;
  hit.focus();
  hit.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.("[data-desk-search]")) return;
  if (event.key !== "ArrowDown" && event.key !== "Enter") return;
  event.preventDefault(); // Enter must not assign what somebody is still looking for
  const first = hits()[0];
  if (first) take(first);
});

document.addEventListener("keydown", (event) => {
  const fields = event.key === "Enter" && event.target.closest?.("[data-desk-new]");
  if (!fields || !event.target.matches("input")) return;
  event.preventDefault(); // Enter here means this file, not the one chosen above
  fields.querySelector("button").click();
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-desk-set-label]");
  if (!button) return;
  const select = desk().querySelector("[data-desk-label] select");
  const field = desk().querySelector("[data-desk-label] [role=combobox]");
  select.value = button.dataset.deskSetLabel;
  if (field) {
    field.value = select.selectedOptions[0]?.text ?? "";
    field.setCustomValidity("");
  }
  select.dispatchEvent(new Event("change", { bubbles: true }));
});

document.addEventListener("viewer:page", (event) => {
  const choice = desk()?.querySelector("[data-desk-page-choice]");
  if (choice && document.activeElement !== choice) choice.selectedIndex = event.detail.page - 1;
}, true);

function tell() {
  tellLook(desk()?.querySelector("[data-desk-look]"));
}

function ahead() {
  const urls = desk()?.querySelector("[data-desk-ahead]")?.dataset.deskAhead ?? "";
  urls.split(" ").filter(Boolean).forEach((url) => { new Image().src = url; });
}

function start() {
  const here = desk();
  clearInterval(looking);
  clearTimeout(waiting);
  if (!here) return;
  const field = here.querySelector("[data-desk-label] [role=combobox]");
  if (field) Object.assign(field.dataset, { key: "f", keyLabel: "Schlagwort tippen" });
  here.querySelectorAll("[data-desk-labels]").forEach((labels) => { labels.hidden = false; });
  looking = setInterval(tell, LOOK_MS);
  waiting = setTimeout(ahead, AHEAD_MS);
}

document.addEventListener("htmx:before:swap", () => {
  scrolled = desk()?.querySelector("[data-entries]")?.scrollTop ?? 0;
});
document.addEventListener("htmx:after:swap", (event) => {
  if (!desk()) return;
  const list = desk().querySelector("[data-entries]");
  if (list) {
    list.scrollTop = scrolled;
    list.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }
  if (event.target?.id !== "empfaenger" && event.target?.id !== "vorschlaege") start();
});
start();
