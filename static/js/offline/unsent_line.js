/* The line above every screen: whether what was done has left the phone. Also while nobody is unlocked. */

import { createIcon, translate } from "../app.js";
import { slot } from "./dom.js";
import { session } from "./session.js";
import { outboxRules, store } from "./shared_with_worker.js";

/* `drafts`: how many of the account lie here. All accounts' items count: none is hidden behind another's login. */
export async function showUnsentCount(drafts) {
  const waiting = outboxRules.unsentCount(await store.outbox());
  const place = slot("line");
  const rest = drafts ? translate("offline.line.drafts", { n: drafts }) : translate("offline.line.all_sent");
  const count = waiting ? translate("offline.line.waiting", { n: waiting }) : rest;
  const network = session.isOffline ? translate("offline.line.offline") + " · " : "";
  place.textContent = "";
  if (!session.key && !waiting) return; // before the PIN there is nothing else to tell
  place.appendChild(createIcon(waiting ? "cloud-slash" : "cloud-check"));
  place.appendChild(document.createTextNode(" " + network + count));
}
