/*
 * Uploads files one by one, shows how far each is, and links the document once it is there.
 * Without JavaScript the form sends all of them at once and shows the same list.
 *
 *   form[data-upload]            the form; data-upload-megabytes and data-upload-files are limits
 *   [data-upload-drop]           where files may be dropped
 *   form[data-upload-at-once]    (hidden) files dropped anywhere on the screen are sent without
 *                                another step
 *   [data-upload-input]          the file field
 *   table[data-upload-results]   one row a file; tr[data-upload-id] is asked about until it is done
 */

import { token } from "./request.js";

const EVERY = 1500;

function row(table, name, text) {
  const line = document.createElement("tr");
  const [first, second] = [document.createElement("td"), document.createElement("td")];
  first.textContent = name;
  second.textContent = text;
  line.append(first, second);
  table.tBodies[0].append(line);
  table.hidden = false;
  return line;
}

/** Text, link and state of one file; an archive lists its own files below. */
function fill(place, result) {
  place.dataset.stand = result.stand;
  place.replaceChildren(result.text);
  if (result.url) {
    const link = document.createElement("a");
    link.href = result.url;
    link.textContent = "Öffnen";
    link.setAttribute("aria-label", `${result.name} öffnen`);
    place.append(" ", link);
  }
  if (!result.members?.length) return;
  const list = document.createElement("ul");
  for (const member of result.members) {
    const item = document.createElement("li");
    const name = document.createElement("span");
    name.textContent = member.name;
    const stand = document.createElement("span");
    fill(stand, member);
    item.append(name, stand);
    list.append(item);
  }
  place.append(list);
}

/** ``3 Dateien: 2 angenommen, 1 nicht angenommen``, once all are through. */
function sum(lines) {
  const refused = lines.filter((line) => !line.dataset.uploadTaken).length;
  const place = document.querySelector("[data-upload-summary]");
  place.hidden = lines.length < 2;
  const counts = [`${lines.length - refused} angenommen`];
  if (refused) counts.push(`${refused} nicht angenommen`);
  place.textContent = `${lines.length} Dateien: ${counts.join(", ")}`;
}

function tell(line, result) {
  // What has not changed is not written again: a screen reader would say it again.
  const said = JSON.stringify(result);
  if (said !== line.dataset.uploadSaid) {
    line.dataset.uploadSaid = said;
    fill(line.cells[1], result);
  }
  if (result.id) line.dataset.uploadTaken = "ja";
  if (result.id && !result.done) line.dataset.uploadId = result.id;
  else delete line.dataset.uploadId;
}

function send(form, file, line) {
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", `${file.name} wird übertragen`);
  line.cells[1].replaceChildren(bar);
  const data = new FormData(form);
  data.delete("dateien");
  data.append("dateien", file, file.name);
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRF-Token", token() ?? "");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) bar.value = event.loaded / event.total;
    });
    request.addEventListener("loadend", () => {
      let result = { stand: "fehler", done: true, text: "Nicht angenommen: Die Verbindung brach ab. Bitte noch einmal versuchen." };
      if (request.status === 413) result.text = "Nicht angenommen: Die Datei ist zu groß.";
      if (request.status === 401) result.text = "Nicht angenommen: Die Anmeldung ist abgelaufen.";
      if (request.status === 200) {
        try {
          [result] = JSON.parse(request.responseText);
        } catch {
          result.text = "Nicht angenommen. Bitte die Seite neu laden.";
        }
      }
      tell(line, result);
      done();
    });
    request.send(data);
  });
}

async function follow(table) {
  const waiting = [...table.querySelectorAll("tr[data-upload-id]")];
  if (waiting.length) {
    const query = waiting.map((line) => `id=${encodeURIComponent(line.dataset.uploadId)}`).join("&");
    const answer = await fetch(`/eingang/hochladen/stand?${query}`, { headers: { Accept: "application/json", "X-Eakte-Von-Selbst": "1" } }).catch(() => null);
    const found = answer?.ok ? await answer.json() : {};
    for (const line of waiting) {
      const result = found[line.dataset.uploadId];
      if (result) tell(line, result);
    }
  }
  setTimeout(() => follow(table), EVERY);
}

function start(form) {
  const input = form.querySelector("[data-upload-input]");
  const atOnce = form.dataset.uploadAtOnce !== undefined;
  const place = atOnce ? form.closest("main") : form.querySelector("[data-upload-drop]");
  const table = document.querySelector("[data-upload-results]");
  const most = Number(form.dataset.uploadFiles);
  const bytes = Number(form.dataset.uploadMegabytes) * 1_000_000;

  async function all(files) {
    if (files.length > most) {
      tell(row(table, `${files.length} Dateien`, ""), { stand: "fehler", done: true, text: `Nicht angenommen: Auf einmal gehen höchstens ${most} Dateien.` });
      return;
    }
    const lines = files.map((file) => [file, row(table, file.name, "wartet")]);
    for (const [file, line] of lines) {
      if (file.size > bytes) tell(line, { stand: "fehler", done: true, text: "Nicht angenommen: Die Datei ist zu groß." });
      else await send(form, file, line);
    }
    sum(lines.map(([, line]) => line));
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const files = [...input.files];
    input.value = "";
    all(files);
  });
  for (const name of ["dragenter", "dragover"]) {
    place.addEventListener(name, (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      place.classList.add("ablage--offen");
    });
  }
  for (const name of ["dragleave", "drop"]) place.addEventListener(name, () => place.classList.remove("ablage--offen"));
  place.addEventListener("drop", (event) => {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    if (atOnce) {
      all([...event.dataTransfer.files]);
      return;
    }
    const moved = new DataTransfer();
    for (const file of [...input.files, ...event.dataTransfer.files]) moved.items.add(file);
    input.files = moved.files;
  });
  follow(table);
}

document.querySelectorAll("form[data-upload]").forEach(start);
