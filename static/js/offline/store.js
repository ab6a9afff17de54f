/* What lies on the phone (IndexedDB). Rows say in clear only what the sender needs; the rest is encrypted before it comes
   here: a transaction in which something slow is awaited dies. A write counts when `tx.done` is there, not before. */
(function () {
  "use strict";

  var offline = self.offline = self.offline || {};
  var NAME = "registry-offline", STRICT = { durability: "strict" }, SENT_KEPT = 7 * 86400000; // milliseconds
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

  /* The item in, its draft and the one that it replaces out: both or neither. */
  async function saveItem(item, child, replaces) {
    return strictly(["outbox", "drafts"], function (tx) {
      tx.objectStore("outbox").add(item).catch(function () {}); // tx.done tells
      tx.objectStore("drafts").delete([item.account, child]).catch(function () {});
      if (replaces) tx.objectStore("outbox").delete(replaces).catch(function () {});
    });
  }

  /* `change(row)` of the row as it lies there now: a late answer meets what came before it. */
  async function changeItem(id, change) {
    return strictly(["outbox"], async function (tx) {
      var row = await tx.store.get(id);
      if (!row) return null;
      var next = change(row);
      await tx.store.put(next);
      return next;
    });
  }

  /* Delivered ones go after a week; at once when the phone is full. */
  async function tidy(now, all) {
    return strictly(["outbox"], async function (tx) {
      for (const row of await tx.store.getAll()) {
        if (offline.core.isTaken(row) && (all || now - row.settled > SENT_KEPT)) await tx.store.delete(row.id);
      }
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

  async function dropDraft(account, child) {
    return strictly(["drafts"], function (tx) { return tx.store.delete([account, child]); });
  }

  async function locks() { return (await db()).getAll("locks"); }

  /* The lock first: without it the rest can't be read even if the phone dies here. What was not sent keeps its
     envelope for the server. */
  async function wipe(account) {
    await strictly(["locks"], function (tx) { return tx.store.delete(account); });
    return strictly(["files", "drafts", "meta", "outbox"], async function (tx) {
      await tx.objectStore("files").delete(of(account));
      await tx.objectStore("drafts").delete(of(account));
      await tx.objectStore("meta").delete("account:" + account);
      for (const row of await tx.objectStore("outbox").getAll()) {
        if (row.account !== account) continue;
        if (offline.core.isTaken(row) || !row.sealed) await tx.objectStore("outbox").delete(row.id);
        else await tx.objectStore("outbox").put(Object.assign(row, { local: null }));
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
    NAME: NAME, db: db, get: get, put: put, strictly: strictly, outbox: outbox, saveItem: saveItem, changeItem: changeItem, tidy: tidy,
    files: files, keepPull: keepPull, drafts: drafts, putDraft: putDraft, dropDraft: dropDraft, locks: locks, wipe: wipe,
    dropFiles: dropFiles, device: device
  };
})();
