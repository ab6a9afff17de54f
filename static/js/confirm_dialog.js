/* Ask before acting. On a button or a form:
   data-confirm="sentence"   asks yes or no
   data-reason="field name"  asks for a reason and sends it under that name; data-reason-hints="a|b" offers sentences */
(function () {
  "use strict";

  var cwr = window.cwr;
  var pressed = null; // Chrome 80 has no event.submitter

  document.addEventListener("click", function (event) {
    pressed = event.target.closest("button, input[type=submit]");
  }, true);

  function hintButtons(hints, area) {
    var row = cwr.make("div", "pills my-2");
    hints.split("|").forEach(function (hint) {
      var pill = cwr.make("button", "pill", hint);
      pill.type = "button";
      pill.addEventListener("click", function () {
        area.value = area.value ? area.value + "；" + hint : hint;
        area.focus();
      });
      row.appendChild(pill);
    });
    return row;
  }

  function reasonField(asker, box) {
    var label = cwr.make("label", "", asker.dataset.reasonLabel || cwr.word("ask.reason"));
    var area = cwr.make("textarea");
    area.id = label.htmlFor = "ask-reason";
    area.rows = 3;
    area.maxLength = 500;
    box.appendChild(label);
    if (asker.dataset.reasonHints) box.appendChild(hintButtons(asker.dataset.reasonHints, area));
    box.appendChild(area);
    return area;
  }

  function keepFocusIn(layer) {
    layer.addEventListener("keydown", function (event) {
      if (event.key !== "Tab") return;
      var stops = layer.querySelectorAll("button, textarea");
      var last = stops[stops.length - 1];
      if (event.shiftKey && document.activeElement === stops[0]) { last.focus(); event.preventDefault(); }
      if (!event.shiftKey && document.activeElement === last) { stops[0].focus(); event.preventDefault(); }
    });
  }

  /* Show the question; call `yes(reason)` once it is answered. */
  function ask(asker, yes) {
    var before = document.activeElement;
    var layer = cwr.make("div", "layer");
    var box = cwr.make("div", "layer-box");
    var title = cwr.make("h2", "", asker.dataset.confirm || asker.textContent.trim());
    title.id = "ask-title";
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-modal", "true");
    box.setAttribute("aria-labelledby", title.id);
    box.appendChild(title);
    var area = asker.dataset.reason ? reasonField(asker, box) : null;
    var problem = cwr.make("p", "field-msg field-error");
    problem.setAttribute("role", "alert");
    box.appendChild(problem);
    var foot = cwr.make("div", "layer-foot");
    var no = cwr.make("button", "btn", cwr.word("ask.no"));
    var ok = cwr.make("button", "btn " + (asker.dataset.tone === "danger" ? "btn-danger" : "btn-primary"),
      asker.dataset.yes || cwr.word("ask.yes"));
    no.type = ok.type = "button";
    foot.appendChild(no);
    foot.appendChild(ok);
    box.appendChild(foot);
    layer.appendChild(box);
    document.body.appendChild(layer);
    keepFocusIn(layer);

    function close() {
      layer.remove();
      if (before) before.focus();
    }
    no.addEventListener("click", close);
    layer.addEventListener("keydown", function (event) { if (event.key === "Escape") close(); });
    ok.addEventListener("click", function () {
      var reason = area ? area.value.trim() : "";
      if (area && !reason) {
        problem.textContent = cwr.word("ask.reason.need");
        area.focus();
        return;
      }
      close();
      yes(reason);
    });
    (area || ok).focus();
  }

  function setHidden(form, name, value) {
    var field = form.querySelector("input[type=hidden][name='" + name + "']");
    if (!field) {
      field = document.createElement("input");
      field.type = "hidden";
      field.name = name;
      form.appendChild(field);
    }
    field.value = value;
  }

  /* Send the form as if its button had been pressed, with the button's name and value. */
  function sendAgain(form, button) {
    form.dataset.asked = "1";
    if (form.requestSubmit) form.requestSubmit(button || undefined);
    else (button || form.querySelector("[type=submit]")).click();
    delete form.dataset.asked;
  }

  function onSubmit(event) {
    var form = event.target;
    if (form.dataset.asked) return;
    var button = event.submitter || (pressed && pressed.form === form ? pressed : null);
    var asker = [button, form].filter(function (el) {
      return el && (el.dataset.confirm || el.dataset.reason);
    })[0];
    if (!asker) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(asker, function (reason) {
      if (asker.dataset.reason) setHidden(form, asker.dataset.reason, reason);
      sendAgain(form, button);
    });
  }
  window.addEventListener("submit", onSubmit, true); // before submit_once.js and htmx

  window.cwr.ask = ask;
})();
