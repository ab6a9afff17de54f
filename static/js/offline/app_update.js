/* A new version of the app: taken by a tap, and not while a form is open in any page. One in the language that the
   reader has chosen since is taken at once: what stands here is not what was asked for. */

import { createElement, showToast, translate } from "../app.js";
import { shellSettings, showNotice } from "./dom.js";

const LONGEST_WAIT = 5000; // milliseconds for the new worker to take over

/* When the new worker controls this page. A page that the old one never controlled gets no such event. */
function controllerChange() {
  return new Promise((done) => {
    navigator.serviceWorker.addEventListener("controllerchange", done, { once: true });
    window.setTimeout(done, LONGEST_WAIT);
  });
}

const OWN_LANGUAGE = "zh-hans"; // of who has chosen none (childwelfare/text/language.py)

function isInChosenLanguage() {
  const chosen = /(?:^|; )django_language=([^;]+)/.exec(document.cookie);
  return document.documentElement.lang === (chosen ? chosen[1] : OWN_LANGUAGE);
}

/* `onBusy`: called where a form is open. */
async function update(registration, onBusy) {
  // form_screen.js holds this lock, shared, while a form is open.
  await navigator.locks.request("form-open", { mode: "exclusive", ifAvailable: true }, async (lock) => {
    if (!lock) {
      onBusy();
      return;
    }
    if (registration.waiting) {
      const changed = controllerChange();
      registration.waiting.postMessage({ type: "skip" });
      await changed;
    }
    location.reload();
  });
}

function offerUpdate(registration) {
  if (!registration.waiting || !registration.active) return; // without an active one it is the first version
  if (isInChosenLanguage()) showOffer(registration);
  else update(registration, () => showOffer(registration));
}

function showOffer(registration) {
  const button = createElement("button", "btn btn-xs", translate("offline.update"));
  button.addEventListener("click", () => {
    update(registration, () => showToast(translate("offline.update_later")));
  });
  showNotice("update", " ", "brand", button);
}

export async function registerWorker() {
  const address = shellSettings().worker;
  if (!address) return; // switched off: CWR_OFFLINE=0
  const registration = await navigator.serviceWorker.register(address, { updateViaCache: "none" });
  offerUpdate(registration);
  registration.addEventListener("updatefound", () => {
    const coming = registration.installing;
    coming.addEventListener("statechange", () => {
      if (coming.state === "installed") offerUpdate(registration);
    });
  });
}
