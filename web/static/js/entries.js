/*
 * A list of letters with the present one shown beside it, as in a mail program.
 *
 *   data-entries                 the list; its links carry data-entry="ID"
 *   data-entry-step="1 | -1"     (hidden) buttons for the next and previous letter
 *
 * Arrow up and down (and j, k) move. The letter is fetched by htmx when the choice rests for a
 * moment, so that running down the list opens nothing on the way: every opening is recorded.
 * The choice survives a refreshed list.
 */

const REST_MS = 160;
let waiting;

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
  const at = present();
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
