/* The visit form's fields and the answers that the server takes (VisitIn), both ways. Pure, as core.js. */
(function (root, make) {
  "use strict";
  if (typeof module === "object" && module.exports) module.exports = make(require("./core.js"));
  else (root.offline = root.offline || {}).answers = make(root.offline.core);
})(typeof self === "undefined" ? this : self, function (core) {
  "use strict";

  var YES_NO = { seen_alone: true, lives_alone: true };
  var LISTS = { hazards: true };
  var MARKS = { focus: true };

  /* `entries`: [[name, value]] of the form. What was not answered is left out; hazards: [] says "looked, none". */
  function read(entries) {
    var answers = {}, hazards = [], looked = "";
    entries.forEach(function (entry) {
      var name = entry[0], value = typeof entry[1] === "string" ? entry[1].trim() : "";
      if (!value) return;
      if (name === "hazard") looked = value;
      else if (LISTS[name]) hazards.push(value);
      else if (YES_NO[name]) answers[name] = value === "yes";
      else if (MARKS[name]) answers[name] = true;
      else answers[name] = value;
    });
    if (looked === "no") answers.hazards = [];
    if (looked === "yes" && hazards.length) answers.hazards = hazards;
    return answers;
  }

  /* The form's values for `answers`: {name: [value]}. */
  function write(answers) {
    var values = {};
    Object.keys(answers).forEach(function (name) {
      var value = answers[name];
      if (LISTS[name]) {
        values[name] = value || [];
        values.hazard = [value && value.length ? "yes" : "no"];
      } else if (YES_NO[name]) values[name] = value === null ? [] : [value ? "yes" : "no"];
      else if (MARKS[name]) values[name] = value ? ["on"] : [];
      else if (value !== null) values[name] = [String(value)];
    });
    return values;
  }

  /* What the server would refuse for sure, said while the director still stands at the door: {field: word}.
     `rules`: {asked: [names], late: days} as the server holds them. */
  function check(answers, day, rules) {
    var wrong = {}, on = answers.visited_on;
    if (!on) wrong.visited_on = "offline.need";
    else if (on > day) wrong.visited_on = "offline.future";
    else if (core.days(on, day) > rules.late && !answers.late_reason) wrong.late_reason = "offline.late_reason";
    if (!answers.outcome) wrong.outcome = "offline.choose";
    if (answers.outcome === "seen") {
      rules.asked.forEach(function (name) { if (!answers[name]) wrong[name] = "offline.choose"; });
      if (!answers.hazards) wrong.hazard = "offline.hazard";
    }
    if (answers.parent_contact_on && on && answers.parent_contact_on > on) wrong.parent_contact_on = "offline.after_visit";
    if (answers.next_on && on && answers.next_on <= on) wrong.next_on = "offline.before_visit";
    return wrong;
  }

  return { read: read, write: write, check: check };
});
