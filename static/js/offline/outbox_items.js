/* One item of the outbox: its string, hashed, encrypted for this phone and sealed for the server; and back again. */

import { isoTime } from "./dates.js";
import { shellSettings } from "./dom.js";
import { session } from "./session.js";
import { seal, store } from "./shared_with_worker.js";

const SCHEMAS = { visit: 2, correction: 2 }; // of what is written here; the server understands older ones

function binding(id) {
  return "item\n" + session.account + "\n" + id;
}

function nameBinding(id) {
  return "name\n" + session.account + "\n" + id;
}

/* The row of `answers`. `clear` stands beside it in clear: {child, visit, version, after}, ids and counts only. `name`:
   of the child, for this phone alone: the row outlives the child's stay on the list. `id`: where it has one already. */
export async function createItem(kind, answers, clear, name, id = seal.randomUuid()) {
  const time = new Date();
  // The hash lies here in clear: without the nonce who tries the few possible answers would find those that were given.
  const nonce = seal.toBase64(seal.randomBytes(16));
  // One string, made once: the server hashes these bytes, a second JSON.stringify might write them otherwise.
  const text = JSON.stringify(Object.assign({ nonce, post: session.lastPull.post }, answers));
  const hash = await seal.sha256(text);
  const row = {
    id, account: session.account, kind, schema: SCHEMAS[kind] || 1, hash,
    created: time.getTime(), made_at: isoTime(time),
    local: await seal.encrypt(session.key, text, binding(id)),
    name: await seal.encrypt(session.key, name, nameBinding(id)),
    sealed: await seal.sealForServer(text, id, session.account, hash, session.lastPull.key),
    state: "saved", tries: 0, next: 0, app: shellSettings().version, v: 1,
  };
  return Object.assign(row, clear);
}

/* The payload string of a row, or null while it can't be read. */
export async function readPayload(row) {
  if (!session.key || row.account !== session.account) return null;
  const whole = await store.withContent(row);
  return whole.local ? seal.decrypt(session.key, whole.local, binding(row.id)) : null;
}

export async function readAnswers(row) {
  const text = await readPayload(row).catch(() => null);
  return text && JSON.parse(text);
}

/* The name under which a row was written; "" where it had none or can't be read. */
export async function readName(row) {
  if (!row.name || !session.key || row.account !== session.account) return "";
  return seal.decrypt(session.key, row.name, nameBinding(row.id)).catch(() => "");
}
