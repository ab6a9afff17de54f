/* <button data-same='{"care": "good", …}'> answers a page of a form as last time; shown only where last time's
   answers are known. Never on a page about safety: that is looked at anew. */

import { onLoad } from "./app.js";

function fillIn(form, values) {
  Object.keys(values).forEach((name) => {
    form.querySelectorAll('[name="' + name + '"]').forEach((field) => {
      if (field.type === "radio") field.checked = field.value === values[name];
      else field.value = values[name];
    });
  });
  form.dispatchEvent(new Event("input", { bubbles: true }));
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

function attach(button) {
  if (!button.dataset.same || !button.hidden) return;
  button.hidden = false;
  button.addEventListener("click", () => fillIn(button.form, JSON.parse(button.dataset.same)));
}

onLoad((root) => root.querySelectorAll("button[data-same]").forEach(attach));
