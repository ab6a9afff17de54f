/* Fields that help while one writes: they say what is wrong, by how much, and that one may go on.
   The server checks everything again. */
(function () {
  "use strict";

  var cwr = window.cwr;
  var WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

  function digitsOf(text) {
    return text.replace(/[\uff10-\uff19]/g, function (c) { return String.fromCharCode(c.charCodeAt(0) - 0xfee0); })
      .replace(/[^0-9xX]/g, "").toUpperCase();
  }

  function checkDigit(number) { // GB 11643 (ISO 7064 MOD 11-2)
    var sum = WEIGHTS.reduce(function (total, weight, i) { return total + weight * Number(number[i]); }, 0);
    return "10X98765432"[sum % 11];
  }

  function birthOf(number) {
    var y = Number(number.slice(6, 10)), m = Number(number.slice(10, 12)), d = Number(number.slice(12, 14));
    var date = new Date(y, m - 1, d);
    return y > 1899 && date.getFullYear() === y && date.getMonth() === m - 1 && date.getDate() === d ? date : null;
  }

  function ageOn(born, today) {
    var years = today.getFullYear() - born.getFullYear();
    var before = today.getMonth() < born.getMonth()
      || (today.getMonth() === born.getMonth() && today.getDate() < born.getDate());
    return before ? years - 1 : years;
  }

  /* {problem} or {born, sex, age}; nothing for an empty field. `limit`: age from which it is not a child. */
  function readId(number, limit) {
    if (!number) return null;
    if (number.length < 18) return { problem: cwr.word("id.short", { n: 18 - number.length, have: number.length }) };
    if (number.length > 18) return { problem: cwr.word("id.long", { n: number.length - 18, have: number.length }) };
    var letter = number.slice(0, 17).indexOf("X");
    if (letter >= 0) return { problem: cwr.word("id.letters", { n: letter + 1 }) };
    var born = birthOf(number), shown = number.slice(6, 14);
    if (!born) return { problem: cwr.word("id.date", { date: shown }) };
    if (born > new Date()) return { problem: cwr.word("id.future", { date: shown }) };
    if (checkDigit(number) !== number[17]) return { problem: cwr.word("id.checksum") };
    var age = ageOn(born, new Date());
    if (limit && age >= limit) return { problem: cwr.word("id.adult", { n: age }) };
    return { born: born, sex: Number(number[16]) % 2 ? "m" : "f", age: age };
  }

  function group(number) {
    return [number.slice(0, 6), number.slice(6, 14), number.slice(14)].filter(Boolean).join(" ");
  }

  /* Put a message under a field: tone good, bad, warm or "" (none). */
  function say(input, tone, text) {
    var field = input.closest(".field") || input.parentElement;
    var live = field.querySelector(".field-live");
    field.classList.toggle("field-bad", tone === "bad");
    field.classList.toggle("field-good", tone === "good");
    field.querySelectorAll(".field-msg:not(.field-live)").forEach(function (old) { old.remove(); });
    if (!live) {
      live = cwr.make("p", "field-msg field-live");
      live.setAttribute("role", "status");
      live.id = (input.id || "field") + "_live";
      input.setAttribute("aria-describedby", ((input.getAttribute("aria-describedby") || "") + " " + live.id).trim());
      field.appendChild(live);
    }
    live.className = "field-msg field-live field-" + ({ good: "ok", bad: "error", warm: "warm" }[tone] || "none");
    live.textContent = "";
    input.setAttribute("aria-invalid", tone === "bad" ? "true" : "false");
    if (!text) return live;
    live.appendChild(cwr.icon(tone === "good" ? "check-lg" : "exclamation-circle"));
    var cut = tone === "bad" ? text.indexOf("：") + 1 : 0, words = cwr.make("span", "", text.slice(cut));
    if (cut) words.insertBefore(cwr.make("strong", "", text.slice(0, cut)), words.firstChild);
    live.appendChild(words);
    return live;
  }

  function mark(term, value, note) {
    var box = cwr.make("div", "mark"), dd = cwr.make("dd", "", value);
    if (note) dd.appendChild(cwr.make("small", "", note));
    box.appendChild(cwr.make("dt", "", term));
    box.appendChild(dd);
    return box;
  }

  function showMarks(input, read) {
    var field = input.closest(".field") || input.parentElement;
    var marks = field.querySelector(".marks");
    if (marks) marks.remove();
    if (!read || read.problem) return;
    marks = cwr.make("dl", "marks");
    var words = input.dataset;
    marks.appendChild(mark(words.bornLabel || cwr.word("id.born.label"), cwr.word("id.born",
      { y: read.born.getFullYear(), m: read.born.getMonth() + 1, d: read.born.getDate() }), cwr.word("id.age", { n: read.age })));
    marks.appendChild(mark(words.sexLabel || cwr.word("id.sex.label"), cwr.word("id.sex." + read.sex)));
    input.insertAdjacentElement("afterend", marks);
  }

  function pad(n) { return (n < 10 ? "0" : "") + n; }

  /* data-fills-birth / data-fills-sex: selector of the fields that take over what was read */
  function fill(input, read) {
    var form = input.form;
    if (!form || !read || read.problem) return;
    var birth = input.dataset.fillsBirth && form.querySelector(input.dataset.fillsBirth);
    if (birth) birth.value = read.born.getFullYear() + "-" + pad(read.born.getMonth() + 1) + "-" + pad(read.born.getDate());
    var sex = input.dataset.fillsSex && form.querySelector(input.dataset.fillsSex.replace("{sex}", read.sex));
    if (sex && sex.type === "radio") sex.checked = true;
    else if (sex) sex.value = read.sex;
  }

  function idInput(input) {
    var limit = Number(input.dataset.adult || 0);
    function look(final) {
      var number = digitsOf(input.value);
      input.value = group(number);
      if (number.length < 18 && !final) {
        showMarks(input, null);
        return say(input, "", "");
      }
      var read = readId(number, limit);
      showMarks(input, read);
      fill(input, read);
      if (!read) return say(input, "", "");
      return say(input, read.problem ? "bad" : "good", read.problem || cwr.word("id.ok"));
    }
    input.addEventListener("input", function () {
      if (input.selectionStart !== input.value.length && digitsOf(input.value).length !== 18) return;
      look(false);
    });
    input.addEventListener("change", function () { look(true); });
    if (input.value) {
      var bad = input.closest(".field-bad");
      if (bad) input.value = group(digitsOf(input.value));
      else look(true);
    }
  }

  function phoneProblem(text) {
    var number = digitsOf(text.replace(/^\s*\+86/, ""));
    if (!number) return "";
    if (number[0] === "0") return number.length < 10 || number.length > 12 ? cwr.word("phone.landline") : "";
    if (number[0] !== "1") return cwr.word("phone.start");
    if (number.length < 11) return cwr.word("phone.short", { n: 11 - number.length, have: number.length });
    if (number.length > 11) return cwr.word("phone.long", { n: number.length - 11, have: number.length });
    return "";
  }

  function phoneInput(input) {
    input.addEventListener("change", function () {
      var number = digitsOf(input.value), problem = phoneProblem(input.value);
      if (number.length <= 11 && number[0] === "1") {
        input.value = [number.slice(0, 3), number.slice(3, 7), number.slice(7)].filter(Boolean).join(" ");
      }
      var later = problem && !input.required ? " " + cwr.word("phone.later") : "";
      say(input, problem ? "bad" : "", problem + later);
    });
  }

  function grow(area) {
    function fit() {
      area.style.height = "auto";
      area.style.height = area.scrollHeight + 2 + "px";
    }
    area.addEventListener("input", fit);
    if (area.value) fit();
  }

  function counter(area) {
    var limit = Number(area.dataset.count), note = cwr.make("span", "counter");
    area.insertAdjacentElement("afterend", note);
    function tell() {
      var left = limit - area.value.length;
      note.textContent = left < 0 ? cwr.word("field.over", { n: -left }) : left < 50 ? cwr.word("field.left", { n: left }) : "";
      note.classList.toggle("tone-danger", left < 0);
    }
    area.addEventListener("input", tell);
    tell();
  }

  /* select[data-pick]: a field before a long list; what is typed there leaves only what fits and takes the first */
  function pick(select) {
    var all = Array.prototype.slice.call(select.options), seek = cwr.make("input", "pick");
    seek.type = "search";
    seek.autocomplete = "off";
    seek.placeholder = select.dataset.pick;
    seek.setAttribute("aria-label", select.dataset.pick);
    if (select.id) seek.setAttribute("aria-controls", select.id);

    function fits(option, text) {
      var label = option.textContent.toLowerCase(), letters = (option.dataset.letters || "").split(" ");
      return label.indexOf(text) >= 0 || letters.some(function (word) { return word && word.indexOf(text) === 0; });
    }

    function narrow() {
      var text = seek.value.trim().toLowerCase(), chosen = select.value;
      var left = text ? all.filter(function (option) { return fits(option, text); }) : all;
      seek.classList.toggle("pick-none", !left.length);
      select.textContent = "";
      (left.length ? left : all).forEach(function (option) { select.appendChild(option); });
      var keep = !left.length || left.some(function (option) { return option.value === chosen; });
      select.value = keep ? chosen : left[0].value;
      if (select.value !== chosen) select.dispatchEvent(new Event("change", { bubbles: true }));
    }

    seek.addEventListener("input", narrow);
    seek.addEventListener("keydown", function (event) {
      if (event.key !== "Enter") return;
      event.preventDefault();
      select.focus();
    });
    select.parentElement.insertBefore(seek, select);
  }

  /* `wanted`: a value, or >3d for a day that is more than three days ago. */
  function fits(value, wanted) {
    var ago = /^>(\d+)d$/.exec(wanted), now = new Date();
    if (!ago) return value === wanted;
    var days = (Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()) - Date.parse(value)) / 86400000;
    return days > Number(ago[1]);
  }

  /* data-show-when="name=value|value,other=value": shown while a field of the form has one of these values, and
     nothing around it is hidden; or while something is wrong in it. What is hidden is neither asked nor sent. */
  function showWhen(block) {
    var form = block.closest("form");
    if (!form) return;
    var rules = block.dataset.showWhen.split(",").map(function (rule) { return rule.split("="); });
    function look() {
      var said = new FormData(form), outer = block.parentElement.closest("[data-show-when]");
      var wrong = block.querySelector(".field-bad"), on = !(outer && outer.hidden) && (wrong || rules.some(function (rule) {
        var wanted = rule[1].split("|");
        return said.getAll(rule[0]).some(function (value) {
          return wanted.some(function (one) { return fits(value, one); });
        });
      }));
      block.hidden = !on;
      block.querySelectorAll("input, select, textarea").forEach(function (field) { field.disabled = !on; });
    }
    form.addEventListener("change", look);
    look();
  }

  /* A change sends the form: filters */
  document.addEventListener("change", function (event) {
    var form = event.target.form;
    if (!form || !("auto" in form.dataset)) return;
    if (form.requestSubmit) form.requestSubmit();
    else form.submit();
  });

  function each(root, selector, start) {
    if (root.matches && root.matches(selector)) start(root);
    root.querySelectorAll(selector).forEach(start);
  }

  cwr.ready(function (root) {
    each(root, "[data-id-number]", once(idInput));
    each(root, "[data-phone]", once(phoneInput));
    each(root, "textarea[data-grow]", once(grow));
    each(root, "select[data-pick]", once(pick));
    each(root, "[data-count]", once(counter));
    each(root, "[data-show-when]", once(showWhen));
  });

  function once(start) {
    var key = "cwr" + start.name;
    return function (node) {
      if (node[key]) return;
      node[key] = true;
      start(node);
    };
  }

  cwr.readId = readId;
})();
