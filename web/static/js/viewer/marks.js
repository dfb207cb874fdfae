/*
 * Evidence on the page: where a rule saw what it saw.
 *
 *   data-evidence='{"page": 1, "boxes": [[x0, y0, x1, y1], ...]}'   a button anywhere on the screen:
 *                              draws its boxes on that page; pointing at it or focusing it makes
 *                              them glow and brings them into view, a click stays with them
 *   data-evidence-quiet        beside it: drawn only while one points at it (facts: there are many)
 *   data-viewer-action="marks"   switches all evidence marks on and off (aria-pressed)
 *
 * Boxes are fractions of the upright page.
 */

function draw(page, boxes) {
  return boxes.map(([x0, y0, x1, y1]) => {
    const mark = document.createElement("i");
    mark.className = "mark mark--evidence";
    mark.style.left = `${x0 * 100}%`;
    mark.style.top = `${y0 * 100}%`;
    mark.style.width = `${(x1 - x0) * 100}%`;
    mark.style.height = `${(y1 - y0) * 100}%`;
    page.querySelector(".sheet").append(mark);
    return mark;
  });
}

export function attachMarks(viewer, scroller, position) {
  const root = viewer.closest("[data-viewer-scope]") ?? document;
  const toggle = viewer.querySelector("[data-viewer-action='marks']");
  const drawn = new Map(); // source element -> where its marks are
  const places = new Map(); // the same evidence named twice is drawn once

  root.querySelectorAll("[data-evidence]").forEach((source) => {
    const { page, boxes } = JSON.parse(source.dataset.evidence);
    const element = viewer.querySelector(`[data-page="${page}"]`);
    if (!element) return;
    if (!places.has(source.dataset.evidence)) {
      places.set(source.dataset.evidence, { page, marks: draw(element, boxes) });
    }
    drawn.set(source, places.get(source.dataset.evidence));
    if (!("evidenceQuiet" in source.dataset)) drawn.get(source).always = true;
  });
  places.forEach(({ marks, always }) => {
    marks.forEach((mark) => mark.classList.toggle("mark--quiet", !always));
  });

  function show(visible) {
    viewer.dataset.marks = visible ? "on" : "off";
    toggle?.setAttribute("aria-pressed", String(visible));
  }

  let pointed; // the reason that is marked now

  function within(mark) {
    const box = mark.getBoundingClientRect();
    const view = scroller.getBoundingClientRect();
    return box.top >= view.top && box.bottom <= view.bottom;
  }

  function point(source) {
    const found = drawn.get(source);
    if (!found || source === pointed) return found;
    pointed = source;
    show(true);
    drawn.forEach(({ marks }, other) => {
      other.removeAttribute("aria-current");
      marks.forEach((mark) => mark.classList.remove("mark--now"));
    });
    source.setAttribute("aria-current", "true");
    found.marks.forEach((mark) => mark.classList.add("mark--now"));
    if (!found.marks.length) position.go(found.page);
    else if (!within(found.marks[0])) found.marks[0].scrollIntoView({ block: "center", inline: "nearest" });
    return found;
  }

  function told(source) {
    const said = document.getElementById("ansage");
    if (said) said.textContent = `Seite ${drawn.get(source).page}: ${source.querySelector("q")?.textContent ?? "Fundstelle"} ist markiert`;
  }

  let resting; // crossing a list of reasons on the way elsewhere moves no page
  root.addEventListener("pointerover", (event) => {
    clearTimeout(resting);
    const source = event.target.closest?.("[data-evidence]");
    if (source) resting = setTimeout(() => point(source), 120);
  });
  root.addEventListener("focusin", (event) => {
    const source = event.target.closest?.("[data-evidence]");
    if (source) point(source);
  });
  root.addEventListener("click", (event) => {
    const source = event.target.closest("[data-evidence]");
    if (!source || !drawn.has(source)) return;
    pointed = undefined;
    point(source);
    told(source);
  });
  toggle?.addEventListener("click", () => show(viewer.dataset.marks !== "on"));
  show(viewer.dataset.marks !== "off");
}
