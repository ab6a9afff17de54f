/* What the station ordered for a phone that was lost: wipe an account's data. It comes with any answer, also to a phone without
   a session. What is sealed is sent first (the sender ends its run before this), then all is wiped, then that is told back. */
(function () {
  "use strict";

  var offline = self.offline = self.offline || {}, store = offline.store, heard = {};

  function note(body) {
    if (!body || body.app !== offline.core.MARK || !Array.isArray(body.wipe)) return;
    body.wipe.forEach(function (order) { heard[order.key] = order.account; });
  }

  /* Gives the accounts that were wiped now. `tell(key)` says so to the server; until it has heard it asks again, and an
     order that was obeyed is only told again. */
  async function obey(tell) {
    var wiped = [], done = (await store.get("meta", "orders")) || { name: "orders", keys: [], v: 1 };
    for (const key of Object.keys(heard)) {
      if (done.keys.indexOf(key) < 0) {
        await store.wipe(heard[key]);
        done.keys = done.keys.concat(key).slice(-20);
        await store.put("meta", done);
        wiped.push(heard[key]);
      }
      delete heard[key];
      await tell(key);
    }
    return wiped;
  }

  offline.orders = { note: note, obey: obey };
})();
