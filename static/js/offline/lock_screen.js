/* The way in: first use, a new PIN, the PIN, forgotten PIN, another account. Needs no session and no network but at first. */
(function () {
  "use strict";

  var offline = window.offline, cwr = window.cwr, show = offline.show, state = show.state, store = offline.store;
  var registration = null, first = null; // the pull of an account that has no PIN here yet
  var tabs = window.BroadcastChannel ? new BroadcastChannel("registry-lock") : null;

  function worker() { // the first page has no controller: the worker is asked where it is registered
    return navigator.serviceWorker.getRegistration().then(function (found) {
      registration = found;
      return found && found.active;
    });
  }

  /* The next page of the shell gets the key from the worker's memory; it goes within half a minute without a page. */
  function hold() { // nothing is awaited here: the page may be going
    if (!state.key || !registration || !registration.active) return;
    registration.active.postMessage({ type: "hold", account: state.account, key: state.key });
  }

  function ready() {
    if (tabs) tabs.onmessage = function () { if (state.key) away(); };
    navigator.serviceWorker.ready.then(function (found) {
      registration = found;
      hold();
    });
  }

  function held() {
    return worker().then(function (at) {
      if (!at) return null;
      return new Promise(function (resolve) {
        var line = new MessageChannel();
        line.port1.onmessage = function (event) { resolve(event.data); };
        at.postMessage({ type: "ask" }, [line.port2]);
        window.setTimeout(resolve, 1000, null);
      });
    });
  }

  /* All tabs of the shell on this phone: one that stayed open would hand the key on. */
  function lock() {
    if (tabs) tabs.postMessage("lock");
    return away();
  }

  async function away() {
    state.key = null;
    var at = await worker();
    if (at) at.postMessage({ type: "drop" });
    location.replace(location.pathname); // nothing of what was shown stays in memory
  }

  /* Put out, and told why on the next screen: `why` ended or ordered. */
  async function putOut(why) {
    await store.put("meta", { name: "told", value: why, v: 1 });
    return lock();
  }

  async function tellWhy() {
    var told = await store.get("meta", "told");
    if (!told) return;
    show.notice("told", cwr.word("offline.told." + told.value), "danger");
    await store.strictly(["meta"], function (tx) { return tx.store.delete("told"); });
  }

  async function unlocked(account, key) {
    state.account = account;
    state.key = key;
    await store.put("meta", { name: "last", value: account, v: 1 });
    hold();
    await offline.page.opened();
  }

  function problem(part, text) { show.slot("problem", part).textContent = text || ""; }

  function unsentOf(account) {
    return store.outbox().then(function (rows) {
      return offline.core.unsent(rows).filter(function (row) { return row.account === account; }).length;
    });
  }

  /* Ask for the PIN of `account`; the other accounts of this phone stand below. */
  async function askPin(account) {
    var locks = await store.locks(), mine = locks.filter(function (lock) { return lock.account === account; })[0] || locks[0];
    var part = show.screen("pin"), others = show.slot("others", part);
    state.account = mine.account;
    show.fill("whose", cwr.word("offline.pin.of", { name: mine.label }), part);
    problem(part, "");
    others.textContent = "";
    locks.forEach(function (lock) {
      if (lock === mine) return;
      var button = cwr.make("button", "btn btn-sm", cwr.word("offline.pin.of", { name: lock.label }));
      button.addEventListener("click", function () { askPin(lock.account); });
      others.appendChild(button);
    });
    part.querySelector("input").value = "";
    part.querySelector("input").focus();
  }

  async function onPin(form) {
    var account = state.account, tried = await offline.keys.open(account, form.elements.pin.value);
    form.elements.pin.value = "";
    if (tried.key) return unlocked(account, tried.key);
    if (tried.left > 0) return problem(form, cwr.word("offline.pin.wrong", { n: tried.left }));
    show.notice("pin", cwr.word("offline.pin.wiped"), "danger");
    return begin();
  }

  /* Without a PIN here: the account that is signed in now decides. */
  async function askFirst() {
    var part = show.screen("first"), locks = await store.locks();
    part.querySelector('[data-do="others"]').hidden = !locks.length;
    var answer = await offline.pull.ask(show.root().dataset.sync, "");
    if (answer.status === 200) return welcome(answer.body);
    var why = { 0: "offline.first.offline", 403: "offline.first.denied" }[answer.status];
    return problem(part, why ? cwr.word(why) : "");
  }

  async function welcome(body) {
    var known = (await store.locks()).some(function (lock) { return lock.account === body.account; });
    if (known) return askPin(body.account);
    first = body;
    show.screen("new-pin").querySelector("input").focus();
  }

  function tooPlain(pin) { return /^(\d)\1*$/.test(pin) || "01234567890".indexOf(pin) >= 0 || "09876543210".indexOf(pin) >= 0; }

  async function onNewPin(form) {
    var pin = form.elements.pin.value, least = offline.keys.SHORTEST;
    if (pin.length < least) return problem(form, cwr.word("offline.pin.short", { n: least }));
    if (tooPlain(pin)) return problem(form, cwr.word("offline.pin.plain"));
    if (pin !== form.elements.again.value) return problem(form, cwr.word("offline.pin.differ"));
    problem(form, "");
    var key = await offline.keys.make(first.account, first.name + " " + first.unit, pin);
    await offline.pull.keep(first, key);
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist(); // may say no: go on
    form.reset();
    return unlocked(first.account, key);
  }

  /* Forgotten or to be taken off this phone: what was not sent keeps its envelope for the server. */
  async function wipe(button, word) {
    button.dataset.confirm = cwr.word(word, { n: await unsentOf(state.account) });
    cwr.ask(button, function () { store.wipe(state.account).then(lock); });
  }

  async function begin() {
    await tellWhy();
    var locks = await store.locks();
    if (!locks.length) return askFirst();
    var there = await held(), last = await store.get("meta", "last");
    var mine = there && locks.some(function (lock) { return lock.account === there.account; });
    if (mine) return unlocked(there.account, there.key);
    return askPin(last ? last.value : locks[0].account);
  }

  offline.lock = { begin: begin, ready: ready, hold: hold, lock: lock, putOut: putOut, wipe: wipe, onPin: onPin, onNewPin: onNewPin, askFirst: askFirst };
})();
