/* A form is sent once: its buttons rest until the answer is there, and wake when one comes back to the page.
   Forms with data-again (filters, downloads) are left alone. */
(function () {
  "use strict";

  var marked = [];

  function buttonsOf(form) {
    return Array.prototype.filter.call(form.elements, function (el) { return el.type === "submit"; });
  }

  function rest(form) {
    form.dataset.sending = "1";
    buttonsOf(form).forEach(function (button) {
      button.setAttribute("aria-busy", "true");
      button.setAttribute("aria-disabled", "true");
    });
    marked.push(form);
    window.setTimeout(function () { wake(form); }, 20000); // a download never leaves the page
  }

  function wake(form) {
    delete form.dataset.sending;
    buttonsOf(form).forEach(function (button) {
      button.removeAttribute("aria-busy");
      button.removeAttribute("aria-disabled");
    });
  }

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented || "again" in form.dataset || form.method === "get") return;
    if (form.dataset.sending) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    rest(form); // aria only: a disabled button would lose its name and value
  }, true);

  ["htmx:afterRequest", "htmx:validation:halted"].forEach(function (name) {
    document.addEventListener(name, function (event) {
      var form = event.target.closest ? event.target.closest("form") : null;
      if (form) wake(form);
    });
  });
  window.addEventListener("pageshow", function () {
    marked.splice(0).forEach(wake);
  });
})();
