/* What was written in a form, in words: each answer under its question, as the blank form has both. */

import { translate } from "../app.js";
import { labelText, questionIn } from "../draft_words.js";
import { OF_A_SIBLING } from "./answers.js";
import { drawBlankSteps } from "./assess_steps.js";
import { cloneTemplate } from "./dom.js";
import { ANYBODY } from "./siblings.js";

const MOMENT = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)/; // the value of a field datetime-local
const OF_CHILDREN = ["together", "child"]; // whose answers are children

/* {name: [value]} of a form's entries [name, value]. */
export function groupByName(entries) {
  const values = {};
  entries.forEach(([name, value]) => {
    values[name] = (values[name] || []).concat(value);
  });
  return values;
}

/* The same of a whole form, in which none ticked is an answer of its own. */
export function valuesOfForm(entries) {
  return Object.assign({ hazards: [], focus: [], situations: [], together: [] }, groupByName(entries));
}

/* `template`: of a kind (kinds.js). That of an assessment gets the questions of today's system. */
export function blankForm(template) {
  if (template !== "assess-form") return document.getElementById(template).content;
  const blank = cloneTemplate(template);
  drawBlankSteps(blank);
  return blank;
}

/* The question of the field `name`; the name itself where the form asks no such thing. */
export function fieldLabel(blank, name) {
  const field = blank.querySelector('[data-field="' + name + '"]');
  return (field && questionIn(field)) || name;
}

/* What a form calls the answer `value` of the field `name`. */
export function answerLabel(form, name, value) {
  const input = form.querySelector('input[name="' + name + '"][value="' + value + '"]');
  if (input) return labelText(input.closest("label"));
  const option = form.querySelector('select[name="' + name + '"] option[value="' + value + '"]');
  return option ? option.textContent.trim() : String(value).replace(MOMENT, "$1 $2");
}

export function answerText(blank, name, value) {
  if (value === undefined || value === null || value === "") return "—";
  if (typeof value === "boolean") return translate(value ? "offline.yes" : "offline.no");
  return [].concat(value).map((one) => answerLabel(blank, name, one)).join("、") || translate("offline.no");
}

function isTick(blank, name) {
  return Boolean(blank.querySelector('input[type="checkbox"][name="' + name + '"]:not([value])'));
}

/* A line for each question that was answered. `values`: {name: [value]}; `names`: {child's id: name}. What stands on
   the line of a brother or sister who was not ticked is the form's, not the writer's. */
export function writtenLines(blank, values, names) {
  const nameOf = (child) => (names && names[child]) || translate("offline.unknown");
  const ticked = values.together || [];
  const lines = [];
  Object.keys(values).forEach((field) => {
    const given = values[field].filter((value) => value !== "");
    const [, sibling, theirs] = field.match(OF_A_SIBLING) || [];
    const name = sibling ? ANYBODY + "-" + theirs : field;
    const question = fieldLabel(blank, name);
    if (!given.length || question === name || (sibling && !ticked.includes(sibling))) return;
    const about = sibling ? nameOf(sibling) + "，" + question : question;
    const answer = OF_CHILDREN.includes(field) ? given.map(nameOf).join("、") : answerText(blank, name, given);
    lines.push(isTick(blank, name) ? about : about + (/[？?]$/.test(about) ? "" : "：") + answer);
  });
  return lines;
}
