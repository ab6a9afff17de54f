/* What is written in a form, in words: what its drafts (draft.js) show where there is no field for it. */

import { writableFields } from "./draft_fields.js";

/* Without the help that stands in it. */
export function labelText(label) {
  return (label.querySelector("strong") || label).textContent.trim();
}

/* What is asked in `box`; "" where nothing is. */
export function questionIn(box) {
  const heading = box && box.querySelector("legend, label");
  if (!heading) return "";
  const question = (heading.querySelector("strong") || heading.firstChild).textContent.trim();
  return question || heading.textContent.trim();
}

function answerOf(field) {
  if (field.options) {
    const chosen = Array.from(field.options).filter((option) => option.selected && option.value);
    return chosen.map((option) => option.textContent.trim()).join("、");
  }
  if (!/^(radio|checkbox)$/.test(field.type)) return field.value.trim();
  const label = field.closest("label") || (field.labels && field.labels[0]);
  return field.checked && label ? labelText(label) : "";
}

/* The name of whom the fields around it are about, where the form asks about several. */
function aboutWhom(field) {
  const section = field.closest("section[aria-label]");
  return section ? section.getAttribute("aria-label") + "，" : "";
}

/* {name: "question: answer"} of the fields in `names` that hold something. */
export function wordsOf(form, names) {
  const answers = {};
  const questions = {};
  writableFields(form).filter((field) => names.has(field.name)).forEach((field) => {
    const answer = answerOf(field);
    if (!answer) return;
    questions[field.name] = questions[field.name] || aboutWhom(field) + questionIn(field.closest(".field, [data-field]"));
    answers[field.name] = (answers[field.name] || []).concat(answer);
  });
  return Object.fromEntries(Object.entries(answers).map(([name, list]) => {
    const question = questions[name];
    return [name, question + (!question || /[？?：:]$/.test(question) ? "" : "：") + list.join("、")];
  }));
}
