/* Where drafts (draft.js) lie: sealed in this device's storage, and with the server. */

import { csrfToken, translate } from "./app.js";

export const PREFIX = "cwr-draft:";
export const KEPT_FOR = 14 * 24 * 3600 * 1000; // milliseconds
const SENT = "cwr-draft-sent:"; // in this tab: what was sent with a form that is on its way
const PATIENCE = 3000; // milliseconds for the server to say what it knows of a draft
let isOthers = false; // somebody else is signed in by now: the server's copies are that person's

/* Of a form, by its name, for this person in this post; the drafts of its pages lie under this, # and the page. */
export function draftKey(name) {
  const { user, post } = document.body.dataset;
  return PREFIX + (user || "-") + ":" + (post || "-") + ":" + name;
}

export function showState(text) {
  document.querySelectorAll("[data-draft-state]").forEach((place) => {
    place.textContent = text;
  });
}

/* Whether somebody else is signed in by now, as the server said last. */
export function isOfSomebodyElse() {
  return isOthers;
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

/* A name that nothing else has. */
export function newPageName() {
  return toBase64(window.crypto.getRandomValues(new Uint8Array(9)));
}

/* What lies in the storage; "" without a key: then there is no draft on the device. */
function sealDraft(draft) {
  const key = draftSealKey();
  if (!key) return "";
  const { at, page, count } = draft;
  const nonce = window.nacl.randomBytes(24);
  const box = window.nacl.secretbox(new TextEncoder().encode(JSON.stringify(draft)), nonce, key);
  return JSON.stringify({ at, page, count, nonce: toBase64(nonce), box: toBase64(box) });
}

/* null where it can't be opened: another's, or of a version before. */
function openDraft(text) {
  const { page, nonce, box } = JSON.parse(text) || {};
  const key = draftSealKey();
  const bytes = key && page ? window.nacl.secretbox.open(fromBase64(box), fromBase64(nonce), key) : null;
  return bytes && JSON.parse(new TextDecoder().decode(bytes));
}

function attempt(action) { // private windows and full disks refuse: then there is simply no draft
  try {
    return action();
  } catch (refused) {
    return null;
  }
}

export function withStorage(action) {
  return attempt(() => action(window.localStorage));
}

/* The keys of the storage that begin so. */
function keysOf(storage, beginning) {
  return Object.keys(storage).filter((key) => key.indexOf(beginning) === 0);
}

/* Those of the form `key` that lie here, each {page, count, at, values, given, said, version, seen, pk, served_at}. */
export function storedDrafts(key) {
  const found = withStorage((storage) => keysOf(storage, key + "#").map((one) => {
    return attempt(() => openDraft(storage.getItem(one)));
  }));
  return (found || []).filter((draft) => draft && Date.now() - draft.at < KEPT_FOR);
}

/* The forms that this person has drafts of here, in this post, by their names. */
export function storedNames() {
  const beginning = draftKey("");
  const names = withStorage((storage) => keysOf(storage, beginning).map((key) => {
    return key.slice(beginning.length).split("#")[0];
  }));
  return Array.from(new Set(names || []));
}

/* Whether it lies here now; the drafts that are in it go. */
export function storeDraft(key, draft) {
  const text = sealDraft(draft);
  const isStored = text && withStorage((storage) => {
    storage.setItem(key + "#" + draft.page, text);
    return true;
  });
  if (isStored) removeStored(key, draft.seen, draft.page);
  return Boolean(isStored);
}

/* Of the drafts of the form `key` those that `seen`, {page: count}, has; not what their pages wrote since, and not that of
   the page `kept`. */
export function removeStored(key, seen, kept) {
  withStorage((storage) => Object.keys(seen).filter((page) => page !== kept).forEach((page) => {
    const draft = JSON.parse(storage.getItem(key + "#" + page));
    if (draft && draft.count <= seen[page]) storage.removeItem(key + "#" + page);
  }));
}

/* Drafts of this device older than KEPT_FOR go, whoever wrote them, and those of a version before. */
export function removeOld() {
  withStorage((storage) => keysOf(storage, PREFIX).forEach((key) => {
    const draft = attempt(() => JSON.parse(storage.getItem(key)));
    if (!draft || !draft.page || Date.now() - draft.at > KEPT_FOR) storage.removeItem(key);
  }));
}

/* --- What is on its way: the page that comes next, in this tab, hears by it what was sent --- */

export function noteSent(key, sent) {
  attempt(() => window.sessionStorage.setItem(SENT + key, JSON.stringify(sent)));
}

/* {page, seen} of what was sent last in this tab, or null. */
export function takeSent(key) {
  return attempt(() => {
    const sent = JSON.parse(window.sessionStorage.getItem(SENT + key));
    window.sessionStorage.removeItem(SENT + key);
    return sent;
  });
}

/* --- With the server --- */

/* Ask the server of its copies, as a page of the post that it was made for. Gives the answer. */
async function askServer(address, options) {
  const headers = Object.assign({ "X-Page-Post": document.body.dataset.post || "" }, options.headers);
  const answer = await fetch(address, Object.assign({ credentials: "same-origin" }, options, { headers }));
  isOthers = answer.status === 409;
  if (isOthers) showState(translate("draft.other_account"));
  return answer;
}

/* `content`: a draft to keep, or {dropped: {page: count}}. Gives the answer, {at} where it is kept, or null when it could
   not be told. */
export async function sendToServer(name, content) {
  try {
    const answer = await askServer(document.body.dataset.drafts, {
      method: "POST", redirect: "manual",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
      body: JSON.stringify(Object.assign({ key: name }, content)),
    });
    const isSignedOut = answer.type === "opaqueredirect" || answer.status === 403;
    if (isSignedOut) showState(translate("draft.signed_out"));
    return answer.ok ? await answer.json() : null;
  } catch (failed) {
    return null;
  }
}

/* {drafts, seen, dropped_at} as the server has them; of a server that can't be asked now, nothing. */
export async function fetchFromServer(name) {
  const abort = new AbortController();
  const timer = window.setTimeout(() => abort.abort(), PATIENCE);
  const nothing = { drafts: [], seen: {}, dropped_at: null };
  try {
    const address = document.body.dataset.drafts + "?key=" + encodeURIComponent(name);
    const answer = await askServer(address, { signal: abort.signal });
    return Object.assign(nothing, answer.ok ? await answer.json() : {});
  } catch (failed) {
    return nothing;
  } finally {
    window.clearTimeout(timer);
  }
}
