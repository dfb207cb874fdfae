/*
 * The document viewer: page images, one under the other, with their words.
 *
 *   data-viewer                the viewer; also reads data-words-url (see viewer/layer.js)
 *   data-viewer-scroll         the scrolling box with the pages inside it
 *   data-page="N"              a page: data-aspect, data-width-mm; holds .sheet with the image
 *
 * Without JavaScript the pages are plain images in a scrolling box. Its parts: viewer/position.js
 * (where am I), viewer/zoom.js (how large), viewer/layer.js (words), viewer/marks.js (evidence),
 * viewer/ahead.js (fetching ahead), viewer/annotations.js (notes), viewer/address.js (its address).
 */

import { attachAddress } from "./viewer/address.js";
import { attachAhead } from "./viewer/ahead.js";
import { attachAnnotations } from "./viewer/annotations.js";
import { attachWordLayers } from "./viewer/layer.js";
import { attachMarks } from "./viewer/marks.js";
import { attachPosition } from "./viewer/position.js";
import { attachZoom } from "./viewer/zoom.js";

function start(viewer) {
  if (viewer.dataset.viewer === "ready") return;
  const scroller = viewer.querySelector("[data-viewer-scroll]");
  const position = attachPosition(viewer, scroller);
  attachZoom(viewer, scroller, position);
  attachMarks(viewer, scroller, position);
  attachAhead(viewer);
  attachAddress(viewer);
  attachAnnotations(viewer, scroller);
  position.start();
  attachWordLayers(viewer, scroller);
  viewer.dataset.viewer = "ready";
}

const startAll = (root) => root.querySelectorAll("[data-viewer]").forEach(start);

startAll(document);
document.addEventListener("htmx:after:swap", () => startAll(document));
