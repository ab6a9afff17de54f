/* The list of files: a short address from its form, and how many rows are ticked. Without scripts all of it works. */
(function () {
  "use strict";

  var cwr = window.cwr;

  function usualColumns(form) {
    return Array.prototype.every.call(form.querySelectorAll("[data-columns] input"), function (box) {
      return box.checked === box.hasAttribute("data-usual");
    });
  }

  /* What is empty or usual does not belong into the address. */
  function shorten(form) {
    var usual = usualColumns(form), left = [];
    Array.prototype.forEach.call(form.elements, function (field) {
      if (field.name && !field.disabled && (field.value === "" || (usual && field.name === "col"))) {
        field.disabled = true;
        left.push(field);
      }
    });
    window.setTimeout(function () { left.forEach(function (field) { field.disabled = false; }); }, 0);
  }

  function startTicks(form) {
    var boxes = Array.prototype.slice.call(form.querySelectorAll("input[name=file]"));
    var button = form.querySelector("[data-tick-button]");
    var all = form.querySelector("[data-tick-all]");
    var word = button.querySelector("span"), plain = word.textContent;
    function show() {
      var n = boxes.filter(function (box) { return box.checked; }).length;
      word.textContent = n ? button.dataset.tickWords.replace("{n}", n) : plain;
      button.disabled = !n;
      button.classList.toggle("btn-primary", n > 0);
      all.firstElementChild.checked = n === boxes.length;
      all.firstElementChild.indeterminate = n > 0 && n < boxes.length;
    }
    all.hidden = false;
    all.firstElementChild.addEventListener("change", function () {
      boxes.forEach(function (box) { box.checked = all.firstElementChild.checked; });
      show();
    });
    form.addEventListener("change", show);
    show();
  }

  cwr.ready(function (root) {
    Array.prototype.forEach.call(root.querySelectorAll("[data-list-form]"), function (form) {
      form.addEventListener("submit", function () { shorten(form); });
    });
    Array.prototype.forEach.call(root.querySelectorAll("[data-ticks]"), startTicks);
  });
})();
