/* The outbox as the director sees it: each item's true state, never better than the receipt says. */

import { createElement, translate } from "../app.js";
import { askFirst } from "../confirm_dialog.js";
import { visitField, visitFieldValues } from "./answers.js";
import { shortDate } from "./dates.js";
import { cloneTemplate, createChip, fillSlots, replaceIfChanged, showStationCall, slot, visitQuestions } from "./dom.js";
import { draftAddress, keptDrafts, loadDraft } from "./drafts.js";
import { readAnswers } from "./outbox_items.js";
import { loadPhotos, smallPhoto } from "./photos.js";
import { fileOf, returnedVisit, session } from "./session.js";
import { outboxRules, store } from "./shared_with_worker.js";
import { answerText, blankForm, fieldLabel, writtenLines } from "./written.js";

const TONES = {
  saved: "warm", sending: "brand", sent: "ok", conflict: "danger", refused: "danger", gone: "danger", returned: "warm",
};

function childName(child) {
  const file = fileOf(child);
  return file ? file.name : translate("offline.unknown");
}

/* --- Words of a row --- */

/* A conflict over a visit that still waits for its correction: it can be saved again on the newer version. */
function isStillReturned(row) {
  return Boolean(row.server) && row.server.state === "returned";
}

/* Why the station sent back this visit, which had been delivered. */
function returnedReason(row) {
  const entry = row.kind === "visit" && returnedVisit(row.id);
  return entry ? entry.reason : "";
}

function shownState(row) {
  return row.state === "sent" && returnedReason(row) ? "returned" : row.state;
}

function explanation(row, state) {
  if (state === "returned") return returnedReason(row);
  if (row.kind === "alert" && state === "saved") return translate("offline.tell.alert");
  if (state === "saved" && row.tries) return translate("offline.tell.waiting", { n: row.tries });
  if (state === "conflict" && !isStillReturned(row)) return translate("offline.tell.done_elsewhere");
  return state === "sent" || state === "sending" ? "" : translate("offline.tell." + state);
}

function title(row, answers) {
  const words = (answers && answers.child_words) || "";
  const name = row.child ? childName(row.child) : words;
  if (row.kind === "alert") return [translate("offline.alert"), name].join(" ");
  if (row.kind === "photo") return [name, translate("offline.photo")].join(" ");
  return name + (answers ? " " + shortDate(answers.visited_on) : "");
}

/* The blank form of a kind, for the names of its fields and answers. */
function formOf(kind) {
  return blankForm(kind === "alert" ? "alert-form" : "visit-form");
}

/* The field at which a fault stands in the form; "" where there is none: a key of the server's says nothing. */
function faultLabel(row, name) {
  const field = row.kind === "alert" ? name : visitField(name, visitQuestions());
  const label = field ? fieldLabel(formOf(row.kind), field) : "";
  return label === field ? "" : label;
}

/* Where both sides of a conflict differ, each with its value. */
function differences(row, answers) {
  const theirs = row.server && row.server.answers;
  if (!theirs) return [];
  const mine = answers || {};
  const blank = formOf(row.kind);
  const texts = [];
  Object.keys(Object.assign({}, theirs, mine)).forEach((name) => {
    const both = { mine: answerText(blank, name, mine[name]), theirs: answerText(blank, name, theirs[name]) };
    const label = fieldLabel(blank, name);
    const isQuestion = label !== name; // ids and counts have no field
    if (isQuestion && both.mine !== both.theirs) texts.push(label + "：" + translate("offline.both", both));
  });
  return texts;
}

function faults(row, answers) {
  const texts = [];
  Object.keys(row.errors || {}).forEach((name) => {
    const label = faultLabel(row, name);
    [].concat(row.errors[name]).forEach((text) => texts.push(label ? label + "：" + text : text));
  });
  return row.state === "conflict" ? texts.concat(differences(row, answers)) : texts;
}

/* --- Cards --- */

/* Whether what a row is about is still here: a report of danger always, a visit while the child is on this phone's list,
   a correction until the visit was completed elsewhere. */
function hasForm(row) {
  if (row.kind === "correction") return Boolean(returnedVisit(row.visit));
  return row.kind === "alert" || Boolean(fileOf(row.child));
}

/* What was not taken and can't be mended here any more, to be copied: as it was last written. */
async function showWritten(card, row, answers) {
  const draft = await loadDraft(outboxRules.draftOf(row)).catch(() => null);
  const values = draft ? draft.values : visitFieldValues(answers, visitQuestions());
  fillSlots("tell", translate("offline.tell.item_over"), card);
  writtenLines(formOf(row.kind), values, draft && draft.names).forEach((text) => {
    slot("errors", card).appendChild(createElement("li", "", text));
  });
  (await loadPhotos(draft, row)).forEach((photo, i) => slot("photos", card).appendChild(smallPhoto(photo, i)));
}

/* What was not taken can be mended while it can be read; what moved on elsewhere only be put away. */
function canBeMended(row, answers) {
  if (!answers || row.kind === "photo" || !hasForm(row)) return false;
  return row.state === "refused" || (row.state === "conflict" && isStillReturned(row));
}

function canBeDiscarded(row) {
  return row.state === "refused" || row.state === "conflict";
}

function itemCard(row, answers, photos) {
  const card = cloneTemplate("item-card");
  const state = shownState(row);
  const editLink = slot("edit", card);
  const discardButton = slot("drop", card);
  const list = slot("errors", card);
  const stateText = translate("offline.state." + state, { receipt: row.receipt });
  card.querySelector("article").dataset.item = row.id;
  fillSlots("name", title(row, answers), card);
  slot("state", card).appendChild(createChip(stateText, TONES[state]));
  fillSlots("tell", explanation(row, state), card);
  if (photos.length) {
    const sent = photos.filter(outboxRules.isDelivered).length;
    fillSlots("photos", translate("offline.photos", { n: photos.length, sent }), card);
  }
  faults(row, answers).forEach((text) => list.appendChild(createElement("li", "tone-danger", text)));
  editLink.href = "#item/" + row.id;
  discardButton.dataset.item = row.id;
  if (!canBeMended(row, answers)) editLink.remove();
  if (!canBeDiscarded(row)) discardButton.remove();
  return card;
}

function draftTitle(name) {
  const [kind, id] = name.split("/"); // a visit's has one part, the child's id
  if (kind === "alert") return [translate("offline.alert"), id ? childName(id) : ""].join(" ");
  if (kind !== "returned") return childName(kind);
  const entry = returnedVisit(id);
  return entry ? entry.name : translate("offline.correction");
}

/* Whether the form of a draft can still be opened: a report of danger always, a visit while the child is on this
   phone's list, a correction until the visit was completed elsewhere. */
function canBeOpened(name) {
  const [kind, id] = name.split("/");
  if (kind === "alert") return true;
  if (kind === "item") return false;
  return Boolean(kind === "returned" ? returnedVisit(id) : fileOf(kind));
}

async function draftCard(draft) {
  const card = cloneTemplate("item-card");
  const dropButton = slot("drop", card);
  const written = await loadDraft(draft.child).catch(() => null); // one that can't be read keeps no other from being shown
  const known = written && !fileOf(written.child) && written.names[written.child]; // the list has the name no more
  fillSlots("name", known || draftTitle(draft.child), card);
  slot("state", card).appendChild(createChip(translate("offline.state.draft"), "outline"));
  dropButton.dataset.draft = draft.child;
  if (canBeOpened(draft.child)) {
    slot("edit", card).href = draftAddress(draft.child);
    return card;
  }
  slot("edit", card).remove();
  fillSlots("tell", translate("offline.tell.draft_over"), card);
  if (!written) return card;
  const list = slot("errors", card);
  const lines = writtenLines(blankForm(written.template), written.values, written.names);
  lines.forEach((text) => list.appendChild(createElement("li", "", text)));
  (await loadPhotos(written)).forEach((photo, i) => slot("photos", card).appendChild(smallPhoto(photo, i)));
  return card;
}

/* A photo stands with its visit, or by itself where something is the matter with it. */
function hasOwnCard(row, rows) {
  return row.kind !== "photo" || row.state === "refused" || !rows.some((one) => one.id === row.after);
}

/* A report of danger that lies here has told nobody yet. */
function warnOfUnsentAlerts(part, rows) {
  const warning = slot("untold", part);
  warning.hidden = !rows.some((row) => row.kind === "alert" && !outboxRules.isFinal(row));
  showStationCall(warning);
}

/* `rows`: the outbox. */
export async function drawOutbox(part, rows) {
  const mine = rows.filter((row) => row.account === session.account);
  const mended = mine.map(outboxRules.draftOf); // these stand in the cards of their items
  const drafts = (await keptDrafts()).filter((draft) => !mended.includes(draft.child));
  const cards = await Promise.all(drafts.map(draftCard));
  mine.sort((a, b) => b.created - a.created);
  for (const row of mine) {
    if (!hasOwnCard(row, mine)) continue;
    const answers = row.kind === "photo" ? null : await readAnswers(row);
    const card = itemCard(row, answers, mine.filter((one) => one.after === row.id));
    if (answers && canBeDiscarded(row) && row.kind !== "photo" && !hasForm(row)) await showWritten(card, row, answers);
    cards.push(card);
  }
  if (!cards.length) cards.push(createElement("p", "muted", translate("offline.nothing")));
  replaceIfChanged(slot("items", part), cards);
  warnOfUnsentAlerts(part, mine);
}

/* Given up by who wrote it; `onDone()` afterwards. */
export function askToDiscard(button, onDone) {
  button.dataset.confirm = translate("offline.drop");
  askFirst(button, async () => {
    const { item, draft } = button.dataset;
    await (item ? store.deleteItem(item) : store.dropDraft(session.account, draft));
    onDone();
  });
}
