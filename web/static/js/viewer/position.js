/*
 * Where one is in a document.
 *
 *   data-viewer-page                             the page field: shows the page, Enter goes there
 *   data-viewer-action="previous | next"         buttons
 *   data-viewer-thumb="N"                        a thumbnail; the present one gets aria-current
 *   data-viewer-start="N"                        (on the viewer) the page to open at
 *
 * The viewer sends the event "viewer:page" ({detail: {page}}) when the present page changes.
 */

export function attachPosition(viewer, scroller) {
  const pages = [...viewer.querySelectorAll("[data-page]")];
  const field = viewer.querySelector("[data-viewer-page]");
  const thumbs = new Map(
    [...viewer.querySelectorAll("[data-viewer-thumb]")].map((t) => [Number(t.dataset.viewerThumb), t]),
  );
  let current = 1;

  const topOf = (page) => page.offsetTop - scroller.offsetTop;

  /** The page that covers the upper third of the view: binary search, as there may be hundreds. */
  function find() {
    const line = scroller.scrollTop + scroller.clientHeight / 3;
    let low = 0;
    let high = pages.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (topOf(pages[middle]) <= line) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  function show(number) {
    if (number === current && field?.value === String(number)) return;
    thumbs.get(current)?.removeAttribute("aria-current");
    current = number;
    if (field && document.activeElement !== field) field.value = String(number);
    const thumb = thumbs.get(number);
    if (thumb) {
      thumb.setAttribute("aria-current", "page");
      const strip = thumb.closest("[data-viewer-thumbs]");
      const top = thumb.offsetTop - strip.offsetTop;
      if (top < strip.scrollTop || top + thumb.offsetHeight > strip.scrollTop + strip.clientHeight) {
        strip.scrollTop = top - strip.clientHeight / 3;
      }
    }
    viewer.dispatchEvent(new CustomEvent("viewer:page", { detail: { page: number } }));
  }

  function go(number) {
    const target = Math.min(Math.max(1, number), pages.length);
    scroller.scrollTop = topOf(pages[target - 1]) - 8;
    show(target);
  }

  let waiting = false;
  scroller.addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; show(find()); });
  }, { passive: true });

  viewer.addEventListener("click", (event) => {
    const action = event.target.closest("[data-viewer-action]")?.dataset.viewerAction;
    if (action === "next") go(current + 1);
    if (action === "previous") go(current - 1);
    const thumb = event.target.closest("[data-viewer-thumb]");
    if (thumb) {
      event.preventDefault();
      go(Number(thumb.dataset.viewerThumb));
    }
  });
  const enter = () => {
    const wanted = Number.parseInt(field.value, 10);
    if (wanted) go(wanted);
    field.value = String(current);
  };
  field?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    enter();
    field.select();
  });
  field?.addEventListener("change", enter);
  field?.addEventListener("focus", () => field.select());

  return {
    current: () => current,
    go,
    /** Runs a change of layout and stays at the same place of the same page. */
    keeping(change) {
      const page = pages[current - 1];
      const within = (scroller.scrollTop - topOf(page)) / (page.offsetHeight || 1);
      change();
      scroller.scrollTop = topOf(page) + within * page.offsetHeight;
    },
    start() {
      const wanted = Number(viewer.dataset.viewerStart ?? "1");
      show(1);
      if (wanted > 1) go(wanted);
    },
  };
}
