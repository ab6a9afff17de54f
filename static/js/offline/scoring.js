/* What answers come to by a version of the assessment system: the same rules as registry/instruments/scoring.py, so that
   the phone shows the result without a network; tests ask both about the same answers. Pure.

   `definition`: as the server stores it (registry/instruments/definition.py); `screen`: {question: yes, no, unknown};
   `answers`: {indicator: the key of its answer, a list of them where it takes several, or unknown}. */

export const UNKNOWN = "unknown";
export const YES = "yes";

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}

function given(answer) {
  if (Array.isArray(answer)) return answer.map(String);
  return typeof answer === "string" && answer ? [answer] : [];
}

export function indicatorsOf(definition) {
  return definition.dimensions.reduce((all, dimension) => all.concat(dimension.indicators), []);
}

/* The points that an indicator can give at most. */
export function mostOf(indicator) {
  const points = indicator.answers.map((answer) => answer.points);
  if (!indicator.several) return points.length ? Math.max(...points) : 0;
  return indicator.at_most === null ? sum(points) : Math.min(sum(points), indicator.at_most);
}

/* The question of the urgent screen that decides; "" where none does. */
export function firstYes(definition, screen) {
  const question = definition.screen.find((each) => screen[each.key] === YES);
  return question ? question.key : "";
}

/* The indicators that `answers` ask for: one that is not asked opens none. */
export function askedOf(definition, answers) {
  const opened = {};
  return indicatorsOf(definition).filter((indicator) => {
    const isOpened = (when) => (opened[when.indicator] || []).some((answer) => when.answers.includes(answer));
    if (indicator.when.length && !indicator.when.some(isOpened)) return false;
    opened[indicator.key] = given(answers[indicator.key]);
    return true;
  });
}

/* What an answer gives; null for one that is not known, or is none of the indicator's. */
export function pointsOf(indicator, answer) {
  const keys = given(answer);
  const known = indicator.answers.filter((each) => keys.includes(each.key));
  const isNone = indicator.several && Array.isArray(answer) && !answer.length;
  if (keys.includes(UNKNOWN) || (!known.length && !isNone)) return null;
  const total = sum(known.map((each) => each.points));
  return indicator.several && indicator.at_most !== null ? Math.min(total, indicator.at_most) : total;
}

/* Whether an answer is worse than last time's; never where one of them is not known. */
export function isWorse(definition, indicator, now, then) {
  const [points, before] = [pointsOf(indicator, now), pointsOf(indicator, then)];
  if (points === null || before === null) return false;
  return definition.higher_is_worse ? points > before : points < before;
}

/* The level whose range holds the score. */
function levelOf(definition, reached) {
  const within = definition.levels.filter((level) => level.least <= reached);
  return within.reduce((best, level) => (level.least > best.least ? level : best));
}

function worseLevel(definition, level) {
  return definition.levels[Math.max(definition.levels.indexOf(level) - 1, 0)];
}

function lifts(definition, dimension, reached) {
  const { lift } = definition;
  if (!lift || !dimension.most) return false;
  const bad = definition.higher_is_worse ? reached : dimension.most - reached;
  return bad * lift.of >= dimension.most * lift.parts;
}

function wordsOf(definition, scores) {
  if (!definition.words) return "";
  const reached = scores[definition.words.dimension];
  const within = definition.words.steps.filter(([least]) => least <= reached);
  return within.length ? within.reduce((best, step) => (step[0] > best[0] ? step : best))[1] : "";
}

/* {score, worst, unknown: how many} of one dimension. */
function scoreOf(definition, dimension, inQuestion, answers) {
  const total = { score: 0, worst: 0, unknown: 0 };
  dimension.indicators.forEach((indicator) => {
    const most = mostOf(indicator);
    const [best, atWorst] = definition.higher_is_worse ? [0, most] : [most, 0];
    const isAsked = inQuestion.includes(indicator);
    const points = isAsked ? pointsOf(indicator, answers[indicator.key]) : best;
    if (points === null) total.unknown += 1;
    total.score += points === null ? best : points;
    total.worst += points === null ? atWorst : points;
  });
  return total;
}

/* {urgent, level, score, worst, scores, unknown: per cent, by_score, lifted_by, words}; of an urgent one no points. */
export function scoreAnswers(definition, screen, answers) {
  const urgent = firstYes(definition, screen);
  if (urgent) return { urgent, level: definition.screen_level, score: null, unknown: 0, lifted_by: [], words: "" };
  const inQuestion = askedOf(definition, answers);
  const parts = definition.dimensions.map((dimension) => scoreOf(definition, dimension, inQuestion, answers));
  const scores = {};
  definition.dimensions.forEach((dimension, i) => {
    scores[dimension.key] = parts[i].score;
  });
  const unknown = sum(parts.map((part) => part.unknown));
  const share = inQuestion.length ? Math.ceil((100 * unknown) / inQuestion.length) : 100;
  const reached = sum(parts.map((part) => part.score));
  const byScore = levelOf(definition, reached);
  const lifting = definition.dimensions.filter((dimension) => lifts(definition, dimension, scores[dimension.key]));
  const level = lifting.length ? worseLevel(definition, byScore) : byScore;
  return {
    urgent: "", level: share <= definition.unknown_most ? level.key : "", score: reached,
    worst: sum(parts.map((part) => part.worst)), scores, unknown: share, by_score: byScore.key,
    lifted_by: level === byScore ? [] : lifting.map((dimension) => dimension.key), words: wordsOf(definition, scores),
  };
}
