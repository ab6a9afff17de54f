/* The visit form's fields and the answers that the server takes (VisitIn), both ways. Pure, as outbox_rules.js. */
(function (root, make) {
  "use strict";
  if (typeof module === "object" && module.exports) module.exports = make(require("./outbox_rules.js"));
  else (root.offline = root.offline || {}).answers = make(root.offline.core);
})(typeof self === "undefined" ? this : self, function (core) {
  "use strict";

  var YES_NO = { seen_alone: true, lives_alone: true };
  var LISTS = { hazards: true };
  var MARKS = { focus: true };
  var OURS = { base: true, pk: true, version: true, together: true }; // of the page with a network
  var CHANGE = /^changes-(.+)$/, WORDS = { yes: true, no: false };

  /* What was altered of what the file says (`held`): {name: {base, value}}. */
  function altered(values, held) {
    var changes = {};
    Object.keys(values).forEach(function (name) {
      var base = name in held ? held[name] : null, value = values[name];
      if (/_away$/.test(name)) value = value in WORDS ? WORDS[value] : null;
      if ((base === null ? "" : base) !== (value === null ? "" : value)) changes[name] = { base: base, value: value };
    });
    return changes;
  }

  var OF_A_SIBLING = /^([0-9a-f]{8}-[0-9a-f-]{27})-(.+)$/;
  /* what is asked of each child; what is said of the door even where a child was not met */
  var OWN = ["outcome", "seen_alone", "attendance", "health", "mood", "whereabouts", "next_step", "next_on"];
  var DOOR = ["visited_on", "method", "met", "met_relation", "late_reason", "latitude", "longitude", "accuracy_m"];

  /* Of the brothers and sisters who were ticked: [{child, answers}]. `mine`: of the child whose form it is. */
  function others(entries, mine) {
    return entries.filter(function (entry) { return entry[0] === "together"; }).map(function (entry) {
      var child = entry[1], own = read(entries.filter(function (one) {
        return (one[0].match(OF_A_SIBLING) || [])[1] === child;
      }).map(function (one) { return [one[0].slice(child.length + 1), one[1]]; }));
      var seen = own.outcome === "seen", shared = {};
      Object.keys(mine).forEach(function (name) {
        var told = seen ? OWN.indexOf(name) < 0 && name !== "focus" && name !== "changes" : DOOR.indexOf(name) >= 0;
        if (told) shared[name] = mine[name];
      });
      if (seen && mine.next_on) own.next_on = mine.next_on;
      return { child: child, answers: Object.assign(shared, own) };
    });
  }

  /* The faults of brothers and sisters, each at its line; what is told once for all at its own field. */
  function checkOthers(all, day, rules) {
    var wrong = {};
    all.forEach(function (one) {
      var faults = check(one.answers, day, rules);
      Object.keys(faults).forEach(function (name) {
        wrong[OWN.indexOf(name) >= 0 && !(name === "next_on" && one.answers.outcome === "seen") ? one.child + "-" + name : name] = faults[name];
      });
    });
    return wrong;
  }

  /* `entries`: [[name, value]] of the form; `held`: what the file says of the fields that a director notices. What was
     not answered is left out; hazards: [] says "looked, none". */
  function read(entries, held) {
    var answers = {}, hazards = [], looked = "", noticed = "", values = {};
    entries.forEach(function (entry) {
      var name = entry[0], value = typeof entry[1] === "string" ? entry[1].trim() : "", change = name.match(CHANGE);
      if (change) values[change[1]] = value;
      if (change || !value || OURS[name] || OF_A_SIBLING.test(name)) return;
      if (name === "hazard") looked = value;
      else if (name === "noticed") noticed = value;
      else if (LISTS[name]) hazards.push(value);
      else if (YES_NO[name]) answers[name] = value === "yes";
      else if (MARKS[name]) answers[name] = true;
      else answers[name] = value;
    });
    if (looked === "no") answers.hazards = [];
    if (looked === "yes" && hazards.length) answers.hazards = hazards;
    var changes = noticed === "yes" ? altered(values, held || {}) : {};
    if (Object.keys(changes).length) answers.changes = changes;
    return answers;
  }

  function shown(value) { return value === null ? "" : value === true ? "yes" : value === false ? "no" : String(value); }

  /* The form's values for `answers`: {name: [value]}. */
  function write(answers) {
    var values = {};
    Object.keys(answers).forEach(function (name) {
      var value = answers[name];
      if (name === "changes") {
        values.noticed = ["yes"];
        Object.keys(value).forEach(function (each) { values["changes-" + each] = [shown(value[each].value)]; });
      } else if (LISTS[name]) {
        values[name] = value || [];
        values.hazard = [value && value.length ? "yes" : "no"];
      } else if (YES_NO[name]) values[name] = value === null ? [] : [value ? "yes" : "no"];
      else if (MARKS[name]) values[name] = value ? ["on"] : [];
      else if (value !== null) values[name] = [String(value)];
    });
    return values;
  }

  /* What the server would refuse for sure, said while the director still stands at the door: {field: word}.
     `rules`: {asked: [names], late: days, outcomes: {steps: {outcome: [step]}, told: [outcome], dated: [step]}} as the
     server holds them. */
  function check(answers, day, rules) {
    var wrong = {}, on = answers.visited_on;
    if (!on) wrong.visited_on = "offline.need";
    else if (on > day) wrong.visited_on = "offline.future";
    else if (core.days(on, day) > rules.late && !answers.late_reason) wrong.late_reason = "offline.late_reason";
    if (!answers.outcome) wrong.outcome = "offline.choose";
    if (answers.outcome === "seen") {
      rules.asked.forEach(function (name) { if (!answers[name]) wrong[name] = "offline.choose"; });
      if (!answers.hazards) wrong.hazard = "offline.hazard";
    } else if (answers.outcome) {
      var fitting = rules.outcomes.steps[answers.outcome] || [];
      if (fitting.indexOf(answers.next_step) < 0) wrong.next_step = "offline.choose";
      if (rules.outcomes.told.indexOf(answers.outcome) >= 0 && !answers.whereabouts) wrong.whereabouts = "offline.need";
      if (rules.outcomes.dated.indexOf(answers.next_step) >= 0 && !answers.next_on) wrong.next_on = "offline.need";
    }
    if (answers.parent_contact_on && on && answers.parent_contact_on > on) wrong.parent_contact_on = "offline.after_visit";
    if (answers.next_on && on && answers.next_on <= on) wrong.next_on = "offline.before_visit";
    return wrong;
  }

  var MOMENTS = { called_at: true, found_at: true };
  var CALLED = { made: true, others: true };
  var CLOCKS_DIFFER = 600000; // milliseconds that a phone's clock may be ahead

  /* The answers of a mandatory report (AlertIn). `whole(text)`: a local moment with its offset. */
  function readAlert(entries, whole) {
    var said = { situations: [] };
    entries.forEach(function (entry) {
      var name = entry[0], value = String(entry[1]).trim();
      if (!value) return;
      if (name === "situations") said.situations.push(value);
      else said[name] = MOMENTS[name] ? whole(value) : value;
    });
    return said;
  }

  function writeAlert(said, local) {
    var values = { situations: said.situations || [] };
    Object.keys(said).forEach(function (name) {
      if (name !== "situations" && said[name]) values[name] = [MOMENTS[name] ? local(said[name]) : String(said[name])];
    });
    return values;
  }

  /* A report is kept back for nothing but this. `now`: milliseconds. */
  function checkAlert(said, now) {
    var wrong = {}, latest = now + CLOCKS_DIFFER;
    if (!said.situations.length) wrong.situations = "offline.choose";
    if (!said.call) wrong.call = "offline.call";
    else if (CALLED[said.call] && !said.called_at) wrong.called_at = "offline.need";
    else if (said.called_at && Date.parse(said.called_at) > latest) wrong.called_at = "offline.moment";
    if (said.found_at && Date.parse(said.found_at) > latest) wrong.found_at = "offline.moment";
    if (!said.child && !said.child_words) wrong.child_words = "offline.whom";
    return wrong;
  }

  return {
    read: read, write: write, check: check, others: others, checkOthers: checkOthers, shown: shown,
    readAlert: readAlert, writeAlert: writeAlert, checkAlert: checkAlert
  };
});
