/* A form that is sent without a network never meets the browser's error page: what was written stays on the page, and
   where the app for phones without a network has the same form it goes on there and waits for one.

   On phones that have the app, each form asks first whether the server is there: a phone that believes it has a network
   often has none. Forms with data-again are sent by scripts of their own. data-offline="#visit/<child>": where the app
   has the same form; data-unsent: what is said in place of the usual words. */

import { showToast, translate } from "./app.js";
import { draftKey } from "./draft_store.js";

const PATIENCE = 8000; // milliseconds
const NO_ANSWERS = ["csrfmiddlewaretoken", "page_post", "version", "base", "draft_seen"];
const reachable = new WeakSet(); // forms whose server was there a moment ago

function hasWorker() {
  return Boolean(navigator.serviceWorker && navigator.serviceWorker.controller);
}

async function isServerThere() {
  if (navigator.onLine === false) return false;
  const abort = new AbortController();
  const timer = window.setTimeout(() => abort.abort(), PATIENCE);
  try {
    return (await fetch("/healthz", { cache: "no-store", signal: abort.signal })).ok;
  } catch (failed) {
    return false;
  } finally {
    window.clearTimeout(timer);
  }
}

/* Whether this account has set the app up on this phone. */
function isSetUp() {
  try {
    return localStorage.getItem("cwr-offline") === document.body.dataset.account;
  } catch (refused) {
    return false;
  }
}

/* What was written in `form` goes along to the same form of the app (offline/handed_on.js). Its pk too: should it have
   arrived after all, the server knows it for the same. */
function goOnInTheApp(form) {
  const entries = Array.from(new FormData(form)).filter(([name, value]) => {
    return typeof value === "string" && !NO_ANSWERS.includes(name);
  });
  const { offline, draft } = form.dataset;
  const { account } = document.body.dataset;
  if (draft && form.cwrDraft) {
    entries.push(["draft-key", draftKey(draft)], ["draft-seen", JSON.stringify(form.cwrDraft.seenNow())]);
  }
  sessionStorage.setItem("cwr-handed-on", JSON.stringify({ offline, account, at: Date.now(), entries }));
  location.assign("/offline/" + offline);
}

function tellNotSent(form) {
  if (form.dataset.offline && isSetUp()) goOnInTheApp(form);
  else showToast(form.dataset.unsent || translate("net.unsent"), "error");
}

async function askFirst(form, submitter) {
  if (!await isServerThere()) {
    tellNotSent(form);
    return;
  }
  reachable.add(form);
  form.requestSubmit(submitter);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const isOurs = !("again" in form.dataset) && !("signOut" in form.dataset) && form.method !== "get";
  if (event.defaultPrevented || !isOurs || reachable.delete(form)) return;
  if (navigator.onLine !== false && !hasWorker()) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const submitter = event.submitter || form.querySelector("button:focus"); // Chrome 80 tells no submitter
  askFirst(form, submitter);
}, true);
