/* What one has written isn't lost: <form data-draft="visit-new-<child>"> is kept on this device until it is sent, sealed
   by a key that the server gives to the writer alone, with each page (<body data-draft-key>): who has the device and is
   somebody else, or nobody, reads nothing. Never kept there: passwords, files, the csrf token.
   With data-draft-url the server keeps it too, sealed and with its secret fields, for the same person on any device;
   it survives a lost login. Each request says whose page this is: where somebody else has signed in since, in another
   tab, the server refuses, and what is written here stays on the device, for its writer.
   [data-draft-state] on the page says when. data-draft-done="key" on a later page clears it.
   data-guard alone only warns before one leaves. */

import { createElement, csrfToken, onLoad, translate } from "./app.js";

const PREFIX = "cwr-draft:";
const KEPT_FOR = 14 * 24 * 3600 * 1000; // milliseconds
const SAVE_DELAY = 600; // milliseconds after the last letter
const LONGEST_UNSAVED = 3000; // who writes without a pause is saved all the same
const SEND_DELAY = 2500;
const SENT_AT_SUBMIT = "cwr-draft-sent"; // of this tab: the key of the draft that went to the server with its form
const changedForms = new Set();
let sentForm = null; // the one that is on its way
let isOthers = false; // somebody else is signed in by now: the server's copies are that person's

export function draftKey(name) {
  return PREFIX + (document.body.dataset.user || "-") + ":" + name;
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

/* {name: [value]} of the fields for which `isWanted(field)`. */
function readValues(form, isWanted) {
  const values = {};
  writableFields(form).filter(isWanted).forEach((field) => {
    values[field.name] = values[field.name] || [];
    const list = values[field.name];
    if (isMultiple(field)) Array.from(field.selectedOptions).forEach((option) => list.push(option.value));
    else if (!isTick(field) || field.checked) list.push(field.value);
  });
  return values;
}

function restoreValues(form, values) {
  writableFields(form).forEach((field) => {
    const list = values[field.name];
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
function sealDraft(at, values, isSent) {
  const key = draftSealKey();
  if (!key) return "";
  const nonce = window.nacl.randomBytes(24);
  const box = window.nacl.secretbox(new TextEncoder().encode(JSON.stringify(values)), nonce, key);
  return JSON.stringify({ at, isSent, nonce: toBase64(nonce), box: toBase64(box) });
}

/* {at, isSent, values}, or null where it can't be opened: another's, or of a version before. */
function openDraft(text) {
  const { at, isSent, nonce, box } = JSON.parse(text) || {};
  const key = draftSealKey();
  const bytes = key && box ? window.nacl.secretbox.open(fromBase64(box), fromBase64(nonce), key) : null;
  return bytes ? { at, isSent, values: JSON.parse(new TextDecoder().decode(bytes)) } : null;
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

function withSession(action) {
  return attempt(() => action(window.sessionStorage));
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

/* The server's copy may be written after the form was taken and its draft dropped there: then it is dropped once more. */
function noteSent(form) {
  const { draft, draftUrl } = form.dataset;
  if (draftUrl) withSession((session) => session.setItem(SENT_AT_SUBMIT, JSON.stringify({ draft, draftUrl })));
}

function dropWhatWasSent(key) {
  const sent = withSession((session) => JSON.parse(session.getItem(SENT_AT_SUBMIT)));
  if (!sent || sent.draft !== key) return;
  withSession((session) => session.removeItem(SENT_AT_SUBMIT));
  sendToServer({ dataset: sent }, null);
}

/* What was written was sent, or is wanted no more. */
export function dropDraft(form) {
  withStorage((storage) => storage.removeItem(draftKey(form.dataset.draft)));
  changedForms.delete(form);
}

function offerToDiscard(form, time) {
  const note = createElement("p", "hint small mb-2");
  note.appendChild(createElement("span", "", translate("draft.found", { time: formatTime(time) }) + " "));
  const button = createElement("button", "btn btn-xs", translate("draft.drop"));
  button.type = "button";
  button.addEventListener("click", () => {
    dropDraft(form);
    if (form.dataset.draftUrl) sendToServer(form, null);
    form.reset();
    note.remove();
  });
  note.appendChild(button);
  form.insertBefore(note, form.firstChild);
}

/* Ask the server of its copies, as a page of the account that it was made for. Gives the answer. */
async function askServer(address, options) {
  const headers = Object.assign({ "X-Page-Account": document.body.dataset.account || "" }, options.headers);
  const answer = await fetch(address, Object.assign({ credentials: "same-origin" }, options, { headers }));
  isOthers = answer.status === 409;
  if (isOthers) showState(translate("draft.other_account"));
  return answer;
}

/* The server's copy: gives {at}, or null when it could not be kept. */
async function sendToServer(form, values) {
  try {
    const answer = await askServer(form.dataset.draftUrl, {
      method: "POST", redirect: "manual",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
      body: JSON.stringify({ key: form.dataset.draft, values }),
    });
    const isSignedOut = answer.type === "opaqueredirect" || answer.status === 403;
    if (isSignedOut) showState(translate("draft.signed_out"));
    return answer.ok ? await answer.json() : null;
  } catch (failed) {
    return null;
  }
}

async function fetchFromServer(form) {
  try {
    const address = form.dataset.draftUrl + "?key=" + encodeURIComponent(form.dataset.draft);
    const answer = await askServer(address, {});
    return answer.ok ? await answer.json() : {};
  } catch (failed) {
    return {};
  }
}

function storedDraft(key) {
  const draft = withStorage((storage) => openDraft(storage.getItem(key)));
  return draft && Date.now() - draft.at < KEPT_FOR ? draft : null;
}

/* The server's copy, unless one is writing already or the device's holds what the server never got. */
async function restoreFromServer(form, local) {
  const remote = await fetchFromServer(form);
  if (!remote.values || changedForms.has(form)) return;
  if (local && !local.isSent) return;
  restoreValues(form, remote.values);
  if (!local) offerToDiscard(form, remote.at);
}

function keepDraft(form) {
  const key = draftKey(form.dataset.draft);
  const cameBackWithErrors = form.querySelector(".field-bad, .errors"); // then what was sent stands in the form
  const local = cameBackWithErrors ? null : storedDraft(key);
  let saveTimer;
  let unsavedSince = 0;
  let sendTimer;
  let isReady = false; // putting values back is no writing
  let changes = 0;
  let changesOnServer = 0; // how many of them its copy has

  if (local) {
    restoreValues(form, local.values);
    offerToDiscard(form, local.at);
  }
  if (form.dataset.draftUrl && !cameBackWithErrors) restoreFromServer(form, local);

  function saveOnDevice(isSent) {
    const now = Date.now();
    window.clearTimeout(saveTimer);
    unsavedSince = 0;
    const text = sealDraft(now, readValues(form, isWritable), isSent);
    const saved = text && withStorage((storage) => {
      storage.setItem(key, text);
      return true;
    });
    if (saved && !isOthers) showState(translate("draft.saved", { time: formatTime(now) }));
  }

  async function saveOnServer() {
    window.clearTimeout(sendTimer);
    const sent = changes;
    const answer = await sendToServer(form, readValues(form, isWritable));
    if (!answer || !answer.at) return;
    changesOnServer = sent;
    if (sent === changes) saveOnDevice(true);
    showState(translate("draft.kept", { time: formatTime(answer.at) }));
  }

  function onChange() {
    if (!isReady) return;
    changes += 1;
    unsavedSince = unsavedSince || Date.now();
    const left = Math.max(0, unsavedSince + LONGEST_UNSAVED - Date.now());
    window.clearTimeout(saveTimer);
    saveTimer = window.setTimeout(saveOnDevice, Math.min(SAVE_DELAY, left), false);
    if (!form.dataset.draftUrl) return;
    window.clearTimeout(sendTimer);
    sendTimer = window.setTimeout(() => {
      if (sentForm !== form) saveOnServer();
    }, SEND_DELAY);
  }

  /* At once, while the page is there: what was written just before the form is sent, or came back refused. */
  function saveNow() {
    saveOnDevice(false);
    if (form.dataset.draftUrl) saveOnServer();
  }

  form.addEventListener("input", onChange);
  form.addEventListener("change", onChange);
  form.addEventListener("submit", () => {
    if (!changes || changes === changesOnServer) return;
    noteSent(form);
    saveNow();
  });
  window.addEventListener("pagehide", () => {
    window.clearTimeout(saveTimer);
    if (changedForms.has(form) && sentForm !== form && changes !== changesOnServer) saveOnDevice(false);
  });
  isReady = true;
  if (cameBackWithErrors) saveNow();
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
    dropWhatWasSent(mark.dataset.draftDone);
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
