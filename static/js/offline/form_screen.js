/* A form without a network, whichever: drafts while one writes, its faults at their fields, then its items into
   the outbox in one transaction, and only then "saved". A definition (visit_form.js, alert_form.js) says what
   differs: {name, screen, template, title, facts, row: of the outbox or null, child, names: {child's id: name},
   values: to begin with or null, photos: most or 0, prepare(element, onChange), read(entries), check(answers),
   fieldValues(answers),
   fieldOf(name): where the server's fault of that name stands, if not at a field of that name,
   createItems(answers, photos, id: of the first, or undefined),
   sayings(answers): {thing, saved, arrived, notes} for saved_toast.js,
   next(answers): the address that saving leads on to, "" or missing for the outbox, draftWords: key of what is said of
   its draft, if not the usual}. */

import { createElement, createIcon, runLoadHandlers, showToast, translate } from "../app.js";
import { canHold } from "../draft_fields.js";
import { firstProblemField, placeMessage, scrollToMessage, showProblemField } from "../fields.js";
import { now } from "./clock.js";
import { isoDay } from "./dates.js";
import { cloneTemplate, fillSlots, showScreen, slot } from "./dom.js";
import { draftIsPut, finishDraft, flushDraft, loadDraft, scheduleDraft, tellDraft } from "./drafts.js";
import { dropDraftOfPage, idOnPage, takeHandedOn } from "./handed_on.js";
import { onFormWanted, takeForm } from "./one_window.js";
import { readAnswers, readName } from "./outbox_items.js";
import { attachPhotos, loadPhotos } from "./photos.js";
import { tellSaved } from "./saved_toast.js";
import { outboxRules, store } from "./shared_with_worker.js";
import { blankForm, groupByName, writtenLines } from "./written.js";

/* {definition, element, replaces: id of the row that it mends, photos: [{id, data}], database, entries() that it would
   send, everyValue(), unplaced: entries of its draft that it has no field for, kept with it, old: those in whose field
   something else stands by now, kept too, given: {name: [value]} before anything was written, or null, changes: how
   often it was written in, keptChanges: how many of them its draft has, releaseRow(), releaseForm(), isLost: another window has taken it, pending: what is under way in it
   or null, and as it goes isClosed, isSaving, timer, waitingSince, unwrittenDraft, release()} */
let open = null;
let lastHeld = Promise.resolve(); // until the row that was mended last is let go
let openings = 0; // an opening that waits for the database sees by it that another came after
let afterSaving = () => {};

/* Call `handler(wasLeft, next)` when a form's items are in the outbox for good; `wasLeft`: another screen is wanted by
   then; `next`: where the form leads on, "" for nowhere. */
export function onFormSaved(handler) {
  afterSaving = handler;
}

function holdsValue(field, value) {
  return Boolean(value) && canHold(field, value);
}

/* `values`: {name: [value]}. */
export function putValues(element, values) {
  Array.from(element.elements).forEach((field) => {
    const list = field.name && values[field.name];
    if (!list) return;
    if (/^(radio|checkbox)$/.test(field.type)) field.checked = list.indexOf(field.value) >= 0;
    else field.value = list.find((value) => holdsValue(field, value)) || "";
  });
  element.dispatchEvent(new Event("change"));
}

/* --- What has no place any more --- */

/* The entries of `values` for which `element` has no field: of a brother or sister who left the list, of what its file
   says no more. */
function entriesWithoutField(element, values) {
  const fields = Array.from(element.elements);
  const hasField = (name, value) => fields.some((field) => field.name === name && holdsValue(field, value));
  const left = [];
  Object.keys(values).forEach((name) => {
    values[name].forEach((value) => {
      if (value !== "" && !hasField(name, value)) left.push([name, value]);
    });
  });
  return left;
}

/* --- What a draft brings back --- */

/* {name: [value]} of all fields, also of those that other answers hide: they are hidden, not empty. */
function everyValue(element) {
  const values = {};
  Array.from(element.elements).filter(({ name, type }) => name && type !== "file").forEach((field) => {
    const isLeftOut = /^(radio|checkbox)$/.test(field.type) && !field.checked;
    values[field.name] = (values[field.name] || []).concat(isLeftOut ? [] : [field.value]);
  });
  return values;
}

/* The same before anything is written. A day that is there because it is today is not among them: what is written on
   goes on about that day. */
function givenValues(element) {
  const given = everyValue(element);
  Array.from(element.elements).filter((field) => /^date/.test(field.type)).forEach((field) => {
    if (field.value.slice(0, 10) === isoDay(now())) delete given[field.name];
  });
  return given;
}

function isSame(values, others) {
  return JSON.stringify(values || []) === JSON.stringify(others || []);
}

/* Of a draft what was written: {values: what the form gets of it, old: the entries in whose place something else stands
   by now}. What was not touched stays as the form has it. `given`: what stands there now. */
function writtenIn(draft, given) {
  const { every, given: then } = draft;
  if (!then || !every) return { values: draft.values, old: [] };
  const written = Object.keys(every).filter((name) => !isSame(every[name], then[name]));
  const isOld = (name) => name in then && name in given && !isSame(then[name], given[name]);
  const valuesOf = (names) => Object.fromEntries(names.map((name) => [name, every[name]]));
  const values = valuesOf(written.filter((name) => !isOld(name)));
  draft.unplaced.forEach(([name, value]) => {
    values[name] = (values[name] || every[name] || []).concat(value);
  });
  const old = Object.entries(valuesOf(written.filter(isOld)));
  const oldEntries = old.flatMap(([name, list]) => list.filter(Boolean).map((value) => [name, value]));
  return { values, old: draft.old.concat(oldEntries) };
}

/* It is shown, to be copied: what is saved is without it. */
function showUnplaced(form, names) {
  const entries = form.unplaced.concat(form.old);
  const lines = writtenLines(blankForm(form.definition.template), groupByName(entries), names);
  if (!lines.length) return;
  const hint = createElement("div", "hint hint-warm mb-3");
  const list = createElement("ul", "plain-list");
  hint.appendChild(createElement("p", "", translate("offline.unplaced")));
  lines.forEach((text) => list.appendChild(createElement("li", "", text)));
  hint.appendChild(list);
  form.element.insertBefore(hint, form.element.firstChild);
}

/* --- Faults --- */

function addFault(card, text) {
  const line = createElement("p", "field-msg field-error");
  const field = card.querySelector(".field") || card;
  line.dataset.mine = "";
  line.appendChild(createIcon("exclamation-circle"));
  line.appendChild(createElement("span", "", text));
  placeMessage(field, line);
  field.classList.add("field-bad");
}

/* `faults`: {field: text or [texts]}; those without a field here stand above the form. */
function showFaults(form, faults) {
  const { element, definition } = form;
  element.querySelectorAll(".field-error[data-mine]").forEach((old) => old.remove());
  element.querySelectorAll(".field-bad").forEach((field) => field.classList.remove("field-bad"));
  const withoutField = [];
  const names = Object.keys(faults);
  names.forEach((name) => {
    const field = definition.fieldOf ? definition.fieldOf(name) : name;
    const card = element.querySelector('[data-field="' + field + '"]');
    [].concat(faults[name]).forEach((text) => {
      if (card) addFault(card, text);
      else withoutField.push(text);
    });
  });
  const summary = names.length ? translate("offline.check", { n: names.length }) : "";
  showProblem(form, withoutField.join(" ") || summary);
}

function showProblem(form, text) {
  const place = slot("problem", form.element);
  place.textContent = text;
  if (text) place.scrollIntoView({ block: "center" });
}

/* The step with the first fault comes forward. */
function goToFirstFault(element) {
  const field = element.querySelector(".field-bad input, .field-bad textarea, .field-bad select");
  if (!field) return;
  field.dispatchEvent(new Event("invalid")); // form_steps.js goes there
  if (!element.querySelector("[data-step]")) scrollToMessage(field.closest(".field-bad"));
}

/* --- Open and close --- */

async function initialValues(definition) {
  const answers = definition.row && await readAnswers(definition.row);
  return answers ? definition.fieldValues(answers) : definition.values;
}

/* {child's id: name} of whom the mended row is about, who may have left the list. */
async function namesOfRow(row) {
  const name = row && await readName(row);
  return name ? { [row.child]: name } : {};
}

/* Holds the row that is mended, so that nobody sends it meanwhile: gives how to let it go, or null while somebody else
   has it or it has left. The browser lets go where the page dies. */
async function holdRow(row) {
  await lastHeld;
  return new Promise((resolve) => {
    lastHeld = navigator.locks.request(outboxRules.lockOf(row), { ifAvailable: true }, async (lock) => {
      const now = lock && await store.get("outbox", row.id);
      if (!now || outboxRules.isDelivered(now) || now.state !== row.state) {
        resolve(null);
        return null;
      }
      return new Promise((release) => resolve(release));
    });
  });
}

function leaveBusyRow() {
  showToast(translate("offline.busy"));
  location.replace("#outbox");
}

/* After leaveForm. */
export async function openForm(definition) {
  openings += 1;
  const opening = openings;
  const releaseForm = definition.row ? () => {} : await takeForm(definition.name); // a row is held by itself
  const form = opening === openings ? await showForm(definition, opening) : null; // another was opened meanwhile
  if (form) form.releaseForm = releaseForm;
  else releaseForm();
}

/* The open form, or null where another one was opened meanwhile, or what it mends is not free. */
async function showForm(definition, opening) {
  const draft = await loadDraft(definition.name);
  const initial = await initialValues(definition);
  const replaces = definition.row ? definition.row.id : draft && draft.replaces;
  const database = await store.db();
  const photos = definition.photos ? await loadPhotos(draft, definition.row) : [];
  const rowNames = await namesOfRow(definition.row);
  if (opening !== openings) return null;
  const releaseRow = definition.row ? await holdRow(definition.row) : () => {};
  if (opening !== openings || !releaseRow) {
    if (releaseRow) releaseRow();
    else leaveBusyRow();
    return null;
  }
  const offered = takeHandedOn();
  const handedOn = draft ? null : offered; // what was begun here stays; the page keeps its own
  const part = showScreen(definition.screen);
  const place = slot("form", part);
  place.textContent = "";
  place.appendChild(cloneTemplate(definition.template));
  const element = place.querySelector("form");
  const entries = () => Array.from(new FormData(element).entries());
  open = {
    definition, element, replaces, photos, database, entries, everyValue: () => everyValue(element), releaseRow,
    releaseForm() {}, opening, unplaced: [], old: [], given: null, changes: 0, keptChanges: 0, pending: null,
  };
  fillSlots("title", definition.title, part);
  fillSlots("bar", definition.title);
  fillSlots("facts", definition.facts || "", part);
  tellDraft(open, translate("offline.state.draft"));
  const form = open;
  const onChange = () => scheduleDraft(form);
  definition.prepare(element, onChange);
  runLoadHandlers(place); // before the values: these handlers listen to the change that putting them in tells
  if (definition.photos) attachPhotos(form, onChange, during);
  definition.names = Object.assign(rowNames, draft && draft.names, definition.names);
  if (initial) putValues(element, initial);
  // an item of the outbox stays as it is: what mends it is brought back whole, also where it can't be read any more
  open.given = definition.row ? null : givenValues(element);
  const written = draft ? writtenIn(draft, open.given) : { values: handedOn || {}, old: [] };
  putValues(element, written.values);
  open.unplaced = entriesWithoutField(element, Object.assign({}, initial, written.values));
  open.old = written.old;
  showUnplaced(open, definition.names);
  if (definition.row) showFaults(form, definition.row.errors || {});
  goToFirstFault(element);
  listen(form, onChange);
  holdUpdates(form);
  if (handedOn) onChange();
  if (offered) showToast(translate(handedOn ? "offline.handed_on" : "offline.has_draft"));
  return form;
}

function listen(form, onChange) {
  const { element } = form;
  element.addEventListener("input", onChange);
  element.addEventListener("change", onChange);
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    save(form, form.photos);
  });
  const withoutPhotos = element.querySelector('[data-do="bare"]');
  if (withoutPhotos) withoutPhotos.addEventListener("click", () => save(form, []));
}

/* `work`, a promise, is under way in `form`, which is not left before it ends. */
async function during(form, work) {
  form.pending = work;
  try {
    await work;
  } finally {
    form.pending = null;
  }
}

/* A new version of the app waits while a form is open, in whichever page: the lock is asked for by app_update.js. */
function holdUpdates(form) {
  navigator.locks.request("form-open", { mode: "shared" }, () => {
    return new Promise((done) => {
      form.release = done;
      if (form !== open) done(); // closed before the lock came
    });
  });
}

/* The page may be going: what is ready is put, and what is not is begun, should there be time. */
export function flushForm() {
  if (!open) return;
  flushDraft(open);
  finishDraft(open);
}

/* Another screen is wanted. What is under way in the form, a save or a photo, ends first and says there how. Gives
   whether this is still what is wanted last. */
export async function leaveForm() {
  openings += 1;
  const leaving = openings;
  while (open && open.pending) await open.pending.catch(() => {});
  if (leaving !== openings) return false;
  closeForm();
  return true;
}

function closeForm() {
  if (!open) return;
  const { element, release, releaseRow, releaseForm } = open;
  flushForm();
  open.isClosed = true;
  if (release) release();
  releaseRow();
  draftIsPut().then(releaseForm); // the window that waits for it finds what was written here
  element.remove();
  open = null;
}

onFormWanted(async (isLost) => {
  if (isLost && open) open.isLost = true;
  if (!await leaveForm()) return;
  showToast(translate("offline.elsewhere"));
  location.replace("#today");
});

/* --- Save --- */

/* Old deliveries make room on a full phone; then once more. */
async function writeItems(form, items) {
  try {
    await store.saveItems(items, form.definition.name, form.replaces);
  } catch (failed) {
    if (failed.name !== "QuotaExceededError") throw failed;
    await store.cleanUp(Date.now(), true);
    await store.saveItems(items, form.definition.name, form.replaces);
  }
}

function isBeingLeft(form) {
  return form.opening !== openings;
}

/* Not saved: the form keeps its content. A phone too full for the photos may still hold the words: she decides. Who has
   turned to another screen meanwhile finds it among the drafts. */
function showNotSaved(form, failed, photos) {
  const isFull = failed.name === "QuotaExceededError";
  const why = translate(isFull ? "offline.full" : "offline.failed");
  const withoutPhotos = form.element.querySelector('[data-do="bare"]');
  form.isSaving = false;
  scheduleDraft(form); // what was written just before the tap
  showProblem(form, translate("offline.not_saved", { why }));
  if (isBeingLeft(form)) showToast(translate("offline.not_saved_draft", { name: form.definition.title, why }), "error");
  if (withoutPhotos) withoutPhotos.hidden = !(isFull && photos.length);
}

async function write(form, answers, photos) {
  let items;
  try {
    // All that is slow, hashing and encryption, is done before the transaction opens.
    const readable = photos.filter((photo) => photo.data);
    const id = idOnPage(form.unplaced);
    items = await form.definition.createItems(answers, readable, id);
    if (form.isLost) return; // the other window has its draft, and may have sent it
    await writeItems(form, items);
    dropDraftOfPage(form.unplaced);
  } catch (failed) {
    showNotSaved(form, failed, photos);
    return;
  }
  const wasLeft = isBeingLeft(form);
  closeForm();
  const unread = photos.findIndex((photo) => !photo.data);
  const sayings = form.definition.sayings(answers);
  if (unread >= 0) sayings.notes.push(translate("offline.photo_unread", { n: unread + 1 }));
  tellSaved(items, sayings);
  afterSaving(wasLeft, form.definition.next ? form.definition.next(answers) : "");
}

function save(form, photos) {
  if (form.isSaving) return; // the second of two eager taps
  if (form.pending) {
    showProblem(form, translate("offline.photo_making"));
    return;
  }
  const faulty = firstProblemField(form.element);
  if (faulty) {
    showProblemField(faulty);
    return;
  }
  const answers = form.definition.read(form.entries());
  const faults = form.definition.check(answers);
  Object.keys(faults).forEach((field) => {
    faults[field] = translate(faults[field]);
  });
  showFaults(form, faults);
  if (Object.keys(faults).length) {
    goToFirstFault(form.element);
    return;
  }
  form.isSaving = true;
  window.clearTimeout(form.timer); // a draft written from here on would outlive its form
  during(form, write(form, answers, photos));
}
