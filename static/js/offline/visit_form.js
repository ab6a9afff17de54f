/* The sheets of a visit: a new one, and one that the township sent back. */
(function () {
  "use strict";

  var offline = window.offline, cwr = window.cwr, show = offline.show, state = show.state, answers = offline.answers;
  var OF_EACH = ["attendance", "health", "mood"]; // of brothers and sisters too
  var CARRIED = ["carer", "care", "living", "attendance", "health", "mood"]; // never the safety questions

  function labelOf(form, name, value) {
    var input = form.querySelector('input[name="' + name + '"][value="' + value + '"]');
    return input ? input.closest("label").textContent.trim() : String(value);
  }

  function sayLast(form, last, family) {
    var day = show.day(last.visited_on), known = CARRIED.filter(function (name) { return last[name]; });
    known.forEach(function (name) {
      var card = form.querySelector('[data-field="' + name + '"]'), head = card.querySelector("legend, label");
      var text = cwr.word("offline.last", { answer: labelOf(form, name, last[name]), day: day });
      head.insertAdjacentElement("afterend", cwr.make("span", "field-help", text));
    });
    if (known.length < CARRIED.length) return;
    var same = form.querySelector('[data-step-key="care"]'), values = {};
    known.forEach(function (name) { values[name] = last[name]; });
    family.forEach(function (file) {
      OF_EACH.forEach(function (name) { if (file.last && file.last[name]) values[file.id + "-" + name] = file.last[name]; });
    });
    same.dataset.same = JSON.stringify(values);
    show.fill("same", cwr.word("offline.same", { day: day }), same);
  }

  /* What the file says stands in the fields for what changed. */
  function sayHeld(form, held) {
    var values = {};
    Object.keys(held).forEach(function (name) { values["changes-" + name] = [answers.shown(held[name])]; });
    offline.sheet.put(form, values);
  }

  function today() { return show.isoDay(new Date()); }

  function fileOf(child) { return state.files.filter(function (one) { return one.id === child; })[0]; }

  function fresh(form, held) {
    form.elements.visited_on.value = today();
    ["visited_on", "parent_contact_on"].forEach(function (name) { form.elements[name].max = today(); });
    form.querySelector('[data-do="danger"]').href = "#alert/" + form.dataset.child;
    sayHeld(form, held);
    if (!Object.keys(held).length) form.querySelector('[data-field="noticed"]').remove(); // its file is not here
  }

  /* `day`: when it was told first; a visit that came back was late or not then. */
  function check(said, day) { return answers.check(said, day, rules()); }

  function checkOthers(all, day) { return answers.checkOthers(all, day, rules()); }

  function rules() {
    var about = show.root().dataset;
    return { asked: about.asked.split(","), late: Number(about.late), outcomes: JSON.parse(about.outcomes) };
  }

  /* The visit's item, then its photos', each after it. */
  async function made(kind, said, clear, photos) {
    var item = await offline.items.make(kind, said, clear), all = [item];
    for (const photo of photos) {
      all.push(await offline.items.make("photo", { visit: item.id, child: clear.child, data: photo.data }, { child: clear.child, after: item.id }));
    }
    return all;
  }

  function common(child, row) {
    var file = fileOf(child), held = (file && file.noticed) || {};
    return {
      screen: "visit", template: "visit-form", row: row, child: child, held: held, together: [], write: answers.write,
      read: function (entries) { return answers.read(entries, held); }
    };
  }

  /* An item for each child, all with one mark of the family. */
  async function madeTogether(file, said, together, photos) {
    var family = { family: offline.seal.uuid() };
    var all = await made("visit", Object.assign({ child: file.id }, family, said), { child: file.id }, photos);
    for (const one of together) {
      var changes = offline.siblings.changesOf(said.changes, fileOf(one.child));
      all.push(await offline.items.make("visit", Object.assign({ child: one.child }, family, one.answers, changes), { child: one.child }));
    }
    return all;
  }

  function forVisit(file, row) {
    var family = row ? [] : (file.family || []).map(fileOf).filter(Boolean), sheet = common(file.id, row);
    return Object.assign(sheet, {
      name: file.id, title: file.name, facts: file.address, photos: Number(show.root().dataset.photosMost),
      done: cwr.word("offline.saved", { name: file.name }),
      fresh: function (form) {
        form.dataset.child = file.id;
        offline.siblings.draw(form, family);
        fresh(form, sheet.held);
        if (file.last) sayLast(form, file.last, family);
      },
      read: function (entries) {
        var said = answers.read(entries, sheet.held);
        sheet.together = answers.others(entries, said);
        return said;
      },
      write: function (said) { // a child whose visit was refused is mended alone, and stays with its family
        sheet.family = said.family;
        return answers.write(said);
      },
      check: function (said) { return Object.assign(checkOthers(sheet.together, today()), check(said, today())); },
      items: function (said, photos) {
        if (sheet.together.length) return madeTogether(file, said, sheet.together, photos);
        var mark = sheet.family ? { family: sheet.family } : {};
        return made("visit", Object.assign({ child: file.id }, mark, said), { child: file.id }, photos);
      }
    });
  }

  /* `entry`: of the pull's returned. Its answers come along, but safety is asked anew. `row`: a correction that was not taken;
     after a conflict it says which version it now knows. */
  function forReturned(entry, row) {
    var version = row && row.state === "conflict" ? row.server.version : entry.version;
    return Object.assign(common(entry.child, row), {
      name: "returned/" + entry.visit, title: entry.name, before: answers.write(entry.answers),
      photos: Math.max(0, Number(show.root().dataset.photosMost) - entry.photos), done: cwr.word("offline.saved", { name: entry.name }),
      fresh: function (form) {
        form.dataset.child = entry.child;
        offline.siblings.draw(form, []);
        fresh(form, this.held);
        var why = cwr.make("p", "hint hint-warm mb-3", cwr.word("offline.returned_why", { reason: entry.reason }));
        form.insertBefore(why, form.firstChild);
      },
      write: function (said) { return Object.assign(answers.write(said), { hazard: [], hazards: [] }); },
      check: function (said) { return check(said, entry.made_on); },
      items: function (said, photos) {
        var about = { child: entry.child, visit: entry.visit, version: version };
        return made("correction", Object.assign({ visit: entry.visit, version: version }, said), about, photos);
      }
    });
  }

  offline.visit = { forVisit: forVisit, forReturned: forReturned, labelOf: labelOf };
})();
