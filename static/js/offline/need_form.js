/* The form of a need for form_screen.js. */

import { translate } from "../app.js";
import { now } from "./clock.js";
import { isoDay, shortDate } from "./dates.js";
import { slot } from "./dom.js";
import { checkNeed, needFieldValues, readNeed } from "./need_answers.js";
import { createItem } from "./outbox_items.js";
import { session } from "./session.js";
import { outboxRules } from "./shared_with_worker.js";

function today() {
  return isoDay(now());
}

/* The open need of the same kind that the phone knows of. */
function sameOpen(child, kind) {
  const held = (session.lastPull && session.lastPull.needs) || [];
  return held.find((need) => need.child === child && need.kind === kind);
}

/* Whether it is another matter is asked where there may be one already: by this phone's list, or as the server said. */
function askWhetherAnother(form, child, row) {
  const card = slot("another", form);
  const wasRefused = Boolean(row && row.errors && row.errors.anyway);
  form.addEventListener("change", () => {
    const same = sameOpen(child, form.elements.kind.value);
    card.hidden = !(same || wasRefused);
    form.elements.anyway.disabled = card.hidden;
    const words = same && { kind: same.kind_label, day: shortDate(same.due_on) };
    slot("same", card).textContent = same ? translate("offline.same_need", words) : "";
  });
}

/* `row`: a need that was not taken. */
export function needForm(file, row) {
  const thing = translate("offline.need_of", { name: file.name });
  return {
    name: row ? outboxRules.draftOf(row) : "need/" + file.id, screen: "need", template: "need-form",
    title: translate("offline.record_need", { name: file.name }), facts: file.address, row, child: file.id,
    names: { [file.id]: file.name }, photos: 0,
    sayings: () => ({
      thing, saved: translate("offline.saved", { thing }), arrived: translate("offline.arrived", { thing }), notes: [],
    }),
    prepare(form) {
      form.elements.found_on.value = today();
      form.elements.found_on.max = today();
      form.querySelector('[data-do="danger"]').href = "#alert/" + file.id;
      askWhetherAnother(form, file.id, row);
    },
    read: readNeed,
    check(answers) {
      const wrong = checkNeed(answers, today());
      if (!answers.anyway && sameOpen(file.id, answers.kind)) wrong.anyway = "offline.another_need";
      return wrong;
    },
    fieldValues: needFieldValues,
    async createItems(answers, _photos, id) {
      const clear = { child: file.id };
      return [await createItem("need", Object.assign({ child: file.id }, answers), clear, file.name, id)];
    },
  };
}
