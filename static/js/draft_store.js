/* Where drafts (draft.js) lie: sealed in this device's storage, and with the server. */

import { csrfToken, translate } from "./app.js";

export const PREFIX = "cwr-draft:";
export const KEPT_FOR = 14 * 24 * 3600 * 1000; // milliseconds
const PATIENCE = 3000; // milliseconds for the server to say what it knows of a draft
let isOthers = false; // somebody else is signed in by now: the server's copies are that person's

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

export function toBase64(bytes) {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

/* The text that lies in the storage; "" without a key: then there is no draft on the device. */
export function sealDraft(at, content) {
  const key = draftSealKey();
  if (!key) return "";
  const nonce = window.nacl.randomBytes(24);
  const box = window.nacl.secretbox(new TextEncoder().encode(JSON.stringify(content)), nonce, key);
  return JSON.stringify({ at, nonce: toBase64(nonce), box: toBase64(box) });
}

/* {at, values, given, version, seen, others, servedAt}, or null where it can't be opened: another's, or of a version
   before. */
function openDraft(text) {
  const { at, nonce, box } = JSON.parse(text) || {};
  const key = draftSealKey();
  const bytes = key && box ? window.nacl.secretbox.open(fromBase64(box), fromBase64(nonce), key) : null;
  const content = bytes && JSON.parse(new TextDecoder().decode(bytes));
  return content && content.values ? Object.assign(content, { at }) : null;
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

export function storedDraft(key) {
  const draft = withStorage((storage) => openDraft(storage.getItem(key)));
  return draft && Date.now() - draft.at < KEPT_FOR ? draft : null;
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
export async function sendToServer(form, draft, since) {
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

/* {at, values, given, version, seen, others} of its copy, {dropped_at, seen} where the form was sent since, {} where it knows
   nothing, or can't be asked now. */
export async function fetchFromServer(form) {
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
