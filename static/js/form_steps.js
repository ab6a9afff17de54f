/* A long form in steps on a phone: <form data-steps> with <fieldset data-step data-title>.
   On a PC, on paper and without a script it is one long page. [data-step-at] says where one is. A step that an answer
   hides (data-show-when) is no step. */
(function () {
  "use strict";

  var cwr = window.cwr;

  function bar(form, count) {
    var row = form.querySelector(".stepbar") || cwr.make("div", "stepbar");
    row.setAttribute("aria-hidden", "true");
    row.textContent = "";
    for (var i = 0; i < count; i += 1) row.appendChild(document.createElement("i"));
    if (!row.parentElement) form.insertBefore(row, form.firstChild);
    return row;
  }

  function firstWrong(step) {
    var fields = step.querySelectorAll("input, select, textarea");
    return Array.prototype.filter.call(fields, function (el) { return !el.disabled && !el.checkValidity(); })[0];
  }

  function start(form) {
    var all = Array.prototype.slice.call(form.querySelectorAll("[data-step]"));
    if (all.length < 2 || form.cwrSteps) return;
    form.cwrSteps = true;
    var steps = [], row = null, now = 0, pushed = 0;
    document.body.classList.add("stepping");

    function count() {
      steps = all.filter(function (step) { return !step.hidden; });
      if (!row || row.children.length !== steps.length) row = bar(form, steps.length);
    }

    function show(index, move) {
      count();
      now = Math.max(0, Math.min(steps.length - 1, index));
      all.forEach(function (step) { step.classList.toggle("step-now", step === steps[now]); });
      steps.forEach(function (step, i) { row.children[i].className = i <= now ? "on" : ""; });
      document.body.classList.toggle("at-first", now === 0);
      document.body.classList.toggle("at-last", now === steps.length - 1);
      document.querySelectorAll("[data-step-at]").forEach(function (place) {
        place.textContent = cwr.word("step.at", { n: now + 1, of: steps.length });
      });
      if (!move) return;
      window.scrollTo(0, 0);
      var heading = steps[now].querySelector("h2, legend");
      if (heading) {
        heading.tabIndex = -1;
        heading.focus({ preventScroll: true });
      }
    }

    document.addEventListener("click", function (event) { // the buttons stand in the page's foot
      var button = event.target.closest(".step-prev, .step-next");
      if (!button || button.form !== form) return;
      event.preventDefault();
      if (button.classList.contains("step-prev")) {
        if (now > 0) go(now - 1);
      } else {
        var wrong = firstWrong(steps[now]);
        if (wrong) return wrong.reportValidity();
        history.pushState({ step: now + 1 }, "");
        pushed += 1;
        show(now + 1, true);
      }
    });
    function go(index) {
      if (pushed > 0) {
        pushed -= 1;
        history.back();
      } else show(index, true);
    }
    // the phone's own back button goes one step back, not out of the form
    window.addEventListener("popstate", function (event) {
      show(event.state && event.state.step ? event.state.step : 0, true);
    });
    form.addEventListener("change", function () { show(now, false); });
    // a hidden step can't show its fault: go there first
    form.addEventListener("invalid", function (event) {
      var index = steps.findIndex(function (step) { return step.contains(event.target); });
      if (index >= 0 && index !== now) show(index, true);
    }, true);

    count();
    var bad = steps.findIndex(function (step) { return step.querySelector(".field-bad, .errorlist"); });
    var asked = steps.findIndex(function (step) { return step.id && "#" + step.id === location.hash; });
    show(Math.max(0, bad >= 0 ? bad : asked), false);
  }

  cwr.ready(function (root) { root.querySelectorAll("form[data-steps]").forEach(start); });
})();
