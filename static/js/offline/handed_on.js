/* What a page with a network handed on because it could not be sent there (send_online.js): once, for the same account,
   within ten minutes. What is not taken stays a draft of that page. */

import { session } from "./session.js";
import { valuesOfForm } from "./written.js";

const KEY = "cwr-handed-on";
const KEPT_FOR = 600000; // milliseconds

/* What was handed on to this address: {name: [value]}, or null. */
export function takeHandedOn() {
  const handed = JSON.parse(sessionStorage.getItem(KEY) || "null");
  sessionStorage.removeItem(KEY);
  const isFresh = handed && handed.account === session.account && Date.now() - handed.at < KEPT_FOR;
  return isFresh && handed.offline === location.hash ? valuesOfForm(handed.entries) : null;
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
