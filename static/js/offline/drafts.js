/* What is being written, kept while one writes. A draft has the name of its form's address: a child's id for a visit,
   "returned/…" and "alert/…" for the others. */
(function () {
  "use strict";

  var offline = window.offline, cwr = window.cwr, show = offline.show, state = show.state, store = offline.store, seal = offline.seal;

  function binding(name) { return "draft\n" + state.account + "\n" + name; }

  /* Seal at input, so that leaving the page only has to put what is ready. */
  async function sealed(at) {
    var name = at.sheet.name, box = await seal.encrypt(state.key, JSON.stringify(at.entries()), binding(name));
    at.ready = {
      account: state.account, child: name, at: Date.now(), replaces: at.replaces, photos: at.photos.map(function (one) { return one.id; }),
      iv: box.iv, data: box.data, v: 1
    };
  }

  async function keep(at) {
    try {
      await sealed(at);
      if (at.closed || at.saving) return;
      var draft = at.ready;
      at.ready = null;
      await store.putDraft(draft, at.db);
      if (!at.closed && !at.saving) show.fill("draft", cwr.word("offline.draft", { time: show.clock(new Date()) }));
    } catch (failed) {
      if (!at.closed) show.fill("draft", cwr.word("offline.draft_failed"));
    }
  }

  function touched(at) {
    if (at.closed || at.saving) return;
    window.clearTimeout(at.timer);
    at.timer = window.setTimeout(keep, 400, at);
  }

  /* The page is being left: nothing may be awaited any more. */
  function flush(at) {
    if (!at.ready || at.saving) return;
    store.putDraft(at.ready, at.db).catch(function () {});
    at.ready = null;
  }

  /* {values: {name: [value]}, replaces, photos: [ids]}, or null. */
  async function open(name) {
    var box = await store.get("drafts", [state.account, name]);
    if (!box) return null;
    var values = { hazards: [], focus: [], situations: [], together: [] };
    JSON.parse(await seal.decrypt(state.key, box, binding(name))).forEach(function (entry) {
      (values[entry[0]] = values[entry[0]] || []).push(entry[1]);
    });
    return { values: values, replaces: box.replaces, photos: box.photos || [] };
  }

  /* Where a draft is opened again. */
  function address(name) { return "#" + (name.indexOf("/") < 0 ? "visit/" : "") + name; }

  offline.drafts = { touched: touched, flush: flush, open: open, address: address };
})();
