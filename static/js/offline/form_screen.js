/* A form without a network, whichever: drafts while one writes, its faults at their fields, then its items into the outbox
   in one transaction, and only then "saved". A sheet says what differs:
   {name, template, title, facts, row, child, before: values or null, photos: most or 0, fresh(form), read(entries),
    check(answers), write(payload), items(answers, photos), done}. */
(function () {
  "use strict";

  var offline = window.offline, cwr = window.cwr, show = offline.show, store = offline.store;
  var now = null, turn = 0; // {sheet, form, part, replaces, photos, db}

  function put(form, values) {
    Array.prototype.forEach.call(form.elements, function (field) {
      if (!field.name || !values[field.name]) return;
      if (/^(radio|checkbox)$/.test(field.type)) field.checked = values[field.name].indexOf(field.value) >= 0;
      else field.value = values[field.name][0] || "";
    });
    form.dispatchEvent(new Event("change"));
  }

  function errors(form, wrong) {
    form.querySelectorAll(".field-error[data-mine]").forEach(function (old) { old.remove(); });
    form.querySelectorAll(".field-bad").forEach(function (field) { field.classList.remove("field-bad"); });
    var left = [];
    Object.keys(wrong).forEach(function (name) {
      var card = form.querySelector('[data-field="' + (name === "hazards" ? "hazard" : name) + '"]');
      [].concat(wrong[name]).forEach(function (text) {
        if (!card) return left.push(text);
        var line = cwr.make("p", "field-msg field-error"), field = card.querySelector(".field") || card;
        line.dataset.mine = "";
        line.appendChild(cwr.icon("exclamation-circle"));
        line.appendChild(cwr.make("span", "", text));
        field.appendChild(line);
        field.classList.add("field-bad");
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
    var field = form.querySelector(".field-bad input, .field-bad textarea, .field-bad select");
    if (!field) return;
    field.dispatchEvent(new Event("invalid")); // form_steps.js goes there
    if (!form.querySelector("[data-step]")) field.closest(".field-bad").scrollIntoView({ block: "center" });
  }

  async function before(sheet, draft) {
    var said = sheet.row && await offline.items.said(sheet.row);
    if (said) return sheet.write(said);
    return draft ? draft.values : sheet.before;
  }

  async function open(sheet) {
    close();
    var mine = turn += 1, draft = await store.get("drafts", [show.state.account, sheet.name]) && await offline.drafts.open(sheet.name);
    var values = await before(sheet, draft), replaces = sheet.row ? sheet.row.id : draft && draft.replaces, db = await store.db();
    var photos = sheet.photos ? await offline.photos.held(sheet.row ? null : draft, sheet.row) : [];
    if (mine !== turn) return; // another one was opened meanwhile
    var part = show.screen(sheet.screen), place = show.slot("form", part);
    place.textContent = "";
    place.appendChild(show.clone(sheet.template));
    var form = place.querySelector("form");
    now = { sheet: sheet, form: form, replaces: replaces, photos: photos, db: db };
    now.entries = function () { return Array.from(new FormData(form).entries()); };
    show.fill("title", sheet.title, part);
    show.fill("bar", sheet.title);
    show.fill("facts", sheet.facts || "", part);
    show.fill("draft", cwr.word("offline.state.draft"));
    sheet.fresh(form, touched);
    cwr.wake(place);
    if (sheet.photos) offline.photos.attach(now, touched);
    if (values) put(form, values);
    if (sheet.row) errors(form, sheet.row.errors || {});
    toFault(form);
    form.addEventListener("input", touched);
    form.addEventListener("change", touched);
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      save(now.photos);
    });
    var bare = form.querySelector('[data-do="bare"]');
    if (bare) bare.addEventListener("click", function () { save([]); });
    holdOpen();
  }

  function touched() { if (now) offline.drafts.touched(now); }

  /* A new version of the app waits while a form is open. */
  function holdOpen() {
    var at = now;
    navigator.locks.request("form-open", { mode: "shared" }, function () {
      return new Promise(function (done) { at.release = done; if (at !== now) done(); });
    });
  }

  function flush() { if (now) offline.drafts.flush(now); }

  function close() {
    turn += 1;
    if (!now) return;
    flush();
    now.closed = true;
    window.clearTimeout(now.timer);
    if (now.release) now.release();
    now.form.remove();
    now = null;
  }

  async function write(at, made) {
    try {
      await store.saveItems(made, at.sheet.name, at.replaces);
    } catch (failed) {
      if (failed.name !== "QuotaExceededError") throw failed;
      await store.tidy(Date.now(), true);
      await store.saveItems(made, at.sheet.name, at.replaces);
    }
  }

  /* Not saved: the form keeps its content. A phone too full for the photos may still hold the words: she decides. */
  function failedTo(at, failed, photos) {
    var full = failed.name === "QuotaExceededError", bare = at.form.querySelector('[data-do="bare"]');
    at.saving = false;
    say(cwr.word("offline.not_saved", { why: cwr.word(full ? "offline.full" : "offline.failed") }));
    if (bare) bare.hidden = !(full && photos.length);
  }

  async function save(photos) {
    var at = now;
    if (at.saving) return;
    if (at.busy) return say(cwr.word("offline.photo_making"));
    var answers = at.sheet.read(at.entries()), wrong = at.sheet.check(answers);
    Object.keys(wrong).forEach(function (field) { wrong[field] = cwr.word(wrong[field]); });
    errors(at.form, wrong);
    if (Object.keys(wrong).length) return toFault(at.form);
    at.saving = true;
    window.clearTimeout(at.timer);
    try {
      await write(at, await at.sheet.items(answers, photos));
    } catch (failed) {
      return failedTo(at, failed, photos);
    }
    close();
    cwr.toast(at.sheet.done);
    offline.page.saved();
  }

  offline.sheet = { open: open, close: close, flush: flush, put: put };
})();
