// Editing a rule file: [data-rule-text] tells its line in [data-rule-line]; data-line is where
// something is wrong: that line is shown and selected.  Without this the page works the same.

function lineAt(field) {
  return field.value.slice(0, field.selectionStart).split("\n").length;
}

function select(field, line) {
  const lines = field.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  field.focus();
  field.setSelectionRange(start, start + (lines[line - 1] ?? "").length);
  const height = parseFloat(getComputedStyle(field).lineHeight) || 20;
  field.scrollTop = Math.max(0, (line - 6) * height);
  field.scrollLeft = 0;
}

const field = document.querySelector("[data-rule-text]");
if (field) {
  const shown = document.querySelector("[data-rule-line]");
  const tell = () => { shown.textContent = `Zeile ${lineAt(field)}`; };
  for (const event of ["keyup", "click", "input"]) field.addEventListener(event, tell);
  if (field.dataset.line) {
    select(field, Number(field.dataset.line));
    tell();
  }
}
