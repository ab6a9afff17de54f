/* Sends what waits: one sender on the phone at a time, one item a request. A classic script: the worker imports it
   too. */
(function () {
  "use strict";

  const offline = self.offline = self.offline || {};
  const rules = offline.outboxRules;
  const store = offline.store;
  const NOBODY = "00000000-0000-0000-0000-000000000000"; // whose session it is does not matter
  const TIMEOUT = 15000; // milliseconds, over headers and body

  function parseJson(text) {
    try {
      return JSON.parse(text);
    } catch (other) {
      return null;
    }
  }

  /* {status, redirected, body}; status 0: no answer came whole, which says nothing about what the server did. */
  async function post(options, body, obeyedOrder) {
    const query = new URLSearchParams({ device: body.device });
    if (obeyedOrder) query.set("wiped", obeyedOrder);
    const token = await options.token();
    const abort = new AbortController();
    // Cleared only after the body: a line may die between headers and body, and fetch has no timeout of its own.
    const timer = setTimeout(() => abort.abort(), TIMEOUT);
    try {
      const answer = await fetch(options.address + "?" + query, {
        method: "POST", credentials: "same-origin", redirect: "manual", cache: "no-store", signal: abort.signal,
        headers: { "Content-Type": "application/json", "X-CSRFToken": token }, body: JSON.stringify(body)
      });
      // To the sign-in page, or a portal's. Followed, it would look like a 200.
      if (answer.type === "opaqueredirect") return { status: 0, redirected: true, body: null };
      const parsed = parseJson(await answer.text());
      offline.remoteWipe.noteOrders(parsed);
      return { status: answer.status, redirected: false, body: parsed };
    } catch (failed) {
      return { status: 0, redirected: false, body: null };
    } finally {
      clearTimeout(timer);
    }
  }

  /* What the server gets of one row: in clear while the phone is unlocked, else sealed to the server; null where
     neither can be had now. */
  async function buildItem(lightRow, readPayload) {
    const row = await store.withContent(lightRow);
    const payload = await readPayload(row);
    const item = { id: row.id, kind: row.kind, schema: row.schema, made_at: row.made_at, hash: row.hash };
    if (payload) return Object.assign(item, { payload: payload });
    return row.sealed && !row.unopened ? Object.assign(item, { sealed: row.sealed }) : null;
  }

  /* Gives what to do next, as outboxRules.applyAnswer says it. */
  async function deliver(row, item, options, device, tokenWasRenewed) {
    const unsentOfAccount = rules.unsent(await store.outbox()).filter((one) => one.account === row.account);
    const waiting = unsentOfAccount.length - 1; // without this one
    const envelope = {
      account: row.account, device: device, app: options.app, sent_at: new Date().toISOString(), unsent: waiting,
      items: [item]
    };
    const answer = await post(options, envelope);
    let then = "stop"; // the row was discarded meanwhile
    await store.updateItem(row.id, (now) => {
      const result = rules.applyAnswer(now, answer, Date.now(), Math.random, tokenWasRenewed);
      then = result.then;
      return result.row;
    });
    return then;
  }

  /* As `deliver`, with nobody else at the row; "next" where it is being mended. */
  function deliverAlone(row, options, device) {
    return navigator.locks.request(rules.lockOf(row), { ifAvailable: true }, async (lock) => {
      const item = lock && await buildItem(row, options.readPayload);
      if (!item) return "next";
      const marked = await store.updateItem(row.id, (now) => (
        rules.isFinal(now) ? now : rules.markSending(now, Date.now())
      ));
      if (!marked) return "next"; // discarded meanwhile
      options.onChange();
      const then = await deliver(row, item, options, device, false);
      // a login elsewhere made a new one
      return then === "token" ? deliver(row, item, options, device, true) : then;
    });
  }

  async function sendAll(options) {
    if (navigator.onLine === false) return "stop"; // else each try would leave it open whether the item arrived
    const run = { eager: options.eager, tried: {}, closed: {} };
    const device = await store.deviceId();
    let end = "";
    for (;;) {
      // Read anew each time: while one item was under way another may have been saved, and a report goes first.
      const row = rules.pickNext(await store.outbox(), Date.now(), run);
      if (!row) return end;
      run.tried[row.id] = true;
      const then = await deliverAlone(row, options, device);
      options.onChange();
      if (then === "account") run.closed[row.account] = true; // this session's own items still go
      if (then !== "next") end = then;
      if (then === "stop" || then === "login") return end;
    }
  }

  /* Without anything to send: whether there is an order for this phone. */
  async function askForOrders(options, account, obeyedOrder) {
    const envelope = { account: account, device: await store.deviceId(), app: options.app, items: [] };
    await post(options, envelope, obeyedOrder);
  }

  /* After a run: what was ordered meanwhile. Gives the accounts that were wiped. */
  function obeyOrders(options) {
    return offline.remoteWipe.obeyOrders((key) => askForOrders(options, NOBODY, key));
  }

  /* `options`: {address, app, eager, token(), readPayload(row), onChange()}. Gives why it stopped: "", stop, login,
     account, busy. The lock is held over all pages and the worker and is freed when its holder dies, which no flag in
     the database would be. */
  function run(options) {
    return navigator.locks.request("outbox", { ifAvailable: true }, (lock) => (lock ? sendAll(options) : "busy"));
  }

  /* When nobody sends, be it another page or the worker. */
  function whenThrough() {
    return navigator.locks.request("outbox", { mode: "shared" }, () => {});
  }

  offline.sender = { run, whenThrough, askForOrders, obeyOrders, parseJson, TIMEOUT };
})();
