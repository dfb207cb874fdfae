/*
 * Fetches the next pages before they are asked for: the browser's own lazy loading looks about one
 * screen ahead, which is less than one page at full width.
 */

const AHEAD = 2;

export function attachAhead(viewer) {
  const images = [...viewer.querySelectorAll("[data-page] img")];
  viewer.addEventListener("viewer:page", (event) => {
    const present = event.detail.page - 1;
    images.slice(Math.max(0, present - 1), present + AHEAD + 1).forEach((image) => {
      image.loading = "eager";
    });
  });
}
