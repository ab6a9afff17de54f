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
   up it is kept along (`others`). */

import { createElement, csrfToken, onLoad, translate } from "./app.js";

const PREFIX = "cwr-draft:";
const KEPT_FOR = 14 * 24 * 3600 * 1000; // milliseconds
const SAVE_DELAY = 600; // milliseconds after the last letter
const LONGEST_UNSAVED = 3000; // who writes without a pause is saved all the same
const SEND_DELAY = 2500;
const SHANGHAI = 8 * 3600 * 1000; // milliseconds before UTC
const MOST_OTHERS = 3;
const MOST_PAGES = 50;
const PATIENCE = 3000; // milliseconds for the server to say what it knows of a draft
const changedForms = new Set();
let sentForm = null; // the one that is on its way
let isOthers = false; // somebody else is signed in by now: the server's copies are that person's

export function draftKey(name) {
  const { user, post } = document.body.dataset;
  return PREFIX + (user || "-") + ":" + (post || "-") + ":" + name;
}

function isWritable(field) {
  const isHidden = /^(password|file|hidden|submit|button)$/.test(field.type);
  return field.name && field.name !== "csrfmiddlewaretoken" && !isHidden;
}

function writableFields(form) {
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
function valuesNow(field) {
  if (isMultiple(field)) return selectedValues(field, "selected");
  return isTick(field) && !field.checked ? [] : [field.value];
}

/* What the page gave it. Of a list that names no choice the browser takes the first. */
function valuesGiven(field) {
  if (isTick(field)) return field.defaultChecked ? [field.value] : [];
  if (!field.options) return [field.defaultValue];
  const given = selectedValues(field, "defaultSelected");
  return given.length || isMultiple(field) || !field.options.length ? given : [field.options[0].value];
}

/* Whether it holds something else than the page gave it, be it nothing. */
function isAltered(field) {
  return JSON.stringify(valuesNow(field)) !== JSON.stringify(valuesGiven(field));
}

/* {name: [value]} of the fields whose name is in `names`, each read by `valuesOf`. */
function readValues(form, names, valuesOf) {
  const values = {};
  writableFields(form).filter((field) => names.has(field.name)).forEach((field) => {
    values[field.name] = (values[field.name] || []).concat(valuesOf(field));
  });
  return values;
}

function restoreValues(form, values) {
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
    } else {
      field.value = list.shift();
    }
    field.dispatchEvent(new Event("change", { bubbles: true }));
    if (isWritten(field)) unfold(field);
  });
}

/* Whether it holds something else than the page gave it. */
function isWritten(field) {
  if (isTick(field)) return field.checked !== field.defaultChecked;
  if (!field.options) return field.value !== field.defaultValue;
  return Array.from(field.options).some((option) => option.selected && !option.defaultSelected && option.value);
}

/* What was brought back is seen: no fold around it stays shut. */
function unfold(field) {
  for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
}

/* --- Sealed (XSalsa20-Poly1305 of TweetNaCl: at once, for a page that is being left waits for nothing) --- */

function draftSealKey() {
  const key = document.body.dataset.draftKey;
  return key && window.nacl ? fromBase64(key) : null;
}

function fromBase64(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

function toBase64(bytes) {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

/* The text that lies in the storage; "" without a key: then there is no draft on the device. `isSent`: the server has
   these very values. */
function sealDraft(at, content, isSent) {
  const key = draftSealKey();
  if (!key) return "";
  const nonce = window.nacl.randomBytes(24);
  const box = window.nacl.secretbox(new TextEncoder().encode(JSON.stringify(content)), nonce, key);
  return JSON.stringify({ at, isSent, nonce: toBase64(nonce), box: toBase64(box) });
}

/* {at, isSent, values, given, version, seen, others, servedAt}, or null where it can't be opened: another's, or of a
   version before. */
function openDraft(text) {
  const { at, isSent, nonce, box } = JSON.parse(text) || {};
  const key = draftSealKey();
  const bytes = key && box ? window.nacl.secretbox.open(fromBase64(box), fromBase64(nonce), key) : null;
  const content = bytes && JSON.parse(new TextDecoder().decode(bytes));
  return content && content.values ? Object.assign(content, { at, isSent }) : null;
}

function attempt(action) { // private windows and full disks refuse: then there is simply no draft
  try {
    return action();
  } catch (refused) {
    return null;
  }
}

function withStorage(action) {
  return attempt(() => action(window.localStorage));
}

function formatTime(time) {
  const date = new Date(time);
  const hours = (date.getHours() < 10 ? "0" : "") + date.getHours();
  const minutes = (date.getMinutes() < 10 ? "0" : "") + date.getMinutes();
  return hours + ":" + minutes;
}

function showState(text) {
  document.querySelectorAll("[data-draft-state]").forEach((place) => {
    place.textContent = text;
  });
}

/* What was written was sent, or is wanted no more. */
export function dropDraft(form) {
  withStorage((storage) => storage.removeItem(draftKey(form.dataset.draft)));
  changedForms.delete(form);
}

/* When the server made this page, in milliseconds by its clock. */
function servedAt() {
  return Number(document.body.dataset.servedAt) || 0;
}

/* A day or moment that the page filled in because it was today. What is written on goes on about that day, whenever. */
function isOfToday(field) {
  const today = new Date(servedAt() + SHANGHAI).toISOString().slice(0, 10);
  return /^date/.test(field.type) && field.defaultValue.slice(0, 10) === today;
}

function versionOf(form) {
  return form.dataset.draftVersion || "";
}

/* Ask the server of its copies, as a page of the post that it was made for. Gives the answer. */
async function askServer(address, options) {
  const headers = Object.assign({ "X-Page-Post": document.body.dataset.post || "" }, options.headers);
  const answer = await fetch(address, Object.assign({ credentials: "same-origin" }, options, { headers }));
  isOthers = answer.status === 409;
  if (isOthers) showState(translate("draft.other_account"));
  return answer;
}

/* The server's copy of `draft`, or none any more without one: gives {at}, {dropped_at} where the form was sent since
   the page was made, or null when it could not be told. */
async function sendToServer(form, draft, since) {
  try {
    const { values, given, version, seen, others } = draft || { values: null };
    const content = { key: form.dataset.draft, values, given, version, seen, others, served_at: since };
    const answer = await askServer(document.body.dataset.drafts, {
      method: "POST", redirect: "manual",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
      body: JSON.stringify(content),
    });
    const isSignedOut = answer.type === "opaqueredirect" || answer.status === 403;
    if (isSignedOut) showState(translate("draft.signed_out"));
    return answer.ok ? await answer.json() : null;
  } catch (failed) {
    return null;
  }
}

/* {at, values, given, version, seen, others} of its copy, {dropped_at} where the form was sent since, {} where it knows
   nothing, or can't be asked now. */
async function fetchFromServer(form) {
  const abort = new AbortController();
  const timer = window.setTimeout(() => abort.abort(), PATIENCE);
  try {
    const address = document.body.dataset.drafts + "?key=" + encodeURIComponent(form.dataset.draft);
    const answer = await askServer(address, { signal: abort.signal });
    return answer.ok ? await answer.json() : {};
  } catch (failed) {
    return {};
  } finally {
    window.clearTimeout(timer);
  }
}

function storedDraft(key) {
  const draft = withStorage((storage) => openDraft(storage.getItem(key)));
  return draft && Date.now() - draft.at < KEPT_FOR ? draft : null;
}

/* Whether the page gives what it gave when the draft was written, in each of its fields. */
function isGivenAsThen(form, draft) {
  const given = readValues(form, new Set(Object.keys(draft.values)), valuesGiven);
  const then = draft.given;
  return Object.keys(given).every((name) => !then[name] || JSON.stringify(given[name]) === JSON.stringify(then[name]));
}

/* Whether all that `draft` has is in `other` too. */
function isIn(draft, other) {
  return Object.entries(draft.seen).every(([page, count]) => (other.seen[page] || 0) >= count);
}

/* `drafts` without those that are in another of them, the latest first. */
function newestOf(drafts) {
  const apart = drafts.filter((draft, index) => {
    return !drafts.some((other, at) => at !== index && isIn(draft, other) && !(isIn(other, draft) && at > index));
  });
  return apart.sort((one, other) => other.at - one.at);
}

/* What there is of a form: {latest, or null, others}, each {at, values, given, version, seen, isOld}. `isOld`: the form
   was sent since. Of what the server had and was sent or thrown away since, on whatever device, nothing is left; what it
   never got is still its writer's. */
function findDrafts(local, remote) {
  const isOld = Boolean(local && remote.dropped_at && local.servedAt <= remote.dropped_at);
  const mine = local && !(isOld && local.isSent) ? [Object.assign({}, local, { isOld })] : [];
  const theirs = remote.values ? [Object.assign({}, remote, { isOld: false })] : [];
  const apart = newestOf(mine.concat(theirs));
  const kept = apart.flatMap((draft) => draft.others.map((other) => Object.assign({}, other, { isOld: draft.isOld })));
  return { latest: apart[0] || null, others: newestOf(apart.slice(1).concat(kept)).slice(0, MOST_OTHERS) };
}

/* A draft as it is kept along with another. */
function plainOf({ at, values, given, version, seen }) {
  return { at, values, given, version, seen };
}

/* The pages that wrote last, of very many. */
function lastOf(seen) {
  return Object.fromEntries(Object.entries(seen).slice(-MOST_PAGES));
}

function keepDraft(form) {
  const key = draftKey(form.dataset.draft);
  const isKeptByServer = "draftKept" in form.dataset;
  const cameBackWithErrors = form.querySelector(".field-bad, .errors"); // then what was sent stands in the form
  const local = storedDraft(key);
  const page = toBase64(window.crypto.getRandomValues(new Uint8Array(9)));
  const touched = new Set(); // names of the fields that its writer wrote in
  const ofToday = new Set(); // and of those that the page filled in because it was today
  const givenBefore = {}; // of fields in which this page gives what was written: what the one before gave
  const seen = {}; // {page: count} of the drafts that are in this one
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
    const values = readValues(form, touched, valuesNow);
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
  }

  /* Another tab may have written meanwhile: that is kept along. */
  function takeAlong() {
    const stored = storedDraft(key);
    if (!stored || isIn(stored, { seen })) return;
    others = newestOf([stored].concat(stored.others, others)).slice(0, MOST_OTHERS);
    others.forEach((other) => noteSeen(other.seen));
  }

  function noteSeen(more) {
    Object.entries(more).forEach(([name, count]) => {
      seen[name] = Math.max(seen[name] || 0, count);
    });
  }

  function saveOnDevice(isSent) {
    const now = Date.now();
    window.clearTimeout(saveTimer);
    unsavedSince = 0;
    takeAlong();
    const text = sealDraft(now, content(), isSent);
    const saved = text && withStorage((storage) => {
      storage.setItem(key, text);
      return true;
    });
    if (saved) changesOnDevice = changes;
    if (saved && !isOthers) showState(translate("draft.saved", { time: formatTime(now) }));
  }

  async function saveOnServer() {
    window.clearTimeout(sendTimer);
    await throwing;
    const sent = changes;
    const answer = await sendToServer(form, content(), since);
    if (!answer || !answer.at) return;
    changesOnServer = sent;
    if (sent === changes) saveOnDevice(true);
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
    saveTimer = window.setTimeout(saveOnDevice, Math.min(SAVE_DELAY, left), false);
    if (!isKeptByServer) return;
    window.clearTimeout(sendTimer);
    sendTimer = window.setTimeout(() => {
      if (sentForm !== form) saveOnServer();
    }, SEND_DELAY);
  }

  /* At once, while the page is there: what was written just before the form is sent, or came back refused. */
  function saveNow() {
    saveOnDevice(false);
    if (isKeptByServer) saveOnServer();
  }

  function putBack(draft) {
    isRestoring = true;
    restoreValues(form, draft.values);
    isRestoring = false;
    Object.keys(draft.values).forEach((name) => touched.add(name));
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
    Object.keys(givenBefore).forEach((name) => delete givenBefore[name]);
    dropDraft(form);
    isRestoring = true;
    form.reset();
    isRestoring = false;
    throwing = tellThrownAway(); // copies on other devices are old from now on
    noteWriting();
    if (others.length) saveNow();
  }

  function noteAbove(text, buttons) {
    const note = createElement("p", "hint small mb-2");
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
  }

  function offerToDiscard(draft) {
    const text = translate("draft.found", { time: formatTime(draft.at) });
    noteAbove(text, [[translate("draft.drop"), throwAway]]);
  }

  function giveUp(draft) {
    others = others.filter((other) => other !== draft);
    noteWriting();
    if (others.length || changes || Object.keys(content().values).length) {
      saveNow();
      return;
    }
    dropDraft(form);
    throwing = tellThrownAway();
  }

  function offerToPutBack(draft, isSuperseded) {
    const text = translate(isSuperseded ? "draft.older" : "draft.beside", { time: formatTime(draft.at) });
    noteAbove(text, [
      [translate("draft.put_back"), () => {
        others = others.filter((other) => other !== draft);
        putBack(draft);
        onChange();
      }],
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
    (latest ? [latest] : []).concat(others).forEach((draft) => noteSeen(draft.seen));
    others.slice().reverse().forEach((draft) => offerToPutBack(draft, !fits(draft)));
    if (!isPutBack) return;
    putBack(latest);
    if (Object.keys(latest.values).length) offerToDiscard(latest); // files alone are not kept
  }

  form.addEventListener("input", onChange);
  form.addEventListener("change", onChange);
  form.addEventListener("submit", () => {
    if (!changes || changes === changesOnServer) return;
    saveNow();
  });
  window.addEventListener("pagehide", () => {
    window.clearTimeout(saveTimer);
    if (changedForms.has(form) && sentForm !== form && changes !== changesOnDevice) saveOnDevice(false);
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
    withStorage((storage) => storage.removeItem(draftKey(mark.dataset.draftDone)));
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
