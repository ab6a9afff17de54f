/* What lies on the phone (IndexedDB). Rows say in clear only what the sender needs; the rest is encrypted before it comes
   here: a transaction in which something slow is awaited dies. A write counts when `tx.done` is there, not before. */
(function () {
  "use strict";

  var offline = self.offline = self.offline || {};
  var NAME = "registry-offline", STRICT = { durability: "strict" }, SENT_KEPT = 7 * 86400000; // milliseconds
  var DRAFTING = 60000; // milliseconds until a photo just taken stands in its draft
  var opened = null;

  function db() {
    opened = opened || self.idb.openDB(NAME, 1, {
      upgrade: function (made) { // all stores at once: a later version would be blocked by an open tab
        made.createObjectStore("files", { keyPath: ["account", "id"] });
        made.createObjectStore("drafts", { keyPath: ["account", "child"] });
        made.createObjectStore("outbox", { keyPath: "id" });
        made.createObjectStore("blobs", { keyPath: "id" });
        made.createObjectStore("meta", { keyPath: "name" });
        made.createObjectStore("locks", { keyPath: "account" });
      },
      blocking: function () { opened.then(function (held) { held.close(); }); opened = null; },
      terminated: function () { opened = null; }
    });
    opened.catch(function () { opened = null; });
    return opened;
  }

  async function strictly(names, act) {
    var tx = (await db()).transaction(names, "readwrite", STRICT);
    var result = await act(tx);
    await tx.done;
    return result;
  }

  function of(account) { return self.IDBKeyRange.bound([account], [account, []]); }

  async function get(store, key) { return (await db()).get(store, key); }

  async function put(store, value) { return strictly([store], function (tx) { return tx.objectStore(store).put(value); }); }

  async function outbox() { return (await db()).getAll("outbox"); }

  /* The items in, their draft and the one that they replace out, each with its photos: all or nothing. What is heavy in an
     item lies apart, so that looking through the outbox stays quick. A failed put is told by tx.done. */
  async function saveItems(made, draft, replaces) {
    return strictly(["outbox", "drafts", "blobs"], async function (tx) {
      var outbox = tx.objectStore("outbox"), blobs = tx.objectStore("blobs"), account = made[0].account;
      await dropDrafted(tx, account, draft);
      if (replaces) await dropRow(tx, replaces);
      made.forEach(function (item) {
        outbox.add(item.kind === "photo" ? Object.assign({}, item, { local: null, sealed: true }) : item).catch(function () {});
        if (item.kind !== "photo") return;
        blobs.add({ id: item.id, account: account, local: item.local, sealed: item.sealed }).catch(function () {});
      });
    });
  }

  /* A row with its heavy part. */
  async function whole(row) {
    if (row.kind !== "photo") return row;
    var blob = await get("blobs", row.id);
    return Object.assign({}, row, blob ? { local: blob.local, sealed: blob.sealed } : { sealed: null });
  }

  async function dropRow(tx, id) {
    var outbox = tx.objectStore("outbox"), blobs = tx.objectStore("blobs");
    for (const row of await outbox.getAll()) {
      if (row.id !== id && row.after !== id) continue;
      await outbox.delete(row.id);
      await blobs.delete(row.id);
    }
  }

  async function dropDrafted(tx, account, name) {
    var draft = await tx.objectStore("drafts").get([account, name]);
    for (const id of (draft && draft.photos) || []) await tx.objectStore("blobs").delete(id);
    await tx.objectStore("drafts").delete([account, name]);
  }

  /* Given up by who wrote it. */
  async function dropItem(id) { return strictly(["outbox", "blobs"], function (tx) { return dropRow(tx, id); }); }

  async function dropDraft(account, name) {
    return strictly(["drafts", "blobs"], function (tx) { return dropDrafted(tx, account, name); });
  }

  /* `change(row)` of the row as it lies there now: a late answer meets what came before it. A photo goes with its receipt. */
  async function changeItem(id, change) {
    return strictly(["outbox", "blobs"], async function (tx) {
      var outbox = tx.objectStore("outbox"), row = await outbox.get(id);
      if (!row) return null;
      var next = change(row);
      await outbox.put(next);
      if (offline.core.isTaken(next)) await tx.objectStore("blobs").delete(id);
      return next;
    });
  }

  /* Delivered ones go after a week; at once when the phone is full. Photos that belong to nothing any more go too. */
  async function tidy(now, all) {
    return strictly(["outbox", "drafts", "blobs"], async function (tx) {
      var outbox = tx.objectStore("outbox"), blobs = tx.objectStore("blobs"), wanted = {};
      for (const row of await outbox.getAll()) {
        if (offline.core.isTaken(row) && (all || now - row.settled > SENT_KEPT)) await outbox.delete(row.id);
        else wanted[row.id] = true;
      }
      for (const draft of await tx.objectStore("drafts").getAll()) (draft.photos || []).forEach(function (id) { wanted[id] = true; });
      for (const blob of await blobs.getAll()) if (!wanted[blob.id] && now - (blob.at || 0) > DRAFTING) await blobs.delete(blob.id);
    });
  }

  async function files(account) { return (await db()).getAll("files", of(account)); }

  /* The answer of one pull: `rows` sealed files, `gone` ids, `whole`: nothing else stays; `about` the account's meta. */
  async function keepPull(account, rows, gone, whole, about) {
    return strictly(["files", "meta"], async function (tx) {
      var held = tx.objectStore("files");
      if (whole) await held.delete(of(account));
      for (const id of gone) await held.delete([account, id]);
      for (const row of rows) await held.put(row);
      await tx.objectStore("meta").put(about);
    });
  }

  async function drafts(account) { return (await db()).getAll("drafts", of(account)); }

  /* Put and commit in one breath: also when the page is just being left. Losing it costs a sentence, so: relaxed. */
  function putDraft(draft, held) {
    var tx = held.transaction("drafts", "readwrite", { durability: "relaxed" });
    tx.store.put(draft).catch(function () {});
    if (tx.commit) tx.commit();
    return tx.done;
  }

  async function locks() { return (await db()).getAll("locks"); }

  /* The lock first: without it the rest can't be read even if the phone dies here. What was not sent keeps its
     envelope for the server. */
  async function wipe(account) {
    await strictly(["locks"], function (tx) { return tx.store.delete(account); });
    return strictly(["files", "drafts", "meta", "outbox", "blobs"], async function (tx) {
      var outbox = tx.objectStore("outbox"), blobs = tx.objectStore("blobs"), unsent = {};
      await tx.objectStore("files").delete(of(account));
      await tx.objectStore("drafts").delete(of(account));
      await tx.objectStore("meta").delete("account:" + account);
      for (const row of await outbox.getAll()) {
        if (row.account !== account) continue;
        if (offline.core.isTaken(row) || !row.sealed) await outbox.delete(row.id);
        else {
          unsent[row.id] = true;
          await outbox.put(Object.assign(row, { local: null }));
        }
      }
      for (const blob of await blobs.getAll()) {
        if (blob.account !== account) continue;
        if (unsent[blob.id]) await blobs.put(Object.assign(blob, { local: null }));
        else await blobs.delete(blob.id);
      }
    });
  }

  async function dropFiles(account) { return strictly(["files"], function (tx) { return tx.store.delete(of(account)); }); }

  /* A name of this phone, made once: the server tells its phones apart by it. */
  async function device() {
    var held = await get("meta", "device");
    if (held) return held.value;
    var value = offline.seal.uuid();
    await put("meta", { name: "device", value: value, v: 1 });
    return value;
  }

  offline.store = {
    NAME: NAME, db: db, get: get, put: put, strictly: strictly, outbox: outbox, saveItems: saveItems, whole: whole,
    changeItem: changeItem, dropItem: dropItem, tidy: tidy, files: files, keepPull: keepPull, drafts: drafts, putDraft: putDraft, dropDraft: dropDraft, locks: locks,
    wipe: wipe, dropFiles: dropFiles, device: device
  };
})();
