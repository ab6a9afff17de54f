/* The visit form without a network: drafts while one writes, then one item in the outbox, and only then "saved". */
(function () {
  "use strict";

  var offline = window.offline, cwr = window.cwr, show = offline.show, state = show.state, store = offline.store, seal = offline.seal;
  var CARRIED = ["carer", "care", "living", "attendance", "health", "mood"]; // never the safety questions
  var now = null; // {file, form, replaces, draft, ready, held}

  function put(form, values) {
    Array.prototype.forEach.call(form.elements, function (field) {
      if (!field.name || !values[field.name]) return;
      if (/^(radio|checkbox)$/.test(field.type)) field.checked = values[field.name].indexOf(field.value) >= 0;
      else field.value = values[field.name][0] || "";
    });
    form.dispatchEvent(new Event("change"));
  }

  function entries(form) { return Array.from(new FormData(form).entries()); }

  function labelOf(form, name, value) {
    var input = form.querySelector('input[name="' + name + '"][value="' + value + '"]');
    return input ? input.closest("label").textContent.trim() : value;
  }

  function sayLast(form, last) {
    var day = show.day(last.visited_on), known = CARRIED.filter(function (name) { return last[name]; });
    known.forEach(function (name) {
      var card = form.querySelector('[data-field="' + name + '"]'), head = card.querySelector("legend, label");
      var text = cwr.word("offline.last", { answer: labelOf(form, name, last[name]), day: day });
      head.insertAdjacentElement("afterend", cwr.make("span", "field-help", text));
    });
    if (known.length < CARRIED.length) return;
    var same = form.querySelector('[data-step-key="care"]'), values = {};
    known.forEach(function (name) { values[name] = last[name]; });
    same.dataset.same = JSON.stringify(values);
    show.fill("same", cwr.word("offline.same", { day: day }), same);
    cwr.wake(same.parentElement);
  }

  /* What the file says stands in the fields for what changed. */
  function sayHeld(form, held) {
    var values = {};
    Object.keys(held).forEach(function (name) { values["changes-" + name] = [offline.answers.shown(held[name])]; });
    put(form, values);
  }

  function errors(form, wrong) {
    form.querySelectorAll(".field-error[data-mine]").forEach(function (old) { old.remove(); });
    form.querySelectorAll(".field-bad").forEach(function (field) { field.classList.remove("field-bad"); });
    var left = [];
    Object.keys(wrong).forEach(function (name) {
      var card = form.querySelector('[data-field="' + (name === "hazards" ? "hazard" : name) + '"]');
      [].concat(wrong[name]).forEach(function (text) {
        if (!card) return left.push(text);
        var line = cwr.make("p", "field-msg field-error");
        line.dataset.mine = "";
        line.appendChild(cwr.icon("exclamation-circle"));
        line.appendChild(cwr.make("span", "", text));
        card.querySelector(".field").appendChild(line);
        card.querySelector(".field").classList.add("field-bad");
      });
    });
    var count = Object.keys(wrong).length;
    say(left.join(" ") || (count ? cwr.word("offline.check", { n: count }) : ""));
  }

  function say(text) {
    var place = show.slot("problem", now.form);
    place.textContent = text;
    if (text) place.scrollIntoView({ block: "center" });
  }

  /* The step with the first fault comes forward. */
  function toFault(form) {
    var field = form.querySelector(".field-bad input, .field-bad textarea");
    if (field) field.dispatchEvent(new Event("invalid")); // steps.js goes there
  }

  function today() { return show.isoDay(new Date()); }

  function draftBinding(child) { return "draft\n" + state.account + "\n" + child; }

  function itemBinding(id) { return "item\n" + state.account + "\n" + id; }

  /* Seal at input, so that leaving the page only has to put what is ready. */
  async function sealDraft(at) {
    var box = await seal.encrypt(state.key, JSON.stringify(entries(at.form)), draftBinding(at.file.id));
    at.ready = { account: state.account, child: at.file.id, at: Date.now(), replaces: at.replaces, iv: box.iv, data: box.data, v: 1 };
  }

  async function keepDraft(at) {
    try {
      await sealDraft(at);
      if (at !== now || at.saving) return;
      var draft = at.ready;
      at.ready = null;
      await store.putDraft(draft, await store.db());
      if (at === now && !at.saving) show.fill("draft", cwr.word("offline.draft", { time: show.clock(new Date()) }));
    } catch (failed) {
      if (at === now) show.fill("draft", cwr.word("offline.draft_failed"));
    }
  }

  function touched() {
    if (!now || now.saving) return;
    now.dirty = true;
    window.clearTimeout(now.timer);
    now.timer = window.setTimeout(keepDraft, 400, now);
  }

  /* The page is being left: nothing may be awaited any more. */
  function flush() {
    if (!now || !now.ready || now.saving || !now.db) return;
    store.putDraft(now.ready, now.db).catch(function () {});
    now.ready = null;
  }

  async function openDraft(file) {
    var box = await store.get("drafts", [state.account, file.id]);
    return box ? { values: JSON.parse(await seal.decrypt(state.key, box, draftBinding(file.id))), replaces: box.replaces } : null;
  }

  function fresh(form) {
    form.elements.visited_on.value = today();
    ["visited_on", "parent_contact_on"].forEach(function (name) { form.elements[name].max = today(); });
  }

  function asValues(list) {
    var values = { hazards: [], focus: [] };
    list.forEach(function (entry) { (values[entry[0]] = values[entry[0]] || []).push(entry[1]); });
    return values;
  }

  /* Open the form for `file`; `row`: a refused item whose answers and errors come along. */
  async function open(file, row) {
    close();
    var part = show.screen("visit"), place = show.slot("form", part), draft = await openDraft(file);
    place.textContent = "";
    place.appendChild(show.clone("visit-form"));
    var form = place.querySelector("form");
    now = { file: file, form: form, replaces: row ? row.id : draft && draft.replaces, db: await store.db() };
    show.fill("title", file.name, part);
    show.fill("bar", file.name);
    show.fill("facts", file.address, part);
    show.fill("draft", cwr.word("offline.state.draft"));
    fresh(form);
    cwr.wake(place);
    if (file.last) sayLast(form, file.last);
    sayHeld(form, file.noticed || {});
    if (row) put(form, offline.answers.write(JSON.parse(await payload(row))));
    else if (draft) put(form, asValues(draft.values));
    if (row) errors(form, row.errors || {});
    toFault(form);
    form.addEventListener("input", touched);
    form.addEventListener("change", touched);
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      save();
    });
    holdOpen();
  }

  /* A new version of the app waits while a form is open. */
  function holdOpen() {
    var at = now;
    navigator.locks.request("form-open", { mode: "shared" }, function () {
      return new Promise(function (done) { at.release = done; if (at !== now) done(); });
    });
  }

  function close() {
    if (!now) return;
    flush();
    window.clearTimeout(now.timer);
    if (now.release) now.release();
    now.form.remove();
    now = null;
  }

  async function made(answers) {
    var id = seal.uuid(), time = new Date();
    var text = JSON.stringify(Object.assign(
      { nonce: seal.base64(seal.random(16)), child: now.file.id, post: state.about.post }, answers
    ));
    var digest = await seal.hash(text), box = await seal.encrypt(state.key, text, itemBinding(id));
    return {
      id: id, account: state.account, child: now.file.id, kind: "visit", schema: 2, created: time.getTime(), made_at: show.isoTime(time),
      hash: digest, local: box, sealed: await seal.toServer(text, id, state.account, digest, state.about.key),
      state: "saved", tries: 0, next: 0, app: show.root().dataset.version, v: 1
    };
  }

  async function write(item) {
    try {
      await store.saveItem(item, now.file.id, now.replaces);
    } catch (failed) {
      if (failed.name !== "QuotaExceededError") throw failed;
      await store.tidy(Date.now(), true);
      await store.saveItem(item, now.file.id, now.replaces);
    }
  }

  async function save() {
    if (now.saving) return;
    var form = now.form, name = now.file.name, answers = offline.answers.read(entries(form), now.file.noticed);
    var about = show.root().dataset;
    var rules = { asked: about.asked.split(","), late: Number(about.late), outcomes: JSON.parse(about.outcomes) };
    var wrong = offline.answers.check(answers, today(), rules);
    Object.keys(wrong).forEach(function (field) { wrong[field] = cwr.word(wrong[field]); });
    errors(form, wrong);
    if (Object.keys(wrong).length) return toFault(form);
    now.saving = true;
    window.clearTimeout(now.timer);
    try {
      await write(await made(answers));
    } catch (failed) {
      now.saving = false;
      var why = cwr.word(failed.name === "QuotaExceededError" ? "offline.full" : "offline.failed");
      return say(cwr.word("offline.not_saved", { why: why }));
    }
    close();
    cwr.toast(cwr.word("offline.saved", { name: name }));
    offline.page.saved();
  }

  /* The payload string of an item, or null while it can't be read. */
  async function payload(row) {
    if (!state.key || row.account !== state.account || !row.local) return null;
    return seal.decrypt(state.key, row.local, itemBinding(row.id));
  }

  offline.visit = { open: open, close: close, flush: flush, payload: payload, labelOf: labelOf };
})();
