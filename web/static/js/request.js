/*
 * Every htmx request carries the form token of the session:  <meta name="csrf" content="...">
 */

document.addEventListener("htmx:config:request", (event) => {
  const token = document.querySelector('meta[name="csrf"]')?.content;
  if (token) event.detail.ctx.request.headers["X-CSRF-Token"] = token;
});
