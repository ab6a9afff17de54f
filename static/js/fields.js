/* Fields that help while one writes: they say what is wrong, and by how much. A field in which something is wrong is
   invalid: the next step, sending and saving stop at it. The server checks everything again. */

import { createElement, createIcon, onLoad, translate } from "./app.js";
import { attachFilePicker } from "./file_picker.js";
import { cleanPhone, findPhoneProblem } from "./phone_number.js";
import { whenReleased } from "./press.js";

const CHECK_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const DAY = 86400000; // milliseconds

/* --- What is wrong --- */

const problemFinders = new WeakMap(); // input: a function that says what is wrong with what stands in it now, or ""

/* Look once more: a draft, a script or a reset may have changed the value without a word. */
function updateValidity(input) {
  input.setCustomValidity(problemFinders.get(input)());
}

/* What is hidden is not asked. */
export function isAsked(field) {
  return field.willValidate && !field.closest("[hidden]");
}

/* The first field of `part` in which something is wrong; undefined if none. */
export function firstProblemField(part) {
  return problemFields(part)[0];
}

function problemFields(part) {
  const inputs = Array.from(part.querySelectorAll("input")).filter((input) => problemFinders.has(input));
  inputs.forEach(updateValidity);
  return inputs.filter((input) => isAsked(input) && input.validity.customError);
}

/* --- What is missing --- */

/* What one answers with in `box`; the search before a long list has no name and answers nothing. */
function askedControls(box) {
  const controls = Array.from(box.querySelectorAll("input, select, textarea"));
  return controls.filter((control) => control.name && isAsked(control));
}

function isAnsweredBy(control) {
  return /^(radio|checkbox)$/.test(control.type) ? control.checked : control.value.trim() !== "";
}

/* `box`: a field with data-needed, a rule as data-show-when has it; blank: needed wherever it is shown. */
function isMissing(box) {
  const controls = askedControls(box);
  const { needed } = box.dataset;
  if (!controls.length || controls.some(isAnsweredBy)) return false;
  return !needed || rulesHold(parseRules(needed), new FormData(controls[0].form));
}

function missingBoxes(part) {
  return Array.from(part.querySelectorAll("[data-needed]")).filter(isMissing);
}

/* What is said of a field that is missing goes as soon as it is answered, or needed no more. */
document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (!form) return;
  const isToldUnsent = Boolean(unsentLine(form)); // else nothing is to be looked for in a long form
  if (isToldUnsent && !missingBoxes(form).length && !firstProblemField(form)) whenReleased(() => tellNotSent(form, 0));
  form.querySelectorAll(".field-missing").forEach((box) => {
    if (isMissing(box)) return;
    const input = askedControls(box)[0] || box.querySelector("input, select, textarea");
    box.classList.remove("field-missing");
    if (!problemFinders.has(input) || !problemFinders.get(input)()) {
      whenReleased(() => showMessage(input, "", ""));
    }
  });
});

/* Say at each field of `part` what is wrong or missing, and bring the first before the eyes. Gives how many there
   are. */
export function tellProblems(part) {
  const allFaulty = problemFields(part);
  const faulty = allFaulty[0];
  const missing = missingBoxes(part);
  const firstOf = missing.map((box) => askedControls(box)[0]);
  missing.forEach((box, i) => {
    box.classList.add("field-missing");
    showMessage(firstOf[i], "bad", box.dataset.missing);
  });
  const isFaultyFirst = faulty && !(firstOf[0] && isBefore(firstOf[0], faulty));
  if (isFaultyFirst) showProblemField(faulty);
  else if (firstOf.length) bringForward(firstOf[0]);
  return allFaulty.length + missing.length;
}

function isBefore(one, other) {
  return Boolean(one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING);
}

/* Before the eyes, with the caret in it. */
function bringForward(input) {
  input.dispatchEvent(new Event("invalid")); // form_steps.js opens the step
  for (let fold = input.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  whenReleased(() => {
    input.focus({ preventScroll: true });
    scrollToMessage(input.closest(".field") || input);
  });
}

/* What is said of the field into the middle: a list of answers may be taller than the screen. */
export function scrollToMessage(field) {
  (field.querySelector(".field-error") || field).scrollIntoView({ block: "center" });
}

/* Bring the field before the eyes, with what is wrong beside it, and the caret into it. */
export function showProblemField(input) {
  whenReleased(() => showMessage(input, "bad", input.validationMessage));
  bringForward(input);
}

window.addEventListener("submit", (event) => {
  if (event.submitter && event.submitter.formNoValidate) return;
  const problems = tellProblems(event.target);
  tellNotSent(event.target, problems);
  if (!problems) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

function footOf(form) {
  const button = Array.from(form.elements).find((control) => control.closest(".foot"));
  return button ? button.closest(".foot") : null;
}

function unsentLine(form) {
  const foot = footOf(form);
  return foot && foot.querySelector(".foot-unsent");
}

/* Beside the button that was pressed, which is in view wherever one has scrolled: that nothing went, and how many
   fields ask for something. */
function tellNotSent(form, problems) {
  const foot = footOf(form);
  if (!foot) return;
  const old = unsentLine(form);
  if (!problems) {
    if (old) old.remove();
    return;
  }
  const line = old || foot.insertBefore(createElement("p", "foot-note foot-unsent"), foot.firstChild);
  line.setAttribute("role", "alert");
  line.textContent = translate("field.not_sent", { n: problems });
}

/* A link to a field of a form on this page, which may stand in another step or in a fold. */
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#id_"]');
  const target = link && document.getElementById(link.hash.slice(1));
  if (!target) return;
  const selector = "input, select, textarea";
  const input = target.matches(selector) ? target : target.querySelector(selector);
  if (!input || !input.form) return;
  event.preventDefault();
  bringForward(input);
});

/* --- ID numbers --- */

/* Digits and X of what was typed; full-width digits of a Chinese keyboard count. */
function digitsOf(text) {
  const ascii = text.replace(/[\uff10-\uff19]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0));
  return ascii.replace(/[^0-9xX]/g, "").toUpperCase();
}

function checkDigit(number) { // GB 11643 (ISO 7064 MOD 11-2)
  const sum = CHECK_WEIGHTS.reduce((total, weight, i) => total + weight * Number(number[i]), 0);
  return "10X98765432"[sum % 11];
}

function birthDateOf(number) {
  const year = Number(number.slice(6, 10));
  const month = Number(number.slice(10, 12));
  const day = Number(number.slice(12, 14));
  const date = new Date(year, month - 1, day);
  const exists = date.getFullYear() === year && date.getMonth() === month - 1 && date.getDate() === day;
  return year > 1899 && exists ? date : null;
}

function ageOn(born, today) {
  const years = today.getFullYear() - born.getFullYear();
  const isEarlierMonth = today.getMonth() < born.getMonth();
  const isEarlierDay = today.getMonth() === born.getMonth() && today.getDate() < born.getDate();
  return isEarlierMonth || isEarlierDay ? years - 1 : years;
}

/* {problem} or {born, sex, age}; nothing for an empty field. `adultAge`: age from which it is not a child. */
function readIdNumber(number, adultAge) {
  if (!number) return null;
  if (number.length < 18) return { problem: translate("id.short", { n: 18 - number.length, have: number.length }) };
  if (number.length > 18) return { problem: translate("id.long", { n: number.length - 18, have: number.length }) };
  const letterAt = number.slice(0, 17).indexOf("X");
  if (letterAt >= 0) return { problem: translate("id.letters", { n: letterAt + 1 }) };
  const born = birthDateOf(number);
  const shownDate = number.slice(6, 14);
  if (!born) return { problem: translate("id.date", { date: shownDate }) };
  if (born > new Date()) return { problem: translate("id.future", { date: shownDate }) };
  if (checkDigit(number) !== number[17]) return { problem: translate("id.checksum") };
  const age = ageOn(born, new Date());
  if (adultAge && age >= adultAge) return { problem: translate("id.adult", { n: age }) };
  return { born, sex: Number(number[16]) % 2 ? "m" : "f", age };
}

function groupIdNumber(number) {
  return [number.slice(0, 6), number.slice(6, 14), number.slice(14)].filter(Boolean).join(" ");
}

/* Put a message under a field: tone good, bad, warm or "" (none). */
function showMessage(input, tone, text) {
  const field = input.closest(".field") || input.parentElement;
  field.classList.toggle("field-bad", tone === "bad");
  field.classList.toggle("field-good", tone === "good");
  field.querySelectorAll(".field-msg:not(.field-live)").forEach((old) => old.remove());
  const message = field.querySelector(".field-live") || addMessagePlace(field, input);
  message.className = "field-msg field-live field-" + ({ good: "ok", bad: "error", warm: "warm" }[tone] || "none");
  message.textContent = "";
  input.setAttribute("aria-invalid", tone === "bad" ? "true" : "false");
  if (!text) return;
  message.appendChild(createIcon(tone === "good" ? "check-lg" : "exclamation-circle"));
  const boldLength = tone === "bad" ? text.indexOf("：") + 1 : 0; // what is wrong stands before the colon
  const words = createElement("span", "", text.slice(boldLength));
  if (boldLength) words.insertBefore(createElement("strong", "", text.slice(0, boldLength)), words.firstChild);
  message.appendChild(words);
}

function addMessagePlace(field, input) {
  const place = createElement("p", "field-msg field-live");
  place.setAttribute("role", "status");
  place.id = (input.id || "field") + "_live";
  input.setAttribute("aria-describedby", ((input.getAttribute("aria-describedby") || "") + " " + place.id).trim());
  placeMessage(field, place);
  return place;
}

/* Below what is asked, where there are answers to choose from: their list may end below the screen. Else at the end. */
export function placeMessage(field, message) {
  const head = field.querySelector(":scope > .field-help") || field.querySelector(":scope > legend");
  if (field.matches("fieldset") && head) head.insertAdjacentElement("afterend", message);
  else field.appendChild(message);
}

function fact(term, value, note) {
  const box = createElement("div", "mark");
  const description = createElement("dd", "", value);
  if (note) description.appendChild(createElement("small", "", note));
  box.appendChild(createElement("dt", "", term));
  box.appendChild(description);
  return box;
}

/* Birth date, age and sex as the number says them. */
function showFacts(input, read) {
  const field = input.closest(".field") || input.parentElement;
  const old = field.querySelector(".marks");
  if (old) old.remove();
  if (!read || read.problem) return;
  const facts = createElement("dl", "marks");
  const labels = input.dataset;
  const date = { y: read.born.getFullYear(), m: read.born.getMonth() + 1, d: read.born.getDate() };
  const age = translate("id.age", { n: read.age });
  facts.appendChild(fact(labels.bornLabel || translate("id.born.label"), translate("id.born", date), age));
  facts.appendChild(fact(labels.sexLabel || translate("id.sex.label"), translate("id.sex." + read.sex)));
  input.insertAdjacentElement("afterend", facts);
}

function twoDigits(n) {
  return (n < 10 ? "0" : "") + n;
}

/* The first two digits of every number: a province's, or those of the permits for residents of Hong Kong, Macau, Taiwan.
   The server knows every county; its word comes while one types on, and stands on the file. */
const PROVINCES = /^(1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|8[1-3])/;

/* data-fills-birth / data-fills-sex: selector of the fields that take over what was read */
function fillFromIdNumber(input, read) {
  const form = input.form;
  if (!form || !read || read.problem) return;
  const birth = input.dataset.fillsBirth && form.querySelector(input.dataset.fillsBirth);
  if (birth) {
    const parts = [read.born.getFullYear(), twoDigits(read.born.getMonth() + 1), twoDigits(read.born.getDate())];
    birth.value = parts.join("-");
  }
  const sex = input.dataset.fillsSex && form.querySelector(input.dataset.fillsSex.replace("{sex}", read.sex));
  if (sex && sex.type === "radio") sex.checked = true;
  else if (sex) sex.value = read.sex;
}

/* Whether the file has the number, and it is left as it is. data-held: the name of the tick that erases it. */
function isHeldIdNumber(input) {
  const eraser = input.dataset.held && input.form.elements[input.dataset.held];
  return Boolean(input.dataset.held) && !input.value && !(eraser && eraser.checked);
}

/* data-tells: names of the fields that a number answers, or makes needless: folded while it is a true one, or on file.
   They are sent as they stand, and one that was refused stays. */
function foldAnsweredFields(input, read) {
  if (!input.form || !input.dataset.tells) return;
  const isTold = Boolean(read && !read.problem) || isHeldIdNumber(input);
  input.dataset.tells.split(" ").forEach((name) => {
    const asked = input.form.querySelector(`[name="${name}"]`);
    const field = asked && asked.closest(".field");
    if (field) field.hidden = isTold && !field.classList.contains("field-bad");
  });
}

function attachIdNumber(input) {
  const adultAge = Number(input.dataset.adult || 0);

  function check(isFinished) {
    const number = digitsOf(input.value);
    input.value = groupIdNumber(number);
    if (number.length < 18 && !isFinished) {
      showFacts(input, null);
      foldAnsweredFields(input, null);
      showMessage(input, "", "");
      return;
    }
    const read = readIdNumber(number, adultAge);
    updateValidity(input);
    fillFromIdNumber(input, read);
    whenReleased(() => {
      showFacts(input, read);
      foldAnsweredFields(input, read);
      if (!read) showMessage(input, "", "");
      else if (!read.problem && !PROVINCES.test(number)) showMessage(input, "warm", translate("id.region"));
      else showMessage(input, read.problem ? "bad" : "good", read.problem || translate("id.ok"));
    });
  }

  problemFinders.set(input, () => {
    const read = readIdNumber(digitsOf(input.value), adultAge);
    return (read && read.problem) || "";
  });
  input.addEventListener("input", () => {
    // grouping would move the caret of someone who mends in the middle
    if (input.selectionStart !== input.value.length && digitsOf(input.value).length !== 18) return;
    check(false);
  });
  input.addEventListener("change", () => check(true));
  const eraser = input.form && input.form.elements[input.dataset.held];
  if (eraser) eraser.addEventListener("change", () => foldAnsweredFields(input, null));
  foldAnsweredFields(input, null);
  if (!input.value) return;
  if (input.closest(".field-bad")) input.value = groupIdNumber(digitsOf(input.value)); // the server's words stay
  else check(true);
}

/* --- Phone numbers --- */

function phoneProblem(text) {
  const problem = findPhoneProblem(cleanPhone(text));
  return problem ? translate(problem.key, problem.values) : "";
}

/* data-held: the number that the file has already; who leaves it as it is has made no mistake. */
function isHeldNumber(input) {
  return Boolean(input.dataset.held) && cleanPhone(input.value) === cleanPhone(input.dataset.held);
}

function attachPhone(input) {
  problemFinders.set(input, () => {
    const problem = isHeldNumber(input) ? "" : phoneProblem(input.value);
    return problem && !input.required ? problem + " " + translate("phone.later") : problem;
  });
  input.addEventListener("change", () => {
    const number = cleanPhone(input.value);
    if (/^1[0-9]{0,10}$/.test(number)) {
      input.value = [number.slice(0, 3), number.slice(3, 7), number.slice(7)].filter(Boolean).join(" ");
    }
    updateValidity(input);
    const problem = input.validity.customError ? input.validationMessage : "";
    whenReleased(() => showMessage(input, problem ? "bad" : "", problem));
  });
}

/* --- Long texts --- */

function attachGrowing(area) {
  function fit() {
    area.style.height = "auto";
    area.style.height = area.scrollHeight + 2 + "px";
  }
  area.addEventListener("input", fit);
  if (area.value) fit();
}

function attachCounter(area) {
  const limit = Number(area.dataset.count);
  const note = createElement("span", "counter");
  area.insertAdjacentElement("afterend", note);

  function countText(left) {
    if (left < 0) return translate("field.over", { n: -left });
    return left < 50 ? translate("field.left", { n: left }) : "";
  }

  function showCount() {
    const left = limit - area.value.length;
    note.textContent = countText(left);
    note.classList.toggle("tone-danger", left < 0);
  }
  area.addEventListener("input", showCount);
  showCount();
}

/* --- Long lists --- */

function optionMatches(option, text) {
  const label = option.textContent.toLowerCase();
  const letters = (option.dataset.letters || "").split(" ");
  return label.indexOf(text) >= 0 || letters.some((word) => word && word.indexOf(text) === 0);
}

/* select[data-pick]: a filter on top of a long list, in one frame with it and named as a part of it. What is typed there
   narrows and never chooses: the list's first line says how many fit, and what was chosen before and doesn't fit is set
   aside, or where there is no blank answer named as still chosen. Enter takes the only one that fits, and goes to the
   list where there are several. Emptied, or left by Escape, it gives back what was chosen before. */
function attachSearch(select) {
  const allOptions = Array.from(select.options);
  const box = createElement("span", "pick-box");
  const search = createElement("input", "pick");
  const label = select.labels && select.labels[0];
  search.type = "search";
  search.autocomplete = "off";
  search.placeholder = select.dataset.pick;
  search.setAttribute("aria-label", select.dataset.pick);
  if (label) { // of the one question: its own name would be read as another
    label.id = label.id || select.id + "_label";
    search.id = select.id + "_pick";
    search.setAttribute("aria-labelledby", label.id + " " + search.id);
  }
  if (select.id) search.setAttribute("aria-controls", select.id);

  const hasBlank = allOptions.some((option) => option.value === "");
  let before = null; // what was chosen when one began to type
  let matching = allOptions;

  function choose(value) {
    select.value = value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function labelOf(value) {
    const chosen = allOptions.find((option) => option.value === value);
    return chosen ? chosen.textContent.trim() : "";
  }

  /* The first line of a narrowed list, in place of what was chosen before and doesn't fit. */
  function headLine(value) {
    const found = matching.length ? translate("pick.found", { n: matching.length }) : translate("pick.none");
    const still = value ? translate("pick.still", { name: labelOf(value) }) : "";
    const line = createElement("option", "", found + still);
    line.value = value;
    return line;
  }

  function narrow() {
    const text = search.value.trim().toLowerCase();
    const chosen = select.value;
    if (before === null) before = chosen;
    matching = text ? allOptions.filter((option) => optionMatches(option, text)) : allOptions;
    const stays = !text || (before && matching.some((option) => option.value === before));
    const value = stays || !hasBlank ? before : "";
    search.classList.toggle("pick-none", !matching.length);
    select.textContent = "";
    if (!stays) select.appendChild(headLine(value));
    (matching.length ? matching : allOptions).forEach((option) => select.appendChild(option));
    select.value = value;
    if (value !== chosen) choose(value);
    if (!text) before = null;
  }

  select.addEventListener("change", (event) => {
    if (event.isTrusted) before = null; // chosen by hand
  });
  search.addEventListener("input", (event) => {
    if (!event.isComposing) narrow(); // half a word of an input method is no word yet
  });
  search.addEventListener("compositionend", narrow);
  search.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // Enter and Escape are the input method's
    if (event.key === "Enter") {
      event.preventDefault(); // would send the form
      if (search.value.trim() && matching.length === 1) {
        choose(matching[0].value);
        before = null;
      }
      select.focus();
    } else if (event.key === "ArrowDown") {
      event.preventDefault();
      select.focus();
    } else if (event.key === "Escape" && search.value) {
      event.preventDefault(); // would close what lies around
      event.stopPropagation();
      search.value = "";
      narrow();
    }
  });
  select.insertAdjacentElement("beforebegin", box);
  box.append(createIcon("search"), search, select);
}

/* --- Fields that depend on others --- */

/* `wanted`: a value, * for any, or >3d for a day that is more than three days ago. */
function valueMatches(value, wanted) {
  if (wanted === "*") return value !== "";
  const daysAgo = /^>(\d+)d$/.exec(wanted);
  if (!daysAgo) return value === wanted;
  const now = new Date();
  const days = (Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()) - Date.parse(value)) / DAY;
  return days > Number(daysAgo[1]);
}

/* "name=value|value,other=value" as a list: one that holds is enough. */
function parseRules(text) {
  return text.split(",").map((rule) => {
    const [name, values] = rule.split("=");
    return { name, values: values.split("|") };
  });
}

function rulesHold(rules, data) {
  return rules.some((rule) => data.getAll(rule.name).some((value) => {
    return rule.values.some((wanted) => valueMatches(value, wanted));
  }));
}

/* data-show-when="name=value|value,other=value": shown while a field of the form has one of these values, and
   nothing around it is hidden; or while something in it was refused. What is hidden is neither asked nor sent. */
const shownBlocks = new WeakMap(); // block: whether its rules show it, also while a press still holds the page as it was
const blockUpdaters = new WeakMap(); // block: a function that shows or hides it by what the form says now

/* As its mark says; of a list of ticks one is enough, which `required` can't say. */
function setRequired(box, isRequired) {
  box.querySelectorAll("input:not([type=checkbox]), select, textarea").forEach((field) => {
    field.required = isRequired;
  });
}

function attachShowWhen(block) {
  const form = block.closest("form");
  if (!form) return;
  const rules = parseRules(block.dataset.showWhen);

  function update() {
    const outer = block.parentElement.closest("[data-show-when]");
    const outerIsHidden = Boolean(outer && shownBlocks.get(outer) === false);
    const isRefused = Boolean(block.querySelector(".field-error:not(.field-live)")); // our own words come as one writes
    const isShown = !outerIsHidden && (isRefused || rulesHold(rules, new FormData(form)));
    shownBlocks.set(block, isShown);
    if (block.classList.contains("req")) setRequired(block.closest("[data-needed]"), isShown);
    whenReleased(() => {
      block.hidden = !isShown;
    });
    block.querySelectorAll("input, select, textarea").forEach((field) => {
      field.disabled = !isShown;
    });
  }
  blockUpdaters.set(block, update);
  form.addEventListener("change", update);
  update();
}

/* Going back, the browser puts the answers of before into the form without a "change", and after this script looked.
   In the order of the page: what lies within another block asks that one. */
window.addEventListener("pageshow", () => {
  document.querySelectorAll("[data-show-when]").forEach((block) => {
    if (blockUpdaters.has(block)) blockUpdaters.get(block)();
  });
});

/* --- How many files --- */

/* Sent, too many would be refused, and chosen files do not come back with the page. */
function attachFileCount(input) {
  problemFinders.set(input, () => {
    const words = { most: input.dataset.most, n: input.files.length };
    return words.n > Number(words.most) ? translate("files.most", words) : "";
  });
  input.addEventListener("change", () => {
    updateValidity(input);
    showMessage(input, input.validity.customError ? "bad" : "", input.validationMessage);
  });
}

/* A search within a form: Enter in its field presses its own button, not the form's first. */
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || !event.target.matches("form [role=search] input")) return;
  event.preventDefault();
  event.target.closest("[role=search]").querySelector("button").click();
});

/* A change sends the form: filters */
document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (!form || !("auto" in form.dataset)) return;
  if (form.requestSubmit) form.requestSubmit();
  else form.submit();
});

/* --- Start --- */

const attachedTo = new WeakMap(); // node: what is attached to it already

function attachOnce(attach, node) {
  const attached = attachedTo.get(node) || new Set();
  if (attached.has(attach)) return;
  attachedTo.set(node, attached.add(attach));
  attach(node);
}

const HELPERS = [
  ["[data-id-number]", attachIdNumber],
  ["[data-phone]", attachPhone],
  ["textarea[data-grow]", attachGrowing],
  ["select[data-pick]", attachSearch],
  ["[data-count]", attachCounter],
  ["[data-show-when]", attachShowWhen],
  ["input[type=file]", attachFilePicker],
  ["input[type=file][data-most]", attachFileCount],
];

onLoad((root) => {
  HELPERS.forEach(([selector, attach]) => {
    if (root.matches && root.matches(selector)) attachOnce(attach, root);
    root.querySelectorAll(selector).forEach((node) => attachOnce(attach, node));
  });
});
