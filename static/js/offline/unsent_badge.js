/* On the pages with a network: registers the worker, and says how many visits of this phone have not left it.
   <a data-offline data-worker="/sw.js"> with [data-slot=count] in it; [data-offline-none] shows where it can't work. */

import { onLoad, translate } from "../app.js";
import { outboxRules, store } from "./shared_with_worker.js";
import { isSupported } from "./support.js";

/* Asking for the outbox would create the database on every phone that only looks. */
async function wasUsedHere() {
  if (!indexedDB.databases) return true; // an older browser does not tell
  const databases = await indexedDB.databases();
  return databases.some((one) => one.name === store.DATABASE);
}

async function showUnsentCount(place) {
  if (!await wasUsedHere()) return;
  const waiting = outboxRules.unsentCount(await store.outbox());
  place.textContent = waiting ? translate("offline.waiting", { n: waiting }) : "";
  place.hidden = !waiting;
}

onLoad((root) => {
  const badge = root.querySelector("[data-offline]");
  if (!badge) return;
  if (!isSupported()) {
    badge.hidden = true;
    document.querySelector("[data-offline-none]").hidden = false;
    return;
  }
  if (badge.dataset.worker) {
    navigator.serviceWorker.register(badge.dataset.worker, { updateViaCache: "none" }).catch(() => {});
  }
  showUnsentCount(badge.querySelector("[data-slot=count]")).catch(() => {});
});
