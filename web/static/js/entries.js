/*
 * A list of letters with the present one shown beside it, as in a mail program.
 *
 *   data-entries                 the list; its links carry data-entry="ID"
 *   data-entry-step="1 | -1"     (hidden) buttons for the next and previous letter
 *
 * Arrow up and down (and j, k) move. The letter is fetched by htmx when the choice rests for a
 * moment, so that running down the list opens nothing on the way: every opening is recorded.
 * The choice survives a refreshed list.
 *
 *   data-choose                  boxes beside the letters; x ticks the present one, Shift+click all
 *                                from the last one ticked, Escape none
 *   data-chosen-count            says how many are ticked
 *   data-choose-none             (hidden) a button that unticks all
 *   data-choose-lists            hears "eakte:gewaehlt" when letters are ticked, until it has fetched
 *                                what one chooses from for them (htmx)
 *   data-desk-look="URL"         told now and then that this letter is still on the screen
 */

import { tellLook } from "./request.js";

const REST_MS = 160;
const LOOK_MS = 20_000;
let waiting;
let lastChosen;
const ticked = new Set();

const list = () => document.querySelector("[data-entries]");
const links = () => [...(list()?.querySelectorAll("[data-entry]") ?? [])];
const present = () => links().findIndex((link) => link.hasAttribute("aria-current"));

function mark(link) {
  links().forEach((other) => other.removeAttribute("aria-current"));
  link.setAttribute("aria-current", "true");
  link.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const all = links();
  if (!all.length) return;
  const at = present() < 0 ? all.indexOf(document.activeElement) : present();
  const next = all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
  mark(next);
  next.focus({ preventScroll: true });
  clearTimeout(waiting);
  waiting = setTimeout(() => next.click(), REST_MS);
}

document.addEventListener("keydown", (event) => {
  if (!event.target.closest?.("[data-entries]")) return;
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  event.preventDefault();
  step(event.key === "ArrowDown" ? 1 : -1);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-entry-step]");
  if (button) step(Number(button.dataset.entryStep));
  const link = event.target.closest("[data-entry]");
  if (link) {
    clearTimeout(waiting);
    mark(link);
  }
});

document.addEventListener("htmx:after:swap", () => {
  const shown = document.querySelector("[data-shown-entry]")?.dataset.shownEntry;
  const link = links().find((candidate) => candidate.dataset.entry === shown);
  if (link) mark(link);
});

// -- several at once ------------------------------------------------------------------------------

const boxes = () => [...document.querySelectorAll("[data-choose]")];
const idOf = (box) => box.value.split(":")[0];

function count() {
  const chosen = boxes().filter((box) => box.checked);
  ticked.clear();
  chosen.forEach((box) => ticked.add(idOf(box)));
  document.querySelectorAll("[data-chosen-count]").forEach((place) => {
    place.textContent = chosen.length === 1 ? "1 ausgewählt" : `${chosen.length} ausgewählt`;
  });
  document.querySelectorAll("[data-choose-none]").forEach((button) => { button.hidden = false; });
  if (chosen.length) document.querySelector("[data-choose-lists]")?.dispatchEvent(new CustomEvent("eakte:gewaehlt"));
}

/** A refreshed list has new boxes: those that were ticked stay so. */
function tickAgain() {
  boxes().forEach((box) => { box.checked = ticked.has(idOf(box)); });
  count();
}

function none() {
  boxes().forEach((box) => { box.checked = false; });
  count();
}

document.addEventListener("click", (event) => {
  const box = event.target.closest?.("[data-choose]");
  if (event.target.closest?.("[data-choose-none]")) none();
  if (!box) return;
  const all = boxes();
  const from = all.findIndex((one) => idOf(one) === lastChosen);
  if (event.shiftKey && from >= 0) {
    const [low, high] = [from, all.indexOf(box)].sort((a, b) => a - b);
    all.slice(low, high + 1).forEach((one) => { one.checked = box.checked; });
  }
  lastChosen = idOf(box);
  count();
});

document.addEventListener("eakte:auswahl", () => {
  const focused = links().indexOf(document.activeElement);
  const at = Math.max(0, focused < 0 ? present() : focused);
  links()[at]?.closest("li")?.querySelector("[data-choose]")?.click();
});

// -- who is at this letter ------------------------------------------------------------------------

function tell() {
  tellLook(document.querySelector("[data-shown-entry] [data-desk-look]"));
}

document.addEventListener("htmx:after:swap", (event) => {
  if (event.target?.id === "vorschau" || event.target?.id === "inhalt") tell();
  if (boxes().length) tickAgain();
});
if (boxes().length) count();
tell();
setInterval(tell, LOOK_MS);
