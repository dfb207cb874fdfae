/*
 * Evidence on the page: where a rule saw what it saw.
 *
 *   data-evidence='{"page": 1, "boxes": [[x0, y0, x1, y1], ...]}'   a button anywhere on the screen:
 *                              draws its boxes on that page; a click goes there and makes them glow
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
  });

  function show(visible) {
    viewer.dataset.marks = visible ? "on" : "off";
    toggle?.setAttribute("aria-pressed", String(visible));
  }

  root.addEventListener("click", (event) => {
    const found = drawn.get(event.target.closest("[data-evidence]"));
    if (!found) return;
    show(true);
    drawn.forEach(({ marks }) => marks.forEach((mark) => mark.classList.remove("mark--now")));
    found.marks.forEach((mark) => mark.classList.add("mark--now"));
    if (found.marks.length) found.marks[0].scrollIntoView({ block: "center", inline: "nearest" });
    else position.go(found.page);
  });
  toggle?.addEventListener("click", () => show(viewer.dataset.marks !== "on"));
  show(viewer.dataset.marks !== "off");
}
