/* What was not delivered as files: the very bodies of POST /api/v1/sync/, each item sealed to the server, photos
   last. */

import { showToast, translate } from "../app.js";
import { isoDay } from "./dates.js";
import { createLink, shellSettings } from "./dom.js";
import { session } from "./session.js";
import { outboxRules, store } from "./shared_with_worker.js";

const MOST_ITEMS = 50; // of one file, as the server takes them
const MOST_CHARACTERS = 8 * 1024 * 1024;
const DOWNLOAD_TIME = 60000; // milliseconds until the file's memory is given back

function photosLast(a, b) {
  return (a.kind === "photo") - (b.kind === "photo") || a.created - b.created;
}

async function unsentRows() {
  const rows = outboxRules.unsent(await store.outbox());
  return rows.filter((row) => row.account === session.account && row.sealed).sort(photosLast);
}

/* [[item]]: the items of each file. */
async function splitIntoFiles(rows) {
  const files = [[]];
  let size = 0; // of the last file
  for (const row of rows) {
    const sealed = (await store.withContent(row)).sealed;
    if (!sealed) continue;
    const length = sealed.data.length;
    const isFull = files[files.length - 1].length >= MOST_ITEMS || (size && size + length > MOST_CHARACTERS);
    if (isFull) {
      files.push([]);
      size = 0;
    }
    const item = { id: row.id, kind: row.kind, schema: row.schema, made_at: row.made_at, hash: row.hash, sealed };
    files[files.length - 1].push(item);
    size += length;
  }
  return files;
}

function download(name, text) {
  const link = createLink("", URL.createObjectURL(new Blob([text], { type: "application/json" })));
  link.download = name;
  document.body.appendChild(link);
  link.click();
  link.remove();
  window.setTimeout(URL.revokeObjectURL, DOWNLOAD_TIME, link.href);
}

export async function exportOutbox() {
  const device = await store.deviceId();
  const files = await splitIntoFiles(await unsentRows());
  files.forEach((items, i) => {
    const name = "visits-" + isoDay(new Date()) + (i ? "-" + (i + 1) : "") + ".json";
    download(name, JSON.stringify({ account: session.account, device, app: shellSettings().version, items }));
    showToast(translate("offline.exported", { name }));
  });
}
