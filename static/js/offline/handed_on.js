/* What a page with a network handed on because it could not be sent there (send_online.js): once, for the same account,
   within ten minutes. What is not taken stays a draft of that page. */

import { session } from "./session.js";

const KEY = "cwr-handed-on";
const KEPT_FOR = 600000; // milliseconds

/* Whether something was handed on to this address. */
function read() {
  const handed = JSON.parse(sessionStorage.getItem(KEY) || "null");
  const isFresh = handed && handed.account === session.account && Date.now() - handed.at < KEPT_FOR;
  return isFresh && handed.offline === location.hash ? handed : null;
}

export function wasHandedOn() {
  return Boolean(read());
}

/* {name: [value]}, or null. */
export function takeHandedOn() {
  const handed = read();
  sessionStorage.removeItem(KEY);
  if (!handed) return null;
  const values = { hazards: [], focus: [], situations: [], together: [] }; // none ticked is an answer of its own
  handed.entries.forEach(([name, value]) => {
    values[name] = (values[name] || []).concat(value);
  });
  return values;
}

/* `entries` without a field in the form: the page's draft that they came from, which is no longer wanted. */
export function dropDraftOfPage(entries) {
  entries.filter(([name]) => name === "draft-key").forEach(([_name, key]) => localStorage.removeItem(key));
}

/* The id that the visit had on that page, or undefined. */
export function idOnPage(entries) {
  const [, id] = entries.find(([name]) => name === "pk") || [];
  return id;
}
