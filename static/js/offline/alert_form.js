/* The form of a mandatory report for form_screen.js: first the call, then what was seen. It goes before everything
   else in the outbox. */

import { createElement, translate } from "../app.js";
import { alertFieldValues, checkAlert, readAlert } from "./answers.js";
import { now } from "./clock.js";
import { isoTime, localMoment } from "./dates.js";
import { showStationCall } from "./dom.js";
import { createItem } from "./outbox_items.js";
import { session } from "./session.js";
import { outboxRules } from "./shared_with_worker.js";

function addChildren(select) {
  const orderOf = (file) => file.order || file.name; // a list of before the update has no order
  const files = session.files.slice().sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
  files.forEach((file) => {
    const option = createElement("option", "", file.name + " " + file.address);
    option.value = file.id;
    option.dataset.letters = file.letters || "";
    select.appendChild(option);
  });
}

/* The call is dialled by the phone; when it was is noted at the tap, whether it was answered she says. */
function noteTimeOfCall(form, onChange) {
  form.querySelectorAll('a[href="tel:110"]').forEach((link) => {
    link.addEventListener("click", () => {
      if (!form.elements.called_at.value) form.elements.called_at.value = localMoment(now());
      onChange();
    });
  });
}

/* `child`: an id, or "" where it is on no list. `row`: a report that was not taken. `situation`: with which it begins, from
   the urgent screen of an assessment. */
export function alertForm(child, row, situation) {
  const names = Object.fromEntries(session.files.map((file) => [file.id, file.name])); // the list may change meanwhile

  return {
    name: row ? outboxRules.draftOf(row) : "alert/" + child, screen: "alert", template: "alert-form",
    title: translate("offline.alert"), row, child,
    values: Object.assign({ child: [child] }, situation ? { situations: [situation] } : {}),
    names, photos: 0,
    sayings: () => ({
      thing: translate("offline.alert"), saved: translate("offline.alert_saved"),
      arrived: translate("offline.alert_arrived"), notes: [],
    }),
    prepare(form, onChange) {
      addChildren(form.elements.child);
      form.elements.found_at.value = localMoment(now());
      noteTimeOfCall(form, onChange);
      showStationCall(form);
    },
    read(entries) {
      return readAlert(entries, (text) => isoTime(new Date(text)));
    },
    check(answers) {
      return checkAlert(answers, now().getTime());
    },
    fieldValues(answers) {
      return alertFieldValues(answers, (text) => localMoment(new Date(text)));
    },
    async createItems(answers, _photos, id) {
      return [await createItem("alert", answers, { child: answers.child || "" }, names[answers.child] || "", id)];
    },
  };
}
