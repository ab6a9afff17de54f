/* The shell's page: start, screens by the address's hash, when to send and to fetch, when to take a new version. */
(function () {
  "use strict";

  var offline = window.offline, cwr = window.cwr, show = offline.show, state = show.state, store = offline.store, core = offline.core;
  var ROUND = 30000, ASK = 300000, HOLD = 20000, IDLE = 10 * 60000, DAY = 86400000, OLD = 3, TOO_OLD = 14; // ms, days
  var hiddenAt = 0, asked = 0, pulling = null, ends = { pull: "", send: "" };

  function able() {
    return Boolean(window.isSecureContext && navigator.serviceWorker && window.crypto && crypto.subtle && window.indexedDB && navigator.locks);
  }

  /* --- Screens --- */
  async function draw() {
    if (!state.key) return;
    var rows = await store.outbox(), at = (location.hash || "#today").slice(1).split("/");
    line(rows);
    if (/^(visit|item|returned|alert)$/.test(at[0])) return openForm(at, rows);
    offline.sheet.close();
    show.fill("bar", document.querySelector('.phonenav a[href="#' + (at[0] === "outbox" ? "outbox" : "today") + '"]').textContent.trim());
    if (at[0] === "outbox") return offline.tray.draw(show.screen("outbox"), rows);
    return offline.day.draw(show.screen("today"), rows);
  }

  /* The same screen with what is new, where the reader stands. */
  async function refresh() {
    if (!state.key) return;
    var rows = await store.outbox(), part = show.root().querySelector("[data-screen]:not([hidden])");
    line(rows);
    if (part.dataset.screen === "outbox") await offline.tray.draw(part, rows);
    if (part.dataset.screen === "today") offline.day.draw(part, rows);
  }

  function openForm(at, rows) {
    var sheet = sheetAt(at, rows);
    return sheet ? offline.sheet.open(sheet) : location.replace("#today");
  }

  /* #visit/{child}, #returned/{visit}, #alert/{child}, #item/{id} of what was not taken; null where it is not here. */
  function sheetAt(at, rows) {
    var row = at[0] === "item" ? rows.filter(function (one) { return one.id === at[1]; })[0] : null, kind = row ? row.kind : at[0];
    if (at[0] === "item" && !row) return null;
    if (!state.about) return null;
    if (kind === "alert") return offline.alert.sheet(row ? row.child : at[1] || "", row);
    if (kind === "returned" || kind === "correction") {
      var entry = state.about.returned.filter(function (one) { return one.visit === (row ? row.visit : at[1]); })[0];
      return entry ? offline.visit.forReturned(entry, row) : null;
    }
    var file = state.files.filter(function (one) { return one.id === (row ? row.child : at[1]); })[0];
    return file ? offline.visit.forVisit(file, row) : null;
  }

  /* Whether what was done has left the phone. All accounts count: none is hidden behind another's login. */
  function line(rows) {
    var waiting = core.unsent(rows).length, place = show.slot("line");
    place.textContent = "";
    place.appendChild(cwr.icon(waiting ? "cloud-slash" : "cloud-check"));
    var words = waiting ? cwr.word("offline.line.waiting", { n: waiting }) : cwr.word("offline.line.all_sent");
    place.appendChild(document.createTextNode(" " + (state.offline ? cwr.word("offline.line.offline") + " · " : "") + words));
  }

  /* --- Sending and fetching --- */
  function way(eager) {
    return {
      address: show.root().dataset.sync, app: show.root().dataset.version, eager: eager,
      token: async function () { return cwr.csrf(); }, open: offline.items.payload, tell: refresh
    };
  }

  async function send(eager) { // also while locked: what lies here is sealed to the server
    var end = await offline.sender.run(way(eager));
    if (end === "busy") return;
    if (!state.key) await ask();
    if (await obey()) return;
    stopped("send", end);
    await refresh();
  }

  /* A locked phone fetches nothing; it still asks whether it was lost. */
  async function ask() {
    var locks = Date.now() - asked > ASK ? await store.locks() : [];
    if (!locks.length) return;
    asked = Date.now();
    await offline.sender.contact(way(false), locks[0].account);
  }

  /* An order of the station: whoever reads here is put out. */
  async function obey() {
    var wiped = await offline.sender.obey(way(false));
    if (!wiped.length) return false;
    await offline.lock.putOut("ordered");
    return true;
  }

  /* One line for both ways; what the fetching met says more. */
  function stopped(way, why) {
    ends[way] = why;
    var end = ends.pull || ends.send, login = show.link(cwr.word("offline.login"), show.root().dataset.login);
    var text = end ? cwr.word("offline.stop." + end, { name: state.label }) : "";
    show.notice("line", text, "warm", end === "login" || end === "account" ? login : null);
  }

  async function pull() {
    if (!state.key || pulling) return pulling;
    pulling = offline.pull.run(show.root().dataset.sync, state.account, state.key);
    try {
      var done = await pulling;
      if (done.status === "ended") return await leave();
      if (await obey()) return;
      state.offline = done.status === 0;
      stopped("pull", { 401: "login", 403: "denied", 409: "account" }[done.status] || "");
      if (done.status === 200) await load();
    } finally {
      pulling = null;
    }
    await refresh();
  }

  /* The post is over: nothing of its children stays here. What was not sent goes out sealed. */
  async function leave() {
    await store.wipe(state.account);
    return offline.lock.putOut("ended");
  }

  async function round(eager) {
    await send(eager);
    await pull();
  }

  async function load() {
    state.about = await offline.pull.about(state.account, state.key);
    var age = state.about ? Math.floor((Date.now() - state.about.pulled) / DAY) : 0;
    if (age > TOO_OLD) await store.dropFiles(state.account);
    state.files = await offline.pull.files(state.account, state.key);
    var word = age > TOO_OLD ? "offline.too_old" : age > OLD ? "offline.old" : "";
    show.notice("age", word && cwr.word(word, { n: age > TOO_OLD ? TOO_OLD : age }));
  }

  /* Unlocked: show what is here at once, then see whether the network is. */
  async function opened() {
    var mine = (await store.locks()).filter(function (lock) { return lock.account === state.account; })[0];
    state.label = mine ? mine.label : "";
    await store.tidy(Date.now(), false);
    await load();
    await draw();
    round(false);
  }

  /* An item is in the outbox for good. */
  function saved() {
    if (location.hash === "#outbox") draw();
    else location.replace("#outbox");
    navigator.serviceWorker.ready.then(function (worker) { if (worker.sync) return worker.sync.register("outbox"); }).catch(function () {});
    round(false);
  }

  /* --- A new version: not while a form is open anywhere --- */
  async function update(worker) {
    await navigator.locks.request("form-open", { mode: "exclusive", ifAvailable: true }, function (lock) {
      if (!lock) return cwr.toast(cwr.word("offline.update_later"));
      if (!worker.waiting) return location.reload();
      var changed = new Promise(function (done) {
        navigator.serviceWorker.addEventListener("controllerchange", done, { once: true });
        worker.active && window.setTimeout(done, 5000);
      });
      worker.waiting.postMessage({ type: "skip" });
      return changed.then(function () { location.reload(); });
    });
  }

  function offerUpdate(worker) {
    if (!worker.waiting || !worker.active) return;
    var button = cwr.make("button", "btn btn-xs", cwr.word("offline.update"));
    button.addEventListener("click", function () { update(worker); });
    show.notice("update", " ", "brand", button);
  }

  async function register() {
    if (!show.root().dataset.worker) return;
    var worker = await navigator.serviceWorker.register(show.root().dataset.worker, { updateViaCache: "none" });
    offerUpdate(worker);
    worker.addEventListener("updatefound", function () {
      var coming = worker.installing;
      coming.addEventListener("statechange", function () { if (coming.state === "installed") offerUpdate(worker); });
    });
  }

  /* --- What one taps, and what the phone says --- */
  var ACTS = {
    "first": offline.lock.askFirst, "other": offline.lock.askFirst, "others": offline.lock.begin, "lock": offline.lock.lock,
    "forgot": function (button) { return offline.lock.wipe(button, "offline.forgot"); },
    "wipe": function (button) { return offline.lock.wipe(button, "offline.wipe"); },
    "send": function () { return round(true); },
    "drop": offline.tray.drop,
    "export": async function () { return offline.tray.save(state.account, await store.device(), show.root().dataset.version); }
  };
  var FORMS = { "pin": offline.lock.onPin, "new-pin": offline.lock.onNewPin };

  document.addEventListener("click", function (event) {
    var button = event.target.closest("button[data-do]"), act = button && ACTS[button.dataset.do];
    if (act) act(button);
  });
  document.addEventListener("submit", function (event) {
    var act = FORMS[event.target.dataset.do];
    if (!act) return;
    event.preventDefault();
    var button = event.target.querySelector("button.btn-primary");
    if (button.disabled) return;
    button.disabled = true;
    act(event.target).finally(function () { button.disabled = false; });
  });
  window.addEventListener("hashchange", draw);
  window.addEventListener("online", function () { round(false); });
  window.addEventListener("pagehide", function () { offline.sheet.flush(); offline.lock.hold(); });
  window.addEventListener("pageshow", function (event) { // out of the history: whose page it was may have locked it since
    if (!event.persisted) return;
    state.key = null; // else leaving would hand it on again
    show.root().hidden = true;
    location.reload();
  });
  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "hidden") {
      hiddenAt = Date.now();
      offline.sheet.flush();
      offline.lock.hold();
    } else if (state.key && hiddenAt && Date.now() - hiddenAt > IDLE) offline.lock.lock();
    else round(false);
  });
  window.setInterval(function () { if (document.visibilityState === "visible") send(false); }, ROUND);
  window.setInterval(function () { if (document.visibilityState === "visible") offline.lock.hold(); }, HOLD);

  offline.page = { opened: opened, saved: saved, round: round, draw: draw };

  cwr.ready(function (part) {
    if (part !== document) return;
    document.querySelector(".phonenav").hidden = true;
    if (!able()) return show.screen("none");
    register().catch(function () {}); // the page works on; only the next start needs the network
    offline.lock.ready();
    offline.lock.begin();
    send(false);
  });
})();
