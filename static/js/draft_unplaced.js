/* What was written in a form's draft and has no field there any more (draft.js): about a brother or sister who left, in
   a row that is gone. Its question is that of the field which is most like it. */

import { writableFields } from "./draft_fields.js";

const KEY_OR_NUMBER = /[0-9a-f]{8}-[0-9a-f-]{27}|\d+/g; // what tells the rows of a form apart
const KEY = /^[0-9a-f]{8}-[0-9a-f-]{27}$/; // nobody's words
const PREFIX = /^.*-/;

/* Without the help that stands in it. */
function textOf(label) {
  return (label.querySelector("strong") || label).textContent.trim();
}

function questionOf(field) {
  const box = field.closest(".field, [data-field]");
  const heading = box && box.querySelector("legend, label");
  const question = heading && (heading.querySelector("strong") || heading.firstChild).textContent.trim();
  return question || (heading ? textOf(heading) : "");
}

function isChoice(field) {
  return Boolean(field.options) || /^(radio|checkbox)$/.test(field.type);
}

/* The words of a choice, what was typed as it is; "" for a choice that the form doesn't have. */
function answerOf(alike, value) {
  const field = alike.find((one) => !isChoice(one));
  if (field) return value;
  const choices = alike.flatMap((one) => (one.options ? Array.from(one.options) : [one]));
  const choice = choices.find((one) => one.value === value);
  if (!choice) return "";
  return choice.tagName === "OPTION" ? choice.textContent.trim() : textOf(choice.closest("label"));
}

function fieldsLike(form, name) {
  const fields = writableFields(form);
  const withSame = (shape) => fields.filter((field) => shape(field.name) === shape(name));
  const inAnotherRow = withSame((one) => one.replace(KEY_OR_NUMBER, "#"));
  return inAnotherRow.length ? inAnotherRow : withSame((one) => one.replace(PREFIX, ""));
}

/* [question and answer] of `values`, {name: [value]}. */
export function linesWithoutField(form, values) {
  return Object.entries(values).flatMap(([name, list]) => {
    const alike = fieldsLike(form, name);
    const written = list.filter((value) => !KEY.test(value));
    const answer = written.map((value) => (alike.length ? answerOf(alike, value) : value));
    const said = answer.filter(Boolean).join("、");
    if (!said) return [];
    const question = alike.length ? questionOf(alike[0]) : "";
    return [question + (!question || /[？?：:]$/.test(question) ? "" : "：") + said];
  });
}
