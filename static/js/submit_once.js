/* A form is sent once: its buttons rest until the answer is there, and wake when one comes back to the page.
   Forms with data-again (filters, downloads) are left alone. */

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
