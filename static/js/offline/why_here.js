/* Why the app opened in place of another page: the worker says it in the address, until the network is back. */

import { translate } from "../app.js";
import { showNotice } from "./dom.js";

const REASONS = { "#today/no-page": "offline.no_page", "#today/not-sent": "offline.not_sent" };

export function showWhyHere() {
  const reason = REASONS[location.hash];
  showNotice("here", reason ? translate(reason) : "");
}

/* The server was heard. */
export function forgetWhyHere() {
  if (!REASONS[location.hash]) return;
  history.replaceState(null, "", "#today");
  showWhyHere();
}
