/*
 * What somebody is writing is not lost when the session ends, the page is reloaded or the browser
 * goes to another letter: kept in this tab alone (sessionStorage) and put back for the same person.
 *
 *   <meta name="login">     who is signed in; the drafts of anybody else are thrown away
 *   form[data-draft]        its text areas and text fields are kept, by page and field; its value
 *                           says what is written about where the page alone does not
 *
 * A form that was sent forgets its drafts; signing out forgets all of them.
 */

const PREFIX = "eakte.entwurf:";
const login = () => document.querySelector('meta[name="login"]')?.content ?? "";
const FIELDS = "textarea, input[type=date], input:not([type])";

let store;
try {
  store = window.sessionStorage;
} catch {
  // Storage may be switched off; what is typed then lasts as long as the page.
}

const keys = () => (store ? Object.keys(store).filter((key) => key.startsWith(PREFIX)) : []);
const path = (form) => new URL(form.action, location.href).pathname;
const about = (form) => (form.dataset.draft ? `:${form.dataset.draft}` : "");
const keyOf = (field) => `${PREFIX}${login()}:${path(field.form)}${about(field.form)}:${field.name}`;
const kept = (field) => field?.form?.matches("form[data-draft]") && field.matches(FIELDS) && field.name && login();

function restore() {
  if (!store || !login()) return;
  keys().filter((key) => !key.startsWith(`${PREFIX}${login()}:`)).forEach((key) => store.removeItem(key));
  document.querySelectorAll("form[data-draft]").forEach((form) => {
    let found = false;
    [...form.elements].filter(kept).forEach((field) => {
      const text = store.getItem(keyOf(field));
      if (!text || field.value !== field.defaultValue || field.value === text) return;
      field.value = text;
      found = true;
    });
    if (!found) return;
    const panel = form.closest("details");
    if (panel) panel.open = true;
    const place = document.getElementById("ansage");
    if (place) place.textContent = "Ihr angefangener Text steht wieder im Formular.";
  });
}

function forget(form) {
  [...form.elements].filter(kept).forEach((field) => store?.removeItem(keyOf(field)));
}

document.addEventListener("input", (event) => {
  const field = event.target;
  if (!kept(field)) return;
  try {
    if (field.value === field.defaultValue) store?.removeItem(keyOf(field));
    else store?.setItem(keyOf(field), field.value);
  } catch {
    // Full or switched off: the field itself still has it.
  }
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.action.endsWith("/abmelden")) {
    keys().forEach((key) => store.removeItem(key));
  } else if (form.matches("form[data-draft]") && !form.closest("[hx-boost]")) {
    // Without htmx the answer is a new page: the draft goes once that page has come.
    store?.setItem(`${PREFIX}gesendet`, JSON.stringify([...form.elements].filter(kept).map(keyOf)));
  }
});

document.addEventListener("htmx:after:request", (event) => {
  const form = event.target.closest?.("form[data-draft]") ?? event.detail?.ctx?.sourceElement?.closest?.("form[data-draft]");
  const status = event.detail?.ctx?.response?.raw?.status ?? event.detail?.ctx?.response?.status;
  if (form && status && status < 400) forget(form);
});

function sent() {
  const waiting = store?.getItem(`${PREFIX}gesendet`);
  if (!waiting || !login()) return;
  store.removeItem(`${PREFIX}gesendet`);
  // An error leads back to the same form with its own text in it, or to a page that says why.
  if (document.querySelector(".meldung--fehler, .fehlerseite")) return;
  JSON.parse(waiting).forEach((key) => store.removeItem(key));
}

sent();
restore();
document.addEventListener("htmx:after:swap", restore);
