/* The forms of a visit for form_screen.js: a new one, and one that the station sent back. */

import { createElement, translate } from "../app.js";
import {
  checkSiblings, checkVisit, fieldValue, readSiblings, readVisit, visitField, visitFieldValues,
} from "./answers.js";
import { now } from "./clock.js";
import { isoDay, shortDate } from "./dates.js";
import { fillSlots, shellSettings, visitQuestions } from "./dom.js";
import { putValues } from "./form_screen.js";
import { createItem } from "./outbox_items.js";
import { questionNamed } from "./questions.js";
import { fileOf, session } from "./session.js";
import { outboxRules, seal } from "./shared_with_worker.js";
import { drawSiblings, sharedChanges } from "./siblings.js";
import { answerLabel } from "./written.js";

const DAY = 86400000; // milliseconds

/* --- Last time's answers --- */

function showLastAnswers(form, last, siblings) {
  const day = shortDate(last.visited_on);
  const known = visitQuestions().questions.filter((question) => question.named_last && last[question.name]);
  known.forEach(({ name }) => {
    const card = form.querySelector('[data-field="' + name + '"]');
    const text = translate("offline.last", { answer: answerLabel(form, name, last[name]), day });
    card.querySelector("legend, label").insertAdjacentElement("afterend", createElement("span", "field-help", text));
  });
  visitQuestions().steps.forEach((step) => {
    const isKnown = step.repeated.length > 0 && step.repeated.every((name) => last[name]);
    if (isKnown) offerToRepeat(form, step, last, siblings, day);
  });
}

/* The button of repeat_answers.js gets what it fills in. */
function offerToRepeat(form, step, last, siblings, day) {
  const button = form.querySelector('[data-step-key="' + step.key + '"]');
  const values = {};
  step.repeated.forEach((name) => {
    values[name] = last[name];
    if (questionNamed(visitQuestions(), name).asked_of !== "each_child") return;
    siblings.forEach((file) => {
      if (file.last && file.last[name]) values[file.id + "-" + name] = file.last[name];
    });
  });
  button.dataset.same = JSON.stringify(values);
  fillSlots("same", translate("offline.same", { day }), button);
}

/* --- What both forms share --- */

function today() {
  return isoDay(now());
}

/* What the file says stands in the fields for what changed. */
function putHeldValues(form, held) {
  const values = {};
  Object.keys(held).forEach((name) => {
    const key = "changes-" + name;
    values[key] = [fieldValue(held[name])];
    const field = form.elements[key];
    if (field && field.dataset) field.dataset.held = values[key][0]; // answers to choose among are a list, without
  });
  putValues(form, values);
}

function prepareForm(form, child, siblings, held) {
  form.dataset.child = child;
  drawSiblings(form, siblings);
  form.elements.visited_on.value = today();
  visitQuestions().questions.filter((question) => question.until_today).forEach(({ name }) => {
    form.elements[name].max = today();
  });
  visitQuestions().questions.filter((question) => question.soon_after).forEach(({ name, soon_after: limit }) => {
    const last = isoDay(new Date(now().getTime() + limit.days * DAY));
    form.querySelectorAll(`[name="${name}"], [name$="-${name}"]`).forEach((field) => { field.max = last; });
  });
  form.querySelector('[data-do="danger"]').href = "#alert/" + child;
  putHeldValues(form, held);
  if (!Object.keys(held).length) form.querySelector('[data-field="noticed"]').remove(); // its file is not here
}

/* The item of a visit, then its photos', each after it. */
async function createItems(kind, answers, clear, name, photos, id) {
  const item = await createItem(kind, answers, clear, name, id);
  const items = [item];
  for (const photo of photos) {
    const about = { visit: item.id, child: clear.child, data: photo.data };
    items.push(await createItem("photo", about, { child: clear.child, after: item.id }, name));
  }
  return items;
}

function heldOf(child) {
  const file = fileOf(child);
  return (file && file.noticed) || {};
}

/* `thing`: the visit, or its correction, in a sentence. */
function sayings(thing, answers) {
  const hasPlace = "latitude" in answers;
  const notes = hasPlace ? [] : [translate("offline.no_place")];
  return { thing, saved: translate("offline.saved", { thing }), arrived: translate("offline.arrived", { thing }), notes };
}

function mostPhotos() {
  return Number(shellSettings().photosMost);
}

/* --- A new visit --- */

/* An item for each child, all with one mark of the family. `siblings`: those ticked, each with its file as it was when
   the form was opened: the list may have changed since. */
async function createFamilyItems(file, answers, siblings, photos, id) {
  const family = { family: seal.randomUuid() };
  const own = Object.assign({ child: file.id }, family, answers);
  const items = await createItems("visit", own, { child: file.id }, file.name, photos, id);
  for (const sibling of siblings) {
    const changes = sharedChanges(answers.changes, sibling.file);
    const theirs = Object.assign({ child: sibling.child }, family, sibling.answers, changes);
    items.push(await createItem("visit", theirs, { child: sibling.child }, sibling.file.name));
  }
  return items;
}

/* `row`: a visit that was not taken. It is mended alone, whatever family it was saved with. */
export function newVisitForm(file, row) {
  const held = heldOf(file.id);
  const questions = visitQuestions();
  const siblings = row ? [] : (file.family || []).map(fileOf).filter(Boolean);
  let ticked = []; // brothers and sisters as last read: [{child, answers}]
  let family = ""; // the mark of the mended visit: it stays with its family

  return {
    name: row ? outboxRules.draftOf(row) : file.id, screen: "visit", template: "visit-form",
    title: file.name, facts: file.address, row, child: file.id,
    names: Object.fromEntries([file].concat(siblings).map((one) => [one.id, one.name])),
    photos: mostPhotos(), sayings: (answers) => sayings(translate("offline.visit_of", { name: file.name }), answers),
    prepare(form) {
      prepareForm(form, file.id, siblings, held);
      if (file.last) showLastAnswers(form, file.last, siblings);
    },
    read(entries) {
      const answers = readVisit(entries, questions, held);
      ticked = readSiblings(entries, answers, questions);
      return answers;
    },
    fieldValues(answers) {
      family = answers.family;
      return visitFieldValues(answers, questions);
    },
    fieldOf: (name) => visitField(name, questions),
    check(answers) {
      return Object.assign(checkSiblings(ticked, today(), questions), checkVisit(answers, today(), questions));
    },
    createItems(answers, photos, id) {
      const withFiles = ticked.map((one) => Object.assign({ file: siblings.find(({ id }) => id === one.child) }, one));
      if (ticked.length) return createFamilyItems(file, answers, withFiles, photos, id);
      const own = Object.assign({ child: file.id }, family ? { family } : {}, answers);
      return createItems("visit", own, { child: file.id }, file.name, photos, id);
    },
  };
}

/* --- A visit that was sent back --- */

/* The fields of the numbers that were taken back are blank; what happens to them is said beside each. */
function putKeptNumbers(form, kept) {
  Object.keys(kept).forEach((name) => {
    const field = form.elements["changes-" + name];
    if (!field) return; // the child's file is not here: they go along
    const help = createElement("span", "field-help", translate("offline.kept", { number: kept[name] }));
    field.insertAdjacentElement("beforebegin", help);
    Object.assign(field, { value: "", placeholder: kept[name] });
    delete field.dataset.held;
  });
}

function keptFieldValues(kept) {
  const names = Object.keys(kept);
  const values = Object.fromEntries(names.map((name) => ["changes-" + name, [""]]));
  return names.length ? Object.assign(values, { noticed: ["yes"] }) : values;
}

/* `entry`: of the last pull's returned. Its answers come along, but safety is asked anew. `row`: a correction that
   was not taken; after a conflict it says which version it now knows. */
export function returnedVisitForm(entry, row) {
  const held = heldOf(entry.child);
  const questions = visitQuestions();
  const version = row && row.state === "conflict" ? row.server.version : entry.version;
  const kept = entry.kept || {};

  function valuesOf(answers) {
    return Object.assign(keptFieldValues(kept), visitFieldValues(answers, questions));
  }

  return {
    name: row ? outboxRules.draftOf(row) : "returned/" + entry.visit, screen: "visit", template: "visit-form",
    title: entry.name, row, child: entry.child, names: { [entry.child]: entry.name },
    values: valuesOf(entry.answers), photos: Math.max(0, mostPhotos() - entry.photos),
    sayings: (answers) => sayings(translate("offline.correction_of", { name: entry.name }), answers),
    prepare(form) {
      prepareForm(form, entry.child, [], held);
      putKeptNumbers(form, kept);
      const reason = entry.taken_back ? translate("offline.taken_back")
        : translate("offline.returned_why", { reason: entry.reason });
      form.insertBefore(createElement("p", "hint hint-warm mb-3", reason), form.firstChild);
    },
    read(entries) {
      return readVisit(entries, questions, held, kept);
    },
    fieldValues(answers) {
      return Object.assign(valuesOf(answers), { hazard: [], hazards: [] });
    },
    fieldOf: (name) => visitField(name, questions),
    check(answers) {
      const day = entry.taken_back ? today() : entry.made_on; // recorded anew, or late when it was told first, or not
      const wrong = checkVisit(answers, day, questions);
      const isLaterVisit = wrong.visited_on === "offline.future" && answers.visited_on <= today();
      if (isLaterVisit) wrong.visited_on = "offline.later_visit"; // not in the future: another visit than this one
      return wrong;
    },
    createItems(answers, photos) {
      const about = { visit: entry.visit, version };
      const clear = Object.assign({ child: entry.child }, about);
      return createItems("correction", Object.assign(about, answers), clear, entry.name, photos);
    },
  };
}
