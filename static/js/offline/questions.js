/* A table of questions as the server declares it (childwelfare/questions/question_set.py, as_json): when one is shown,
   what is missing or wrong. The same rules as there; tests ask both about the same answers. Pure.

   `set`: {questions: [{name, kind, asked_of, shown: [[condition]], once_when, needed, needed_when, missing, opener,
   fits, after, until, soon_after, …}], steps, met}; a condition: {question, values}; what isn't so is left out. */

import { outboxRules } from "./shared_with_worker.js";

/* An answer as the texts that conditions are written in. */
function asTexts(value) {
  if (value === undefined || value === null || value === "") return [];
  if (typeof value === "boolean") return [value ? "yes" : "no"];
  return [].concat(value).map(String);
}

const ANSWERED = "*"; // among the values of a condition: whatever was answered

/* `wanted`: a code, "yes", "no", ANSWERED, or of a date ">3d": more than three days before `today`. */
function matches(said, wanted, today) {
  if (wanted === ANSWERED) return true;
  if (wanted[0] !== ">") return said === wanted;
  return outboxRules.daysBetween(said, today) > parseInt(wanted.slice(1), 10);
}

function holds(condition, answers, today) {
  return asTexts(answers[condition.question]).some((said) => {
    return condition.values.some((wanted) => matches(said, wanted, today));
  });
}

export function anyHolds(conditions, answers, today) {
  return (conditions || []).some((condition) => holds(condition, answers, today));
}

export function questionNamed(set, name) {
  return set.questions.find((question) => question.name === name);
}

/* Where a question's fault stands in the form: at what is asked before it, if there is such. */
export function fieldOf(question) {
  return question.opener || question.name;
}

/* What is asked before a question is answered by its list: an empty one says "none". */
function withOpeners(set, answers) {
  const complete = Object.assign({}, answers);
  set.questions.forEach((question) => {
    const value = answers[question.name];
    if (question.opener && value) complete[question.opener] = value.length > 0;
  });
  return complete;
}

function isAnswered(question, value) {
  if (question.kind === "several" && !question.opener) return Boolean(value && value.length);
  return value !== undefined && value !== null && value !== "";
}

function isShown(question, answers, today) {
  return (question.shown || []).every((conditions) => anyHolds(conditions, answers, today));
}

function isNeeded(question, answers, today) {
  if (anyHolds(question.needed_when, answers, today)) return true;
  return Boolean(question.needed) && isShown(question, answers, today);
}

function problemOf(question, answers, today) {
  const value = answers[question.name];
  if (!isAnswered(question, value)) return isNeeded(question, answers, today) ? question.missing : "";
  const { fits, after, until } = question;
  const other = fits && answers[fits.question];
  if (other && (fits.answers[other] || []).indexOf(value) < 0) return question.missing;
  if (question.no_symbols && /\p{So}/u.test(String(value))) return question.no_symbols;
  const isAsked = anyHolds(question.needed_when, answers, today) || isShown(question, answers, today);
  if (!isAsked) return ""; // nor is it kept
  const earliest = after && answers[after.question];
  if (earliest && value <= earliest) return after.problem;
  const latest = until && answers[until.question];
  if (latest && value > latest) return until.problem;
  const limit = question.soon_after;
  const begun = limit && answers[limit.question];
  if (begun && outboxRules.daysBetween(begun, value) > limit.days) return limit.problem;
  return "";
}

/* {field: text} of what the server would refuse for sure. `answers`: of one child; `today`: the day from which the age
   of a date is counted. */
export function checkAnswers(set, answers, today) {
  const complete = withOpeners(set, answers);
  const wrong = {};
  set.questions.forEach((question) => {
    const problem = problemOf(question, complete, today);
    if (problem) wrong[fieldOf(question)] = problem;
  });
  return wrong;
}
