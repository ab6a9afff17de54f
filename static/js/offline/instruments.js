/* The assessment system by which a child is assessed today, of those that the last pull brought. */

import { now } from "./clock.js";
import { isoDay } from "./dates.js";
import { session } from "./session.js";

/* {id, name, definition}, or undefined where none is in force, or the phone has not fetched it yet. */
export function instrumentToday() {
  const held = (session.lastPull && session.lastPull.instruments) || [];
  const day = isoDay(now());
  return held.find(({ since, until }) => since <= day && (!until || until > day));
}

/* What is asked of a child: {instrument, told, last} as assessment_answers.js takes it; null where the child is not
   assessed from this phone. */
export function askedOfChild(file) {
  const instrument = instrumentToday();
  if (!instrument || !file || !file.assess) return null;
  return { instrument, told: file.assess.told, last: file.assess.last };
}
