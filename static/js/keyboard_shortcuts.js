/* Shortcuts: data-key="a" or "ctrl+k" on a link, a button or a field presses (or focuses) it.
   A queue with data-keys-list moves by J and K. Nothing happens while one is writing. */
(function () {
  "use strict";

  function writing(node) {
    if (!node || !node.closest) return false;
    var field = node.closest("input, textarea, select, [contenteditable]");
    return Boolean(field) && !/^(checkbox|radio|button|submit)$/.test(field.type || "");
  }

  function nameOf(event) {
    return (event.ctrlKey || event.metaKey ? "ctrl+" : "") + event.key.toLowerCase();
  }

  function press(target) {
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && target.type !== "submit") target.focus();
    else target.click();
  }

  function step(list, by) {
    var items = Array.prototype.slice.call(list.querySelectorAll("a[href]"));
    var here = items.findIndex(function (a) { return a.getAttribute("aria-current") || a === document.activeElement; });
    var next = items[Math.max(0, Math.min(items.length - 1, here + by))];
    if (next && items.indexOf(next) !== here) {
      next.focus();
      next.click();
    }
  }

  document.addEventListener("keydown", function (event) {
    if (event.altKey || event.isComposing || document.querySelector(".layer")) return;
    var name = nameOf(event);
    if (writing(event.target) && name.indexOf("ctrl+") !== 0) return;
    var targets = document.querySelectorAll("[data-key]");
    var found = Array.prototype.filter.call(targets, function (el) {
      return el.dataset.key === name && !el.disabled && el.offsetParent !== null;
    })[0];
    var list = document.querySelector("[data-keys-list]");
    if (found) {
      event.preventDefault();
      press(found);
    } else if (list && (name === "j" || name === "k")) {
      event.preventDefault();
      step(list, name === "j" ? 1 : -1);
    }
  });
})();
