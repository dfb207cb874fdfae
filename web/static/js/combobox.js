/*
 * Turns a <select> into a field one can type in, after the ARIA combobox pattern (list
 * autocomplete, manual selection). Without JavaScript the select stays.
 *
 *   data-combobox                  around label and select
 *   data-combobox-select           the select; its name and value are what the form sends
 *   option[data-detail]            a grey remark beside the title, searched as well
 *
 * The select never holds a value that the field does not show: typing empties it, and leaving the
 * field (Tab, click elsewhere) takes the highlighted option. Text that is no option blocks the form.
 */

const fold = (text) => text.toLocaleLowerCase("de").replaceAll("ß", "ss").normalize("NFKD").replace(/\p{M}/gu, "");

function start(box) {
  const select = box.querySelector("[data-combobox-select]");
  if (box.dataset.combobox === "ready") return;
  box.dataset.combobox = "ready";
  const options = () => [...select.options].filter((option) => option.value); // some come later
  const label = box.querySelector("label");
  const frame = document.createElement("div");
  frame.className = "auswahl";
  const input = document.createElement("input");
  const list = document.createElement("ul");
  const listId = `${select.id}-liste`;
  Object.assign(input, { className: "feld feld--weit", id: `${select.id}-feld`, autocomplete: "off", type: "text", placeholder: "Tippen, um zu suchen", required: select.required });
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": listId })) input.setAttribute(name, value);
  Object.assign(list, { className: "auswahl-liste", id: listId, hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", label.textContent.trim());
  label.htmlFor = input.id;
  select.hidden = true;
  select.required = false;
  frame.append(input, list);
  select.after(frame);
  let present = -1;
  let touched = ""; // "typed" or "moved" since the last choice; merely opening the list chooses nothing

  const rows = () => [...list.querySelectorAll("[role=option]")];
  function show(open) {
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    if (!open) input.removeAttribute("aria-activedescendant");
  }
  function move(to) {
    const all = rows();
    all[present]?.setAttribute("aria-selected", "false");
    present = all.length ? (to + all.length) % all.length : -1;
    const row = all[present];
    if (!row) return;
    row.setAttribute("aria-selected", "true");
    row.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", row.id);
  }
  const exact = (text) => options().find((option) => fold(option.text) === fold(text.trim()));
  function fill(text) {
    const parts = fold(text).split(/\s+/).filter(Boolean);
    const found = options().filter((option) => {
      const searched = fold(`${option.text} ${option.dataset.detail ?? ""} ${option.value}`);
      return parts.every((part) => searched.includes(part));
    });
    const start = parts[0] ?? "";
    found.sort((a, b) => Number(fold(b.text).startsWith(start)) - Number(fold(a.text).startsWith(start)));
    list.replaceChildren(...found.map((option, index) => {
      const row = document.createElement("li");
      row.id = `${listId}-${index}`;
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", "false");
      row.dataset.value = option.value;
      row.append(option.text);
      if (option.dataset.detail) {
        const detail = document.createElement("small");
        detail.textContent = option.dataset.detail;
        row.append(detail);
      }
      return row;
    }));
    if (!found.length) {
      const row = document.createElement("li");
      row.className = "nichts";
      row.setAttribute("role", "option");
      row.setAttribute("aria-disabled", "true");
      row.textContent = "Nichts gefunden";
      list.append(row);
    }
    present = -1;
    const shown = text ? exact(text)?.value : select.value;
    if (found.length) move(Math.max(0, found.findIndex((option) => option.value === shown)));
    show(true);
  }
  function choose(value) {
    touched = "";
    select.value = value;
    input.value = value ? select.selectedOptions[0].text : "";
    input.setCustomValidity("");
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }
  function take(row) {
    if (!row?.dataset.value) return;
    choose(row.dataset.value);
    show(false);
  }
  function typed() {
    touched = "typed";
    select.value = exact(input.value)?.value ?? "";
    const open = input.value.trim() !== "" && !select.value;
    input.setCustomValidity(open ? "Bitte aus der Liste wählen." : "");
    fill(input.value);
  }
  function settle() {
    const row = list.hidden ? undefined : rows()[present];
    show(false);
    if (!touched) return;
    if (touched === "typed" && input.value.trim() === "") choose("");
    else if (row) take(row);
    else if (select.value) choose(select.value);
  }

  if (select.value) input.value = select.selectedOptions[0].text;
  input.addEventListener("focus", () => input.select());
  input.addEventListener("click", () => { if (list.hidden) fill(""); });
  input.addEventListener("input", typed);
  input.addEventListener("blur", settle);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) fill("");
      else {
        touched = "moved";
        move(present + (event.key === "ArrowDown" ? 1 : -1));
      }
    } else if (event.key === "Enter" && !list.hidden) {
      event.preventDefault();
      take(rows()[present]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      show(false);
    }
  });
  new MutationObserver(() => {
    if (touched === "typed") typed();
    else if (!list.hidden) fill("");
  }).observe(select, { childList: true });
  list.addEventListener("mousedown", (event) => {
    event.preventDefault(); // keeps the cursor in the field
    take(event.target.closest("[role=option]"));
  });
}

const startAll = () => document.querySelectorAll("[data-combobox]").forEach(start);
startAll();
document.addEventListener("htmx:after:swap", startAll);
