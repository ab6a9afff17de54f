/* What stands in a form, for its draft (draft.js): what its page gave, what was written, putting that back. */

const SHANGHAI = 8 * 3600 * 1000; // milliseconds before UTC

function isWritable(field) {
  const isHidden = /^(password|file|hidden|submit|button)$/.test(field.type);
  return field.name && field.name !== "csrfmiddlewaretoken" && !isHidden;
}

export function writableFields(form) {
  return Array.from(form.elements).filter(isWritable);
}

function isTick(field) {
  return /^(radio|checkbox)$/.test(field.type);
}

function isMultiple(field) {
  return field.tagName === "SELECT" && field.multiple;
}

function selectedValues(select, property) {
  return Array.from(select.options).filter((option) => option[property]).map((option) => option.value);
}

/* What a field holds: [value], several or none of ticks and of a list that takes several. */
export function valuesNow(field) {
  if (isMultiple(field)) return selectedValues(field, "selected");
  return isTick(field) && !field.checked ? [] : [field.value];
}

/* What the page gave it. Of a list that names no choice the browser takes the first. */
export function valuesGiven(field) {
  if (isTick(field)) return field.defaultChecked ? [field.value] : [];
  if (!field.options) return [field.defaultValue];
  const given = selectedValues(field, "defaultSelected");
  return given.length || isMultiple(field) || !field.options.length ? given : [field.options[0].value];
}

/* Of two lists of values. */
export function isSame(values, others) {
  return JSON.stringify(values) === JSON.stringify(others);
}

/* Whether it holds something else than the page gave it, be it nothing. */
export function isAltered(field) {
  return !isSame(valuesNow(field), valuesGiven(field));
}

/* {name: [value]} of the fields whose name is in `names`, each read by `valuesOf`. */
export function readValues(form, names, valuesOf) {
  const values = {};
  writableFields(form).filter((field) => names.has(field.name)).forEach((field) => {
    values[field.name] = (values[field.name] || []).concat(valuesOf(field));
  });
  return values;
}

/* A choice holds what stands among its answers; a text holds anything. */
export function canHold(field, value) {
  if (isTick(field)) return field.value === value;
  return !field.options || Array.from(field.options).some((option) => option.value === value);
}

/* Of `values` those for which `form` has no place: no such field, or a choice without that answer. */
export function valuesWithoutPlace(form, values) {
  const fields = writableFields(form);
  const left = Object.entries(values).map(([name, list]) => {
    const places = fields.filter((field) => field.name === name);
    return [name, list.filter((value) => value && !places.some((field) => canHold(field, value)))];
  });
  return Object.fromEntries(left.filter(([, list]) => list.length));
}

export function restoreValues(form, values) {
  const lists = Object.fromEntries(Object.entries(values).map(([name, list]) => [name, list.slice()]));
  writableFields(form).forEach((field) => {
    const list = lists[field.name];
    if (!list) return;
    if (isMultiple(field)) {
      Array.from(field.options).forEach((option) => {
        option.selected = list.indexOf(option.value) >= 0;
      });
    } else if (isTick(field)) {
      field.checked = list.indexOf(field.value) >= 0;
    } else if (field.options) {
      field.value = list.find((value) => canHold(field, value)) || "";
    } else {
      field.value = list.shift();
    }
    field.dispatchEvent(new Event("change", { bubbles: true }));
    if (isAltered(field)) unfold(field);
  });
}

/* What was brought back is seen: no fold around it stays shut. */
export function unfold(field) {
  for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
}

/* When the server made this page, in milliseconds by its clock. */
export function servedAt() {
  return Number(document.body.dataset.servedAt) || 0;
}

/* A day or moment that the page filled in because it was today. What is written on goes on about that day, whenever. */
export function isOfToday(field) {
  const today = new Date(servedAt() + SHANGHAI).toISOString().slice(0, 10);
  return /^date/.test(field.type) && field.defaultValue.slice(0, 10) === today;
}

export function versionOf(form) {
  return form.dataset.draftVersion || "";
}

/* Whether the page gives what it gave when the draft was written, in each of its fields. `givenBefore`: of those in which
   it gives what was sent, what the page before gave. */
export function isGivenAsThen(form, draft, givenBefore) {
  const given = Object.assign(readValues(form, new Set(Object.keys(draft.values)), valuesGiven), givenBefore);
  const then = draft.given;
  return Object.keys(given).every((name) => !then[name] || isSame(given[name], then[name]));
}
