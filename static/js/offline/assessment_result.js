/* What an assessment comes to, in words, before it is sent: as the page with a network says it. */

import { createElement, translate } from "../app.js";
import { countedAnswers, resultOf } from "./assessment_answers.js";
import { createChip, slot } from "./dom.js";
import { askedOf, pointsOf } from "./scoring.js";

function levelNamed(definition, key) {
  return definition.levels.find((level) => level.key === key);
}

function riskWords(definition, key) {
  return translate("offline.risk", { level: levelNamed(definition, key).name });
}

function scoreLine(definition, result) {
  const level = levelNamed(definition, result.by_score);
  const above = definition.levels.filter(({ least }) => least > level.least).map(({ least }) => least);
  const words = { score: result.score, least: level.least, level: riskWords(definition, level.key) };
  if (!above.length) return translate("offline.result_top", words);
  return translate("offline.result_score", Object.assign(words, { most: Math.min(...above) - 1 }));
}

function liftLines(definition, result) {
  return definition.dimensions.filter(({ key }) => result.lifted_by.includes(key)).map(({ key, name, most }) => {
    return translate("offline.result_lifted", { name, score: result.scores[key], most });
  });
}

function unknownLines(definition, answers, result, asked) {
  const counted = countedAnswers(answers.answers, asked);
  const open = askedOf(definition, counted).filter((indicator) => pointsOf(indicator, counted[indicator.key]) === null);
  if (!open.length) return [];
  const what = open.map((indicator) => indicator.name).join("、");
  const words = { n: open.length, share: result.unknown, most: definition.unknown_most, what, worst: result.worst };
  return [translate(result.level ? "offline.result_unknown" : "offline.result_unfinished", words)];
}

/* Why the level is what it is, a sentence each. */
function reasonsOf(answers, result, asked) {
  const { definition } = asked.instrument;
  if (result.urgent) {
    const question = definition.screen.find(({ key }) => key === result.urgent).text;
    return [translate("offline.result_urgent", { what: question, level: riskWords(definition, result.level) })];
  }
  const byScore = result.level ? [scoreLine(definition, result)].concat(liftLines(definition, result)) : [];
  return byScore.concat(unknownLines(definition, answers, result, asked));
}

function scoreBar(dimension, result) {
  const score = result.scores[dimension.key];
  const text = score + " / " + dimension.most;
  const line = createElement("li");
  const meter = createElement("meter", "score-bar", text);
  if (result.lifted_by.includes(dimension.key)) meter.classList.add("danger");
  Object.assign(meter, { min: 0, max: dimension.most, value: score });
  meter.setAttribute("aria-label", dimension.name);
  line.append(createElement("span", "", dimension.name), meter, createElement("span", "score-number", text));
  return line;
}

/* Into the section `place`; `answers`: as they stand in the form. Gives the result. */
export function drawResult(place, answers, asked) {
  const { definition } = asked.instrument;
  const result = resultOf(answers, asked);
  const [chip, reasons, bars] = ["level", "reasons", "bars"].map((name) => slot(name, place));
  const level = result.level ? levelNamed(definition, result.level) : null;
  [chip, reasons, bars].forEach((each) => {
    each.textContent = "";
  });
  chip.appendChild(createChip(level ? riskWords(definition, level.key) : translate("offline.unfinished"),
    level ? level.tone : "outline"));
  reasonsOf(answers, result, asked).forEach((text) => reasons.appendChild(createElement("li", "", text)));
  if (!result.urgent) definition.dimensions.forEach((each) => bars.appendChild(scoreBar(each, result)));
  slot("action", place).textContent = level ? level.action : "";
  return result;
}
