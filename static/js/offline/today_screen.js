/* Today, from what lies on the phone: the same groups, in the same order, as the page with a network. */

import { createElement, createIcon, translate } from "../app.js";
import { now } from "./clock.js";
import { clockTime, isoDay, shortDate } from "./dates.js";
import { cloneTemplate, createChip, fillSlots, replaceIfChanged, slot } from "./dom.js";
import { askedOfChild } from "./instruments.js";
import { session } from "./session.js";
import { outboxRules } from "./shared_with_worker.js";

const ASSESSED_SOON = 30; // days before its last day that an assessment is spoken of

function roundsOfDay() {
  return (session.lastPull && session.lastPull.rounds) || [];
}

function dueChip(file, today, isWaiting) {
  if (isWaiting) return createChip(translate("offline.waiting_here"), "brand");
  if (!file.due) return file.state ? createChip(file.state.label, file.state.tone) : null;
  const left = outboxRules.daysBetween(today, file.due.due_on);
  if (left < 0) return createChip(translate("offline.late", { n: -left }), "danger");
  return createChip(translate("offline.until", { day: shortDate(file.due.due_on) }), "warm");
}

function setLink(link, href) {
  if (href) link.href = href;
  else link.remove();
}

function lastVisitText(file) {
  if (!file.last) return translate("offline.never");
  return translate("offline.since", { day: shortDate(file.last.visited_on) });
}

/* Why the child is visited so often, and the rounds that it is left in but the one of its group. */
function reasonText(file, group) {
  const isRisky = file.risk === "high" || file.risk === "raised";
  const risk = isRisky ? translate("offline.risk", { level: file.risk_label }) + " · " : "";
  if (!file.due) return risk;
  const rounds = roundsOfDay().filter((round) => round !== group.round && (file.due.rounds || []).includes(round.id));
  const names = rounds.map((round) => round.name);
  return risk + [translate("offline.every", { n: file.due.days })].concat(file.due.why || [], names).join(" · ");
}

/* Below the visit: assessing the child, with its last day where that is near, and recording a need. */
function drawHelp(place, file, today) {
  const canAssess = Boolean(askedOfChild(file));
  setLink(slot("assess", place), canAssess ? "#assess/" + file.id : "");
  setLink(slot("need", place), file.need ? "#need/" + file.id : "");
  if (!canAssess && !file.need) place.remove();
  else if (canAssess) fillSlots("assess-due", assessmentText(file.assess, today), place);
}

function assessmentText({ due_on: last, waiting }, today) {
  if (waiting) return translate("offline.assess_waiting");
  const left = outboxRules.daysBetween(today, last);
  if (left < 0) return translate("offline.assess_late", { n: -left });
  return left <= ASSESSED_SOON ? translate("offline.assess_until", { day: shortDate(last) }) : "";
}

function childCard(file, today, isWaiting, group) {
  const card = cloneTemplate("child-card");
  const carer = file.carer && file.carer.relation ? translate("offline.carer", { who: file.carer.relation }) : "";
  fillSlots("name", file.name, card);
  fillSlots("facts", [translate("offline.age", { n: file.age })].concat(file.categories).join(" · "), card);
  fillSlots("address", [file.address, carer].filter(Boolean).join("，"), card);
  fillSlots("last", lastVisitText(file), card);
  fillSlots("why", reasonText(file, group), card);
  const chip = dueChip(file, today, isWaiting);
  if (chip) slot("when", card).appendChild(chip);
  slot("go", card).href = "#visit/" + file.id;
  slot("danger", card).href = "#alert/" + file.id;
  drawHelp(slot("help", card), file, today);
  setLink(slot("call", card), file.call ? "tel:" + file.call : "");
  setLink(slot("map", card), file.map);
  return card;
}

/* What the station sent back, with its reason, or what she took back herself; what was completed here says so until the
   receipt takes it away. */
function returnedCard(entry, rows) {
  const corrections = rows.filter((row) => {
    return row.kind === "correction" && row.visit === entry.visit && row.version >= entry.version;
  });
  if (corrections.some(outboxRules.isDelivered)) return null;
  const card = cloneTemplate("returned-card");
  fillSlots("name", entry.name + " " + shortDate(entry.visited_on), card);
  if (entry.taken_back) {
    fillSlots("how", translate("offline.taken_back"), card);
    slot("why", card).remove();
  } else {
    fillSlots("reason", entry.reason, card);
  }
  const link = slot("go", card);
  link.href = corrections.length ? "#item/" + corrections[0].id : "#returned/" + entry.visit;
  if (corrections.some((row) => !outboxRules.isFinal(row))) {
    slot("when", card).appendChild(createChip(translate("offline.completed_here"), "brand"));
    link.remove();
  }
  return card;
}

/* Progress is what the server counted, never what this phone believes. */
function showProgress(lastPull) {
  const progress = lastPull.progress || { visited: 0, in_care: 0 };
  const month = Number(lastPull.day.slice(5, 7));
  const bar = document.querySelector(".bar-extra progress");
  fillSlots("unit", lastPull.unit + " " + lastPull.name);
  fillSlots("month", translate("offline.month", { m: month, n: progress.visited, of: progress.in_care }));
  bar.max = progress.in_care || 1;
  bar.value = progress.visited;
}

function groupHeading({ group, round, files }) {
  const isOfRound = group === "round";
  const heading = createElement("h2", group === "rest" ? "" : "section-title");
  heading.textContent = (isOfRound ? round.name : translate("offline.group." + group)) + " ";
  const count = isOfRound
    ? translate("offline.round", { day: round.until, n: round.done, of: round.owed })
    : translate("offline.people", { n: files.length });
  heading.appendChild(createElement("small", "", count));
  return heading;
}

/* Who has time is folded away. */
function foldedGroup(heading, cards, isOpen) {
  const fold = createElement("details", "fold");
  fold.open = isOpen;
  const summary = createElement("summary");
  const body = createElement("div", "fold-body stack");
  summary.appendChild(heading);
  summary.appendChild(createIcon("chevron-down"));
  cards.forEach((card) => body.appendChild(card));
  fold.appendChild(summary);
  fold.appendChild(body);
  return fold;
}

/* What is open and held by the village, as the page with a network lists it. */
function needsInHand(needs, today) {
  if (!needs.length) return [];
  const heading = createElement("h2", "section-title", translate("offline.needs") + " ");
  heading.appendChild(createElement("small", "", translate("offline.needs_count", { n: needs.length })));
  const list = createElement("ul", "todos");
  needs.forEach((need) => {
    const line = createElement("li");
    const text = createElement("span", "todo-text", need.name + " " + need.kind_label);
    const left = outboxRules.daysBetween(today, need.due_on);
    const words = left < 0 ? translate("offline.late", { n: -left })
      : translate("offline.until", { day: shortDate(need.due_on) });
    line.append(text, createChip(words, left < 0 ? "danger" : "warm"));
    list.appendChild(line);
  });
  const card = createElement("section", "card");
  card.appendChild(list);
  return [heading, card];
}

/* `rows`: the outbox. */
export function drawToday(part, rows) {
  const today = isoDay(now());
  const lastPull = session.lastPull;
  const isWaiting = {}; // by child
  rows.forEach((row) => {
    if (row.kind === "visit" && !outboxRules.isFinal(row)) isWaiting[row.child] = true;
  });
  const isRestOpen = Boolean(slot("work", part).querySelector("details[open]"));
  const work = [];
  outboxRules.groupsOfDay(session.files, roundsOfDay(), today).forEach((one) => {
    const cards = one.files.map((file) => childCard(file, today, isWaiting[file.id], one));
    if (one.group === "rest") work.push(foldedGroup(groupHeading(one), cards, isRestOpen));
    else work.push(groupHeading(one), ...cards);
  });
  replaceIfChanged(slot("needs", part), needsInHand((lastPull && lastPull.needs) || [], today));
  const returned = (lastPull && lastPull.returned) || [];
  replaceIfChanged(slot("work", part), work);
  replaceIfChanged(slot("returned", part), returned.map((entry) => returnedCard(entry, rows)).filter(Boolean));
  slot("empty", part).hidden = session.files.length > 0;
  if (!lastPull) return;
  showProgress(lastPull);
  const pulled = new Date(lastPull.pulled);
  const words = { day: shortDate(isoDay(pulled)), time: clockTime(pulled) };
  const notHeld = (lastPull.progress && lastPull.progress.left_out) || 0; // more than a phone holds
  const lines = [translate("offline.of_day", words)];
  if (notHeld) lines.push(translate("offline.left_out", { n: notHeld }));
  fillSlots("pulled", lines.join(" · "), part);
}
