/* What the app for phones without a network holds open belongs to whom the pages with a network are signed in for:
   signing out locks it, and so does anybody else's sign-in. <body data-account="…">, <form data-sign-out>. */

import { onLoad } from "./app.js";

const CHANNEL = "registry-lock"; // offline/lock_screen.js listens
const pages = window.BroadcastChannel ? new BroadcastChannel(CHANNEL) : null;
let worker = null; // that holds the key while pages change

/* Everybody's key is dropped but that of `account`; "": everybody's. */
function keepOnly(account) {
  if (worker) worker.postMessage({ type: "keep", account });
  if (pages) pages.postMessage({ keep: account });
}

onLoad(async (root) => {
  const { account } = document.body.dataset;
  if (root !== document || !navigator.serviceWorker) return;
  const registration = await navigator.serviceWorker.getRegistration();
  worker = registration && registration.active;
  if (account) keepOnly(account); // a page that anybody may read says nothing of who reads
});
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-sign-out]")) keepOnly(""); // nothing may be awaited: the page is going
});
