/* The assessment form's fields and the answers that the server takes (AnswersIn), both ways, and what the server would
   refuse for sure. `asked`: {instrument: {id, definition}, told: {indicator: [answer, words]} of what the file answers,
   last: {on, answers} of the assessment before or null}. Pure. */

import { askedOf, firstYes, indicatorsOf, isWorse, scoreAnswers } from "./scoring.js";

export const NONE = "none_of_these"; // of an indicator that takes several: looked at, and there is none
const SCREEN = "screen_";
const ANSWER = "answer_";
const WHY = "why_";
const PLAIN = ["occasion", "assessed_on", "participants", "child_view", "guardian_view", "strengths"];
const PARTS = { screen: SCREEN, answers: ANSWER, worse_because: WHY };
const UNKNOWN = "unknown";

/* {name: [value]} of the entries that say something. */
function textsOf(entries) {
  const texts = {};
  entries.forEach(([name, raw]) => {
    const value = typeof raw === "string" ? raw.trim() : "";
    if (value) texts[name] = (texts[name] || []).concat(value);
  });
  return texts;
}

function answerOf(indicator, said) {
  if (!indicator.several) return said[0];
  return said.includes(UNKNOWN) ? UNKNOWN : said.filter((key) => key !== NONE);
}

/* `entries`: [[name, value]] of the form. */
export function readAssessment(entries, { instrument }) {
  const texts = textsOf(entries);
  const { definition } = instrument;
  const read = { instrument: instrument.id, screen: {}, answers: {}, worse_because: {} };
  PLAIN.concat("level", "level_reason").forEach((name) => {
    if (texts[name]) read[name] = texts[name][0];
  });
  definition.screen.forEach(({ key }) => {
    if (texts[SCREEN + key]) read.screen[key] = texts[SCREEN + key][0];
  });
  if (firstYes(definition, read.screen)) return read; // nothing else is asked
  indicatorsOf(definition).forEach((indicator) => {
    const said = texts[ANSWER + indicator.key];
    const why = texts[WHY + indicator.key];
    if (said) read.answers[indicator.key] = answerOf(indicator, said);
    if (said && why) [read.worse_because[indicator.key]] = why;
  });
  return read;
}

/* The form's values for `answers`: {name: [value]}. */
export function assessmentFieldValues(answers) {
  const values = {};
  PLAIN.concat("level", "level_reason").forEach((name) => {
    if (answers[name]) values[name] = [answers[name]];
  });
  Object.keys(answers.screen || {}).forEach((key) => {
    values[SCREEN + key] = [answers.screen[key]];
  });
  Object.keys(answers.answers || {}).forEach((key) => {
    const said = answers.answers[key];
    values[ANSWER + key] = Array.isArray(said) && !said.length ? [NONE] : [].concat(said);
  });
  Object.keys(answers.worse_because || {}).forEach((key) => {
    values[WHY + key] = [answers.worse_because[key]];
  });
  return values;
}

/* Where a fault that the server names stands in the form. */
export function assessmentField(name) {
  const [part, key] = name.split(".");
  return key && PARTS[part] ? PARTS[part] + key : name;
}

/* What counts: what the file tells in place of what was written, and of the rest what is asked. */
export function countedAnswers(answers, { instrument, told }) {
  const all = Object.assign({}, answers);
  Object.keys(told).forEach((key) => {
    [all[key]] = told[key];
  });
  const counted = {};
  askedOf(instrument.definition, all).forEach(({ key }) => {
    if (key in all) counted[key] = all[key];
  });
  return counted;
}

/* Last time's answers, where they lie before the day of this one. */
function lastAnswers(answers, last) {
  return last && last.on <= (answers.assessed_on || "") ? last.answers : {};
}

function checkScreen(questions, screen, wrong) {
  questions.filter(({ key }) => !screen[key]).forEach(({ key }) => {
    wrong[SCREEN + key] = "offline.choose_or_unknown";
  });
}

function checkAnswers(answers, asked, wrong) {
  const { definition } = asked.instrument;
  const counted = countedAnswers(answers.answers, asked);
  const before = lastAnswers(answers, asked.last);
  askedOf(definition, counted).forEach((indicator) => {
    const { key } = indicator;
    if (key in asked.told) return;
    if (!(key in counted)) wrong[ANSWER + key] = "offline.choose_or_unknown";
    else if (isWorse(definition, indicator, counted[key], before[key]) && !answers.worse_because[key]) {
      wrong[WHY + key] = "offline.why_worse";
    }
  });
}

/* What an assessment comes to; of an urgent one no points. */
export function resultOf(answers, asked) {
  return scoreAnswers(asked.instrument.definition, answers.screen, countedAnswers(answers.answers, asked));
}

/* {field: word} of what the server would refuse. `today`: YYYY-MM-DD. */
export function checkAssessment(answers, today, asked) {
  const wrong = {};
  if (!answers.occasion) wrong.occasion = "offline.choose";
  if (!answers.assessed_on) wrong.assessed_on = "offline.need";
  else if (answers.assessed_on > today) wrong.assessed_on = "offline.day_ahead";
  if (wrong.assessed_on) return wrong; // by which version it is asked depends on the day
  const { definition } = asked.instrument;
  if (firstYes(definition, answers.screen)) return wrong;
  checkScreen(definition.screen, answers.screen, wrong);
  checkAnswers(answers, asked, wrong);
  const proposed = resultOf(answers, asked).level;
  const isOther = answers.level && proposed && answers.level !== proposed;
  if (!Object.keys(wrong).length && isOther && !answers.level_reason) wrong.level_reason = "offline.why_other_level";
  return wrong;
}
