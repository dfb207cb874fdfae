/*
 * Notes, highlights and stamps over the pages: a layer of its own, turned with the page.
 *
 *   data-box="x0 y0 x1 y1"               an annotation on a .sheet: fractions of the upright page
 *   data-viewer-action="annotations"     switches all of them on and off (aria-pressed)
 *
 * In the side panel (in the viewer's data-viewer-scope):
 *   data-annotate                        the form; works without scripts. With them its page is the
 *                                        present one, and a box can be drawn on a page with the mouse
 *   data-annotate-kind, -page, -place    its fields; a drawn box becomes a choice of -place
 *   data-annotate-for="note | stamp"     fields that belong to one kind alone
 *   data-annotate-hint                   (hidden) shown where drawing works
 *   data-annotate-selection              (hidden) a button: highlights the selected words, line by line
 */

import { wordOf } from "./layer.js";

const DRAWN = "gezeichnet";
const LONGEST = 900; // characters of selected words that are kept with a highlight

function put(element, [x0, y0, x1, y1]) {
  element.style.left = `${x0 * 100}%`;
  element.style.top = `${y0 * 100}%`;
  element.style.width = `${(x1 - x0) * 100}%`;
  element.style.height = `${(y1 - y0) * 100}%`;
}

/** Where a point of the screen lies on the upright page, however the page stands now. */
function fraction(sheet, event) {
  const box = sheet.getBoundingClientRect();
  const right = (event.clientX - box.left) / box.width;
  const down = (event.clientY - box.top) / box.height;
  const turn = Number(sheet.closest("[data-page]").dataset.turn ?? 0);
  if (turn === 90) return [down, 1 - right];
  if (turn === 180) return [1 - right, 1 - down];
  if (turn === 270) return [1 - down, right];
  return [right, down];
}

/** The selected words of a viewer, a box and a text for every line of a page. */
function selectedLines(viewer) {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return [];
  const range = selection.getRangeAt(0);
  const lines = new Map();
  viewer.querySelectorAll(".words span").forEach((span) => {
    const word = range.intersectsNode(span) && wordOf.get(span);
    if (!word) return;
    const [text, x0, y0, x1, y1, line] = word;
    const page = span.closest("[data-page]").dataset.page;
    const known = lines.get(`${page} ${line}`);
    if (!known) {
      lines.set(`${page} ${line}`, { page, box: [x0, y0, x1, y1], text });
      return;
    }
    known.box = [Math.min(known.box[0], x0), Math.min(known.box[1], y0), Math.max(known.box[2], x1), Math.max(known.box[3], y1)];
    known.text = `${known.text} ${text}`;
  });
  return [...lines.values()];
}

async function send(form, fields) {
  const body = new URLSearchParams({ csrf: form.elements.csrf.value, ...fields });
  return fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" }, redirect: "manual" });
}

function attachForm(viewer, scroller, form) {
  const { art: kind, seite: page, platz: place } = form.elements;
  const only = () => form.querySelectorAll("[data-annotate-for]").forEach((field) => {
    field.hidden = field.dataset.annotateFor !== kind.value;
  });
  kind.addEventListener("change", only);
  only();
  viewer.addEventListener("viewer:page", (event) => {
    if (!form.contains(document.activeElement) && !place.querySelector(`[data-${DRAWN}]`)) page.value = event.detail.page;
  });
  form.querySelector("[data-annotate-hint]").hidden = false;

  let drawing;
  scroller.addEventListener("pointerdown", (event) => {
    const sheet = event.target.closest?.(".sheet");
    const wanted = form.closest("details").open && event.button === 0 && sheet && !event.target.closest(".annotation");
    if (!wanted) return;
    event.preventDefault();
    scroller.setPointerCapture(event.pointerId);
    const frame = document.createElement("i");
    frame.className = "annotation-frame";
    sheet.append(frame);
    drawing = { sheet, frame, from: fraction(sheet, event) };
    drawing.to = drawing.from;
  });
  scroller.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    drawing.to = fraction(drawing.sheet, event).map((side) => Math.min(1, Math.max(0, side)));
    put(drawing.frame, ordered(drawing));
  });
  scroller.addEventListener("pointerup", () => {
    if (!drawing) return;
    const box = ordered(drawing);
    viewer.querySelectorAll(".annotation-frame").forEach((frame) => { if (frame !== drawing.frame) frame.remove(); });
    if (box[2] - box[0] < 0.01 && box[3] - box[1] < 0.01) {
      drawing.frame.remove();
    } else {
      page.value = drawing.sheet.closest("[data-page]").dataset.page;
      let choice = place.querySelector(`[data-${DRAWN}]`);
      if (!choice) {
        choice = document.createElement("option");
        choice.setAttribute(`data-${DRAWN}`, "");
        choice.textContent = "wie aufgezogen";
        place.append(choice);
      }
      choice.value = box.map((side) => side.toFixed(5)).join(" ");
      choice.selected = true;
      form.querySelector("textarea:not([hidden])")?.focus();
    }
    drawing = undefined;
  });
}

const ordered = ({ from, to }) => [
  Math.min(from[0], to[0]), Math.min(from[1], to[1]), Math.max(from[0], to[0]), Math.max(from[1], to[1]),
];

function attachSelection(viewer, form, button) {
  document.addEventListener("selectionchange", () => { button.hidden = !selectedLines(viewer).length; });
  // The button takes the focus, and with it some browsers the selection: it is read before.
  button.addEventListener("pointerdown", (event) => event.preventDefault());
  button.addEventListener("click", async () => {
    const lines = selectedLines(viewer);
    button.disabled = true;
    for (const { page, box, text } of lines) {
      await send(form, { art: "highlight", seite: page, platz: box.map((side) => side.toFixed(5)).join(" "), text: text.slice(0, LONGEST) });
    }
    const target = new URL(location.href);
    target.searchParams.set("seite", lines[0].page);
    location.replace(target);
  });
}

export function attachAnnotations(viewer, scroller) {
  viewer.querySelectorAll(".annotation[data-box]").forEach((element) => put(element, element.dataset.box.split(" ").map(Number)));
  const toggle = viewer.querySelector("[data-viewer-action='annotations']");
  toggle?.addEventListener("click", () => {
    const on = viewer.dataset.annotations !== "off";
    viewer.dataset.annotations = on ? "off" : "on";
    toggle.setAttribute("aria-pressed", String(!on));
  });
  if (viewer.hasAttribute("data-viewer-compact")) return;
  const scope = viewer.closest("[data-viewer-scope]");
  const form = scope?.querySelector("[data-annotate]");
  if (!form) return;
  attachForm(viewer, scroller, form);
  attachSelection(viewer, form, scope.querySelector("[data-annotate-selection]"));
}
