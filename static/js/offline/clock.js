/* What time it is. A phone's clock may be days off: as long as the server was heard on this page its clock counts,
   where both differ; without a network the phone's own, with a word that it was off when the server was last heard. */

import { translate } from "../app.js";
import { clockTime, isoDay, shortDate } from "./dates.js";
import { showNotice } from "./dom.js";
import { store } from "./shared_with_worker.js";

const MAY_DIFFER = 600000; // milliseconds
let heard = null; // {ahead: of the phone's clock, wall: the phone's clock then, elapsed: since the page began}

/* The phone's clock was put right, or the phone slept, since the server was heard: who knows which. */
function isStale({ wall, elapsed }) {
  return Math.abs(Date.now() - wall - (performance.now() - elapsed)) > MAY_DIFFER;
}

export function now() {
  const isOff = heard && Math.abs(heard.ahead) > MAY_DIFFER && !isStale(heard);
  return new Date(Date.now() - (isOff ? heard.ahead : 0));
}

/* `time`: the server's, of the answer that has just come. */
export async function hearClock(time) {
  const ahead = Date.now() - Date.parse(time);
  if (Number.isNaN(ahead)) return;
  heard = { ahead, wall: Date.now(), elapsed: performance.now() };
  const isOff = Math.abs(ahead) > MAY_DIFFER;
  await store.put("meta", { name: "clock", value: isOff ? ahead : 0, v: 1 });
}

function inWords(time) {
  return shortDate(isoDay(time)) + " " + clockTime(time);
}

/* Said on every screen until the server finds the phone's clock right. */
export async function showClock() {
  const known = await store.get("meta", "clock");
  const ahead = known ? known.value : 0;
  const isHeard = heard && !isStale(heard);
  const words = { phone: inWords(new Date()), now: inWords(now()) };
  const text = ahead && translate(isHeard ? "offline.clock" : "offline.clock_then", words);
  showNotice("clock", text || "", "danger");
}
