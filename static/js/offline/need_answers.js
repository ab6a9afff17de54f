/* The need form's fields and the answers that the server takes (NeedIn), both ways, and what the server would refuse for
   sure. Pure. */

const NAMES = ["kind", "words", "urgency", "source", "found_on"];
const LONGEST_AGO = 365; // days

export function readNeed(entries) {
  const answers = {};
  entries.forEach(([name, raw]) => {
    const value = typeof raw === "string" ? raw.trim() : "";
    if (value && NAMES.includes(name)) answers[name] = value;
    if (value && name === "anyway") answers.anyway = true;
  });
  return answers;
}

/* The form's values for `answers`: {name: [value]}. */
export function needFieldValues(answers) {
  const values = {};
  NAMES.forEach((name) => {
    if (answers[name]) values[name] = [answers[name]];
  });
  if (answers.anyway) values.anyway = ["on"];
  return values;
}

/* {field: word}; `today`: YYYY-MM-DD. */
export function checkNeed(answers, today) {
  const wrong = {};
  ["kind", "urgency", "source"].forEach((name) => {
    if (!answers[name]) wrong[name] = "offline.choose";
  });
  if (!answers.words) wrong.words = "offline.need";
  if (!answers.found_on) wrong.found_on = "offline.need";
  else if (answers.found_on > today) wrong.found_on = "offline.day_ahead";
  else if (Date.parse(today) - Date.parse(answers.found_on) > LONGEST_AGO * 86400000) {
    wrong.found_on = "offline.year_ago";
  }
  return wrong;
}
