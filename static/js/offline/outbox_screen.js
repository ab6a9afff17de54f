/* The outbox as the director sees it: each item's true state, never better than the receipt says. */

import { createElement, showToast, translate } from "../app.js";
import { askFirst } from "../confirm_dialog.js";
import { shortDate } from "./dates.js";
import { cloneTemplate, createChip, fillSlots, replaceIfChanged, showStationCall, slot } from "./dom.js";
import { draftAddress, keptDrafts, loadDraft, subjectOf } from "./drafts.js";
import { askedOfChild } from "./instruments.js";
import { fieldOfFault, fieldValuesOf, templateOf } from "./kinds.js";
import { readAnswers, readName } from "./outbox_items.js";
import { loadPhotos, smallPhoto } from "./photos.js";
import { fileOf, returnedVisit, session } from "./session.js";
import { outboxRules, store } from "./shared_with_worker.js";
import { answerText, blankForm, fieldLabel, writtenLines } from "./written.js";

const TONES = {
  saved: "warm", sending: "brand", sent: "ok", conflict: "danger", refused: "danger", gone: "danger", returned: "warm",
  taken_back: "warm",
};

/* As the list has it; `known`: as it was when it was written of. */
function childName(child, known) {
  const file = fileOf(child);
  return file ? file.name : known || translate("offline.unknown");
}

/* --- Words of a row --- */

/* A report of danger, or an assessment whose urgent screen opens one as soon as it arrives. */
function isOfDanger(row) {
  return row.kind === "alert" || Boolean(row.urgent);
}

/* A conflict over a visit that still waits for its correction: it can be saved again on the newer version. */
function isStillReturned(row) {
  return Boolean(row.server) && row.server.state === "returned";
}

function isDoneElsewhere(row) {
  return row.state === "conflict" && !isStillReturned(row);
}

/* Why the station sent back this visit, which had been delivered. */
function returnedReason(row) {
  const entry = row.kind === "visit" && returnedVisit(row.id);
  return entry ? entry.reason : "";
}

function shownState(row) {
  if (row.state !== "sent" || !returnedReason(row)) return row.state;
  return returnedVisit(row.id).taken_back ? "taken_back" : "returned";
}

function explanation(row, state, content) {
  if (content.draft && canBeMended(row, content)) return translate("offline.tell.mended");
  const isUnreadable = !content.answers && !content.draft && row.kind !== "photo";
  if (isUnreadable && canBeDiscarded(row)) return translate("offline.tell.unreadable");
  if (state === "returned") return returnedReason(row);
  if (state === "taken_back") return translate("offline.taken_back");
  if (isOfDanger(row) && state === "saved") return translate("offline.tell.alert");
  if (state === "saved" && outboxRules.isStillHere(row)) return translate("offline.tell.saved_offline");
  if (state === "saved" && row.tries) return translate("offline.tell.waiting", { n: row.tries });
  if (isDoneElsewhere(row)) return translate("offline.tell.done_elsewhere");
  return state === "sent" || state === "sending" ? "" : translate("offline.tell." + state);
}

/* `known`: the name under which it was written. */
function title(row, answers, known) {
  const words = (answers && answers.child_words) || "";
  const name = row.child ? childName(row.child, known) : words;
  if (row.kind === "alert") return [translate("offline.alert"), name].join(" ");
  if (row.kind === "photo") return [name, translate("offline.photo")].join(" ");
  if (row.kind === "assessment") return translate("offline.assess", { name });
  if (row.kind === "need") return translate("offline.record_need", { name });
  return name + (answers ? " " + shortDate(answers.visited_on) : "");
}

/* The blank form of a kind, for the names of its fields and answers. */
function formOf(kind) {
  return blankForm(templateOf(kind));
}

/* The field at which a fault stands in the form; "" where there is none: a key of the server's says nothing. */
function faultLabel(row, name) {
  const field = fieldOfFault(row.kind, name);
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

/* Whether there is a form for a row, or for the subject of a draft: for a report of danger always, for a visit while
   the child is on this phone's list, for an assessment and a need while it is in this village's hands, for a correction
   until the visit was completed elsewhere. */
function hasForm({ kind, child, visit }) {
  if (kind === "correction") return Boolean(returnedVisit(visit));
  if (kind === "assessment") return Boolean(askedOfChild(fileOf(child)));
  if (kind === "need") return Boolean((fileOf(child) || {}).need);
  return kind === "alert" || (kind === "visit" && Boolean(fileOf(child)));
}

/* Lines and pictures to be copied from a card. */
function appendWritten(card, lines, photos) {
  lines.forEach((text) => slot("errors", card).appendChild(createElement("li", "", text)));
  photos.forEach((photo, i) => slot("photos", card).appendChild(smallPhoto(photo, i)));
}

/* What was not taken and can't be mended here any more: as it was last written. */
async function showWritten(card, row, { answers, name: known, draft }) {
  const values = draft ? draft.values : fieldValuesOf(row.kind, answers);
  if (!isDoneElsewhere(row)) fillSlots("tell", translate("offline.tell.item_over"), card);
  const names = Object.assign(known ? { [row.child]: known } : {}, draft && draft.names);
  appendWritten(card, writtenLines(formOf(row.kind), values, names), await loadPhotos(draft, row));
}

/* What was not taken, or has not left yet, can be mended while it, or what was begun to mend it, can be read; what moved
   on elsewhere only be put away. */
function canBeMended(row, { answers, draft }) {
  if (!(answers || draft) || row.kind === "photo" || !hasForm(row)) return false;
  return outboxRules.isStillHere(row) || row.state === "refused" || (row.state === "conflict" && isStillReturned(row));
}

function canBeDiscarded(row) {
  return outboxRules.isStillHere(row) || row.state === "refused" || row.state === "conflict";
}

/* `content`: {answers: null where they can't be read; name: under which it was written; draft: that mends it, or null};
   `photos`: its rows. */
function itemCard(row, content, photos) {
  const { answers, name, draft } = content;
  const card = cloneTemplate("item-card");
  const state = shownState(row);
  const editLink = slot("edit", card);
  const discardButton = slot("drop", card);
  const list = slot("errors", card);
  const stateText = translate("offline.state." + state, { receipt: row.receipt });
  card.querySelector("article").dataset.item = row.id;
  fillSlots("name", title(row, answers, name), card);
  slot("state", card).appendChild(createChip(stateText, TONES[state]));
  fillSlots("tell", explanation(row, state, content), card);
  if (photos.length) {
    const sent = photos.filter(outboxRules.isDelivered).length;
    fillSlots("photos", translate("offline.photos", { n: photos.length, sent }), card);
  }
  faults(row, answers).forEach((text) => list.appendChild(createElement("li", "tone-danger", text)));
  editLink.href = "#item/" + row.id;
  discardButton.dataset.item = row.id;
  if (!canBeMended(row, content)) editLink.remove();
  if (!canBeDiscarded(row)) discardButton.remove();
  return card;
}

function draftTitle({ kind, child, visit }, known) {
  if (kind === "alert") return [translate("offline.alert"), child ? childName(child, known) : ""].join(" ");
  if (kind === "assessment") return translate("offline.assess", { name: childName(child, known) });
  if (kind === "need") return translate("offline.record_need", { name: childName(child, known) });
  if (kind === "correction" && !known) {
    const entry = returnedVisit(visit);
    return entry ? entry.name : translate("offline.correction");
  }
  return childName(child, known);
}

async function draftCard(draft) {
  const card = cloneTemplate("item-card");
  const dropButton = slot("drop", card);
  // one that can't be read keeps no other from being shown
  const written = await loadDraft(draft.child).catch(() => null);
  const subject = subjectOf(draft.child);
  fillSlots("name", draftTitle(subject, written && written.names[written.child]), card);
  slot("state", card).appendChild(createChip(translate("offline.state.draft"), "outline"));
  dropButton.dataset.draft = draft.child;
  if (hasForm(subject)) {
    slot("edit", card).href = draftAddress(draft.child);
    return card;
  }
  slot("edit", card).remove();
  const isOfItem = subject.kind === "item"; // which was saved or dropped from another page
  fillSlots("tell", translate(isOfItem ? "offline.tell.draft_left" : "offline.tell.draft_over"), card);
  if (!written) return card;
  const lines = writtenLines(blankForm(written.template), written.values, written.names);
  appendWritten(card, lines, await loadPhotos(written));
  return card;
}

/* A photo stands with its visit, or by itself where something is the matter with it. */
function hasOwnCard(row, rows) {
  return row.kind !== "photo" || row.state === "refused" || !rows.some((one) => one.id === row.after);
}

/* A report of danger that lies here has told nobody yet. */
function warnOfUnsentAlerts(part, rows) {
  const warning = slot("untold", part);
  warning.hidden = !rows.some((row) => isOfDanger(row) && !outboxRules.isFinal(row));
  showStationCall(warning);
}

/* What can be read of a row: {answers, name, draft: that mends it}, null where it can't or there is none. */
async function contentOf(row) {
  const answers = row.kind === "photo" ? null : await readAnswers(row);
  const draft = await loadDraft(outboxRules.draftOf(row)).catch(() => null);
  const name = (await readName(row)) || (draft && draft.names[row.child]) || "";
  return { answers, name, draft };
}

/* `rows`: the outbox. */
export async function drawOutbox(part, rows) {
  const mine = rows.filter((row) => row.account === session.account).sort((a, b) => b.created - a.created);
  const drafts = await keptDrafts();
  const inItemCards = []; // the drafts that stand in the cards of their items
  const itemCards = [];
  for (const row of mine) {
    if (!hasOwnCard(row, mine)) continue;
    const content = await contentOf(row);
    const card = itemCard(row, content, mine.filter((one) => one.after === row.id));
    const isOver = outboxRules.isFinal(row) && canBeDiscarded(row) && !canBeMended(row, content);
    if (isOver && (content.answers || content.draft)) await showWritten(card, row, content);
    inItemCards.push(outboxRules.draftOf(row));
    itemCards.push(card);
  }
  const ownDrafts = drafts.filter((draft) => !inItemCards.includes(draft.child));
  const cards = (await Promise.all(ownDrafts.map(draftCard))).concat(itemCards);
  if (!cards.length) cards.push(createElement("p", "muted", translate("offline.nothing")));
  replaceIfChanged(slot("items", part), cards);
  warnOfUnsentAlerts(part, mine);
}

/* Not while it is being sent or mended elsewhere. */
function discardItem(id) {
  return navigator.locks.request(outboxRules.lockOf({ id }), { ifAvailable: true }, async (lock) => {
    const row = await store.get("outbox", id);
    if (lock && row && canBeDiscarded(row)) await store.deleteItem(id);
    else if (row) showToast(translate("offline.busy"));
  });
}

/* Given up by who wrote it; `onDone()` afterwards. */
export function askToDiscard(button, onDone) {
  button.dataset.confirm = translate("offline.drop");
  askFirst(button, async () => {
    const { item, draft } = button.dataset;
    await (item ? discardItem(item) : store.dropDraft(session.account, draft));
    onDone();
  });
}
