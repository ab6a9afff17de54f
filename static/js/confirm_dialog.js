/* Ask before acting. On a button or a form:
   data-confirm="sentence"   asks yes or no
   data-reason="field name"  asks for a reason and sends it under that name; data-reason-hints="a|b" offers sentences,
                             data-reason-need="sentence" is said where none was given */

import { createElement, translate } from "./app.js";

const REASON_LONGEST = 500; // as in childwelfare/workflow/transitions.py
let pressedButton = null; // Chrome 80 has no event.submitter

document.addEventListener("click", (event) => {
  pressedButton = event.target.closest("button, input[type=submit]");
}, true);

function hintButtons(hints, area) {
  const row = createElement("div", "pills my-2");
  hints.split("|").forEach((hint) => {
    const pill = createElement("button", "pill", hint);
    pill.type = "button";
    pill.addEventListener("click", () => {
      area.value = area.value ? area.value + "；" + hint : hint;
      area.focus();
    });
    row.appendChild(pill);
  });
  return row;
}

function addReasonField(asker, box) {
  const label = createElement("label", "", asker.dataset.reasonLabel || translate("ask.reason"));
  const area = createElement("textarea");
  area.id = "ask-reason";
  label.htmlFor = area.id;
  area.rows = 3;
  area.value = asker.dataset.reasonText || ""; // what was typed before a refusal
  box.appendChild(label);
  if (asker.dataset.reasonHints) box.appendChild(hintButtons(asker.dataset.reasonHints, area));
  box.appendChild(area);
  return area;
}

function trapFocus(layer) {
  layer.addEventListener("keydown", (event) => {
    if (event.key !== "Tab") return;
    const stops = layer.querySelectorAll("button, textarea");
    const first = stops[0];
    const last = stops[stops.length - 1];
    if (event.shiftKey && document.activeElement === first) {
      last.focus();
      event.preventDefault();
    }
    if (!event.shiftKey && document.activeElement === last) {
      first.focus();
      event.preventDefault();
    }
  });
}

/* What is asked where no sentence is given: the words of the button, not of all that a form has in it. */
function labelOf(asker) {
  const button = asker.tagName === "FORM" ? asker.querySelector("button:not([type=button])") : asker;
  return button ? button.textContent.trim() : translate("ask.reason");
}

/* Show the question of `asker` (its data attributes); call `onYes(reason)` once it is answered. */
export function askFirst(asker, onYes) {
  const focusedBefore = document.activeElement;
  const layer = createElement("div", "layer");
  const box = createElement("div", "layer-box");
  const title = createElement("h2", "", asker.dataset.confirm || labelOf(asker));
  title.id = "ask-title";
  box.setAttribute("role", "dialog");
  box.setAttribute("aria-modal", "true");
  box.setAttribute("aria-labelledby", title.id);
  box.appendChild(title);
  const area = asker.dataset.reason ? addReasonField(asker, box) : null;
  const problem = createElement("p", "field-msg field-error");
  problem.setAttribute("role", "alert");
  box.appendChild(problem);
  const foot = createElement("div", "layer-foot");
  const noButton = createElement("button", "btn", translate("ask.no"));
  const yesTone = asker.dataset.tone === "danger" ? "btn-danger" : "btn-primary";
  const yesButton = createElement("button", "btn " + yesTone, asker.dataset.yes || translate("ask.yes"));
  noButton.type = "button";
  yesButton.type = "button";
  foot.appendChild(noButton);
  foot.appendChild(yesButton);
  box.appendChild(foot);
  layer.appendChild(box);
  document.body.appendChild(layer);
  trapFocus(layer);

  function close() {
    if (area) asker.dataset.reasonText = area.value; // opened again it is still there
    layer.remove();
    if (focusedBefore) focusedBefore.focus();
  }
  noButton.addEventListener("click", close);
  layer.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  yesButton.addEventListener("click", () => {
    const reason = area ? area.value.trim() : "";
    if (area && !reason) {
      problem.textContent = asker.dataset.reasonNeed || translate("ask.reason.need");
      area.focus();
      return;
    }
    if (reason.length > REASON_LONGEST) {
      const words = { most: REASON_LONGEST, n: reason.length };
      problem.textContent = translate("ask.reason.long", words);
      area.focus();
      return;
    }
    close();
    onYes(reason);
  });
  (area || yesButton).focus();
}

function setHiddenField(form, name, value) {
  let field = form.querySelector("input[type=hidden][name='" + name + "']");
  if (!field) {
    field = document.createElement("input");
    field.type = "hidden";
    field.name = name;
    form.appendChild(field);
  }
  field.value = value;
}

/* Send the form as if its button had been pressed, with the button's name and value. */
function resubmit(form, button) {
  form.dataset.asked = "1";
  if (form.requestSubmit) form.requestSubmit(button || undefined);
  else (button || form.querySelector("[type=submit]")).click();
  delete form.dataset.asked;
}

function onSubmit(event) {
  const form = event.target;
  if (form.dataset.asked) return;
  const button = event.submitter || (pressedButton && pressedButton.form === form ? pressedButton : null);
  const asker = [button, form].find((element) => element && (element.dataset.confirm || element.dataset.reason));
  if (!asker) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  askFirst(asker, (reason) => {
    if (asker.dataset.reason) setHiddenField(form, asker.dataset.reason, reason);
    resubmit(form, button);
  });
}
window.addEventListener("submit", onSubmit, true); // before submit_once.js and htmx
