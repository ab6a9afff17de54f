/* A form has one draft, and one window at a time: who opens it last has it. The other window, a second tab or the
   browser beside the installed app, puts what was written and lets go. */

import { session } from "./session.js";

const PATIENCE = 2500; // milliseconds for the other window, which may be asleep; it put its draft when it was hidden
const channel = "BroadcastChannel" in window ? new BroadcastChannel("cwr-form") : null;
let letGo = () => {}; // told the lock that another window wants, or has taken
const heldLocks = new Set();

/* Call `handler()` when another window wants the form that is open here. */
export function onFormWanted(handler) {
  letGo = (lock) => {
    if (heldLocks.has(lock)) handler();
  };
}

if (channel) channel.addEventListener("message", (event) => letGo(event.data));

/* Once this window has the form `name`: how to let it go. */
export function takeForm(name) {
  const lock = "form\n" + session.account + "\n" + name;
  if (channel) channel.postMessage(lock);
  return new Promise((resolve) => {
    const abort = new AbortController();
    const timer = window.setTimeout(() => abort.abort(), PATIENCE);
    const hold = () => new Promise((release) => {
      window.clearTimeout(timer);
      heldLocks.add(lock);
      resolve(() => {
        heldLocks.delete(lock);
        release();
      });
    });
    const onLost = () => letGo(lock); // a third window had no patience either
    navigator.locks.request(lock, { signal: abort.signal }, hold).catch(() => {
      if (heldLocks.has(lock)) onLost();
      else navigator.locks.request(lock, { steal: true }, hold).catch(onLost);
    });
  });
}
