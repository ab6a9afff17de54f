/* A form is sent once: its buttons rest until the answer is there, and wake when one comes back to the page.
   Forms with data-again (filters, downloads) are left alone.

   The server knows a second sending by the form's key, the hidden field "pk", which each page is given anew. Who goes
   back to what was sent gets the page anew, and the browser puts the old answers into it: under a new key they would
   become a second record. So the key stays with its entry in the browser's history. */

import { onLoad } from "./app.js";

const LONGEST_REST = 20000; // milliseconds: a download never leaves the page
const sentForms = [];

function submitButtons(form) {
  return Array.from(form.elements).filter((field) => field.type === "submit");
}

function block(form) {
  form.dataset.sending = "1";
  submitButtons(form).forEach((button) => {
    button.setAttribute("aria-busy", "true");
    button.setAttribute("aria-disabled", "true");
  });
  sentForms.push(form);
  window.setTimeout(() => unblock(form), LONGEST_REST);
}

function unblock(form) {
  delete form.dataset.sending;
  submitButtons(form).forEach((button) => {
    button.removeAttribute("aria-busy");
    button.removeAttribute("aria-disabled");
  });
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || "again" in form.dataset || form.method === "get") return;
  if (form.dataset.sending) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  block(form); // aria only: a disabled button would lose its name and value
}, true);

function keyField(form) {
  return form.querySelector("input[type=hidden][name=pk]");
}

/* The key of `form`; "" where it has none. */
export function formKeyOf(form) {
  const field = keyField(form);
  return field ? field.value : "";
}

/* What is written in `form` goes on under the key that it had before (draft.js). */
export function setFormKey(form, key) {
  const field = keyField(form);
  if (!field) return;
  field.value = key;
  const keys = Object.assign({}, history.state && history.state.formKeys, { [nameOf(form)]: key });
  history.replaceState(Object.assign({}, history.state, { formKeys: keys }), "");
}

function nameOf(form) {
  return form.dataset.draft || form.action;
}

function keepKeys(root) {
  const fields = Array.from(root.querySelectorAll("form input[type=hidden][name=pk]"));
  if (!fields.length) return;
  const keys = Object.assign({}, history.state && history.state.formKeys);
  fields.forEach((field) => {
    const name = nameOf(field.form);
    field.value = keys[name] = keys[name] || field.value;
  });
  history.replaceState(Object.assign({}, history.state, { formKeys: keys }), "");
}

onLoad(keepKeys);

["htmx:afterRequest", "htmx:validation:halted"].forEach((name) => {
  document.addEventListener(name, (event) => {
    // what was asked beside the form says nothing of its own sending
    if (!event.target.closest || "quiet" in event.target.dataset) return;
    const form = event.target.closest("form");
    if (form) unblock(form);
  });
});
window.addEventListener("pageshow", () => {
  sentForms.splice(0).forEach(unblock);
});
