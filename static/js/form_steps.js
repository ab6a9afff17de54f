/* A long form in steps on a phone: <form data-steps> with <fieldset data-step data-title>.
   data-step="open": it opens there.
   On a PC, on paper and without a script it is one long page. [data-step-at] says where one is. A step that an answer
   hides (data-show-when) is no step. */

import { createElement, onLoad, translate } from "./app.js";
import { isAsked, tellProblems } from "./fields.js";
import { whenReleased } from "./press.js";

function drawProgressBar(form, count) {
  const row = form.querySelector(".stepbar") || createElement("div", "stepbar");
  row.setAttribute("aria-hidden", "true");
  row.textContent = "";
  for (let i = 0; i < count; i += 1) row.appendChild(document.createElement("i"));
  if (!row.parentElement) form.insertBefore(row, form.firstChild);
  return row;
}

function firstInvalidField(step) {
  const fields = Array.from(step.querySelectorAll("input, select, textarea"));
  return fields.find((field) => isAsked(field) && !field.checkValidity());
}

function attach(form) {
  const allSteps = Array.from(form.querySelectorAll("[data-step]"));
  if (allSteps.length < 2 || form.cwrSteps) return;
  form.cwrSteps = true;
  let steps = []; // those that no answer hides
  let bar = null;
  let current = 0;
  let pushed = 0; // entries of the history that are ours
  document.body.classList.add("stepping");

  function updateSteps() {
    steps = allSteps.filter((step) => !step.hidden);
    if (!bar || bar.children.length !== steps.length) bar = drawProgressBar(form, steps.length);
  }

  function showStep(index, isMove) {
    updateSteps();
    current = Math.max(0, Math.min(steps.length - 1, index));
    allSteps.forEach((step) => step.classList.toggle("step-now", step === steps[current]));
    steps.forEach((step, i) => {
      bar.children[i].className = i <= current ? "on" : "";
    });
    document.body.classList.toggle("at-first", current === 0);
    document.body.classList.toggle("at-last", current === steps.length - 1);
    document.querySelectorAll("[data-step-at]").forEach((place) => {
      place.textContent = translate("step.at", { n: current + 1, of: steps.length });
    });
    form.dispatchEvent(new CustomEvent("step:shown"));
    if (!isMove) return;
    window.scrollTo(0, 0);
    const heading = steps[current].querySelector("h2, legend");
    if (heading) {
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    }
  }

  function goBack() {
    if (current === 0) return;
    if (pushed > 0) {
      pushed -= 1;
      history.back(); // popstate then shows the step
    } else {
      showStep(current - 1, true);
    }
  }

  function goForward() {
    if (tellProblems(steps[current])) return; // in words beside each field: no bubble of the browser's
    const invalid = firstInvalidField(steps[current]);
    if (invalid) {
      invalid.reportValidity();
      return;
    }
    history.pushState(Object.assign({}, history.state, { step: current + 1 }), "");
    pushed += 1;
    showStep(current + 1, true);
  }

  // to the first step of a part: back at once, on as far as every step before it is answered
  function goToPart(key) {
    const wanted = steps.findIndex((step) => step.dataset.group === key);
    if (wanted < 0) return;
    const open = steps.findIndex((step, i) => i >= current && i < wanted && (tellProblems(step) || firstInvalidField(step)));
    const index = open < 0 ? wanted : open;
    if (index > current) {
      history.pushState(Object.assign({}, history.state, { step: index }), "");
      pushed += 1;
    }
    showStep(index, true);
  }

  form.addEventListener("click", (event) => {
    const part = event.target.closest("[data-step-to]");
    if (part) goToPart(part.dataset.stepTo);
  });
  document.addEventListener("click", (event) => { // the buttons stand in the page's foot
    const button = event.target.closest(".step-prev, .step-next");
    if (!button || button.form !== form) return;
    event.preventDefault();
    if (button.classList.contains("step-prev")) goBack();
    else goForward();
  });
  // the phone's own back button goes one step back, not out of the form
  window.addEventListener("popstate", (event) => {
    showStep(event.state && event.state.step ? event.state.step : 0, true);
  });
  // after fields.js has shown and hidden what depends on the answer
  form.addEventListener("change", () => whenReleased(() => showStep(current, false)));
  // a hidden step can't show its fault: go there first
  form.addEventListener("invalid", (event) => {
    const index = steps.findIndex((step) => step.contains(event.target));
    if (index >= 0 && index !== current) showStep(index, true);
  }, true);

  updateSteps();
  const faulty = steps.findIndex((step) => step.querySelector(".field-bad, .errorlist"));
  const linked = steps.findIndex((step) => step.id && "#" + step.id === location.hash);
  const meant = steps.findIndex((step) => step.dataset.step === "open");
  showStep([faulty, linked, meant, 0].find((index) => index >= 0), false);
}

onLoad((root) => root.querySelectorAll("form[data-steps]").forEach(attach));
