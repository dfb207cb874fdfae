/*
 * Panels that are <details>: one is open at a time, a click elsewhere closes them,
 * but not one on a message: it may speak of what stands in the panel.
 *
 *   <details data-menu>      a menu or a panel with a form
 */

const close = (except) => document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
  if (menu !== except) menu.open = false;
});

document.addEventListener("click", (event) => {
  if (!event.target.closest(".meldungen")) close(event.target.closest("details[data-menu]"));
});
