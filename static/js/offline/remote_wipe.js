/* What the station or the county ordered for a phone that was lost: wipe an account's data. It comes with any
   answer, also to a phone without a session. What is sealed is sent first (the sender ends its run before this),
   then all is wiped, then that is told back. A classic script: the worker imports it too. */
(function () {
  "use strict";

  const offline = self.offline = self.offline || {};
  const store = offline.store;
  const KEPT = 20; // orders remembered as obeyed
  const ordered = {}; // account of each order's key, as the last answers said

  function noteOrders(body) {
    if (!body || body.app !== offline.outboxRules.SERVER_MARK || !Array.isArray(body.wipe)) return;
    body.wipe.forEach((order) => {
      ordered[order.key] = order.account;
    });
  }

  /* Gives the accounts that were wiped now. `report(key)` says so to the server; until it has heard it asks again,
     and an order that was obeyed is only reported again: the phone may have a new list of the same account by
     then. */
  async function obeyOrders(report) {
    const wiped = [];
    const done = (await store.get("meta", "orders")) || { name: "orders", keys: [], v: 1 };
    for (const key of Object.keys(ordered)) {
      if (done.keys.indexOf(key) < 0) {
        await store.wipeAccount(ordered[key]);
        done.keys = done.keys.concat(key).slice(-KEPT);
        await store.put("meta", done);
        wiped.push(ordered[key]);
      }
      delete ordered[key];
      await report(key);
    }
    return wiped;
  }

  offline.remoteWipe = { noteOrders, obeyOrders };
})();
