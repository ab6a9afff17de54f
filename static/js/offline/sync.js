/* Sending, fetching, and what the answers of both mean for this page. */

import { csrfToken, translate } from "../app.js";
import { showClock } from "./clock.js";
import { createLink, shellSettings, showNotice } from "./dom.js";
import { lockWithReason } from "./lock_screen.js";
import { readPayload } from "./outbox_items.js";
import { loadFiles, loadLastPull, pull } from "./pull.js";
import { refreshScreen } from "./router.js";
import { session } from "./session.js";
import { outboxRules, sender, store } from "./shared_with_worker.js";
import { forgetWhyHere } from "./why_here.js";

const ASK_EVERY = 300000; // milliseconds: a locked phone, whether it was lost
const DAY = 86400000; // milliseconds
const OLD = 3; // days without a pull
const TOO_OLD = 14;
const PROBLEM_OF_STATUS = { 401: "login", 403: "denied", 409: "account" };
const stoppedBy = { pull: "", send: "" }; // why the last of each ended early
let askedAt = 0;
let runningPull = null;
let nextPull = null; // after the running one

function senderOptions(isEager) {
  const { sync, version } = shellSettings();
  return {
    address: sync, app: version, eager: isEager, token: async () => csrfToken(), readPayload, onChange: refreshScreen,
  };
}

/* Send what is due; `isEager`: all of it. Through when nobody sends any more. */
export async function send(isEager) { // also while locked: what lies here is sealed to the server
  const end = await sender.run(senderOptions(isEager));
  if (end === "busy") { // the worker or another page sends
    await sender.whenThrough();
    await refreshScreen();
    return;
  }
  if (!session.key) await askForOrders();
  if (await obeyOrders()) return;
  await showProblem("send", end);
  await refreshScreen();
}

/* A locked phone fetches nothing; it still asks whether it was lost. */
async function askForOrders() {
  const locks = Date.now() - askedAt > ASK_EVERY ? await store.locks() : [];
  if (!locks.length) return;
  askedAt = Date.now();
  await sender.askForOrders(senderOptions(false), locks[0].account);
}

/* An order of the station: whoever reads here is put out. Gives whether there was one. */
async function obeyOrders() {
  const wiped = await sender.obeyOrders(senderOptions(false));
  if (!wiped.length) return false;
  await lockWithReason("ordered");
  return true;
}

/* Whose records wait here: who is unlocked, else whom the phone would ask for the PIN; "" after a wipe. */
async function ownerLabel() {
  if (session.label) return session.label;
  const lock = (await store.locks()).find((one) => one.account === session.account);
  return lock ? lock.label : "";
}

/* One line for both ways; what the fetching met says more. */
async function showProblem(way, why) {
  stoppedBy[way] = why;
  const end = stoppedBy.pull || stoppedBy.send;
  const name = await ownerLabel();
  const isOfNobody = end === "account" && !name;
  const text = end ? translate("offline.stop." + (isOfNobody ? "owner" : end), { name }) : "";
  const needsLogin = end === "login" || end === "account";
  const login = createLink(translate("offline.login"), shellSettings().login);
  showNotice("line", text, "warm", needsLogin ? login : null);
}

async function fetchAndShow() {
  if (!session.key) return;
  const result = await pull(session.account, session.key);
  if (result.status === "ended") {
    await leave();
    return;
  }
  if (await obeyOrders()) return;
  session.isOffline = result.status === 0;
  await showProblem("pull", PROBLEM_OF_STATUS[result.status] || "");
  if (result.status === 200) {
    forgetWhyHere();
    await loadSession();
  }
  await showClock();
  await refreshScreen();
}

function startPull() {
  nextPull = null;
  runningPull = fetchAndShow().finally(() => {
    runningPull = null;
  });
  return runningPull;
}

/* An answer under way was counted before what has been sent since: who asks meanwhile gets the one after it. */
function fetchFiles() {
  if (!runningPull && !nextPull) return startPull();
  if (!nextPull) nextPull = runningPull.then(startPull, startPull);
  return nextPull;
}

/* The post is over: nothing of its children stays here. What was not sent goes out sealed. */
async function leave() {
  await store.wipeAccount(session.account);
  await lockWithReason("ended");
}

/* Sending first: what the server then counts and lays out is in the pull. */
export async function synchronize(isEager) {
  await send(isEager);
  await fetchFiles();
}

/* Send what is due by now; the list is fetched when something of it went. */
export async function sendWhatIsDue() {
  const before = outboxRules.unsentCount(await store.outbox());
  await send(false);
  if (outboxRules.unsentCount(await store.outbox()) < before) await fetchFiles();
}

function showAge(days) {
  if (days > TOO_OLD) showNotice("age", translate("offline.too_old", { n: TOO_OLD }));
  else showNotice("age", days > OLD ? translate("offline.old", { n: days }) : "");
}

/* What lies here for whom is unlocked; a list that nobody renewed is deleted, for it may be wrong and the phone
   lost. */
export async function loadSession() {
  session.lastPull = await loadLastPull(session.account, session.key);
  const days = session.lastPull ? Math.floor((Date.now() - session.lastPull.pulled) / DAY) : 0;
  if (days > TOO_OLD) await store.deleteFiles(session.account);
  session.files = await loadFiles(session.account, session.key);
  showAge(days);
  await showClock();
}
