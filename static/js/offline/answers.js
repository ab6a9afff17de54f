/* The visit form's fields and the answers that the server takes (VisitIn), both ways, and what the server would
   refuse for sure. `set`: the questions of a visit as the server wrote them on the shell (questions.js). Pure. */

import { anyHolds, checkAnswers, fieldOf, questionNamed } from "./questions.js";

const CHANGE = /^changes-(.+)$/;
/* A field on the line of a brother or sister: the child, the name that a visit has for it. */
export const OF_A_SIBLING = /^([0-9a-f]{8}-[0-9a-f-]{27})-(.+)$/;
const BOOLEANS = { yes: true, no: false };

/* --- A visit --- */

/* What was altered of what the file says (`held`): {name: {base, value}}. A number in `kept` goes along as it was while
   its field is blank, and is not named; the file's own in its place says that it was wrong. */
function findChanges(values, held, kept) {
  const changes = {};
  Object.keys(values).forEach((name) => {
    const base = name in held ? held[name] : null;
    let value = values[name];
    if (/_away$/.test(name)) value = value in BOOLEANS ? BOOLEANS[value] : null;
    const isSame = (base === null ? "" : base) === (value === null ? "" : value);
    const isAltered = name in kept ? Boolean(value) : !isSame;
    if (isAltered) changes[name] = { base, value };
  });
  return changes;
}

/* A list that is asked for after "is there any?": `looked` is the answer to that. [] says "looked, none". */
function listAnswer(question, chosen, looked) {
  if (looked === "no") return [];
  const isAsked = !question.opener || looked === "yes";
  return isAsked && chosen.length ? chosen : undefined;
}

function answerOf(question, texts) {
  if (question.kind === "yes_no") return texts[0] === "yes";
  return question.kind === "tick" ? true : texts[0];
}

/* `entries`: [[name, value]] of the form; `held`: what the file says of the fields that a director notices; `kept`:
   {name: masked} of the numbers that were taken back with the visit. What was not answered is left out. */
export function readVisit(entries, set, held, kept) {
  const texts = {}; // {name: [what was typed or chosen]}
  const noticedValues = {};
  entries.forEach(([name, raw]) => {
    const value = typeof raw === "string" ? raw.trim() : "";
    const change = name.match(CHANGE);
    if (change) noticedValues[change[1]] = value; // an emptied field is a change as well
    else if (value) texts[name] = (texts[name] || []).concat(value);
  });
  const answers = {};
  set.questions.forEach((question) => {
    const said = texts[question.name] || [];
    if (question.kind === "several") {
      const list = listAnswer(question, said, (texts[question.opener] || [])[0]);
      if (list) answers[question.name] = list;
    } else if (said.length) {
      answers[question.name] = answerOf(question, said);
    }
  });
  const noticed = (texts.noticed || [])[0];
  const changes = noticed === "yes" ? findChanges(noticedValues, held || {}, kept || {}) : {};
  const isNoneLeft = noticed === "no" && Object.keys(kept || {}).length > 0; // without a word they would go along
  if (Object.keys(changes).length || isNoneLeft) answers.changes = changes;
  return answers;
}

/* A value of the file as its field holds it. */
export function fieldValue(value) {
  if (value === null) return "";
  if (typeof value === "boolean") return value ? "yes" : "no";
  return String(value);
}

/* The form's values for one answer: {name: [value]}. */
function valuesOf(question, value) {
  const { name, kind, opener } = question;
  if (kind === "several") {
    const values = { [name]: value || [] };
    if (opener) values[opener] = [value && value.length ? "yes" : "no"];
    return values;
  }
  if (kind === "yes_no") return { [name]: value === null ? [] : [fieldValue(Boolean(value))] };
  if (kind === "tick") return { [name]: value ? ["on"] : [] };
  return value === null ? {} : { [name]: [String(value)] };
}

/* The form's values for `answers`: {name: [value]}. */
export function visitFieldValues(answers, set) {
  const values = {};
  set.questions.forEach((question) => {
    if (question.name in answers) Object.assign(values, valuesOf(question, answers[question.name]));
  });
  const changes = answers.changes || {};
  if (answers.changes) values.noticed = [Object.keys(changes).length ? "yes" : "no"];
  Object.keys(changes).forEach((name) => {
    values["changes-" + name] = [fieldValue(changes[name].value)];
  });
  return values;
}

/* What the server would refuse for sure, said while the director still stands at the door: {field: word or text}.
   `today`: the day against which the visit is late. */
export function checkVisit(answers, today, set) {
  const wrong = checkAnswers(set, answers, today);
  if (answers.visited_on && answers.visited_on > today) wrong.visited_on = "offline.future";
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
function isShared(question, isMet) {
  return question.asked_of === "door" || (isMet && question.asked_of === "any_child");
}

/* Of the brothers and sisters who were ticked: [{child, answers}]. `main`: answers of the child whose form it is. */
export function readSiblings(entries, main, set) {
  const children = entries.filter(([name]) => name === "together").map(([, child]) => child);
  return children.map((child) => {
    const own = readVisit(entriesOf(child, entries), set);
    const isMet = anyHolds(set.met, own);
    const answers = {};
    set.questions.forEach((question) => {
      const { name } = question;
      const isSaidOnce = isShared(question, isMet) || anyHolds(question.once_when, own);
      if (isSaidOnce && name in main) answers[name] = main[name];
      else if (name in own) answers[name] = own[name];
    });
    return { child, answers };
  });
}

function isOnTheirLine(field, answers, set) {
  const question = set.questions.find((each) => fieldOf(each) === field);
  return question.asked_of === "each_child" && !anyHolds(question.once_when, answers);
}

/* The faults of brothers and sisters, each at its line; what is told once for all at its own field. */
export function checkSiblings(siblings, today, set) {
  const wrong = {};
  siblings.forEach(({ child, answers }) => {
    const faults = checkVisit(answers, today, set);
    Object.keys(faults).forEach((field) => {
      wrong[isOnTheirLine(field, answers, set) ? child + "-" + field : field] = faults[field];
    });
  });
  return wrong;
}

/* Where a fault that the server names stands in the form. */
export function visitField(name, set) {
  const question = questionNamed(set, name);
  if (name === "changes") return "noticed"; // of all that changed, none named
  return question ? fieldOf(question) : name;
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
  if (answers.child && answers.child_words) wrong.child_words = "offline.whom_twice";
  return wrong;
}
