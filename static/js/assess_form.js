/* Assessing a child on a phone: the bar of dimensions above the question, its number among those that are asked, the
   next step's name on the button. A yes of the urgent screen decides: what comes after it is not asked. */

import { onLoad, translate } from "./app.js";

function stepsOf(form) {
  return Array.from(form.querySelectorAll("[data-step]"));
}

function shownStep(steps) {
  return steps.findIndex((step) => step.classList.contains("step-now"));
}

function groupName(form, key) {
  const place = form.querySelector('[data-step-group="' + key + '"] span');
  return place ? place.textContent : "";
}

function update(form) {
  const steps = stepsOf(form).filter((step) => !step.hidden);
  const at = Math.max(0, shownStep(steps));
  const questions = steps.filter((step) => step.dataset.group !== "end");
  const group = steps[at].dataset.group;
  let isBefore = true;
  form.querySelectorAll("[data-step-group]").forEach((place) => {
    const isNow = place.dataset.stepGroup === group;
    if (isNow) isBefore = false;
    place.className = isNow ? "now" : isBefore ? "done" : "";
  });
  const number = document.querySelector("[data-question-at]");
  if (number) {
    number.textContent = at < questions.length ? translate("question.at", { n: at + 1, of: questions.length }) : "";
  }
  const button = document.querySelector("[data-next-word]");
  const next = steps[at + 1];
  if (!button) return;
  const isOtherPart = next && next.dataset.group !== group;
  const words = { what: button.dataset.nextWord, part: next ? groupName(form, next.dataset.group) : "" };
  button.textContent = isOtherPart ? translate("step.next_part", words) : button.dataset.nextWord;
}

/* Before fields.js looks at what the answers show: an indicator that only a hidden one opens is hidden with it. */
function skipAfterDanger(form) {
  let isDecided = false;
  stepsOf(form).forEach((step) => {
    if (step.dataset.group === "end") return;
    if (!step.dataset.showWhen) {
      step.hidden = isDecided;
      step.querySelectorAll("input, textarea").forEach((field) => {
        if (!field.closest("[data-show-when]")) field.disabled = isDecided;
      });
    }
    if (step.dataset.group === "screen" && step.querySelector('input[value="yes"]:checked:enabled')) isDecided = true;
  });
  showWayOfDanger(isDecided);
}

/* A yes of the screen: 110 and sending at once stand in the foot instead of the way to the result. */
function showWayOfDanger(isDanger) {
  document.querySelectorAll("[data-if-danger]").forEach((part) => {
    part.hidden = (part.dataset.ifDanger === "yes") !== isDanger;
  });
  const next = document.querySelector(".step-next");
  if (next) next.classList.toggle("btn-primary", !isDanger);
}

/* Any of several, or none of them, or not known. */
function clearContrary(event) {
  const box = event.target;
  if (box.type !== "checkbox" || !box.checked || !box.name.startsWith("answer_")) return;
  const isAlone = (one) => one.value === "unknown" || one.value === "none_of_these";
  box.form.querySelectorAll('input[name="' + box.name + '"]').forEach((other) => {
    if (other !== box && (isAlone(box) || isAlone(other))) other.checked = false;
  });
}

onLoad((root) => root.querySelectorAll("form.assess").forEach((form) => {
  if (form.cwrAssess) return;
  form.cwrAssess = true;
  form.addEventListener("change", (event) => {
    clearContrary(event);
    skipAfterDanger(form);
  }, true);
  form.addEventListener("draft:restored", () => skipAfterDanger(form));
  form.addEventListener("step:shown", () => update(form));
  skipAfterDanger(form);
  update(form);
}));
