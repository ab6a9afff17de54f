/* What one has written isn't lost: <form data-draft="visit-new-<child>"> is kept on this device until it is sent, sealed
   by a key that the server gives to the writer alone, with each page (<body data-draft-key>): who has the device and is
   somebody else, or nobody, reads nothing. Never kept there: passwords, files, the csrf token.
   With data-draft-kept the server keeps it too, sealed and with its secret fields, for the same post on any device;
   it survives a lost login. Each request says whose page this is: where somebody else has signed in since, in another
   tab, the server refuses, and what is written here stays on the device, for its writer.
   [data-draft-state] on the page says when. data-draft-done="key" on a later page clears it; data-draft-unsent="key"
   shows what was written in a form that can't be filled in any more, data-draft-forms="key key" the same of those of
   its forms that a page doesn't have any more, data-draft-address all that was written about what an address names and
   keeps from the reader. data-guard alone only warns before one leaves.

   Each page, an opening of the form in some tab of some device, keeps a draft of its own: what its writer touched, and
   what the page had given there; what stood in the form besides may have been altered since, by others too. Nobody
   writes in the draft of another page. Its savings are counted, so {page: count} says which writing is meant: a form
   that is sent, or thrown away, says so of its own draft and of those that were in it, and nothing else goes.

   A draft comes back by itself where it fits: the page gives the same as then, its data-draft-version, if any, is the
   same, and the form was not sent since from elsewhere, which the server knows. It is in the new page's draft from then
   on (`seen`). Else it is offered, and nothing is put into the form unasked; so are others than the latest, and what an
   offer replaces when it is taken. */

import { createElement, onLoad, translate } from "./app.js";
import {
  isAltered, isGivenAsThen, isOfToday, isSame, readValues, restoreValues, servedAt, unfold, valuesGiven, valuesNow,
  valuesWithoutPlace, versionOf, writableFields,
} from "./draft_fields.js";
import {
  draftKey, fetchFromServer, isOfSomebodyElse, newPageName, noteSent, removeOld, removeStored, sendToServer, showState,
  storeDraft, storedDrafts, storedNames, takeSent,
} from "./draft_store.js";
import { draftsLeft, isSeen, noteSeen, seenWith, unknownTo } from "./draft_versions.js";
import { wordsOf } from "./draft_words.js";
import { formKeyOf, setFormKey } from "./submit_once.js";

const SAVE_DELAY = 600; // milliseconds after the last letter
const LONGEST_UNSAVED = 3000; // who writes without a pause is saved all the same
const SEND_DELAY = 2500;
const MOST_OFFERED = 4; // the next ones come when these are gone
const LONGEST_PREVIEW = 60; // characters of what was written
const changedForms = new Set();
let sentForm = null; // the one that is on its way

function formatTime(time) {
  const date = new Date(time);
  const hours = (date.getHours() < 10 ? "0" : "") + date.getHours();
  const minutes = (date.getMinutes() < 10 ? "0" : "") + date.getMinutes();
  return hours + ":" + minutes;
}

function previewOf(draft) {
  const text = Object.values(draft.said).join("；");
  return text.length > LONGEST_PREVIEW ? text.slice(0, LONGEST_PREVIEW) + "…" : text;
}

/* A note with buttons, [[words, what they do]]; pressed, it goes. */
function createNote(text, buttons) {
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
  return note;
}

function createLines(lines) {
  const list = createElement("ul", "plain-list");
  lines.forEach((line) => list.appendChild(createElement("li", "", line)));
  return list;
}

/* Gone here and with the server: what each page of `seen` had written up to its count. */
function dropEverywhere(name, seen) {
  removeStored(draftKey(name), seen);
  return sendToServer(name, { dropped: seen });
}

function keepDraft(form) {
  const name = form.dataset.draft;
  const key = draftKey(name);
  const isKeptByServer = "draftKept" in form.dataset;
  const cameBack = form.querySelector(".field-bad, .errors") || "draftPreviewed" in form.dataset;
  const refused = cameBack && takeSent(key); // then what was sent stands in the form
  const page = newPageName();
  const touched = new Set(); // names of the fields that its writer wrote in
  const ofToday = new Set(); // and of those that the page filled in because it was today
  const givenBefore = {}; // of fields in which this page gives what was written: what the one before gave
  let isGivenKnown = true; // what it gives unaltered: a page that came back refused gives what was sent
  const seen = {}; // {page: count} of the drafts that are in this one
  const absent = {}; // {name: [value]} that were written and that this page has no place for
  const absentWords = {}; // {name: the same in words}
  let count = 0; // of changes
  let countOnDevice = 0; // up to which they are kept here
  let countOnServer = 0; // up to which its copy has them
  let throwing = Promise.resolve(); // until the server has heard that a draft was thrown away
  let savedValues = ""; // as the draft has them that was kept last
  let saveTimer;
  let unsavedSince = 0;
  let sendTimer;
  let isRestoring = false; // putting values back is no writing

  function writtenValues() {
    const fields = writableFields(form);
    fields.filter((field) => isAltered(field) || isOfToday(field)).forEach((field) => touched.add(field.name));
    const values = readValues(form, touched, valuesNow);
    Object.keys(absent).forEach((one) => {
      values[one] = absent[one].concat(values[one] || []);
    });
    return values;
  }

  function content() {
    const values = writtenValues();
    const given = Object.assign(readValues(form, touched, valuesGiven), givenBefore);
    writableFields(form).filter(isOfToday).forEach((field) => ofToday.add(field.name));
    ofToday.forEach((one) => delete given[one]); // on another day it is another
    const said = wordsOf(form, touched);
    Object.keys(absent).forEach((one) => {
      const words = absentWords[one] || "";
      said[one] = said[one] && words.indexOf(said[one]) < 0 ? words + "；" + said[one] : words;
    });
    return { values, given, said, version: versionOf(form), pk: formKeyOf(form), served_at: servedAt() };
  }

  function draftNow() {
    return Object.assign(content(), { page, count, at: Date.now(), seen: Object.assign({}, seen) });
  }

  /* Of this page and of what is in its form. */
  function seenNow() {
    return Object.assign({}, seen, count ? { [page]: count } : {});
  }

  function saveOnDevice() {
    window.clearTimeout(saveTimer);
    unsavedSince = 0;
    const draft = draftNow();
    savedValues = JSON.stringify(draft.values);
    if (!storeDraft(key, draft)) return;
    countOnDevice = count;
    if (!isOfSomebodyElse()) showState(translate("draft.saved", { time: formatTime(draft.at) }));
  }

  async function saveOnServer() {
    window.clearTimeout(sendTimer);
    await throwing;
    const draft = draftNow();
    const answer = await sendToServer(name, draft);
    if (!answer || !answer.at) return;
    countOnServer = Math.max(countOnServer, draft.count);
    showState(translate("draft.kept", { time: formatTime(answer.at) }));
  }

  /* A field that is left tells once more what was typed into it: that is nothing new. */
  function isTold(event) {
    return event.type === "change" && count === countOnDevice && JSON.stringify(writtenValues()) === savedValues;
  }

  function onChange(event) {
    if (isRestoring || (event && isTold(event))) return;
    count += 1;
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
    if (count > countOnDevice) saveOnDevice();
    if (isKeptByServer && count > countOnServer) saveOnServer();
  }

  function showAbove(note) {
    form.insertBefore(note, form.firstChild);
    unfold(note);
  }

  /* To be copied: the form is sent without it. */
  function showAbsent() {
    form.querySelectorAll("[data-draft-absent]").forEach((old) => old.remove());
    const lines = Object.values(absentWords);
    if (!lines.length) return;
    const note = createNote(translate("draft.absent"), []);
    note.dataset.draftAbsent = "";
    note.classList.add("hint-warm");
    note.appendChild(createLines(lines));
    showAbove(note);
  }

  function noteAbsent(draft) {
    Object.entries(valuesWithoutPlace(form, draft.values)).forEach(([one, list]) => {
      absent[one] = list;
      if (draft.said[one]) absentWords[one] = draft.said[one];
    });
    showAbsent();
  }

  function putBack(draft) {
    isRestoring = true;
    restoreValues(form, draft.values);
    isRestoring = false;
    Object.keys(draft.values).forEach((one) => touched.add(one));
    noteAbsent(draft);
    noteSeen(seen, seenWith(draft));
    if (draft.pk) setFormKey(form, draft.pk); // the same record, should it have been sent after all
    form.dispatchEvent(new CustomEvent("draft:restored", { bubbles: true }));
  }

  /* A form that came back refused gives what was sent: only its draft tells what of that was written. */
  function takeOver(sent) {
    const drafts = storedDrafts(key); // what was only brought back, and sent, lies under the page that wrote it
    const draft = drafts.find((one) => one.page === sent.page) || drafts.find((one) => isSeen(one, sent.seen));
    const names = draft ? Object.keys(draft.values) : writableFields(form).map((field) => field.name);
    names.forEach((one) => touched.add(one));
    noteSeen(seen, sent.seen);
    isGivenKnown = Boolean(draft);
    if (draft) {
      names.filter((one) => !draft.given[one]).forEach((one) => ofToday.add(one));
      Object.assign(givenBefore, draft.given);
      noteAbsent(draft);
    }
    count += 1;
    saveNow();
  }

  /* The form is as the page gave it; what is offered stays on offer. */
  function throwAway() {
    window.clearTimeout(saveTimer);
    window.clearTimeout(sendTimer);
    const dropped = seenNow();
    countOnDevice = count;
    countOnServer = count;
    [seen, absent, absentWords, givenBefore].forEach((each) => Object.keys(each).forEach((one) => delete each[one]));
    touched.clear();
    changedForms.delete(form);
    showAbsent();
    isRestoring = true;
    form.reset();
    // what hangs on the answers, and what was said about them, hears of it
    writableFields(form).forEach((field) => field.dispatchEvent(new Event("change", { bubbles: true })));
    isRestoring = false;
    throwing = dropEverywhere(name, dropped);
  }

  /* What was written in the fields that `draft` goes into, as a draft of its own; null where that is nothing. */
  function replacedBy(draft) {
    const { values, given, said, version, served_at } = content();
    const names = Object.keys(draft.values).filter((one) => {
      return values[one] && !isSame(values[one], given[one]) && !isSame(values[one], draft.values[one]);
    });
    if (!names.length) return null;
    const only = (from) => Object.fromEntries(names.filter((one) => one in from).map((one) => [one, from[one]]));
    const kept = { values: only(values), given: only(given), said: only(said), version, pk: "", served_at };
    return Object.assign(kept, { page: newPageName(), count: 1, at: Date.now(), seen: {} });
  }

  function takeOffer(draft) {
    const replaced = replacedBy(draft);
    if (replaced) {
      storeDraft(key, replaced);
      if (isKeptByServer) sendToServer(name, replaced);
      offer(replaced);
    }
    putBack(draft);
    onChange();
  }

  function offer(draft) {
    const text = translate(fits(draft) ? "draft.beside" : "draft.older", { time: formatTime(draft.at) });
    const preview = previewOf(draft);
    const note = createNote(preview ? text + "“" + preview + "”" : text, [
      [translate("draft.put_back"), () => takeOffer(draft)],
      [translate("draft.discard"), () => {
        throwing = dropEverywhere(name, seenWith(draft));
      }],
    ]);
    showAbove(note);
  }

  function offerToDiscard(draft) {
    showAbove(createNote(translate("draft.found", { time: formatTime(draft.at) }), [
      [translate("draft.drop"), throwAway],
    ]));
  }

  function fits(draft) {
    if (draft.isOld || draft.version !== versionOf(form)) return false;
    return !isGivenKnown || isGivenAsThen(form, draft, givenBefore);
  }

  async function findDrafts() {
    const remote = await fetchFromServer(name);
    removeStored(key, remote.seen);
    const drafts = draftsLeft(storedDrafts(key), remote).filter((one) => !isSeen(one, seenNow()));
    if (isKeptByServer) unknownTo(remote, drafts).forEach((one) => sendToServer(name, one));
    const latest = drafts[0];
    const isPutBack = Boolean(latest) && fits(latest) && !count;
    drafts.slice(isPutBack ? 1 : 0).filter((one) => Object.keys(one.values).length).slice(0, MOST_OFFERED).reverse()
      .forEach(offer);
    if (!isPutBack) return;
    putBack(latest);
    if (Object.keys(latest.values).length) offerToDiscard(latest); // files alone are not kept
  }

  form.addEventListener("input", onChange);
  form.addEventListener("change", onChange);
  form.addEventListener("submit", () => {
    saveNow();
    markSent(form, name, key, { page, seen: seenNow() });
  });
  window.addEventListener("pagehide", () => {
    window.clearTimeout(saveTimer);
    if (changedForms.has(form) && sentForm !== form && count > countOnDevice) saveOnDevice();
  });
  form.cwrDraft = { seenNow, throwAway };
  savedValues = JSON.stringify(writtenValues()); // before a browser tells what it has put back itself
  if (refused) takeOver(refused);
  if (refused || isKeptByServer || storedDrafts(key).length) findDrafts();
}

/* The server hears with the form which drafts are in it, the next page in this tab too. */
function markSent(form, name, key, sent) {
  const field = form.querySelector("input[name=draft_seen]") || createElement("input");
  field.type = "hidden";
  field.name = "draft_seen";
  field.value = JSON.stringify(sent.seen);
  form.appendChild(field);
  noteSent(key, sent);
}

/* What was written in `form` was sent by a script of its own, or is wanted no more. */
export function dropDraft(form) {
  changedForms.delete(form);
  if (!form.cwrDraft || !form.cwrDraft.seenNow) return;
  dropEverywhere(form.dataset.draft, form.cwrDraft.seenNow());
}

function attach(form) {
  if (form.cwrDraft) return;
  form.cwrDraft = {};
  if (form.dataset.draft) keepDraft(form);
  form.addEventListener("input", () => changedForms.add(form));
  form.addEventListener("submit", () => {
    sentForm = form;
    window.setTimeout(() => {
      sentForm = null;
    }, 4000);
  });
}

/* data-draft-forms="key key": forms that this page has while they can be filled in. */
function showUnsentOfMissing(place) {
  place.dataset.draftForms.split(" ").filter((name) => {
    const isThere = Array.from(document.querySelectorAll("form[data-draft]")).some((form) => form.dataset.draft === name);
    return name && !isThere && storedDrafts(draftKey(name)).length;
  }).forEach((name) => showUnsent(place, name));
}

/* data-draft-address: what this address names is kept from the reader: all that was written about it here. */
function showUnsentOfAddress(place) {
  const keys = location.href.match(/[0-9a-f]{8}-[0-9a-f-]{27}/g) || [];
  storedNames().filter((name) => keys.some((key) => name.indexOf(key) >= 0)).forEach((name) => showUnsent(place, name));
}

/* Of a form that can't be filled in any more: what was written in it and not sent, to be copied. */
async function showUnsent(place, name) {
  const key = draftKey(name);
  const remote = await fetchFromServer(name);
  removeStored(key, remote.seen);
  draftsLeft(storedDrafts(key), remote).forEach((draft) => {
    const lines = Object.values(draft.said);
    if (!lines.length) return;
    const note = createNote(translate("draft.unsent", { time: formatTime(draft.at) }), [
      [translate("draft.discard"), () => dropEverywhere(name, seenWith(draft))],
    ]);
    note.classList.add("hint-warm");
    note.appendChild(createLines(lines));
    place.appendChild(note);
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
    const key = draftKey(mark.dataset.draftDone);
    const sent = takeSent(key);
    if (sent) removeStored(key, sent.seen);
  });
  root.querySelectorAll("[data-draft-unsent]").forEach((place) => showUnsent(place, place.dataset.draftUnsent));
  root.querySelectorAll("[data-draft-forms]").forEach(showUnsentOfMissing);
  root.querySelectorAll("[data-draft-address]").forEach(showUnsentOfAddress);
  root.querySelectorAll("form[data-draft], form[data-guard]").forEach(attach);
});

removeOld();
