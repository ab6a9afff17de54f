/* What is being written, kept while one writes. A draft has the name of its form's address: a child's id for a visit,
   "returned/…", "alert/…", "assess/…" and "need/…" for the others, "item/…" where an item of the outbox is being
   mended. `open` below is the open form of form_screen.js. */

import { showToast, translate } from "../app.js";
import { clockTime } from "./dates.js";
import { fillSlots } from "./dom.js";
import { templateOf } from "./kinds.js";
import { session } from "./session.js";
import { seal, store } from "./shared_with_worker.js";
import { valuesOfForm } from "./written.js";

const DELAY = 400; // milliseconds after the last letter
const LONGEST_WAIT = 1500; // milliseconds while one writes on
let leaving = Promise.resolve(); // what was written when a form was left for another screen

function binding(name) {
  return "draft\n" + session.account + "\n" + name;
}

/* Of the children it speaks of, and of no other: it outlives the list. */
function namesIn(entries, { child, names }) {
  const isIn = (id) => id === child || entries.some(([name, value]) => value === id || name.startsWith(id));
  return Object.fromEntries(Object.entries(names).filter(([id]) => isIn(id)));
}

async function encryptDraft(open) {
  const { name, child, template } = open.definition;
  const entries = open.entries().concat(open.unplaced);
  const { given, unplaced, old } = open;
  const names = namesIn(entries, open.definition);
  const content = { child, template, names, entries, every: open.everyValue(), given, unplaced, old };
  const box = await seal.encrypt(session.key, JSON.stringify(content), binding(name));
  return {
    account: session.account, child: name, at: Date.now(), replaces: open.replaces,
    photos: open.photos.map((photo) => photo.id), iv: box.iv, data: box.data, v: 1,
  };
}

function isLeft(open) {
  return open.isClosed || open.isSaving || open.isLost;
}

/* In the foot of the form that is shown: a line that nobody sees would be told to nobody. */
export function tellDraft({ definition }, text) {
  fillSlots("draft", text, document.querySelector('[data-foot="' + definition.screen + '"]'));
}

function tellKept(open) {
  tellDraft(open, translate(open.definition.draftWords || "offline.draft", { time: clockTime(new Date()) }));
}

async function save(open) {
  const changes = open.changes;
  open.waitingSince = 0;
  try {
    open.unwrittenDraft = await encryptDraft(open); // from here on leaving the page only has to put what is ready
    if (isLeft(open)) return; // what was saved meanwhile took its draft away; this one would bring it back
    const draft = open.unwrittenDraft;
    open.unwrittenDraft = null;
    await store.saveDraft(draft, open.database);
    open.keptChanges = changes;
    if (!isLeft(open)) tellKept(open);
  } catch (failed) {
    if (!open.isClosed) tellDraft(open, translate("offline.draft_failed"));
  }
}

export function scheduleDraft(open) {
  if (isLeft(open)) return;
  window.clearTimeout(open.timer);
  open.changes += 1;
  open.waitingSince = open.waitingSince || Date.now();
  const longest = open.waitingSince + LONGEST_WAIT - Date.now();
  open.timer = window.setTimeout(save, Math.max(0, Math.min(DELAY, longest)), open);
}

/* The drafts of the account, what has just been left among them. */
export async function keptDrafts() {
  await leaving;
  return store.drafts(session.account);
}

/* Once what was written in the form that was left last is in the database. */
export function draftIsPut() {
  return leaving;
}

/* The form, or the whole page, is being left: the last letters come along. */
export function finishDraft(open) {
  const { changes } = open;
  window.clearTimeout(open.timer);
  if (changes === open.keptChanges || open.isSaving || open.isLost) return;
  leaving = encryptDraft(open).then((draft) => store.saveDraft(draft, open.database)).then(() => {
    open.keptChanges = changes;
  }).catch(() => {
    showToast(translate("offline.draft_failed"));
  });
}

/* The page is being left: nothing may be awaited any more. */
export function flushDraft(open) {
  if (!open.unwrittenDraft || open.isSaving || open.isLost) return;
  store.saveDraft(open.unwrittenDraft, open.database).catch(() => {});
  open.unwrittenDraft = null;
}

/* What the draft `name` is of, told as a row of the outbox tells it: {kind, child, visit}; kind "item" for what is
   being mended of a row. */
export function subjectOf(name) {
  const [kind, id] = name.split("/"); // a visit's has one part, the child's id
  if (kind === "alert") return { kind, child: id || "" };
  if (kind === "assess") return { kind: "assessment", child: id };
  if (kind === "need") return { kind, child: id };
  if (kind === "returned") return { kind: "correction", visit: id };
  return id ? { kind } : { kind: "visit", child: kind };
}

/* {child, template, names: {child's id: name}, values: {name: [value]}, every: the same with what was hidden, given: the
   same of what stood in the form before (both missing in older ones), unplaced: entries that had no field, old: entries
   in whose field something else stood, replaces, photos: [ids]}, or null. */
export async function loadDraft(name) {
  await leaving;
  const box = await store.get("drafts", [session.account, name]);
  if (!box) return null;
  const opened = JSON.parse(await seal.decrypt(session.key, box, binding(name)));
  const content = Array.isArray(opened) ? { entries: opened } : opened; // older: a list
  const { child, template, names, entries, every, given, unplaced, old } = content;
  return {
    child, template: template || templateOf(subjectOf(name).kind), names: names || {}, values: valuesOfForm(entries),
    every, given, unplaced: unplaced || [], old: old || [], replaces: box.replaces,
    photos: box.photos || [],
  };
}

/* Where a draft is opened again. */
export function draftAddress(name) {
  return "#" + (name.indexOf("/") < 0 ? "visit/" : "") + name;
}
