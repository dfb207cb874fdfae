/*
 * What narrows the list of a case file stays while one looks at its documents.
 *
 *   data-file-filter        the form of the list: its file's address is the form's action
 *   data-key="x" links      to a file go back to the list as it was left in this window
 *
 * Kept in this window (sessionStorage "eakte.akte:" + address); the window that is closed forgets.
 */

const KEY = "eakte.akte:";
const form = document.querySelector("[data-file-filter]");

function remember() {
  const query = new URLSearchParams(location.search);
  ["dokument", "neben", "nach", "suche", "ab"].forEach((name) => query.delete(name));
  try {
    sessionStorage.setItem(KEY + location.pathname, query.toString());
  } catch {
    // Without storage the list begins anew.
  }
}

if (form) {
  remember();
  // htmx has put the new filters into the address by then.
  document.addEventListener("htmx:after:settle", remember);
  document.addEventListener("htmx:after:swap", remember);
  window.addEventListener("pagehide", remember);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.('a[href^="/akten/"]');
  if (form || !link || link.search || link.hash) return;
  try {
    const query = sessionStorage.getItem(KEY + link.pathname);
    if (query) link.search = query;
  } catch {
    // Without storage the list begins anew.
  }
});
