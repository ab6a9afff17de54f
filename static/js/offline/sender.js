/* Sends what waits: one sender on the phone at a time (Web Locks, freed when a tab dies), one item a request. */
(function () {
  "use strict";

  var offline = self.offline = self.offline || {}, core = offline.core, store = offline.store;
  var NOBODY = "00000000-0000-0000-0000-000000000000"; // whose session it is does not matter
  var PATIENCE = 15000; // milliseconds, over headers and body

  async function post(options, body, wiped) {
    var about = new URLSearchParams(Object.assign({ device: body.device }, wiped ? { wiped: wiped } : {}));
    var address = options.address + "?" + about, token = await options.token(), giveUp = new AbortController(), timer = setTimeout(function () { giveUp.abort(); }, PATIENCE);
    try {
      var answer = await fetch(address, {
        method: "POST", credentials: "same-origin", redirect: "manual", cache: "no-store", signal: giveUp.signal,
        headers: { "Content-Type": "application/json", "X-CSRFToken": token }, body: JSON.stringify(body)
      });
      if (answer.type === "opaqueredirect") return { status: 0, redirected: true, body: null };
      var text = await answer.text();
      var said = parsed(text);
      offline.orders.note(said);
      return { status: answer.status, redirected: false, body: said };
    } catch (failed) {
      return { status: 0, redirected: false, body: null };
    } finally {
      clearTimeout(timer);
    }
  }

  function parsed(text) {
    try { return JSON.parse(text); } catch (other) { return null; }
  }

  /* The envelope of one row: in clear while the phone is unlocked, else sealed to the server. */
  async function item(lying, open) {
    var row = await store.whole(lying), payload = await open(row);
    var made = { id: row.id, kind: row.kind, schema: row.schema, made_at: row.made_at, hash: row.hash };
    if (payload) return Object.assign(made, { payload: payload });
    return row.sealed && !row.unopened ? Object.assign(made, { sealed: row.sealed }) : null;
  }

  async function deliver(row, sent, options, device, again) {
    var waiting = core.unsent(await store.outbox()).filter(function (one) { return one.account === row.account; }).length - 1;
    var envelope = { account: row.account, device: device, app: options.app, unsent: waiting, items: [sent] };
    var answer = await post(options, envelope), then = "stop";
    await store.changeItem(row.id, function (now) {
      var done = core.settle(now, answer, Date.now(), Math.random, again);
      then = done.then;
      return done.row;
    });
    return then;
  }

  async function work(options) {
    var run = { eager: options.eager, tried: {}, closed: {} }, end = "", device = await store.device();
    for (;;) {
      var row = core.pick(await store.outbox(), Date.now(), run);
      if (!row) return end;
      run.tried[row.id] = true;
      var sent = await item(row, options.open);
      if (!sent) continue;
      await store.changeItem(row.id, function (now) { return core.isFinal(now) ? now : core.start(now, Date.now()); });
      options.tell();
      var then = await deliver(row, sent, options, device, false);
      if (then === "token") then = await deliver(row, sent, options, device, true);
      options.tell();
      if (then === "account") run.closed[row.account] = true;
      if (then !== "next") end = then;
      if (then === "stop" || then === "login") return end;
    }
  }

  /* Without anything to send: whether there is an order for this phone. */
  async function contact(options, account, wiped) {
    await post(options, { account: account, device: await store.device(), app: options.app, items: [] }, wiped);
  }

  /* After a run: what was ordered meanwhile. Gives the accounts that were wiped. */
  function obey(options) {
    return offline.orders.obey(function (key) { return contact(options, NOBODY, key); });
  }

  /* `options`: {address, app, eager, token(), open(row), tell()}. Gives why it stopped: "", stop, login, account, busy. */
  function run(options) {
    return navigator.locks.request("outbox", { ifAvailable: true }, function (lock) {
      return lock ? work(options) : "busy";
    });
  }

  offline.sender = { run: run, contact: contact, obey: obey, parsed: parsed, PATIENCE: PATIENCE };
})();
