/*
 * The page desk: choosing pages with mouse and keyboard, moving them, looking at them closely.
 * Without JavaScript pages are checkboxes and every action is a button of the form.
 *
 *   data-page-desk                the desk
 *   data-desk-form                the form that the actions send; its checkboxes are the pages
 *   data-desk-row="DOCUMENT"      a document; holds its pages in their order
 *   data-desk-page="PAGE"         a page: a checkbox, and a link data-desk-large="TURN" to its image
 *   data-desk-action="NAME"       a button that sends an action; without a chosen page it takes the
 *                                 one under the cursor
 *   data-desk-before              the field that says before which page moved ones go
 *   data-desk-panel               what a panel of the tools shows; its first field gets the cursor
 *   data-desk-dialog, data-desk-picture, data-desk-picture-title   the large picture
 *   data-desk-rueckgaengig, data-desk-wiederholen   undo and redo (Ctrl Z, Ctrl Y)
 *
 * Arrows move, Shift chooses on the way, Space chooses, Enter shows the page large, Alt with an
 * arrow moves the chosen pages, Ctrl A chooses a document. What was chosen and where one was
 * survive an action.
 */

const STAYS_CHOSEN = new Set(["rechts", "links", "vor", "nach", "verschieben"]);

const desk = () => document.querySelector("[data-page-desk]");
const cells = (root = desk()) => [...(root?.querySelectorAll("[data-desk-page]") ?? [])];
const box = (cell) => cell.querySelector("input[type=checkbox]");
const rowOf = (cell) => cell.closest("[data-desk-row]");
const chosen = () => cells().filter((cell) => box(cell).checked);
const cellOf = (id) => desk()?.querySelector(`[data-desk-page="${id}"]`);

let cursor; // id of the page under the cursor
let anchor; // id of the page where a range began
let keep = []; // ids to choose again after an action
let scrolled = 0;

function put(cell, { focus = true } = {}) {
  if (!cell) return;
  cells().forEach((other) => { box(other).tabIndex = other === cell ? 0 : -1; });
  cursor = cell.dataset.deskPage;
  if (focus) {
    box(cell).focus({ preventScroll: true });
    cell.scrollIntoView({ block: "nearest" });
  }
}

function chooseOnly(some) {
  const wanted = new Set(some);
  cells().forEach((cell) => { box(cell).checked = wanted.has(cell); });
}

function chooseTo(cell) {
  const all = cells();
  const from = all.indexOf(cellOf(anchor) ?? cell);
  const to = all.indexOf(cell);
  chooseOnly(all.slice(Math.min(from, to), Math.max(from, to) + 1));
}

/** The page above or below: the nearest in the next line of thumbnails, in whichever document. */
function vertical(cell, down) {
  const here = cell.getBoundingClientRect();
  const beyond = cells().map((other) => [other, other.getBoundingClientRect()])
    .filter(([, place]) => (down ? place.top > here.top + 4 : place.top < here.top - 4));
  if (!beyond.length) return undefined;
  const line = down ? Math.min(...beyond.map(([, p]) => p.top)) : Math.max(...beyond.map(([, p]) => p.top));
  return beyond.filter(([, place]) => Math.abs(place.top - line) < 4)
    .sort(([, a], [, b]) => Math.abs(a.left - here.left) - Math.abs(b.left - here.left))[0][0];
}

function neighbour(cell, key) {
  const all = cells();
  const at = all.indexOf(cell);
  if (key === "ArrowRight") return all[at + 1];
  if (key === "ArrowLeft") return all[at - 1];
  if (key === "Home") return all[0];
  if (key === "End") return all.at(-1);
  return vertical(cell, key === "ArrowDown");
}

function send(action, target, before) {
  const form = desk().querySelector("[data-desk-form]");
  if (!chosen().length && cursor) box(cellOf(cursor)).checked = true;
  const button = document.createElement("button");
  button.hidden = true;
  button.dataset.deskAction = action;
  button.formAction = form.action.replace(/[^/]+$/, action);
  if (target) {
    button.name = "ziel";
    button.value = target;
    form.querySelector("[data-desk-before]").value = before ?? "";
    desk().querySelector("select[name=ziel]")?.setAttribute("disabled", "");
  }
  form.append(button);
  button.click();
  button.remove();
}

/** Alt and up or down: the chosen pages go into the document above (its end) or below (its start). */
function toNeighbourRow(cell, down) {
  const row = rowOf(cell);
  const rows = [...desk().querySelectorAll("[data-desk-row]")];
  const other = rows[rows.indexOf(row) + (down ? 1 : -1)];
  if (other) send("verschieben", other.dataset.deskRow, down ? cells(other)[0]?.dataset.deskPage : "");
}

function enlarge(cell) {
  const dialog = desk().querySelector("[data-desk-dialog]");
  const link = cell.querySelector("[data-desk-large]");
  const picture = dialog.querySelector("[data-desk-picture]");
  picture.src = link.href;
  picture.alt = cell.querySelector(".tisch-nummer").textContent.replace(/\s+/g, " ").trim();
  picture.parentElement.dataset.turn = link.dataset.deskLarge;
  dialog.querySelector("[data-desk-picture-title]").textContent = picture.alt;
  if (!dialog.open) dialog.showModal();
}

function onDialogKey(event) {
  const dialog = event.target.closest?.("[data-desk-dialog][open]");
  if (!dialog || !event.key.startsWith("Arrow")) return false;
  event.preventDefault();
  const next = neighbour(cellOf(cursor), event.key === "ArrowDown" ? "ArrowRight" : event.key === "ArrowUp" ? "ArrowLeft" : event.key);
  if (next) {
    put(next, { focus: false });
    enlarge(next);
  }
  return true;
}

document.addEventListener("keydown", (event) => {
  if (!desk() || event.defaultPrevented || onDialogKey(event)) return;
  const typing = event.target.matches?.("select, textarea, input:not([type=checkbox])");
  if ((event.ctrlKey || event.metaKey) && !typing) {
    const key = event.key.toLowerCase();
    const redo = key === "y" || (key === "z" && event.shiftKey);
    const button = desk().querySelector(redo ? "[data-desk-wiederholen]" : "[data-desk-rueckgaengig]");
    if (redo || key === "z") {
      event.preventDefault();
      button?.click();
      return;
    }
  }
  const cell = event.target.closest?.("[data-desk-page]");
  if (!cell || !event.target.matches("input[type=checkbox]")) return;
  if (event.altKey && event.key.startsWith("Arrow")) {
    event.preventDefault();
    if (event.key === "ArrowLeft") send("vor");
    else if (event.key === "ArrowRight") send("nach");
    else toNeighbourRow(cell, event.key === "ArrowDown");
  } else if (["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"].includes(event.key)) {
    event.preventDefault();
    const next = neighbour(cell, event.key);
    if (!next) return;
    if (!event.shiftKey) anchor = next.dataset.deskPage;
    put(next);
    if (event.shiftKey) chooseTo(next);
  } else if (event.key === "Enter") {
    event.preventDefault();
    enlarge(cell);
  } else if (event.key === "Escape") {
    chooseOnly([]);
  } else if (event.key.toLowerCase() === "a" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    chooseOnly(cells(rowOf(cell)));
  }
}, true);

document.addEventListener("click", (event) => {
  if (!desk()) return;
  const large = event.target.closest("[data-desk-large]");
  if (large && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    put(large.closest("[data-desk-page]"));
    enlarge(large.closest("[data-desk-page]"));
    return;
  }
  const button = event.target.closest("[data-desk-action]");
  if (button) {
    if (!chosen().length && cellOf(cursor)) box(cellOf(cursor)).checked = true;
    keep = STAYS_CHOSEN.has(button.dataset.deskAction) ? chosen().map((cell) => cell.dataset.deskPage) : [];
    return;
  }
  const cell = event.target.closest("[data-desk-page]");
  if (!cell) return;
  if (event.shiftKey) {
    event.preventDefault();
    // The browser sets the box back after a prevented click; choose once it has.
    setTimeout(() => { chooseTo(cell); put(cell); });
    return;
  }
  anchor = cell.dataset.deskPage;
  put(cell, { focus: false });
}, true);

document.addEventListener("focusin", (event) => {
  const cell = event.target.closest?.("[data-desk-page]");
  if (cell && event.target === box(cell)) put(cell, { focus: false });
});

document.addEventListener("toggle", (event) => {
  if (event.target.open) event.target.querySelector?.("[data-desk-panel] :is(select, button)")?.focus();
}, true);

// -- dragging ----------------------------------------------------------------------------------

function unmark() {
  desk()?.querySelectorAll("[data-drop]").forEach((element) => { delete element.dataset.drop; });
}

function place(event) {
  const cell = event.target.closest?.("[data-desk-page]");
  if (!cell) return { row: event.target.closest?.("[data-desk-row]") };
  const { left, width } = cell.getBoundingClientRect();
  return { row: rowOf(cell), cell, after: event.clientX > left + width / 2 };
}

document.addEventListener("dragstart", (event) => {
  const cell = event.target.closest?.("[data-desk-page]");
  if (!cell) return;
  if (!box(cell).checked) chooseOnly([cell]);
  put(cell, { focus: false });
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", cell.dataset.deskPage);
});

document.addEventListener("dragover", (event) => {
  if (!desk() || !chosen().length) return;
  const { row, cell, after } = place(event);
  unmark();
  if (!row) return;
  event.preventDefault();
  if (cell) cell.dataset.drop = after ? "after" : "before";
  else row.dataset.drop = "end";
});

document.addEventListener("drop", (event) => {
  if (!desk()) return;
  const { row, cell, after } = place(event);
  unmark();
  if (!row) return;
  event.preventDefault();
  let next = cell;
  const all = cells(row);
  if (after) next = all[all.indexOf(cell) + 1];
  while (next && box(next).checked) next = all[all.indexOf(next) + 1];
  send("verschieben", row.dataset.deskRow, next?.dataset.deskPage);
});

document.addEventListener("dragend", unmark);

// -- life --------------------------------------------------------------------------------------

function start() {
  const here = desk();
  if (!here || here.dataset.pageDesk === "ready") return;
  here.dataset.pageDesk = "ready";
  cells().forEach((cell) => {
    cell.draggable = true;
    cell.querySelector("[data-desk-large]").tabIndex = -1; // Enter does the same
  });
  const form = here.querySelector("[data-desk-form]");
  form.scrollTop = scrolled;
  form.addEventListener("scroll", () => { scrolled = form.scrollTop; }, { passive: true });
  chooseOnly(keep.map(cellOf).filter(Boolean));
  const returning = cursor !== undefined && cellOf(cursor);
  put(cellOf(cursor) ?? cells()[0], { focus: Boolean(returning) || document.activeElement === document.body });
}

start();
document.addEventListener("htmx:after:request", () => {
  desk()?.querySelector("select[name=ziel]")?.removeAttribute("disabled");
});
document.addEventListener("htmx:after:swap", start);
