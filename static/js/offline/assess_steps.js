/* The questions of an assessment, drawn from the assessment system: the same steps, names and rules as the page with a
   network (registry/assessments/forms.py). */

import { createElement, translate } from "../app.js";
import { NONE } from "./assessment_answers.js";
import { shortDate } from "./dates.js";
import { cloneTemplate, fillSlots, slot } from "./dom.js";
import { instrumentToday } from "./instruments.js";
import { isWorse, UNKNOWN } from "./scoring.js";

const SCREEN = "screen";
const END = "end";

/* --- Answers --- */

/* `faces`: [{value, name, sentence, isApart, last}]. */
function drawCards(place, type, name, faces) {
  faces.forEach(({ value, name: text, sentence, isApart, last }) => {
    const card = cloneTemplate("answer-card").querySelector("label");
    const input = card.querySelector("input");
    Object.assign(input, { type, name, value });
    card.classList.toggle("answer-card-apart", Boolean(isApart));
    slot("name", card).textContent = text;
    if (last) slot("name", card).append(" ", createElement("em", "", last));
    if (sentence) slot("sentence", card).textContent = sentence;
    else slot("sentence", card).remove();
    if (type === "checkbox") card.querySelector(".answer-card-mark").classList.add("answer-card-box");
    place.appendChild(card);
  });
}

function unknownFace(last) {
  const [name, sentence] = [translate("offline.unknown_answer"), translate("offline.unknown_sentence")];
  return { value: UNKNOWN, name, sentence, isApart: true, last };
}

function facesOfScreen() {
  const face = (value, name, sentence) => ({ value, name: translate(name), sentence: translate(sentence) });
  const yes = face("yes", "offline.screen.yes", "offline.screen.yes_means");
  return [yes, face("no", "offline.screen.no", "offline.screen.no_means"), unknownFace("")];
}

function facesOf(indicator, { last }) {
  const then = last ? last.answers[indicator.key] : undefined;
  const when = last ? translate("offline.last_on", { day: shortDate(last.on) }) : "";
  const wasGiven = (key) => (Array.isArray(then) ? then.includes(key) : then === key);
  const faces = indicator.answers.map(({ key, name, sentence }) => {
    return { value: key, name, sentence, last: wasGiven(key) ? when : "" };
  });
  if (indicator.several) {
    const isNone = Array.isArray(then) && !then.length;
    const [name, sentence] = [translate("offline.none_of_these"), translate("offline.none_sentence")];
    faces.push({ value: NONE, name, sentence, last: isNone ? when : "" });
  }
  return faces.concat(unknownFace(then === UNKNOWN ? when : ""));
}

/* --- Which are asked --- */

/* When an indicator is asked, as data-show-when has it; "" always, null never, by what the file tells. */
function ruleOf(indicator, told) {
  if (!indicator.when.length) return "";
  const byForm = indicator.when.filter((when) => !(when.indicator in told));
  const isTold = indicator.when.some((when) => {
    return when.indicator in told && when.answers.includes(told[when.indicator][0]);
  });
  if (isTold) return "";
  return byForm.map((when) => `answer_${when.indicator}=${when.answers.join("|")}`).join(",") || null;
}

/* The answers that are worse than last time's; of an indicator that takes several any: they are counted. */
function worseAnswers(indicator, { instrument, last }) {
  const then = last ? last.answers[indicator.key] : undefined;
  const keys = indicator.answers.map((answer) => answer.key);
  if (indicator.several) return then === undefined || then === UNKNOWN ? [] : keys;
  return keys.filter((key) => isWorse(instrument.definition, indicator, key, then));
}

/* --- Steps --- */

/* What the file tells of a dimension, which is not asked. */
function drawTold(step, dimension, told) {
  const place = slot("told", step);
  const known = dimension.indicators.filter(({ key }) => key in told);
  if (!known.length) {
    place.remove();
    return;
  }
  known.forEach(({ key, name, answers }) => {
    const [answer, words] = told[key];
    const said = (answers.find((each) => each.key === answer) || { name: answer }).name;
    const row = createElement("div", "fields-row");
    const value = createElement("dd", "", words || said);
    if (words) value.append(" ", createElement("small", "muted", said));
    row.append(createElement("dt", "", name), value);
    slot("lines", place).appendChild(row);
  });
}

/* `asks`: {group, title, name, question, help, type, faces, rule, why: [answers that are worse]}. */
function drawStep(asks, n, of) {
  const step = cloneTemplate("assess-step").querySelector("[data-step]");
  const card = step.querySelector(".assess-card");
  Object.assign(step.dataset, { group: asks.group, title: asks.title });
  if (asks.rule) step.dataset.showWhen = asks.rule;
  card.dataset.field = asks.name;
  if (n === 1) fillSlots("part", asks.title, step);
  else slot("part", step).remove();
  fillSlots("at", `${asks.title} ${n} / ${of}`, step);
  fillSlots("question", asks.question, step);
  if (asks.help) fillSlots("help", asks.help, step);
  else slot("help", step).remove();
  drawCards(slot("cards", step), asks.type, asks.name, asks.faces);
  const urgent = slot("urgent", step);
  if (asks.group === SCREEN) urgent.dataset.showWhen = asks.name + "=yes";
  else urgent.remove();
  drawWhy(slot("why", step), asks);
  return step;
}

function drawWhy(place, { name, why }) {
  if (!why || !why.length) {
    place.remove();
    return;
  }
  const field = place.querySelector("input");
  field.name = name.replace("answer_", "why_");
  field.id = "id_" + field.name;
  place.querySelector("label").htmlFor = field.id;
  place.dataset.field = field.name;
  place.dataset.showWhen = name + "=" + why.join("|");
}

/* What the steps ask, in their order. */
function questionsOf(asked) {
  const { definition } = asked.instrument;
  const screenTitle = translate("offline.screen");
  const questions = definition.screen.map(({ key, text, help }) => {
    const shared = { group: SCREEN, title: screenTitle, name: "screen_" + key, type: "radio", faces: facesOfScreen() };
    return Object.assign(shared, { question: text, help });
  });
  definition.dimensions.forEach((dimension) => {
    dimension.indicators.filter(({ key }) => !(key in asked.told)).forEach((indicator) => {
      const rule = ruleOf(indicator, asked.told);
      if (rule === null) return;
      questions.push({
        group: dimension.key, title: dimension.name, name: "answer_" + indicator.key,
        question: indicator.question, help: indicator.help, type: indicator.several ? "checkbox" : "radio",
        faces: facesOf(indicator, asked), rule, why: worseAnswers(indicator, asked), dimension,
      });
    });
  });
  return questions;
}

function drawGroups(place, questions) {
  const groups = [];
  questions.forEach(({ group, title }) => {
    if (!groups.some(([key]) => key === group)) groups.push([group, title]);
  });
  groups.push([END, translate("offline.result")]);
  groups.forEach(([key, title]) => {
    const line = createElement("li");
    line.dataset.stepGroup = key;
    line.append(createElement("i"), createElement("span", "", title));
    place.appendChild(line);
  });
}

/* Into the blank form `form`. `asked`: {instrument, told, last}. */
export function drawSteps(form, asked) {
  const questions = questionsOf(asked);
  const shown = {};
  drawGroups(slot("groups", form), questions);
  questions.forEach((asks) => {
    shown[asks.group] = (shown[asks.group] || 0) + 1;
    const of = questions.filter(({ group }) => group === asks.group).length;
    const step = drawStep(asks, shown[asks.group], of);
    if (asks.dimension) drawTold(step, asks.dimension, asked.told);
    else slot("told", step).remove();
    slot("steps", form).appendChild(step);
  });
}

/* The blank form with every question of today's system, for their names (written.js). */
export function drawBlankSteps(form) {
  const instrument = instrumentToday();
  if (instrument) drawSteps(form, { instrument, told: {}, last: null });
}
