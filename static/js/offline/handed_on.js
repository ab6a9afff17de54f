/* What a page with a network handed on because it could not be sent there (send_online.js): once, for the same account,
   within ten minutes. What is not taken stays a draft of that page. */

import { removeStored } from "../draft_store.js";
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

function entryOf(entries, name) {
  const [, value] = entries.find((entry) => entry[0] === name) || [];
  return value;
}

/* `entries` without a field in the form: what came from the page's draft is no longer wanted there; what other pages
   wrote stays. */
export function dropDraftOfPage(entries) {
  const key = entryOf(entries, "draft-key");
  if (key) removeStored(key, JSON.parse(entryOf(entries, "draft-seen") || "{}"));
}

/* The id that the visit had on that page, or undefined. */
export function idOnPage(entries) {
  return entryOf(entries, "pk");
}
