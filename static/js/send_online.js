/* A form that is sent without a network never meets the browser's error page: what was written stays on the page, and
   a visit goes on in the app for phones without a network, where it waits for one.

   Forms with data-again are sent by scripts of their own. On phones that have the app, a long form (data-draft) asks first whether the server is there: a phone that believes
   it has a network often has none. data-offline="#visit/<child>": where the app has the same form. */

import { showToast, translate } from "./app.js";

const PATIENCE = 8000; // milliseconds
const NO_ANSWERS = ["csrfmiddlewaretoken", "pk", "version", "base"];
const HANDED_ON = "cwr-handed-on"; // offline/form_screen.js takes it
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

/* What was written in `form` goes along to the same form of the app. */
function goOnInTheApp(form) {
  const entries = Array.from(new FormData(form)).filter(([name, value]) => {
    return typeof value === "string" && !NO_ANSWERS.includes(name);
  });
  const { offline } = form.dataset;
  sessionStorage.setItem(HANDED_ON, JSON.stringify({ offline, entries }));
  location.assign("/offline/" + offline);
}

function tellNotSent(form) {
  if (form.dataset.offline && isSetUp()) goOnInTheApp(form);
  else showToast(translate("net.unsent"), "error");
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
  if (event.defaultPrevented || "again" in form.dataset || form.method === "get" || reachable.delete(form)) return;
  const mustAsk = hasWorker() && "draft" in form.dataset;
  if (navigator.onLine !== false && !mustAsk) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const submitter = event.submitter || form.querySelector("button:focus"); // Chrome 80 tells no submitter
  askFirst(form, submitter);
}, true);
