/* What one has written isn't lost: <form data-draft="visit-new-<child>"> is kept on this device until it is sent, sealed
   by a key that the server gives to the writer alone, with each page (<body data-draft-key>): who has the device and is
   somebody else, or nobody, reads nothing. Never kept there: passwords, files, the csrf token.
   With data-draft-kept the server keeps it too, sealed and with its secret fields, for the same post on any device;
   it survives a lost login. Each request says whose page this is: where somebody else has signed in since, in another
   tab, the server refuses, and what is written here stays on the device, for its writer.
   [data-draft-state] on the page says when. data-draft-done="key" on a later page clears it.
   data-guard alone only warns before one leaves.

   A draft holds what its writer touched, nothing else, and what the page had given there: what stood in the form besides
   may have been altered since, by others too. It comes back by itself where it fits: the page gives the same as then,
   its data-draft-version, if any, is the same, and the form was not sent since from another device, which the server
   knows. Else it is offered, and nothing is put into the form unasked.

   Two devices, or two tabs, may write drafts of one form. Each page that writes has a name and counts what it keeps; a
   draft says of each page how much of it is in it (`seen`: {page: count}). One that is in another is that one's past.
   Of two that know nothing of each other the later one comes back and the other is offered; until it is taken or given
   up it is kept along (`others`). What an offer replaces when it is taken is offered in its turn. */

import { createElement, onLoad, translate } from "./app.js";
import {
  isAltered, isGivenAsThen, isOfToday, isSame, readValues, restoreValues, servedAt, unfold, valuesGiven, valuesNow,
  versionOf, writableFields,
} from "./draft_fields.js";
import {
  draftKey, fetchFromServer, isOfSomebodyElse, KEPT_FOR, PREFIX, sealDraft, sendToServer, showState, storedDraft,
  toBase64, withStorage,
} from "./draft_store.js";
import { linesWithoutField } from "./draft_unplaced.js";
import { findDrafts, isIn, lastOf, MOST_OTHERS, newestOf, plainOf, without } from "./draft_versions.js";

const SAVE_DELAY = 600; // milliseconds after the last letter
const LONGEST_UNSAVED = 3000; // who writes without a pause is saved all the same
const SEND_DELAY = 2500;
const changedForms = new Set();
let sentForm = null; // the one that is on its way

function newPageName() {
  return toBase64(window.crypto.getRandomValues(new Uint8Array(9)));
}

function formatTime(time) {
  const date = new Date(time);
  const hours = (date.getHours() < 10 ? "0" : "") + date.getHours();
  const minutes = (date.getMinutes() < 10 ? "0" : "") + date.getMinutes();
  return hours + ":" + minutes;
}

/* What was written was sent, or is wanted no more. */
export function dropDraft(form) {
  withStorage((storage) => storage.removeItem(draftKey(form.dataset.draft)));
  changedForms.delete(form);
}

/* The form was sent: what was kept along with it was not. */
function dropSent(key) {
  const draft = storedDraft(key);
  const kept = draft && draft.others.length ? Object.assign(draft, { values: {}, given: {} }) : null;
  const text = kept ? sealDraft(kept.at, kept) : "";
  withStorage((storage) => (text ? storage.setItem(key, text) : storage.removeItem(key)));
}

function keepDraft(form) {
  const key = draftKey(form.dataset.draft);
  const isKeptByServer = "draftKept" in form.dataset;
  const cameBackWithErrors = form.querySelector(".field-bad, .errors"); // then what was sent stands in the form
  const local = storedDraft(key);
  const page = newPageName();
  const touched = new Set(); // names of the fields that its writer wrote in
  const ofToday = new Set(); // and of those that the page filled in because it was today
  const givenBefore = {}; // of fields in which this page gives what was written: what the one before gave
  const seen = {}; // {page: count} of the drafts that are in this one; those kept along are not
  const absent = {}; // {name: [value]} that were written and that this page has no field for
  let others = []; // drafts that are offered
  let since = servedAt(); // what was written before that and kept by the server was sent or thrown away
  let throwing = Promise.resolve(); // until the server has heard that a draft was thrown away
  let saveTimer;
  let unsavedSince = 0;
  let sendTimer;
  let isRestoring = false; // putting values back is no writing
  let changes = 0;
  let changesOnDevice = 0; // how many of them are kept here
  let changesOnServer = 0; // how many of them its copy has

  function content() {
    const fields = writableFields(form);
    fields.filter((field) => isAltered(field) || isOfToday(field)).forEach(({ name }) => touched.add(name));
    const given = Object.assign(readValues(form, touched, valuesGiven), givenBefore);
    fields.filter(isOfToday).forEach(({ name }) => ofToday.add(name));
    ofToday.forEach((name) => delete given[name]); // on another day it is another
    const values = Object.assign({}, absent, readValues(form, touched, valuesNow));
    const carried = { seen: lastOf(seen), others: others.map(plainOf) };
    return Object.assign({ values, given, version: versionOf(form), servedAt: since }, carried);
  }

  /* A form that came back refused gives what was sent: only its draft tells what of that was written. */
  function takeOver() {
    noteWriting();
    const names = local ? Object.keys(local.values) : writableFields(form).map((field) => field.name);
    names.forEach((name) => touched.add(name));
    if (!local) return;
    names.filter((name) => !local.given[name]).forEach((name) => ofToday.add(name));
    Object.assign(givenBefore, local.given);
    Object.assign(seen, local.seen);
    others = local.others;
    noteAbsent(local.values);
  }

  /* Another tab may have written meanwhile: that is kept along. */
  function takeAlong() {
    const stored = storedDraft(key);
    if (!stored || [{ seen }].concat(others).some((known) => isIn(stored, known))) return;
    others = newestOf([stored].concat(stored.others, others)).filter((other) => !isIn(other, { seen }));
    others = others.slice(0, MOST_OTHERS);
  }

  function noteSeen(more) {
    Object.entries(more).forEach(([name, count]) => {
      seen[name] = Math.max(seen[name] || 0, count);
    });
  }

  function saveOnDevice() {
    const now = Date.now();
    window.clearTimeout(saveTimer);
    unsavedSince = 0;
    takeAlong();
    const text = sealDraft(now, content());
    const saved = text && withStorage((storage) => {
      storage.setItem(key, text);
      return true;
    });
    if (saved) changesOnDevice = changes;
    if (saved && !isOfSomebodyElse()) showState(translate("draft.saved", { time: formatTime(now) }));
  }

  async function saveOnServer() {
    window.clearTimeout(sendTimer);
    await throwing;
    const sent = changes;
    const answer = await sendToServer(form, content(), since);
    if (!answer || !answer.at) return;
    changesOnServer = sent;
    showState(translate("draft.kept", { time: formatTime(answer.at) }));
  }

  function noteWriting() {
    seen[page] = (seen[page] || 0) + 1;
  }

  function onChange() {
    if (isRestoring) return;
    noteWriting();
    changes += 1;
    unsavedSince = unsavedSince || Date.now();
    const left = Math.max(0, unsavedSince + LONGEST_UNSAVED - Date.now());
    window.clearTimeout(saveTimer);
    saveTimer = window.setTimeout(saveOnDevice, Math.min(SAVE_DELAY, left));
    if (!isKeptByServer) return;
    window.clearTimeout(sendTimer);
    sendTimer = window.setTimeout(() => {
      if (sentForm !== form) saveOnServer();
    }, SEND_DELAY);
  }

  /* At once, while the page is there: what was written just before the form is sent, or came back refused. */
  function saveNow() {
    saveOnDevice();
    if (isKeptByServer) saveOnServer();
  }

  function putBack(draft) {
    isRestoring = true;
    restoreValues(form, draft.values);
    isRestoring = false;
    Object.keys(draft.values).forEach((name) => touched.add(name));
    noteAbsent(draft.values);
    noteSeen(draft.seen);
    form.dispatchEvent(new CustomEvent("draft:restored", { bubbles: true }));
  }

  async function tellThrownAway() {
    const answer = await sendToServer(form, null, since);
    if (answer && answer.dropped_at) since = answer.dropped_at + 1; // what is written from now on is new
  }

  /* The form is as the page gave it; what is offered stays on offer. */
  function throwAway() {
    window.clearTimeout(saveTimer);
    window.clearTimeout(sendTimer);
    changes = 0;
    changesOnDevice = 0;
    changesOnServer = 0;
    touched.clear();
    Object.keys(absent).forEach((name) => delete absent[name]);
    Object.keys(givenBefore).forEach((name) => delete givenBefore[name]);
    dropDraft(form);
    showAbsent();
    isRestoring = true;
    form.reset();
    isRestoring = false;
    throwing = tellThrownAway(); // copies on other devices are old from now on
    noteWriting();
    if (others.length) saveNow();
  }

  function noteAbove(text, buttons) {
    const note = createElement("div", "hint small mb-2");
    note.appendChild(createElement("span", "", text + " "));
    buttons.forEach(([words, action]) => {
      const button = createElement("button", "btn btn-xs", words);
      button.type = "button";
      button.addEventListener("click", () => {
        note.remove();
        action();
      });
      note.append(button, " ");
    });
    form.insertBefore(note, form.firstChild);
    unfold(note);
    return note;
  }

  /* To be copied: the form is sent without it. */
  function showAbsent() {
    const lines = linesWithoutField(form, absent);
    form.querySelectorAll("[data-draft-absent]").forEach((old) => old.remove());
    if (!lines.length) return;
    const note = noteAbove(translate("draft.absent"), []);
    const list = createElement("ul", "plain-list");
    note.dataset.draftAbsent = "";
    note.classList.add("hint-warm");
    lines.forEach((line) => list.appendChild(createElement("li", "", line)));
    note.appendChild(list);
  }

  function noteAbsent(values) {
    const names = new Set(writableFields(form).map((field) => field.name));
    Object.keys(values).filter((name) => !names.has(name)).forEach((name) => {
      absent[name] = values[name];
    });
    showAbsent();
  }

  function offerToDiscard(draft) {
    const text = translate("draft.found", { time: formatTime(draft.at) });
    noteAbove(text, [[translate("draft.drop"), throwAway]]);
  }

  function giveUp(draft) {
    others = without(others, draft);
    noteWriting();
    if (others.length || changes || Object.keys(content().values).length) {
      saveNow();
      return;
    }
    dropDraft(form);
    throwing = tellThrownAway();
  }

  /* What was written in the fields that `draft` goes into; null where that is nothing. It is in no page's draft. */
  function replacedBy(draft) {
    const { values, given, version } = content();
    const names = Object.keys(draft.values).filter((name) => {
      return values[name] && !isSame(values[name], given[name]) && !isSame(values[name], draft.values[name]);
    });
    if (!names.length) return null;
    const only = (from) => Object.fromEntries(names.filter((name) => from[name]).map((name) => [name, from[name]]));
    return { at: Date.now(), values: only(values), given: only(given), version, seen: { [newPageName()]: 1 } };
  }

  function takeOffer(draft) {
    const replaced = replacedBy(draft);
    others = (replaced ? [replaced] : []).concat(without(others, draft));
    putBack(draft);
    if (replaced) offerToPutBack(replaced, false);
    onChange();
  }

  function offerToPutBack(draft, isSuperseded) {
    const text = translate(isSuperseded ? "draft.older" : "draft.beside", { time: formatTime(draft.at) });
    noteAbove(text, [
      [translate("draft.put_back"), () => takeOffer(draft)],
      [translate("draft.discard"), () => giveUp(draft)],
    ]);
  }

  function fits(draft) {
    return !draft.isOld && draft.version === versionOf(form) && isGivenAsThen(form, draft);
  }

  async function findDraft() {
    const found = findDrafts(local, await fetchFromServer(form));
    const { latest } = found;
    const isPutBack = Boolean(latest) && fits(latest) && !changes;
    if (!latest && local && !changes) withStorage((storage) => storage.removeItem(key)); // sent from elsewhere
    others = (latest && !isPutBack ? [latest] : []).concat(found.others, others).slice(0, MOST_OTHERS);
    others.slice().reverse().forEach((draft) => offerToPutBack(draft, !fits(draft)));
    if (isPutBack) {
      putBack(latest);
      if (Object.keys(latest.values).length) offerToDiscard(latest); // files alone are not kept
    }
    // what stands in the form and what is offered, each as what it is: a refusal goes by that
    if (latest && !changes) saveOnDevice();
  }

  form.addEventListener("input", onChange);
  form.addEventListener("change", onChange);
  form.addEventListener("submit", () => {
    if (!changes || changes === changesOnServer) return;
    saveNow();
  });
  window.addEventListener("pagehide", () => {
    window.clearTimeout(saveTimer);
    if (changedForms.has(form) && sentForm !== form && changes !== changesOnDevice) saveOnDevice();
  });
  if (cameBackWithErrors) {
    takeOver();
    others.forEach((draft) => offerToPutBack(draft, !fits(draft)));
    saveNow();
  } else if (local || isKeptByServer) {
    findDraft();
  }
}

function attach(form) {
  if (form.cwrDraft) return;
  form.cwrDraft = true;
  if (form.dataset.draft) keepDraft(form);
  form.addEventListener("input", () => changedForms.add(form));
  form.addEventListener("submit", () => {
    sentForm = form;
    window.setTimeout(() => {
      sentForm = null;
    }, 4000);
  });
}

// a kept draft needs no warning; an unkept form does
window.addEventListener("beforeunload", (event) => {
  const losesText = Array.from(changedForms).some((form) => form.isConnected && !form.dataset.draft);
  if (!losesText || sentForm) return;
  event.preventDefault();
  event.returnValue = translate("draft.leave");
});

onLoad((root) => {
  // first: the page that answers may hold the same form, for the next entry
  root.querySelectorAll("[data-draft-done]").forEach((mark) => {
    dropSent(draftKey(mark.dataset.draftDone));
  });
  root.querySelectorAll("form[data-draft], form[data-guard]").forEach(attach);
});

// drafts of this device older than two weeks go, whoever wrote them, and those that lie there unsealed
withStorage((storage) => {
  Object.keys(storage).filter((key) => key.indexOf(PREFIX) === 0).forEach((key) => {
    const draft = JSON.parse(storage.getItem(key));
    if (!draft || !draft.box || Date.now() - draft.at > KEPT_FOR) storage.removeItem(key);
  });
});
