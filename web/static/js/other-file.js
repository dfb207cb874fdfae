/*
 * Typing a number or a name chooses "another file" by itself.
 *
 *   data-other-choice      the radio button
 *   data-other-field       the field beside it
 */

document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-other-field]")) return;
  document.querySelector("[data-other-choice]").checked = true;
});
