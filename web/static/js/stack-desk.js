/*
 * The stack desk: J and N answer one proposed cut after the other.
 *
 *   data-stack-desk              the desk
 *   data-stack-proposal          a proposal with its two radio buttons (ja, nein); data-now marks
 *                                the one that is asked about
 *   data-stack-answer="ja|nein"  buttons that answer it and go on to the next open one
 *   data-stack-open              says how many are open
 *
 * Without JavaScript the radio buttons are answered one by one.
 */

const desk = () => document.querySelector("[data-stack-desk]");
const proposals = () => [...(desk()?.querySelectorAll("[data-stack-proposal]") ?? [])];
const isOpen = (proposal) => !proposal.querySelector(":checked");

function ask(proposal) {
  proposals().forEach((other) => { delete other.dataset.now; });
  if (!proposal) return;
  proposal.dataset.now = "";
  proposal.scrollIntoView({ block: "center" });
}

function count() {
  const left = proposals().filter(isOpen).length;
  desk().querySelector("[data-stack-open]").textContent = left ? `${left} offen` : "alles beantwortet";
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-stack-answer]");
  if (!button || !desk()) return;
  const all = proposals();
  const at = Math.max(0, all.findIndex((one) => "now" in one.dataset));
  const now = all[at];
  if (!now) return;
  now.querySelector(`[value=${button.dataset.stackAnswer}]`).checked = true;
  count();
  ask([...all.slice(at + 1), ...all.slice(0, at)].find(isOpen) ?? now);
});

document.addEventListener("change", (event) => {
  const proposal = event.target.closest?.("[data-stack-proposal]");
  if (!proposal) return;
  ask(proposal);
  count();
});

function start() {
  const here = desk();
  if (!here || here.dataset.stackDesk === "ready") return;
  here.dataset.stackDesk = "ready";
  ask(proposals().find(isOpen));
}

start();
document.addEventListener("htmx:after:swap", start);
