/*
 * A form that speaks of the page one is looking at.
 *
 *   data-current-page    a field that follows the viewer's page until somebody writes in it
 *
 * The viewer's event does not bubble, hence the capture.
 */

document.addEventListener("viewer:page", (event) => {
  document.querySelectorAll("[data-current-page]").forEach((field) => {
    if (field.dataset.currentPage !== "written") field.value = String(event.detail.page);
  });
}, true);

document.addEventListener("input", (event) => {
  if (event.target.matches?.("[data-current-page]")) event.target.dataset.currentPage = "written";
});
