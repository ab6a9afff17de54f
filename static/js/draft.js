/* What one has written isn't lost: <form data-draft="visit-new-<child>"> is kept on this device until it is sent.
   Never kept there: passwords, files, the csrf token, and fields with data-secret (or inside such a block).
   With data-draft-url the server keeps it too, sealed and with its secret fields, for the same person on any device;
   it survives a lost login.
   [data-draft-state] on the page says when. data-draft-done="key" on a later page clears it.
   data-guard alone only warns before one leaves. */
(function () {
  "use strict";

  var cwr = window.cwr, PREFIX = "cwr-draft:", KEEP = 14 * 24 * 3600 * 1000; // milliseconds
  var dirty = new Set(), sending = false;

  function keyOf(form) { return PREFIX + (document.body.dataset.user || "-") + ":" + form.dataset.draft; }

  function writable(field) {
    return field.name && field.name !== "csrfmiddlewaretoken" && !/^(password|file|hidden|submit|button)$/.test(field.type);
  }

  function kept(field) { return writable(field) && !field.closest("[data-secret]"); }

  function fieldsOf(form) { return Array.prototype.filter.call(form.elements, writable); }

  function valuesOf(form, which) {
    var values = {};
    fieldsOf(form).filter(which).forEach(function (field) {
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
      if (form.dataset.draftUrl) send(form, null);
      dirty.delete(form);
      form.reset();
      note.remove();
    });
    note.appendChild(drop);
    form.insertBefore(note, form.firstChild);
  }

  /* The server's copy: answers a promise of {at} or null when it could not be kept. */
  function send(form, values) {
    return fetch(form.dataset.draftUrl, {
      method: "POST", credentials: "same-origin", redirect: "manual",
      headers: { "Content-Type": "application/json", "X-CSRFToken": cwr.csrf() },
      body: JSON.stringify({ key: form.dataset.draft, values: values })
    }).then(function (answer) {
      if (answer.type === "opaqueredirect" || answer.status === 403) tell(form, cwr.word("draft.signed_out"));
      return answer.ok ? answer.json() : null;
    }).catch(function () { return null; });
  }

  function fetchDraft(form) {
    return fetch(form.dataset.draftUrl + "?key=" + encodeURIComponent(form.dataset.draft), { credentials: "same-origin" })
      .then(function (answer) { return answer.ok ? answer.json() : {}; }).catch(function () { return {}; });
  }

  function keepDraft(form) {
    var timer, later, key = keyOf(form), ready = false;
    var asked = form.querySelector(".field-bad, .errors");
    var found = store(function (s) { return JSON.parse(s.getItem(key)); });
    if (asked || !found || Date.now() - found.at >= KEEP) found = null;
    if (found) {
      putBack(form, found.values);
      offerDrop(form, found.at);
    }
    if (form.dataset.draftUrl && !asked) {
      fetchDraft(form).then(function (server) {
        if (!server.values || dirty.has(form) || (found && found.at > server.at + 60000)) return;
        putBack(form, server.values);
        if (!found) offerDrop(form, server.at);
      });
    }
    function save() {
      var now = Date.now();
      var done = store(function (s) { s.setItem(key, JSON.stringify({ at: now, values: valuesOf(form, kept) })); return true; });
      if (done) tell(form, cwr.word("draft.saved", { time: clock(now) }));
    }
    function keep() {
      if (sending) return;
      send(form, valuesOf(form, writable)).then(function (answer) {
        if (answer && answer.at) tell(form, cwr.word("draft.kept", { time: clock(answer.at) }));
      });
    }
    function touched() {
      if (!ready) return;
      window.clearTimeout(timer);
      timer = window.setTimeout(save, 600);
      if (!form.dataset.draftUrl) return;
      window.clearTimeout(later);
      later = window.setTimeout(keep, 2500);
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
