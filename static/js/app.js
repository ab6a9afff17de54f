/* The ground of all scripts: words in the reader's language, what to run on new content, messages, htmx.
   No build step; floor Chrome 80. Every other file uses window.cwr. */
(function () {
  "use strict";

  var element = document.getElementById("words");
  var words = element ? JSON.parse(element.textContent) : {};
  var starters = [], awake = false;

  /* The text of `key` in the reader's language, {name} filled in. */
  function word(key, values) {
    return (words[key] || key).replace(/\{(\w+)\}/g, function (whole, name) {
      return values && name in values ? values[name] : whole;
    });
  }

  /* Run `start(root)` on the page now and on every piece that htmx puts in. */
  function ready(start) {
    starters.push(start);
    if (awake) start(document);
  }

  /* Run the starters on a piece that a script has just put in. */
  function wake(root) { starters.forEach(function (start) { start(root); }); }

  function icon(name) {
    var use = document.querySelector(".icon use");
    var sprite = use ? use.getAttribute("href").split("#")[0] : "/static/icons.svg";
    var svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    var inner = document.createElementNS("http://www.w3.org/2000/svg", "use");
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    inner.setAttribute("href", sprite + "#" + name);
    svg.appendChild(inner);
    return svg;
  }

  function make(tag, className, text) {
    var node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  }

  /* Say something at the foot of the screen for eight seconds. */
  function toast(text, tone) {
    var place = document.getElementById("toasts");
    if (!place) return;
    var box = make("div", "toast" + (tone ? " toast-" + tone : ""), text);
    place.appendChild(box);
    window.setTimeout(function () { box.remove(); }, 8000);
  }

  function cookie(name) {
    var found = document.cookie.match("(?:^|; )" + name + "=([^;]*)");
    return found ? decodeURIComponent(found[1]) : "";
  }

  function csrf() {
    var field = document.querySelector("input[name=csrfmiddlewaretoken]");
    return cookie("csrftoken") || (field ? field.value : "");
  }

  window.cwr = { word: word, ready: ready, wake: wake, icon: icon, make: make, toast: toast, csrf: csrf };

  document.addEventListener("DOMContentLoaded", function () { // deferred scripts run before it: each starter once
    awake = true;
    wake(document);
    var first = document.querySelector("[data-focus]");
    if (first) first.focus();
  });
  document.addEventListener("htmx:load", function (event) {
    if (event.detail.elt !== document.body) wake(event.detail.elt);
  });

  /* htmx: the token goes along, and a failure is said in words */
  document.addEventListener("htmx:configRequest", function (event) {
    if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = csrf();
  });
  document.addEventListener("htmx:sendError", function () { toast(word("net.down"), "error"); });
  document.addEventListener("htmx:timeout", function () { toast(word("net.down"), "error"); });
  document.addEventListener("htmx:responseError", function (event) {
    var code = event.detail.xhr.status;
    toast(code === 401 ? word("net.signin") : word("net.error", { code: code }), "error");
  });

  /* Menus close by a click elsewhere or Escape; a message by its cross */
  document.addEventListener("click", function (event) {
    document.querySelectorAll("details[data-menu][open]").forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
    var closer = event.target.closest("[data-close]");
    if (closer) closer.closest(closer.dataset.close).remove();
    var folder = event.target.closest("[data-fold-all]");
    if (folder) foldAll(document.querySelectorAll(folder.dataset.foldAll));
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    var menu = document.querySelector("details[data-menu][open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  function foldAll(folds) {
    var list = Array.prototype.slice.call(folds);
    var open = list.some(function (fold) { return !fold.open; });
    list.forEach(function (fold) { fold.open = open; });
  }

  /* A link to a folded section opens it */
  function openTarget() {
    var target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (var node = target; node; node = node.parentElement) if (node.tagName === "DETAILS") node.open = true;
  }
  window.addEventListener("hashchange", openTarget);
  ready(function (root) { if (root === document) openTarget(); });

  /* Before paper, everything that is folded opens */
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details.fold:not([open])").forEach(function (fold) {
      fold.open = true;
      fold.dataset.wasShut = "";
    });
  });
  window.addEventListener("afterprint", function () {
    document.querySelectorAll("details[data-was-shut]").forEach(function (fold) {
      fold.open = false;
      delete fold.dataset.wasShut;
    });
  });
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-print]")) window.print();
  });
})();
