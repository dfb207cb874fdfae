/*
 * The address of a page, to paste into a mail, and the viewer on the whole screen.
 *
 *   data-viewer-address              a link to the present page's address; a click copies it
 *   data-address                     (on a page) its address, which stays wherever the page goes
 *   data-document-title              (around the viewer) what the copied line calls the document
 *   data-viewer-action="fullscreen"  a button
 */

async function copied(text) {
  if (navigator.clipboard && window.isSecureContext) {
    await navigator.clipboard.writeText(text);
    return;
  }
  // Without https there is no clipboard interface: the browser's old command copies a selection.
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

export function attachAddress(viewer) {
  const link = viewer.querySelector("[data-viewer-address]");
  const title = viewer.closest("[data-document-title]")?.dataset.documentTitle;
  let page = 1;
  viewer.addEventListener("viewer:page", (event) => {
    page = event.detail.page;
    const address = viewer.querySelector(`[data-page="${page}"]`)?.dataset.address;
    if (link && address) link.href = address;
  });
  link?.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    await copied(`${title}, Blatt ${page}: ${link.href}`);
    document.getElementById("ansage").textContent = `Adresse von Blatt ${page} kopiert`;
    link.dataset.copied = "";
    setTimeout(() => delete link.dataset.copied, 1500);
  });
  const whole = viewer.querySelector("[data-viewer-action='fullscreen']");
  whole?.addEventListener("click", () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else viewer.requestFullscreen();
  });
  document.addEventListener("fullscreenchange", () => {
    whole?.setAttribute("aria-pressed", String(document.fullscreenElement === viewer));
  });
}
