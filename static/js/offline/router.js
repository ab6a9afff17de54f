/* Screens by the address's hash: #today, #today/{why} where the worker led here for want of a network, #outbox,
   #visit/{child}, #returned/{visit}, #assess/{child}, #need/{child}, #alert/{child}, or #alert/{child}/{situation} from
   the urgent screen of an assessment, and #item/{id} for what was not taken. */

import { showToast, translate } from "../app.js";
import { alertForm } from "./alert_form.js";
import { assessmentForm } from "./assessment_form.js";
import { fillSlots, showScreen, shownScreen, slot } from "./dom.js";
import { keptDrafts } from "./drafts.js";
import { leaveForm, openForm } from "./form_screen.js";
import { takeHandedOn } from "./handed_on.js";
import { askedOfChild } from "./instruments.js";
import { needForm } from "./need_form.js";
import { drawOutbox } from "./outbox_screen.js";
import { tellWhatBecame } from "./saved_toast.js";
import { fileOf, returnedVisit, session } from "./session.js";
import { outboxRules, store } from "./shared_with_worker.js";
import { drawToday } from "./today_screen.js";
import { showUnsentCount } from "./unsent_line.js";
import { newVisitForm, returnedVisitForm } from "./visit_form.js";
import { showWhyHere } from "./why_here.js";

const FORMS = /^(visit|item|returned|alert|assess|need)$/;

export async function drawScreen() {
  if (!session.key) return;
  if (!await leaveForm()) return;
  const rows = await store.outbox();
  const [screen, id, situation] = (location.hash || "#today").slice(1).split("/");
  await showUnsentCount((await keptDrafts()).length);
  if (FORMS.test(screen)) {
    openFormAt(screen, id, rows, situation);
    return;
  }
  const name = screen === "outbox" ? "outbox" : "today";
  fillSlots("bar", document.querySelector('.phonenav a[href="#' + name + '"]').textContent.trim());
  const part = showScreen(name);
  showWhyHere();
  if (name === "outbox") await drawOutbox(part, rows);
  else drawToday(part, rows);
}

/* The same screen with what is new, where the reader stands. A form is left alone. */
export async function refreshScreen() {
  if (!session.key) {
    await showUnsentCount(0);
    return;
  }
  const rows = await store.outbox();
  const part = shownScreen();
  tellWhatBecame(rows);
  await showUnsentCount((await keptDrafts()).length);
  if (part.dataset.screen === "outbox") await drawOutbox(part, rows);
  if (part.dataset.screen === "today") drawToday(part, rows);
}

function openFormAt(screen, id, rows, situation) {
  const definition = formAt(screen, id, rows, situation);
  if (definition) {
    openForm(definition);
    return;
  }
  if (takeHandedOn()) showToast(translate("offline.not_here"), "error");
  location.replace("#today");
}

/* The form's definition; null where what it is about is not here. */
function formAt(screen, id, rows, situation) {
  const row = screen === "item" ? rows.find((one) => one.id === id) : null;
  if (screen === "item" && !row) return null;
  if (!session.lastPull) return null;
  const kind = row ? row.kind : screen;
  if (kind === "alert") return alertForm(row ? row.child : id || "", row, situation);
  if (kind === "returned" || kind === "correction") {
    const entry = returnedVisit(row ? row.visit : id);
    return entry ? returnedVisitForm(entry, row) : null;
  }
  const file = fileOf(row ? row.child : id);
  if (kind === "assess" || kind === "assessment") return askedOfChild(file) ? assessmentForm(file, row) : null;
  if (kind === "need") return file && file.need ? needForm(file, row) : null;
  return file ? newVisitForm(file, row) : null;
}
