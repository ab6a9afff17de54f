/* A form has one draft, and one window at a time: who opens it last has it. The other window, a second tab or the
   browser beside the installed app, puts what was written and lets go. Where it is asleep the form is taken from it: it
   put its draft when it was hidden, and writes nothing more. */

import { session } from "./session.js";

const PATIENCE = 2500; // milliseconds for the other window to say that it is awake
const LONGEST = 30000; // milliseconds for it to end what is under way: a photo, a save
const channel = "BroadcastChannel" in window ? new BroadcastChannel("cwr-form") : null;
const heldLocks = new Set();
let letGo = () => {};

function tell(said, lock) {
  if (channel) channel.postMessage({ said, lock });
}

function onMessage(handler) {
  if (channel) channel.addEventListener("message", (event) => handler(event.data));
}

/* Call `handler(isLost)` when another window wants the form that is open here, or has taken it (`isLost`). */
export function onFormWanted(handler) {
  letGo = handler;
}

onMessage(({ said, lock }) => {
  if (said !== "wanted" || !heldLocks.has(lock)) return;
  tell("awake", lock);
  letGo(false);
});

/* Once this window has the form `name`: how to let it go. */
export function takeForm(name) {
  const lock = "form\n" + session.account + "\n" + name;
  return new Promise((resolve) => {
    const abort = new AbortController();
    let isWaiting = true;
    let timer = window.setTimeout(() => abort.abort(), PATIENCE);
    const hold = () => new Promise((release) => {
      window.clearTimeout(timer);
      isWaiting = false;
      heldLocks.add(lock);
      resolve(() => {
        heldLocks.delete(lock);
        release();
      });
    });
    const onTaken = () => {
      if (heldLocks.delete(lock)) letGo(true);
    };
    onMessage((message) => {
      if (!isWaiting || message.said !== "awake" || message.lock !== lock) return;
      window.clearTimeout(timer);
      timer = window.setTimeout(() => abort.abort(), LONGEST);
    });
    navigator.locks.request(lock, { signal: abort.signal }, hold).catch(() => {
      if (isWaiting) navigator.locks.request(lock, { steal: true }, hold).catch(onTaken);
      else onTaken();
    });
    tell("wanted", lock);
  });
}
