/* What one has written isn't lost: <form data-draft="visit-new-<child>"> is kept on this device until it is sent.
   Never kept: passwords, files, the csrf token, and fields with data-secret (or inside such a block).
   [data-draft-state] on the page says when. data-draft-done="key" on a later page clears it.
   data-guard alone only warns before one leaves. */
(function () {
  "use strict";

  var cwr = window.cwr, PREFIX = "cwr-draft:", KEEP = 14 * 24 * 3600 * 1000; // milliseconds
  var dirty = new Set(), sending = false;

  function keyOf(form) { return PREFIX + (document.body.dataset.user || "-") + ":" + form.dataset.draft; }

  function kept(field) {
    return field.name && field.name !== "csrfmiddlewaretoken" && !/^(password|file|hidden|submit|button)$/.test(field.type)
      && !field.closest("[data-secret]");
  }

  function fieldsOf(form) { return Array.prototype.filter.call(form.elements, kept); }

  function valuesOf(form) {
    var values = {};
    fieldsOf(form).forEach(function (field) {
      var list = values[field.name] = values[field.name] || [];
      if (field.tagName === "SELECT" && field.multiple) {
        Array.prototype.forEach.call(field.selectedOptions, function (option) { list.push(option.value); });
      } else if (!/^(radio|checkbox)$/.test(field.type) || field.checked) list.push(field.value);
    });
    return values;
  }

  function putBack(form, values) {
    fieldsOf(form).forEach(function (field) {
      var list = values[field.name];
      if (!list) return;
      if (field.tagName === "SELECT" && field.multiple) {
        Array.prototype.forEach.call(field.options, function (option) { option.selected = list.indexOf(option.value) >= 0; });
      } else if (/^(radio|checkbox)$/.test(field.type)) field.checked = list.indexOf(field.value) >= 0;
      else field.value = list.shift();
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  function store(action) { // private windows and full disks refuse: then there is simply no draft
    try { return action(window.localStorage); } catch (refused) { return null; }
  }

  function clock(time) {
    var d = new Date(time);
    return (d.getHours() < 10 ? "0" : "") + d.getHours() + ":" + (d.getMinutes() < 10 ? "0" : "") + d.getMinutes();
  }

  function tell(form, text) {
    document.querySelectorAll("[data-draft-state]").forEach(function (place) { place.textContent = text; });
  }

  function offerDrop(form, time) {
    var note = cwr.make("p", "hint small mb-2");
    note.appendChild(cwr.make("span", "", cwr.word("draft.found", { time: clock(time) }) + " "));
    var drop = cwr.make("button", "btn btn-xs", cwr.word("draft.drop"));
    drop.type = "button";
    drop.addEventListener("click", function () {
      store(function (s) { s.removeItem(keyOf(form)); });
      dirty.delete(form);
      form.reset();
      note.remove();
    });
    note.appendChild(drop);
    form.insertBefore(note, form.firstChild);
  }

  function keepDraft(form) {
    var timer, key = keyOf(form), ready = false;
    var found = store(function (s) { return JSON.parse(s.getItem(key)); });
    if (found && Date.now() - found.at < KEEP && !form.querySelector(".field-bad, .errors")) {
      putBack(form, found.values);
      offerDrop(form, found.at);
    }
    function save() {
      var now = Date.now();
      var done = store(function (s) { s.setItem(key, JSON.stringify({ at: now, values: valuesOf(form) })); return true; });
      if (done) tell(form, cwr.word("draft.saved", { time: clock(now) }));
    }
    function touched() {
      if (!ready) return;
      window.clearTimeout(timer);
      timer = window.setTimeout(save, 600);
    }
    form.addEventListener("input", touched);
    form.addEventListener("change", touched);
    window.addEventListener("pagehide", function () { if (dirty.has(form) && !sending) save(); });
    ready = true;
  }

  function start(form) {
    if (form.cwrDraft) return;
    form.cwrDraft = true;
    if (form.dataset.draft) keepDraft(form);
    form.addEventListener("input", function () { dirty.add(form); });
    form.addEventListener("submit", function () { sending = true; window.setTimeout(function () { sending = false; }, 4000); });
  }

  // a kept draft needs no warning; an unkept form does
  window.addEventListener("beforeunload", function (event) {
    var loses = Array.from(dirty).some(function (form) { return form.isConnected && !form.dataset.draft; });
    if (!loses || sending) return;
    event.preventDefault();
    event.returnValue = cwr.word("draft.leave");
  });

  cwr.ready(function (root) {
    root.querySelectorAll("form[data-draft], form[data-guard]").forEach(start);
    root.querySelectorAll("[data-draft-done]").forEach(function (mark) {
      var key = PREFIX + (document.body.dataset.user || "-") + ":" + mark.dataset.draftDone;
      store(function (s) { s.removeItem(key); });
    });
  });

  // drafts of this device older than two weeks go, whoever wrote them
  store(function (s) {
    Object.keys(s).filter(function (key) { return key.indexOf(PREFIX) === 0; }).forEach(function (key) {
      var draft = JSON.parse(s.getItem(key));
      if (!draft || Date.now() - draft.at > KEEP) s.removeItem(key);
    });
  });
})();
