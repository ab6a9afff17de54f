/* The way in: first use, a new PIN, the PIN, forgotten PIN, another account. Needs no session and no network but
   at first.

   The data key is in this page's memory alone. So that the next page of the shell needs no PIN again, the leaving
   one hands it to the worker, whose memory the browser empties within half a minute without a page. */

import { createElement, translate } from "../app.js";
import { askFirst } from "../confirm_dialog.js";
import { fillSlots, shellSettings, showNotice, showScreen, slot } from "./dom.js";
import { createLock, unlock } from "./pin_keys.js";
import { requestPull, savePull } from "./pull.js";
import { session } from "./session.js";
import { outboxRules, store } from "./shared_with_worker.js";
import { showUnsentCount } from "./unsent_line.js";
import { showWhyHere } from "./why_here.js";

const ANSWER_TIMEOUT = 1000; // milliseconds for the worker
const UP = "01234567890";
const DOWN = "09876543210";
const FIRST_PROBLEMS = { 0: "offline.first.offline", 403: "offline.first.denied" }; // by status

const otherPages = window.BroadcastChannel ? new BroadcastChannel("registry-lock") : null;
let registration = null; // of the worker
let firstPull = null; // of an account that has no PIN here yet
let afterUnlocking = async () => {};

/* Call `handler()` when somebody is unlocked. */
export function onUnlocked(handler) {
  afterUnlocking = handler;
}

/* --- The key in the worker's memory --- */

async function activeWorker() { // the first page has no controller: the worker is asked where it is registered
  registration = await navigator.serviceWorker.getRegistration();
  return registration && registration.active;
}

/* The next page of the shell gets the key from the worker's memory. */
export function handKeyToWorker() { // nothing is awaited here: the page may be going
  if (!session.key || !registration || !registration.active) return;
  registration.active.postMessage({ type: "hold", account: session.account, key: session.key });
}

/* {account, key} that a page before this one handed over, or null. */
async function keyFromWorker() {
  const worker = await activeWorker();
  if (!worker) return null;
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = (event) => resolve(event.data);
    worker.postMessage({ type: "ask" }, [channel.port2]);
    window.setTimeout(resolve, ANSWER_TIMEOUT, null);
  });
}

export function watchOtherPages() {
  if (otherPages) {
    otherPages.onmessage = ({ data }) => {
      if (session.key && data.keep !== session.account) lockThisPage();
    };
  }
  navigator.serviceWorker.ready.then((ready) => {
    registration = ready;
    handKeyToWorker();
  });
}

/* --- Lock --- */

/* All pages of the shell on this phone: one that stayed open would hand the key on. */
export function lockAllPages() {
  if (otherPages) otherPages.postMessage({ keep: "" });
  return lockThisPage();
}

async function lockThisPage() {
  session.key = null; // first, and before anything is awaited: leaving would hand it to the worker again
  const worker = await activeWorker();
  if (worker) worker.postMessage({ type: "drop" });
  location.replace(location.pathname); // nothing of what was shown stays in memory
}

/* Locked by the station, and told why on the next screen: `why` ended or ordered. */
export async function lockWithReason(why) {
  await store.put("meta", { name: "told", value: why, v: 1 });
  return lockAllPages();
}

async function showReason() {
  const told = await store.get("meta", "told");
  if (!told) return;
  showNotice("told", translate("offline.told." + told.value), "danger");
  await store.transact(["meta"], (tx) => tx.store.delete("told"));
}

/* --- Unlock --- */

/* The pages with a network hand a visit on to this app where it is set up for the same account (send_online.js). */
function tellPages(account) {
  try {
    localStorage.setItem("cwr-offline", account);
  } catch (refused) {
    // then they keep the visit on their own page
  }
}

async function enter(account, key) {
  session.account = account;
  session.key = key;
  await store.put("meta", { name: "last", value: account, v: 1 });
  tellPages(account);
  handKeyToWorker();
  await afterUnlocking();
}

function showProblem(part, text) {
  slot("problem", part).textContent = text;
}

/* Ask for the PIN of `account`; the other accounts of this phone stand below. */
async function askPin(account) {
  const locks = await store.locks();
  const mine = locks.find((lock) => lock.account === account) || locks[0];
  const part = showScreen("pin");
  const others = slot("others", part);
  session.account = mine.account;
  fillSlots("whose", translate("offline.pin.of", { name: mine.label }), part);
  showProblem(part, "");
  others.textContent = "";
  locks.forEach((lock) => {
    if (lock === mine) return;
    const button = createElement("button", "btn btn-sm", translate("offline.pin.of", { name: lock.label }));
    button.addEventListener("click", () => askPin(lock.account));
    others.appendChild(button);
  });
  part.querySelector("input").value = "";
  part.querySelector("input").focus();
}

export async function submitPin(form) {
  const account = session.account;
  const field = form.elements.pin;
  const result = await unlock(account, field.value);
  field.value = "";
  if (result.key) return enter(account, result.key);
  if (result.left > 0) return showProblem(form, translate("offline.pin.wrong", { n: result.left }));
  showNotice("pin", translate("offline.pin.wiped"), "danger");
  return showEntry();
}

/* --- First use --- */

/* Without a PIN here: the account that is signed in now decides. */
export async function startFirstUse() {
  const part = showScreen("first");
  const locks = await store.locks();
  part.querySelector('[data-do="others"]').hidden = !locks.length;
  const answer = await requestPull("", "");
  if (answer.status === 200) return askNewPin(answer.body);
  const problem = FIRST_PROBLEMS[answer.status];
  return showProblem(part, problem ? translate(problem) : "");
}

async function askNewPin(body) {
  const isKnown = (await store.locks()).some((lock) => lock.account === body.account);
  if (isKnown) return askPin(body.account);
  firstPull = body;
  return showScreen("new-pin").querySelector("input").focus();
}

function isTooPlain(pin) {
  const isOneDigit = /^(\d)\1*$/.test(pin);
  return isOneDigit || UP.indexOf(pin) >= 0 || DOWN.indexOf(pin) >= 0;
}

function pinProblem(pin, again) {
  const shortest = Number(shellSettings().pinShortest);
  if (pin.length < shortest) return translate("offline.pin.short", { n: shortest });
  if (isTooPlain(pin)) return translate("offline.pin.plain");
  return pin === again ? "" : translate("offline.pin.differ");
}

export async function submitNewPin(form) {
  const pin = form.elements.pin.value;
  const problem = pinProblem(pin, form.elements.again.value);
  showProblem(form, problem);
  if (problem) return;
  const account = firstPull.account;
  const key = await createLock(account, firstPull.name + " " + firstPull.unit, pin);
  await savePull(firstPull, key);
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist(); // may say no: go on
  form.reset();
  await enter(account, key);
}

/* --- Wipe, and the start --- */

async function unsentCount(account) {
  const rows = await store.outbox();
  return outboxRules.unsentCount(rows.filter((row) => row.account === account));
}

/* Forgotten or to be taken off this phone: what was not sent keeps its envelope for the server. `question`: a
   word's key. */
export async function askToWipe(button, question) {
  button.dataset.confirm = translate(question, { n: await unsentCount(session.account) });
  askFirst(button, async () => {
    await store.wipeAccount(session.account);
    lockAllPages();
  });
}

/* What stands between whoever opens the page and its content. */
export async function showEntry() {
  await showUnsentCount(0); // a draft can't be seen before it is known whose
  showWhyHere();
  await showReason();
  const locks = await store.locks();
  if (!locks.length) return startFirstUse();
  const handed = await keyFromWorker();
  const last = await store.get("meta", "last");
  // The key of an account that was wiped meanwhile opens nothing.
  if (handed && locks.some((lock) => lock.account === handed.account)) return enter(handed.account, handed.key);
  return askPin(last ? last.value : locks[0].account);
}
