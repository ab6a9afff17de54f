/* What lies on the phone (IndexedDB). Rows say in clear only what the sender needs; the rest is encrypted before
   it comes here: a transaction in which something slow is awaited dies. A write counts when `tx.done` is there,
   not before. A classic script: the worker imports it too. */
(function () {
  "use strict";

  const offline = self.offline = self.offline || {};
  const DATABASE = "registry-offline";
  const STRICT = { durability: "strict" }; // on the disk, not in the system's cache: the battery may be empty next
  const SENT_KEPT = 7 * 86400000; // milliseconds
  const DRAFTING = 60000; // milliseconds until a photo just taken stands in its draft
  let opened = null;

  function createStores(database) { // all at once: a later version would be blocked by an open tab
    database.createObjectStore("files", { keyPath: ["account", "id"] });
    database.createObjectStore("drafts", { keyPath: ["account", "child"] });
    database.createObjectStore("outbox", { keyPath: "id" });
    database.createObjectStore("blobs", { keyPath: "id" });
    database.createObjectStore("meta", { keyPath: "name" });
    database.createObjectStore("locks", { keyPath: "account" });
  }

  function forget() {
    opened = null;
  }

  function db() {
    opened = opened || self.idb.openDB(DATABASE, 1, {
      upgrade: createStores,
      blocking() { // another page wants to delete or renew the base: make way
        opened.then((held) => held.close());
        forget();
      },
      terminated: forget
    });
    opened.catch(forget); // the next call tries again
    return opened;
  }

  /* Run `act(tx)` in one transaction over the stores `names`: all of it is on the disk afterwards, or nothing. */
  async function transact(names, act) {
    const tx = (await db()).transaction(names, "readwrite", STRICT);
    const result = await act(tx);
    await tx.done;
    return result;
  }

  function rangeOf(account) { // [account, anything]: an array sorts after every string
    return self.IDBKeyRange.bound([account], [account, []]);
  }

  async function get(store, key) {
    return (await db()).get(store, key);
  }

  async function put(store, value) {
    return transact([store], (tx) => tx.objectStore(store).put(value));
  }

  /* --- Outbox --- */

  async function outbox() {
    return (await db()).getAll("outbox");
  }

  /* A failed add is told by tx.done; unheard here it would be an error on the console. */
  function add(objectStore, value) {
    objectStore.add(value).catch(() => {});
  }

  /* The items in, their draft and the one that they replace out, each with its photos: all or nothing. What is
     heavy in an item lies apart, so that looking through the outbox stays quick. */
  async function saveItems(items, draft, replaces) {
    return transact(["outbox", "drafts", "blobs"], async (tx) => {
      const rows = tx.objectStore("outbox");
      const blobs = tx.objectStore("blobs");
      const account = items[0].account;
      await deleteDraft(tx, account, draft);
      if (replaces) await deleteRow(tx, replaces);
      items.forEach((item) => {
        if (item.kind === "photo") {
          add(rows, Object.assign({}, item, { local: null, sealed: true }));
          add(blobs, { id: item.id, account: account, local: item.local, sealed: item.sealed });
        } else {
          add(rows, item);
        }
      });
    });
  }

  /* A row with its heavy part. */
  async function withContent(row) {
    if (row.kind !== "photo") return row;
    const blob = await get("blobs", row.id);
    return Object.assign({}, row, blob ? { local: blob.local, sealed: blob.sealed } : { sealed: null });
  }

  /* A row and the photos that wait for it. */
  async function deleteRow(tx, id) {
    const rows = tx.objectStore("outbox");
    for (const row of await rows.getAll()) {
      if (row.id !== id && row.after !== id) continue;
      await rows.delete(row.id);
      await tx.objectStore("blobs").delete(row.id);
    }
  }

  /* Given up by who wrote it, with what was begun to mend it. */
  async function deleteItem(id) {
    return transact(["outbox", "drafts", "blobs"], async (tx) => {
      const row = await tx.objectStore("outbox").get(id);
      if (row) await deleteDraft(tx, row.account, offline.outboxRules.draftOf(row));
      await deleteRow(tx, id);
    });
  }

  /* `change(row)` of the row as it lies there now, not as it was when the request left: a late answer meets what came
     before it. A delivered photo's picture goes at once. */
  async function updateItem(id, change) {
    return transact(["outbox", "blobs"], async (tx) => {
      const rows = tx.objectStore("outbox");
      const row = await rows.get(id);
      if (!row) return null;
      const next = change(row);
      await rows.put(next);
      if (offline.outboxRules.isDelivered(next)) await tx.objectStore("blobs").delete(id);
      return next;
    });
  }

  /* Delivered ones go after a week; at once when the phone is full (`allDelivered`). Photos that belong to nothing
     any more go too. */
  async function cleanUp(now, allDelivered) {
    return transact(["outbox", "drafts", "blobs"], async (tx) => {
      const rows = tx.objectStore("outbox");
      const blobs = tx.objectStore("blobs");
      const wanted = {};
      for (const row of await rows.getAll()) {
        const isOld = allDelivered || now - row.settled > SENT_KEPT;
        if (offline.outboxRules.isDelivered(row) && isOld) await rows.delete(row.id);
        else wanted[row.id] = true;
      }
      for (const draft of await tx.objectStore("drafts").getAll()) {
        (draft.photos || []).forEach((id) => {
          wanted[id] = true;
        });
      }
      for (const blob of await blobs.getAll()) {
        const mayBeDrafted = now - (blob.at || 0) <= DRAFTING; // kept before its draft names it
        if (!wanted[blob.id] && !mayBeDrafted) await blobs.delete(blob.id);
      }
    });
  }

  /* --- Files --- */

  async function files(account) {
    return (await db()).getAll("files", rangeOf(account));
  }

  /* The answer of one pull: `rows` sealed files, `gone` ids, `isWhole`: nothing else stays; `about` the account's
     meta. */
  async function savePull(account, rows, gone, isWhole, about) {
    return transact(["files", "meta"], async (tx) => {
      const held = tx.objectStore("files");
      if (isWhole) await held.delete(rangeOf(account));
      for (const id of gone) await held.delete([account, id]);
      for (const row of rows) await held.put(row);
      await tx.objectStore("meta").put(about);
    });
  }

  async function deleteFiles(account) {
    return transact(["files"], (tx) => tx.store.delete(rangeOf(account)));
  }

  /* --- Drafts --- */

  async function drafts(account) {
    return (await db()).getAll("drafts", rangeOf(account));
  }

  /* Put and commit in one breath: also when the page is just being left, hence the open base `held` instead of a
     promise of it. Losing it costs a sentence, so: relaxed. */
  function saveDraft(draft, held) {
    const tx = held.transaction("drafts", "readwrite", { durability: "relaxed" });
    tx.store.put(draft).catch(() => {});
    if (tx.commit) tx.commit();
    return tx.done;
  }

  async function deleteDraft(tx, account, name) {
    const draft = await tx.objectStore("drafts").get([account, name]);
    for (const id of (draft && draft.photos) || []) {
      const isOfAnItem = await tx.objectStore("outbox").get(id); // which keeps its picture until it goes itself
      if (!isOfAnItem) await tx.objectStore("blobs").delete(id);
    }
    await tx.objectStore("drafts").delete([account, name]);
  }

  /* Given up by who wrote it, its photos with it. */
  async function dropDraft(account, name) {
    return transact(["outbox", "drafts", "blobs"], (tx) => deleteDraft(tx, account, name));
  }

  /* --- Accounts and the phone --- */

  async function locks() {
    return (await db()).getAll("locks");
  }

  /* What was not sent keeps its envelope for the server and loses what this phone could read. */
  async function wipeAccount(account) {
    // The lock first: without it the rest can't be read even if the phone dies here.
    await transact(["locks"], (tx) => tx.store.delete(account));
    return transact(["files", "drafts", "meta", "outbox", "blobs"], async (tx) => {
      const rows = tx.objectStore("outbox");
      const blobs = tx.objectStore("blobs");
      const unsent = {};
      await tx.objectStore("files").delete(rangeOf(account));
      await tx.objectStore("drafts").delete(rangeOf(account));
      await tx.objectStore("meta").delete("account:" + account);
      for (const row of await rows.getAll()) {
        if (row.account !== account) continue;
        if (offline.outboxRules.isDelivered(row) || !row.sealed) {
          await rows.delete(row.id);
        } else {
          unsent[row.id] = true;
          await rows.put(Object.assign(row, { local: null, name: null }));
        }
      }
      for (const blob of await blobs.getAll()) {
        if (blob.account !== account) continue;
        if (unsent[blob.id]) await blobs.put(Object.assign(blob, { local: null }));
        else await blobs.delete(blob.id);
      }
    });
  }

  /* A name of this phone, made once: the server tells its phones apart by it. */
  async function deviceId() {
    const held = await get("meta", "device");
    if (held) return held.value;
    const value = offline.seal.randomUuid();
    await put("meta", { name: "device", value: value, v: 1 });
    return value;
  }

  offline.store = {
    DATABASE, db, get, put, transact, outbox, saveItems, withContent, updateItem, deleteItem, cleanUp, files, savePull,
    deleteFiles, drafts, saveDraft, dropDraft, locks, wipeAccount, deviceId
  };
})();
