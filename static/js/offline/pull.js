/* Fetches what the phone should hold and keeps it encrypted: the open files of one's own village, nothing more. */

import { hearClock } from "./clock.js";
import { shellSettings } from "./dom.js";
import { outboxRules, remoteWipe, seal, sender, store } from "./shared_with_worker.js";

/* {status, body} of everything since `cursor`; status 0: no answer of ours came. `instruments`: the version of the
   assessment systems that lie here. */
export async function requestPull(cursor, post, instruments) {
  const { sync, version } = shellSettings();
  const query = new URLSearchParams({
    cursor, post: post || "", device: await store.deviceId(), app: version, instruments_version: instruments || "",
  });
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), sender.TIMEOUT);
  try {
    const answer = await fetch(sync + "?" + query, {
      credentials: "same-origin", redirect: "manual", cache: "no-store", signal: abort.signal,
    });
    if (answer.type === "opaqueredirect") return { status: 401, body: null };
    const body = sender.parseJson(await answer.text());
    if (body && body.app === outboxRules.SERVER_MARK) await hearClock(body.now);
    remoteWipe.noteOrders(body);
    const isObject = body && typeof body === "object";
    const isOurs = isObject && (answer.status !== 200 || (body.account && Array.isArray(body.files)));
    return { status: isOurs ? answer.status : 0, body };
  } catch (failed) {
    return { status: 0, body: null };
  } finally {
    clearTimeout(timer);
  }
}

function fileBinding(account, id) {
  return "file\n" + account + "\n" + id;
}

function accountBinding(account) {
  return "about\n" + account;
}

/* Of all that lies here, as the server reckons it of all that should. */
async function checksum(account) {
  const lines = (await store.files(account)).map((row) => row.id + ":" + row.version);
  return seal.sha256(lines.sort().join("\n"));
}

/* `held`: the assessment systems that lie here, for an answer that brings none. */
export async function savePull(body, key, held) {
  const account = body.account;
  const rows = [];
  for (const file of body.files) {
    const box = await seal.encrypt(key, JSON.stringify(file), fileBinding(account, file.id));
    rows.push({ account, id: file.id, version: file.version, iv: box.iv, data: box.data, v: 1 });
  }
  const instruments = body.instruments || held || [];
  const about = Object.assign({}, body, { files: undefined, gone: undefined, instruments });
  const box = await seal.encrypt(key, JSON.stringify(about), accountBinding(account));
  const meta = { name: "account:" + account, pulled: Date.now(), iv: box.iv, data: box.data, v: 1 };
  await store.savePull(account, rows, body.gone || [], body.whole, meta);
}

/* What the phone knows of `account`: the last pull without its files, or null. */
export async function loadLastPull(account, key) {
  const meta = await store.get("meta", "account:" + account);
  if (!meta) return null;
  const about = JSON.parse(await seal.decrypt(key, meta, accountBinding(account)));
  return Object.assign(about, { pulled: meta.pulled });
}

export async function loadFiles(account, key) {
  const files = [];
  for (const row of await store.files(account)) {
    files.push(JSON.parse(await seal.decrypt(key, row, fileBinding(account, row.id))));
  }
  return files;
}

/* Only what changed; when the sum does not agree afterwards, all anew. Another account's answer is never kept.
   Gives {status, account}; status "ended": the post is over. */
export async function pull(account, key) {
  const before = await loadLastPull(account, key);
  const cursors = before && before.cursor ? [before.cursor, ""] : [""];
  for (const cursor of cursors) {
    const answer = await requestPull(cursor, before ? before.post : "", before ? before.instruments_version : "");
    const isOver = answer.status === 403 && answer.body.app === outboxRules.SERVER_MARK && answer.body.ended;
    if (isOver) return { status: "ended", account };
    if (answer.status !== 200) return { status: answer.status, account: "" };
    if (answer.body.account !== account) return { status: 409, account: answer.body.account };
    await savePull(answer.body, key, before && before.instruments);
    if (await checksum(account) === answer.body.checksum) break;
  }
  return { status: 200, account };
}
