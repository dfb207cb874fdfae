/*
 * Size and turn of the pages in a viewer.
 *
 *   data-viewer-action="fit-width | fit-page | zoom-in | zoom-out | turn"   buttons
 *   data-viewer-zoom                                                         shows the zoom in per cent
 *
 * Pages carry data-aspect (width / height), data-width-mm and, where the page desk turned them,
 * data-own-turn; data-turn is how they stand now. The mode lives in data-fit on the
 * scroller and in the custom properties --zoom and --view-height; the style sheet does the rest.
 * Fit and zoom are remembered in this browser (localStorage "eakte.zoom").
 */

const STEPS = [0.25, 0.33, 0.5, 0.67, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4];
const CSS_PX_PER_MM = 96 / 25.4;
const STORE = "eakte.zoom";

export function attachZoom(viewer, scroller, position) {
  const pages = [...viewer.querySelectorAll("[data-page]")];
  const label = viewer.querySelector("[data-viewer-zoom]");
  let turn = 0;

  pages.forEach((page) => {
    page.style.setProperty("--aspect", page.dataset.aspect);
    page.style.setProperty("--width-mm", page.dataset.widthMm);
  });

  const shown = () => {
    const page = pages[position.current() - 1];
    const side = Number(page.dataset.turn ?? 0) % 180 ? page.clientHeight : page.clientWidth;
    return side / (Number(page.dataset.widthMm) * CSS_PX_PER_MM);
  };
  const measure = () => scroller.style.setProperty("--view-height", `${scroller.clientHeight}px`);
  const tell = () => {
    if (label) label.textContent = `${Math.round(shown() * 100)} %`;
    viewer.querySelectorAll("[data-viewer-action^='fit-']").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset.viewerAction === `fit-${scroller.dataset.fit}`));
    });
  };

  function apply(fit, zoom) {
    position.keeping(() => {
      scroller.dataset.fit = fit;
      if (zoom) scroller.style.setProperty("--zoom", String(zoom));
      measure();
    });
    tell();
  }

  function remember(fit, zoom) {
    apply(fit, zoom);
    try {
      localStorage.setItem(STORE, JSON.stringify({ fit, zoom }));
    } catch {
      // Storage may be switched off; the choice then lasts for this page only.
    }
  }

  const actions = {
    "fit-width": () => remember("width"),
    "fit-page": () => remember("page"),
    "zoom-in": () => remember("zoom", STEPS.find((step) => step > shown() + 0.01) ?? STEPS.at(-1)),
    "zoom-out": () => remember("zoom", STEPS.findLast((step) => step < shown() - 0.01) ?? STEPS[0]),
    turn: () => {
      turn = (turn + 90) % 360;
      position.keeping(() => {
        pages.forEach((page) => { page.dataset.turn = String((turn + Number(page.dataset.ownTurn ?? 0)) % 360); });
      });
      tell();
    },
  };

  viewer.addEventListener("click", (event) => {
    const button = event.target.closest("[data-viewer-action]");
    actions[button?.dataset.viewerAction]?.();
  });
  scroller.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    actions[event.deltaY < 0 ? "zoom-in" : "zoom-out"]();
  }, { passive: false });

  let stored = {};
  try {
    stored = JSON.parse(localStorage.getItem(STORE) ?? "{}");
  } catch {
    // Unreadable or forbidden storage: start with the default.
  }
  const compact = viewer.hasAttribute("data-viewer-compact");
  apply(compact ? "width" : stored.fit ?? "width", stored.zoom);
  new ResizeObserver(() => { measure(); tell(); }).observe(scroller);
}
