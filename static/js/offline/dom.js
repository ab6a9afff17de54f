/* The shell's screens and slots; what the other files of the page share. */
(function () {
  "use strict";

  var offline = window.offline, cwr = window.cwr;
  /* who is unlocked, and what the last pull said; empty while locked */
  var state = { account: "", key: null, about: null, files: [] };

  function root() { return document.getElementById("offline"); }

  function slot(name, within) { return (within || document).querySelector('[data-slot="' + name + '"]'); }

  function fill(name, text, within) {
    (within || document).querySelectorAll('[data-slot="' + name + '"]').forEach(function (place) { place.textContent = text; });
  }

  /* Show one screen, hide the others; the heading takes the focus, so that a reader hears where one is. */
  function screen(name) {
    root().querySelectorAll("[data-screen]").forEach(function (part) { part.hidden = part.dataset.screen !== name; });
    var form = name === "visit" || name === "alert";
    document.querySelectorAll("[data-foot]").forEach(function (foot) { foot.hidden = foot.dataset.foot !== name; });
    document.body.classList.toggle("page-steps", form);
    document.querySelector(".topbar").classList.toggle("has-back", form || name === "outbox");
    document.querySelector("[data-step-at]").hidden = name !== "visit";
    slot("line").hidden = form || !state.key;
    slot("where").hidden = name !== "today";
    document.querySelector(".phonenav").hidden = !state.key;
    document.querySelectorAll(".phonenav a").forEach(function (link) {
      if (link.getAttribute("href") === "#" + name) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    });
    window.scrollTo(0, 0);
    return root().querySelector('[data-screen="' + name + '"]');
  }

  /* `nodes` stand in `place`. Where they say what stands there already nothing is touched: a finger that is down on a button
     while something arrives would lose its tap. */
  function renew(place, nodes) {
    var made = document.createElement("div");
    nodes.forEach(function (node) { made.appendChild(node); });
    if (made.innerHTML === place.innerHTML) return;
    place.textContent = "";
    while (made.firstChild) place.appendChild(made.firstChild);
  }

  function clone(id) { return document.getElementById(id).content.cloneNode(true); }

  function chip(text, tone) { return cwr.make("span", "chip" + (tone ? " chip-" + tone : ""), text); }

  function day(iso) { return cwr.word("offline.date", { m: Number(iso.slice(5, 7)), d: Number(iso.slice(8, 10)) }); }

  function two(n) { return (n < 10 ? "0" : "") + n; }

  /* YYYY-MM-DD and HH:MM of the phone's own clock. */
  function isoDay(time) { return time.getFullYear() + "-" + two(time.getMonth() + 1) + "-" + two(time.getDate()); }

  function clock(time) { return two(time.getHours()) + ":" + two(time.getMinutes()); }

  /* 2026-11-26T16:20:05+08:00 */
  function isoTime(time) {
    var east = -time.getTimezoneOffset(), size = Math.abs(east);
    return isoDay(time) + "T" + clock(time) + ":" + two(time.getSeconds()) + (east < 0 ? "-" : "+") +
      two(Math.floor(size / 60)) + ":" + two(size % 60);
  }

  /* One line above every screen, until the same `about` says something else or nothing. */
  function notice(about, text, tone, link) {
    var place = slot("notices"), old = place.querySelector('[data-about="' + about + '"]');
    if (old) old.remove();
    if (!text) return;
    var box = cwr.make("p", "hint mb-3 hint-" + (tone || "warm"), text);
    box.dataset.about = about;
    if (link) {
      box.appendChild(document.createTextNode(" "));
      box.appendChild(link);
    }
    place.appendChild(box);
  }

  function link(text, href) {
    var made = cwr.make("a", "", text);
    made.href = href;
    return made;
  }

  offline.show = {
    state: state, root: root, slot: slot, fill: fill, screen: screen, clone: clone, chip: chip, day: day, isoDay: isoDay,
    clock: clock, isoTime: isoTime, notice: notice, link: link, renew: renew
  };
})();
