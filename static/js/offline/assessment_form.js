/* The form of an assessment for form_screen.js: the questions of the assessment system, one at a time, and what they come
   to. A yes of the urgent screen leads on to the report of danger as soon as it is saved. */

import { createElement, translate } from "../app.js";
import { drawSteps } from "./assess_steps.js";
import {
  assessmentField, assessmentFieldValues, checkAssessment, readAssessment,
} from "./assessment_answers.js";
import { drawResult } from "./assessment_result.js";
import { now } from "./clock.js";
import { isoDay, shortDate } from "./dates.js";
import { slot } from "./dom.js";
import { askedOfChild } from "./instruments.js";
import { createItem } from "./outbox_items.js";
import { outboxRules } from "./shared_with_worker.js";
import { firstYes } from "./scoring.js";

function today() {
  return isoDay(now());
}

function addLevels(select, definition) {
  definition.levels.forEach(({ key, name }) => {
    const option = createElement("option", "", translate("offline.risk", { level: name }));
    option.value = key;
    select.appendChild(option);
  });
}

/* The last step tells what the answers come to by now; another level is decided only where there is one. */
function followResult(form, asked) {
  const place = slot("result", form);
  const decide = slot("decide", form);
  form.addEventListener("step:shown", () => {
    const answers = readAssessment(Array.from(new FormData(form).entries()), asked);
    const result = drawResult(place, answers, asked);
    decide.hidden = !result.level || Boolean(result.urgent);
  });
}

/* The situation with which the report of danger begins. */
function situationOf(answers, { instrument }) {
  const key = firstYes(instrument.definition, answers.screen);
  const question = instrument.definition.screen.find((each) => each.key === key);
  return question ? question.situation : "";
}

function factsOf(file) {
  const { last } = file.assess;
  return last ? translate("offline.assessed_last", { day: shortDate(last.on) }) : translate("offline.never_assessed");
}

/* `row`: an assessment that was not taken. */
export function assessmentForm(file, row) {
  const asked = askedOfChild(file);
  const thing = translate("offline.assessment_of", { name: file.name });
  return {
    name: row ? outboxRules.draftOf(row) : "assess/" + file.id, screen: "assess", template: "assess-form",
    title: translate("offline.assess", { name: file.name }), facts: factsOf(file), row, child: file.id,
    names: { [file.id]: file.name }, photos: 0, draftWords: "offline.assess_draft",
    sayings: () => ({
      thing, saved: translate("offline.saved", { thing }), arrived: translate("offline.arrived", { thing }), notes: [],
    }),
    prepare(form) {
      drawSteps(form, asked);
      addLevels(form.elements.level, asked.instrument.definition);
      form.elements.assessed_on.value = today();
      form.elements.assessed_on.max = today();
      form.elements.occasion.value = file.assess.occasion;
      form.querySelectorAll('[data-do="danger"]').forEach((link) => {
        link.href = "#alert/" + file.id;
      });
      followResult(form, asked);
    },
    read: (entries) => readAssessment(entries, asked),
    check: (answers) => checkAssessment(answers, today(), asked),
    fieldValues: assessmentFieldValues,
    fieldOf: assessmentField,
    next(answers) {
      const situation = situationOf(answers, asked);
      return situation ? "#alert/" + file.id + "/" + situation : "";
    },
    async createItems(answers, _photos, id) {
      const clear = Object.assign({ child: file.id }, situationOf(answers, asked) ? { urgent: true } : {});
      return [await createItem("assessment", Object.assign({ child: file.id }, answers), clear, file.name, id)];
    },
  };
}
