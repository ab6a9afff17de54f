/* The visit form's fields and the answers that the server takes (VisitIn), both ways, and what the server would
   refuse for sure. Pure. */

import { outboxRules } from "./shared_with_worker.js";

const YES_NO = { seen_alone: true, lives_alone: true };
const LISTS = { hazards: true };
const MARKS = { focus: true };
const NOT_SENT = { base: true, pk: true, version: true, together: true }; // of the page with a network
const CHANGE = /^changes-(.+)$/;
const OF_A_SIBLING = /^([0-9a-f]{8}-[0-9a-f-]{27})-(.+)$/;
const BOOLEANS = { yes: true, no: false };

/* What is asked of each child; what is said of the door even where a child was not met. */
const ASKED_OF_EACH = [
  "outcome", "seen_alone", "attendance", "health", "mood", "whereabouts", "next_step", "next_on",
];
const SAID_OF_THE_DOOR = [
  "visited_on", "method", "met", "met_relation", "late_reason", "latitude", "longitude", "accuracy_m",
];
const OF_ONE_CHILD = [...ASKED_OF_EACH, "focus", "changes"];

/* --- A visit --- */

/* What was altered of what the file says (`held`): {name: {base, value}}. */
function findChanges(values, held) {
  const changes = {};
  Object.keys(values).forEach((name) => {
    const base = name in held ? held[name] : null;
    let value = values[name];
    if (/_away$/.test(name)) value = value in BOOLEANS ? BOOLEANS[value] : null;
    const isSame = (base === null ? "" : base) === (value === null ? "" : value);
    if (!isSame) changes[name] = { base, value };
  });
  return changes;
}

/* `entries`: [[name, value]] of the form; `held`: what the file says of the fields that a director notices. What was
   not answered is left out; hazards: [] says "looked, none". */
export function readVisit(entries, held) {
  const answers = {};
  const hazards = [];
  const noticedValues = {};
  let looked = "";
  let noticed = "";
  entries.forEach(([name, raw]) => {
    const value = typeof raw === "string" ? raw.trim() : "";
    const change = name.match(CHANGE);
    if (change) noticedValues[change[1]] = value; // an emptied field is a change as well
    if (change || !value || NOT_SENT[name] || OF_A_SIBLING.test(name)) return;
    if (name === "hazard") looked = value;
    else if (name === "noticed") noticed = value;
    else if (LISTS[name]) hazards.push(value);
    else if (YES_NO[name]) answers[name] = value === "yes";
    else if (MARKS[name]) answers[name] = true;
    else answers[name] = value;
  });
  if (looked === "no") answers.hazards = [];
  if (looked === "yes" && hazards.length) answers.hazards = hazards;
  const changes = noticed === "yes" ? findChanges(noticedValues, held || {}) : {};
  if (Object.keys(changes).length) answers.changes = changes;
  return answers;
}

/* A value of the file as its field holds it. */
export function fieldValue(value) {
  if (value === null) return "";
  if (typeof value === "boolean") return value ? "yes" : "no";
  return String(value);
}

/* The form's values for `answers`: {name: [value]}. */
export function visitFieldValues(answers) {
  const values = {};
  Object.keys(answers).forEach((name) => {
    const value = answers[name];
    if (name === "changes") {
      values.noticed = ["yes"];
      Object.keys(value).forEach((each) => {
        values["changes-" + each] = [fieldValue(value[each].value)];
      });
    } else if (LISTS[name]) {
      values[name] = value || [];
      values.hazard = [value && value.length ? "yes" : "no"];
    } else if (YES_NO[name]) {
      values[name] = value === null ? [] : [fieldValue(Boolean(value))];
    } else if (MARKS[name]) {
      values[name] = value ? ["on"] : [];
    } else if (value !== null) {
      values[name] = [String(value)];
    }
  });
  return values;
}

function checkSeen(answers, rules) {
  const wrong = {};
  rules.asked.forEach((name) => {
    if (!answers[name]) wrong[name] = "offline.choose";
  });
  if (!answers.hazards) wrong.hazard = "offline.hazard";
  return wrong;
}

function checkNotSeen(answers, outcomes) {
  const wrong = {};
  const fittingSteps = outcomes.steps[answers.outcome] || [];
  const mustBeTold = outcomes.told.indexOf(answers.outcome) >= 0;
  const mustBeDated = outcomes.dated.indexOf(answers.next_step) >= 0;
  if (fittingSteps.indexOf(answers.next_step) < 0) wrong.next_step = "offline.choose";
  if (mustBeTold && !answers.whereabouts) wrong.whereabouts = "offline.need";
  if (mustBeDated && !answers.next_on) wrong.next_on = "offline.need";
  return wrong;
}

function checkVisitDay(answers, today, latestDays) {
  const visitedOn = answers.visited_on;
  if (!visitedOn) return { visited_on: "offline.need" };
  if (visitedOn > today) return { visited_on: "offline.future" };
  const isLate = outboxRules.daysBetween(visitedOn, today) > latestDays;
  return isLate && !answers.late_reason ? { late_reason: "offline.late_reason" } : {};
}

/* What the server would refuse for sure, said while the director still stands at the door: {field: word}.
   `today`: the day against which the visit is late. `rules`: {asked: [names], late: days, outcomes: {steps: {outcome:
   [step]}, told: [outcome], dated: [step]}} as the server holds them. */
export function checkVisit(answers, today, rules) {
  const wrong = checkVisitDay(answers, today, rules.late);
  const visitedOn = answers.visited_on;
  if (!answers.outcome) wrong.outcome = "offline.choose";
  else if (answers.outcome === "seen") Object.assign(wrong, checkSeen(answers, rules));
  else Object.assign(wrong, checkNotSeen(answers, rules.outcomes));
  const contactOn = answers.parent_contact_on;
  if (contactOn && visitedOn && contactOn > visitedOn) wrong.parent_contact_on = "offline.after_visit";
  if (answers.next_on && visitedOn && answers.next_on <= visitedOn) wrong.next_on = "offline.before_visit";
  return wrong;
}

/* --- Brothers and sisters --- */

/* Entries of one sibling's line, under the names that a visit has. */
function entriesOf(child, entries) {
  const own = entries.filter(([name]) => {
    const match = name.match(OF_A_SIBLING);
    return match && match[1] === child;
  });
  return own.map(([name, value]) => [name.slice(child.length + 1), value]);
}

/* Whether what was said once at the door holds for a brother or sister too. */
function isShared(name, wasSeen) {
  return wasSeen ? OF_ONE_CHILD.indexOf(name) < 0 : SAID_OF_THE_DOOR.indexOf(name) >= 0;
}

/* Of the brothers and sisters who were ticked: [{child, answers}]. `main`: answers of the child whose form it is. */
export function readSiblings(entries, main) {
  const children = entries.filter(([name]) => name === "together").map(([, child]) => child);
  return children.map((child) => {
    const own = readVisit(entriesOf(child, entries));
    const wasSeen = own.outcome === "seen";
    const shared = {};
    Object.keys(main).forEach((name) => {
      if (isShared(name, wasSeen)) shared[name] = main[name];
    });
    if (wasSeen && main.next_on) own.next_on = main.next_on; // one appointment for the whole family
    return { child, answers: Object.assign(shared, own) };
  });
}

/* The faults of brothers and sisters, each at its line; what is told once for all at its own field. */
export function checkSiblings(siblings, today, rules) {
  const wrong = {};
  siblings.forEach(({ child, answers }) => {
    const faults = checkVisit(answers, today, rules);
    Object.keys(faults).forEach((name) => {
      const isCommonDate = name === "next_on" && answers.outcome === "seen";
      const isOnTheirLine = ASKED_OF_EACH.indexOf(name) >= 0 && !isCommonDate;
      wrong[isOnTheirLine ? child + "-" + name : name] = faults[name];
    });
  });
  return wrong;
}

/* --- A report of danger --- */

const MOMENTS = { called_at: true, found_at: true };
const CALLED = { made: true, others: true };
const CLOCKS_DIFFER = 600000; // milliseconds that a phone's clock may be ahead

/* The answers of a mandatory report (AlertIn). `withOffset(text)`: a local moment with its offset. */
export function readAlert(entries, withOffset) {
  const answers = { situations: [] };
  entries.forEach(([name, raw]) => {
    const value = String(raw).trim();
    if (!value) return;
    if (name === "situations") answers.situations.push(value);
    else answers[name] = MOMENTS[name] ? withOffset(value) : value;
  });
  return answers;
}

/* The form's values for `answers`. `toLocal(text)`: the other way. */
export function alertFieldValues(answers, toLocal) {
  const values = { situations: answers.situations || [] };
  Object.keys(answers).forEach((name) => {
    if (name === "situations" || !answers[name]) return;
    values[name] = [MOMENTS[name] ? toLocal(answers[name]) : String(answers[name])];
  });
  return values;
}

/* A report is kept back for nothing but this. `now`: milliseconds. */
export function checkAlert(answers, now) {
  const wrong = {};
  const isAhead = (moment) => Date.parse(moment) > now + CLOCKS_DIFFER;
  if (!answers.situations.length) wrong.situations = "offline.choose";
  if (!answers.call) wrong.call = "offline.call";
  else if (CALLED[answers.call] && !answers.called_at) wrong.called_at = "offline.need";
  else if (answers.called_at && isAhead(answers.called_at)) wrong.called_at = "offline.moment";
  if (answers.found_at && isAhead(answers.found_at)) wrong.found_at = "offline.moment";
  if (!answers.child && !answers.child_words) wrong.child_words = "offline.whom";
  return wrong;
}
