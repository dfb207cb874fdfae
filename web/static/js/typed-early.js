/*
 * What was typed before the scripts ran is searched for as well: a field is there as soon as its
 * words are, and on a slow line somebody has typed a name before htmx listens.
 */

window.addEventListener("load", () => setTimeout(() => {
  const field = document.activeElement;
  if (field?.matches("input") && field.closest("[hx-trigger^=input]") && field.value !== field.defaultValue) {
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}));
