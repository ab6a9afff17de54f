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
   knows. Else it is offered, and nothing is put into the form unasked. */

import { createElement, csrfToken, onLoad, translate } from "./app.js";

const PREFIX = "cwr-draft:";
const KEPT_FOR = 14 * 24 * 3600 * 1000; // milliseconds
const SAVE_DELAY = 600; // milliseconds after the last letter
const LONGEST_UNSAVED = 3000; // who writes without a pause is saved all the same
const SEND_DELAY = 2500;
const SHANGHAI = 8 * 3600 * 1000; // milliseconds before UTC
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

/* {at, isSent, values, given, version, servedAt}, or null where it can't be opened: another's, or of a version before. */
function openDraft(text) {
  const { at, isSent, nonce, box } = JSON.parse(text) || {};
  const key = draftSealKey();
  const bytes = key && box ? window.nacl.secretbox.open(fromBase64(box), fromBase64(nonce), key) : null;
  const content = bytes && JSON.parse(new TextDecoder().decode(bytes));
  return content && content.values ? { at, isSent, ...content } : null;
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

/* The server's copy: gives {at}, or null when it could not be kept. Without a draft the server's copy is dropped. */
async function sendToServer(form, draft) {
  try {
    const { values, given, version } = draft || { values: null };
    const content = { key: form.dataset.draft, values, given, version, served_at: servedAt() };
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

/* {at, values, given, version} of its copy, {dropped_at} where the form was sent since, {} where it knows nothing, or can't be
   asked now. */
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

/* The draft that counts, of the device's and the server's: {at, values, given, fits}, or null. `fits`: nothing that it
   was written over has changed. Of what the server had and was sent or thrown away since, on whatever device, nothing
   is left; what it never got is still its writer's. */
function chooseDraft(form, local, remote) {
  const wasDroppedSince = Boolean(local && remote.dropped_at && local.servedAt <= remote.dropped_at);
  const mine = local && !(wasDroppedSince && local.isSent) ? local : null;
  const draft = remote.values && !(mine && !mine.isSent) ? remote : mine;
  const isAsThen = Boolean(draft) && draft.version === versionOf(form) && isGivenAsThen(form, draft);
  return draft && Object.assign({}, draft, { fits: isAsThen && !wasDroppedSince });
}

function keepDraft(form) {
  const key = draftKey(form.dataset.draft);
  const isKeptByServer = "draftKept" in form.dataset;
  const cameBackWithErrors = form.querySelector(".field-bad, .errors"); // then what was sent stands in the form
  const local = storedDraft(key);
  const touched = new Set(); // names of the fields that its writer wrote in
  const givenBefore = {}; // of fields in which this page gives what was written: what the one before gave
  let saveTimer;
  let unsavedSince = 0;
  let sendTimer;
  let isRestoring = false; // putting values back is no writing
  let changes = 0;
  let changesOnServer = 0; // how many of them its copy has

  function content() {
    writableFields(form).filter((field) => isAltered(field) || isOfToday(field)).forEach(({ name }) => touched.add(name));
    const given = Object.assign(readValues(form, touched, valuesGiven), givenBefore);
    writableFields(form).filter(isOfToday).forEach(({ name }) => delete given[name]); // on another day it is another
    return { values: readValues(form, touched, valuesNow), given, version: versionOf(form), servedAt: servedAt() };
  }

  /* A form that came back refused gives what was sent: only its draft tells what of that was written. */
  function takeOver() {
    const names = local ? Object.keys(local.values) : writableFields(form).map((field) => field.name);
    names.forEach((name) => touched.add(name));
    Object.assign(givenBefore, local ? local.given : {});
  }

  function saveOnDevice(isSent) {
    const now = Date.now();
    window.clearTimeout(saveTimer);
    unsavedSince = 0;
    const text = sealDraft(now, content(), isSent);
    const saved = text && withStorage((storage) => {
      storage.setItem(key, text);
      return true;
    });
    if (saved && !isOthers) showState(translate("draft.saved", { time: formatTime(now) }));
  }

  async function saveOnServer() {
    window.clearTimeout(sendTimer);
    const sent = changes;
    const answer = await sendToServer(form, content());
    if (!answer || !answer.at) return;
    changesOnServer = sent;
    if (sent === changes) saveOnDevice(true);
    showState(translate("draft.kept", { time: formatTime(answer.at) }));
  }

  function onChange() {
    if (isRestoring) return;
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

  function throwAway() {
    window.clearTimeout(saveTimer);
    window.clearTimeout(sendTimer);
    changes = 0;
    changesOnServer = 0;
    touched.clear();
    Object.keys(givenBefore).forEach((name) => delete givenBefore[name]);
    dropDraft(form);
    sendToServer(form, null); // copies on other devices are old from now on
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
    noteAbove(text, [[translate("draft.drop"), () => {
      throwAway();
      isRestoring = true;
      form.reset();
      isRestoring = false;
    }]]);
  }

  function offerToPutBack(draft) {
    const text = translate(draft.fits ? "draft.beside" : "draft.older", { time: formatTime(draft.at) });
    noteAbove(text, [
      [translate("draft.put_back"), () => {
        putBack(draft);
        onChange();
      }],
      [translate("draft.discard"), throwAway],
    ]);
  }

  async function findDraft() {
    const draft = chooseDraft(form, local, await fetchFromServer(form));
    if (!draft) {
      if (local && !changes) withStorage((storage) => storage.removeItem(key)); // sent from elsewhere
    } else if (draft.fits && !changes) {
      putBack(draft);
      if (Object.keys(draft.values).length) offerToDiscard(draft); // files alone are not kept
    } else {
      offerToPutBack(draft);
    }
  }

  form.addEventListener("input", onChange);
  form.addEventListener("change", onChange);
  form.addEventListener("submit", () => {
    if (!changes || changes === changesOnServer) return;
    saveNow();
  });
  window.addEventListener("pagehide", () => {
    window.clearTimeout(saveTimer);
    if (changedForms.has(form) && sentForm !== form && changes !== changesOnServer) saveOnDevice(false);
  });
  if (cameBackWithErrors) {
    takeOver();
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
