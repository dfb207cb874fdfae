/*
 * The word layer: the recognised words of a page as real, selectable, transparent text over its
 * image, so that words can be selected, copied, read aloud and marked.
 *
 * A page is any element with data-page. Words come as JSON from the viewer's data-words-url, in
 * which {page} stands for the page number:
 *   {"words": [[text, x0, y0, x1, y1, line], ...], "hits": [index of word, ...]}
 * with boxes as fractions of the upright page. Layers exist for pages near the viewport only.
 *
 * Sizes are written in container units (cqh, %), so zooming and turning need no new computation.
 */

const CAPITAL_SHARE = 0.8; // a word box is the ink; the font's em box is somewhat taller
const MEASURE_PX = 100;
const KEEP = 24; // layers kept in the document before the farthest are removed

const measurer = document.createElement("canvas").getContext("2d");
measurer.font = `${MEASURE_PX}px sans-serif`;

/** The word that a span shows, as the server sent it (viewer/annotations.js highlights selections). */
export const wordOf = new WeakMap();

/** One absolutely placed span for a word; its text ends with a blank so that copying keeps words apart. */
function wordSpan([text, x0, y0, x1, y1], aspect) {
  const span = document.createElement("span");
  span.textContent = `${text} `;
  const height = (y1 - y0) / CAPITAL_SHARE;
  const wanted = (x1 - x0) * aspect; // widths in units of the page height, as font sizes are
  const natural = (measurer.measureText(text).width / MEASURE_PX) * height;
  span.style.left = `${x0 * 100}%`;
  span.style.top = `${y0 * 100}%`;
  span.style.fontSize = `${height * 100}cqh`;
  if (natural > 0) span.style.transform = `scaleX(${wanted / natural})`;
  return span;
}

function fill(layer, words, hits, aspect) {
  const parts = document.createDocumentFragment();
  const marked = new Set(hits);
  let line = words.length ? words[0][5] : 0;
  words.forEach((word, index) => {
    if (word[5] !== line) {
      parts.append(document.createElement("br"));
      line = word[5];
    }
    const span = wordSpan(word, aspect);
    if (marked.has(index)) {
      span.classList.add("word-hit");
      parts.append(hitBox(word));
    }
    wordOf.set(span, word);
    parts.append(span);
  });
  layer.replaceChildren(parts);
}

/** The visible mark of a search hit; the span over it stays transparent. */
function hitBox([, x0, y0, x1, y1]) {
  const box = document.createElement("i");
  box.className = "mark mark--hit";
  box.style.left = `${x0 * 100}%`;
  box.style.top = `${y0 * 100}%`;
  box.style.width = `${(x1 - x0) * 100}%`;
  box.style.height = `${(y1 - y0) * 100}%`;
  return box;
}

/** Watches the pages of one viewer and gives those near the viewport their words. */
export function attachWordLayers(viewer, scroller) {
  const pattern = viewer.dataset.wordsUrl;
  if (!pattern) return;
  const kept = new Map(); // page element -> layer, in order of last use

  async function load(page) {
    if (kept.has(page)) {
      const layer = kept.get(page);
      kept.delete(page);
      kept.set(page, layer);
      return;
    }
    const layer = document.createElement("div");
    layer.className = "words";
    kept.set(page, layer);
    const answer = await fetch(pattern.replace("{page}", page.dataset.page), {
      headers: { Accept: "application/json" },
    });
    if (!answer.ok) {
      kept.delete(page);
      return;
    }
    const { words, hits } = await answer.json();
    fill(layer, words, hits, Number(page.dataset.aspect));
    page.querySelector(".sheet").append(layer);
    page.dataset.words = String(words.length);
    for (const [old, oldLayer] of kept) {
      if (kept.size <= KEEP) break;
      oldLayer.remove();
      delete old.dataset.words;
      kept.delete(old);
    }
  }

  const observer = new IntersectionObserver(
    (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => load(entry.target)),
    { root: scroller, rootMargin: "50% 0px" },
  );
  viewer.querySelectorAll("[data-page]").forEach((page) => observer.observe(page));
}
