/* What the kinds of items differ in, for the outbox and its drafts. */

import { assessmentField, assessmentFieldValues } from "./assessment_answers.js";
import { visitField, visitFieldValues } from "./answers.js";
import { visitQuestions } from "./dom.js";
import { needFieldValues } from "./need_answers.js";

const VISIT = {
  template: "visit-form",
  fieldValues: (answers) => visitFieldValues(answers, visitQuestions()),
  fieldOf: (name) => visitField(name, visitQuestions()),
};
const KINDS = {
  alert: { template: "alert-form", fieldOf: (name) => name, fieldValues: VISIT.fieldValues },
  assessment: { template: "assess-form", fieldOf: assessmentField, fieldValues: assessmentFieldValues },
  need: { template: "need-form", fieldOf: (name) => name, fieldValues: needFieldValues },
};

function kindNamed(kind) {
  return KINDS[kind] || VISIT;
}

/* The form of a kind of item. */
export function templateOf(kind) {
  return kindNamed(kind).template;
}

/* The form's values for the answers of an item: {name: [value]}. */
export function fieldValuesOf(kind, answers) {
  return kindNamed(kind).fieldValues(answers);
}

/* Where a fault that the server names stands in the form. */
export function fieldOfFault(kind, name) {
  return kindNamed(kind).fieldOf(name);
}
