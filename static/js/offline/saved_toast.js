/* What is said of what was just saved: that it lies on this phone and, as soon as the server has answered, what became
   of it. The older words go, however short a while they stood: they are true no more. */

import { showToast, translate } from "../app.js";
import { outboxRules } from "./shared_with_worker.js";

let told = []; // {ids, thing, arrived, notes, text, toast} of what the server has not settled yet

/* `items` of one form are in the outbox. `thing`: their name in a sentence; `saved`, `arrived`: the sentences; `notes`:
   what else there is to say of them, wherever they are. */
export function tellSaved(items, { thing, saved, arrived, notes }) {
  const text = [saved].concat(notes).join(" ");
  told.push({ ids: items.map((item) => item.id), thing, arrived, notes, text, toast: showToast(text) });
}

function wordsOf({ state, photos }, { thing, arrived, notes }) {
  if (state !== "sent") return translate("offline.settled", { thing, state: translate("offline.state." + state) });
  const main = photos ? translate("offline.photos_left", { thing, n: photos }) : arrived;
  return [main].concat(notes).join(" ");
}

/* `rows`: the outbox as it is now. */
export function tellWhatBecame(rows) {
  told = told.filter((one) => {
    const now = outboxRules.whatBecame(rows, one.ids);
    if (now.state === "saved") return true;
    const text = wordsOf(now, one);
    if (text !== one.text) {
      if (one.toast) one.toast.remove();
      one.toast = showToast(text, now.state === "sent" ? "" : "error");
      one.text = text;
    }
    return now.photos > 0;
  });
}
