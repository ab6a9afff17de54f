/* <button data-same='{"care": "good", …}'> answers a page of a form as last time; shown only where last time's answers are
   known. Never on a page about safety: that is looked at anew. */
(function () {
  "use strict";

  var cwr = window.cwr;

  function put(form, values) {
    Object.keys(values).forEach(function (name) {
      var fields = form.querySelectorAll('[name="' + name + '"]');
      Array.prototype.forEach.call(fields, function (field) {
        if (field.type === "radio") field.checked = field.value === values[name];
        else field.value = values[name];
      });
    });
    ["input", "change"].forEach(function (kind) { form.dispatchEvent(new Event(kind, { bubbles: true })); });
  }

  function start(button) {
    if (!button.dataset.same || !button.hidden) return;
    button.hidden = false;
    button.addEventListener("click", function () { put(button.form, JSON.parse(button.dataset.same)); });
  }

  cwr.ready(function (root) { root.querySelectorAll("button[data-same]").forEach(start); });
})();
