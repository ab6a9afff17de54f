/* The shell's screens, slots and templates. */

import { createElement } from "../app.js";
import { session } from "./session.js";

function shell() {
  return document.getElementById("offline");
}

/* What the server wrote on the shell: addresses, version, limits. */
export function shellSettings() {
  return shell().dataset;
}

/* The questions of a visit (visits/visit/questions.py), for questions.js. */
export function visitQuestions() {
  return JSON.parse(document.getElementById("visit-questions").textContent);
}

export function hideShell() {
  shell().hidden = true;
}

export function slot(name, within) {
  return (within || document).querySelector('[data-slot="' + name + '"]');
}

export function fillSlots(name, text, within) {
  (within || document).querySelectorAll('[data-slot="' + name + '"]').forEach((place) => {
    place.textContent = text;
  });
}

export function shownScreen() {
  return shell().querySelector("[data-screen]:not([hidden])");
}

/* Show one screen, hide the others, and what belongs to others in bar and foot. Gives the screen's element. */
export function showScreen(name) {
  shell().querySelectorAll("[data-screen]").forEach((part) => {
    part.hidden = part.dataset.screen !== name;
  });
  const isForm = ["visit", "alert", "assess", "need"].includes(name);
  document.querySelectorAll("[data-foot]").forEach((foot) => {
    foot.hidden = foot.dataset.foot !== name;
  });
  document.body.classList.toggle("page-steps", isForm);
  document.querySelector(".topbar").classList.toggle("has-back", isForm || name === "outbox");
  document.querySelector("[data-step-at]").hidden = name !== "visit";
  document.querySelector("[data-question-at]").hidden = name !== "assess";
  slot("line").hidden = isForm;
  slot("where").hidden = name !== "today";
  document.querySelector(".phonenav").hidden = !session.key;
  document.querySelectorAll(".phonenav a").forEach((link) => {
    if (link.getAttribute("href") === "#" + name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  });
  window.scrollTo(0, 0);
  return shell().querySelector('[data-screen="' + name + '"]');
}

/* `nodes` stand in `place`. Where they say what stands there already nothing is touched: a finger that is down on
   a button while something arrives would lose its tap. */
export function replaceIfChanged(place, nodes) {
  const box = document.createElement("div");
  nodes.forEach((node) => box.appendChild(node));
  if (box.innerHTML === place.innerHTML) return;
  place.textContent = "";
  while (box.firstChild) place.appendChild(box.firstChild);
}

export function cloneTemplate(id) {
  return document.getElementById(id).content.cloneNode(true);
}

export function createChip(text, tone) {
  return createElement("span", "chip" + (tone ? " chip-" + tone : ""), text);
}

export function createLink(text, href) {
  const link = createElement("a", "", text);
  link.href = href;
  return link;
}

/* One line above every screen, until the same `about` says something else or nothing. `action`: a link or button
   in it. */
export function showNotice(about, text, tone, action) {
  const place = slot("notices");
  const old = place.querySelector('[data-about="' + about + '"]');
  if (old) old.remove();
  if (!text) return;
  const box = createElement("p", "hint mb-3 hint-" + (tone || "warm"), text);
  box.dataset.about = about;
  if (action) {
    box.appendChild(document.createTextNode(" "));
    box.appendChild(action);
  }
  place.appendChild(box);
}

/* The station's number among the calls of a report, where the last pull named one. */
export function showStationCall(within) {
  const station = session.lastPull && session.lastPull.contact;
  const place = slot("station", within);
  place.hidden = !station;
  if (!station) return;
  place.href = "tel:" + station.phone;
  fillSlots("station-phone", station.phone, place);
  fillSlots("station-name", station.name, place);
}
