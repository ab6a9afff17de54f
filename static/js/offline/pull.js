/* Fetches what the phone should hold and keeps it encrypted: the open files of one's own village, nothing more. */
(function () {
  "use strict";

  var offline = self.offline = self.offline || {}, store = offline.store, seal = offline.seal;

  /* {status, body}; status 0: no answer of ours came. */
  async function ask(address, cursor, post) {
    var about = { cursor: cursor, post: post || "", device: await store.device(), app: offline.show.root().dataset.version };
    var giveUp = new AbortController(), timer = setTimeout(function () { giveUp.abort(); }, offline.sender.PATIENCE);
    try {
      var answer = await fetch(address + "?" + new URLSearchParams(about), {
        credentials: "same-origin", redirect: "manual", cache: "no-store", signal: giveUp.signal
      });
      if (answer.type === "opaqueredirect") return { status: 401, body: null };
      var body = offline.sender.parsed(await answer.text());
      offline.orders.note(body);
      var ours = body && typeof body === "object" && (answer.status !== 200 || (body.account && Array.isArray(body.files)));
      return { status: ours ? answer.status : 0, body: body };
    } catch (failed) {
      return { status: 0, body: null };
    } finally {
      clearTimeout(timer);
    }
  }

  function fileBinding(account, id) { return "file\n" + account + "\n" + id; }

  async function checksum(account) {
    var lines = (await store.files(account)).map(function (row) { return row.id + ":" + row.version; });
    return seal.hash(lines.sort().join("\n"));
  }

  async function keep(body, key) {
    var account = body.account, rows = [];
    for (const file of body.files) {
      var box = await seal.encrypt(key, JSON.stringify(file), fileBinding(account, file.id));
      rows.push({ account: account, id: file.id, version: file.version, iv: box.iv, data: box.data, v: 1 });
    }
    var about = Object.assign({}, body, { files: undefined, gone: undefined });
    var sealed = await seal.encrypt(key, JSON.stringify(about), "about\n" + account);
    var meta = { name: "account:" + account, pulled: Date.now(), iv: sealed.iv, data: sealed.data, v: 1 };
    await store.keepPull(account, rows, body.gone || [], body.whole, meta);
  }

  /* What the phone knows of `account`: the last pull without its files, or null. */
  async function about(account, key) {
    var meta = await store.get("meta", "account:" + account);
    if (!meta) return null;
    return Object.assign(JSON.parse(await seal.decrypt(key, meta, "about\n" + account)), { pulled: meta.pulled });
  }

  async function files(account, key) {
    var found = [];
    for (const row of await store.files(account)) {
      found.push(JSON.parse(await seal.decrypt(key, row, fileBinding(account, row.id))));
    }
    return found;
  }

  /* Only what changed; when the sum does not agree afterwards, all anew. Another account's answer is never kept.
     Gives {status, account}. */
  async function run(address, account, key) {
    var before = await about(account, key), cursor = before ? before.cursor : "";
    for (const from of cursor ? [cursor, ""] : [""]) {
      var answer = await ask(address, from, before ? before.post : "");
      if (answer.status === 403 && answer.body.app === offline.core.MARK && answer.body.ended) return { status: "ended", account: account };
      if (answer.status !== 200) return { status: answer.status, account: "" };
      if (answer.body.account !== account) return { status: 409, account: answer.body.account };
      await keep(answer.body, key);
      if (await checksum(account) === answer.body.checksum) break;
    }
    return { status: 200, account: account };
  }

  offline.pull = { ask: ask, run: run, keep: keep, about: about, files: files };
})();
