/* One item of the outbox: its string, hashed, encrypted for this phone and sealed for the server; and back again. */
(function () {
  "use strict";

  var offline = window.offline, show = offline.show, state = show.state, seal = offline.seal;

  var SCHEMAS = { visit: 2, correction: 2 }; // of what is written here; the server understands older ones

  function binding(id) { return "item\n" + state.account + "\n" + id; }

  /* The row of `said`. `clear` stands beside it in clear: {child, visit, version, after}, ids and counts only. */
  async function make(kind, said, clear) {
    var id = seal.uuid(), time = new Date();
    var text = JSON.stringify(Object.assign({ nonce: seal.base64(seal.random(16)), post: state.about.post }, said));
    var digest = await seal.hash(text), box = await seal.encrypt(state.key, text, binding(id));
    return Object.assign({
      id: id, account: state.account, kind: kind, schema: SCHEMAS[kind] || 1, created: time.getTime(), made_at: show.isoTime(time),
      hash: digest, local: box, sealed: await seal.toServer(text, id, state.account, digest, state.about.key),
      state: "saved", tries: 0, next: 0, app: show.root().dataset.version, v: 1
    }, clear);
  }

  /* The payload string of a row, or null while it can't be read. */
  async function payload(row) {
    if (!state.key || row.account !== state.account) return null;
    var whole = await offline.store.whole(row);
    return whole.local ? seal.decrypt(state.key, whole.local, binding(row.id)) : null;
  }

  async function said(row) {
    var text = await payload(row).catch(function () { return null; });
    return text && JSON.parse(text);
  }

  offline.items = { make: make, payload: payload, said: said };
})();
