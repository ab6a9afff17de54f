/* The page of the shell: its start, what one taps, what the phone says, and when to send and to fetch. */

import { onLoad } from "../app.js";
import { registerWorker } from "./app_update.js";
import { hideShell, showScreen } from "./dom.js";
import { flushForm, onFormSaved } from "./form_screen.js";
import {
  askToWipe, handKeyToWorker, lockAllPages, onUnlocked, showEntry, startFirstUse, submitNewPin, submitPin,
  watchOtherPages,
} from "./lock_screen.js";
import { exportOutbox } from "./outbox_export.js";
import { askToDiscard } from "./outbox_screen.js";
import { drawScreen } from "./router.js";
import { session } from "./session.js";
import { store } from "./shared_with_worker.js";
import { isSupported } from "./support.js";
import { loadSession, send, sendWhatIsDue, synchronize } from "./sync.js";

const SEND_EVERY = 30000; // milliseconds
const HAND_KEY_EVERY = 20000; // milliseconds: before the browser empties the worker's memory
const LOCK_AFTER = 10 * 60000; // milliseconds out of sight
let hiddenAt = 0;

/* Unlocked: show what is here at once, then see whether the network is. */
onUnlocked(async () => {
  const mine = (await store.locks()).find((lock) => lock.account === session.account);
  session.label = mine ? mine.label : "";
  await store.cleanUp(Date.now(), false);
  await loadSession();
  await drawScreen();
  synchronize(false);
});

async function requestBackgroundSync() {
  const registration = await navigator.serviceWorker.ready;
  if (registration.sync) await registration.sync.register("outbox");
}

onFormSaved((wasLeft, next) => {
  if (next && !wasLeft) location.replace(next);
  else if (location.hash === "#outbox") drawScreen();
  else if (!wasLeft) location.replace("#outbox");
  requestBackgroundSync().catch(() => {}); // it may be forbidden
  synchronize(false);
});

/* --- What one taps --- */

const BUTTONS = {
  "first": startFirstUse,
  "other": startFirstUse,
  "others": showEntry,
  "lock": lockAllPages,
  "forgot": (button) => askToWipe(button, "offline.forgot"),
  "wipe": (button) => askToWipe(button, "offline.wipe"),
  "send": () => synchronize(true),
  "drop": (button) => askToDiscard(button, drawScreen),
  "export": exportOutbox,
};
const FORMS = { "pin": submitPin, "new-pin": submitNewPin };

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-do]");
  const act = button && BUTTONS[button.dataset.do];
  if (act) act(button);
});
document.addEventListener("submit", async (event) => {
  const submit = FORMS[event.target.dataset.do];
  if (!submit) return;
  event.preventDefault();
  const button = event.target.querySelector("button.btn-primary");
  if (button.disabled) return;
  button.disabled = true; // a PIN takes a while: an eager second tap would count as a try
  try {
    await submit(event.target);
  } finally {
    button.disabled = false;
  }
});

/* --- What the phone says --- */

function isVisible() {
  return document.visibilityState === "visible";
}

/* Nothing may be awaited: the page may be going. */
function putAway() {
  flushForm();
  handKeyToWorker();
}

window.addEventListener("hashchange", drawScreen);
window.addEventListener("online", () => synchronize(false));
window.addEventListener("pagehide", putAway);
window.addEventListener("pageshow", (event) => { // out of the history: whose page it was may have locked it since
  if (!event.persisted) return;
  session.key = null; // else leaving would hand it on again
  hideShell();
  location.reload();
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") {
    hiddenAt = Date.now();
    putAway();
  } else if (session.key && hiddenAt && Date.now() - hiddenAt > LOCK_AFTER) {
    lockAllPages();
  } else {
    synchronize(false);
  }
});
window.setInterval(() => {
  if (isVisible()) sendWhatIsDue();
}, SEND_EVERY);
window.setInterval(() => {
  if (isVisible()) handKeyToWorker();
}, HAND_KEY_EVERY);

/* --- Start --- */

onLoad((root) => {
  if (root !== document) return; // a form that was put in
  document.querySelector(".phonenav").hidden = true;
  if (!isSupported()) {
    showScreen("none");
    return;
  }
  registerWorker().catch(() => {}); // the page works on; only the next start needs the network
  watchOtherPages();
  showEntry();
  send(false);
});
