/* On the pages with a network: registers the worker, and says how many visits of this phone have not left it.
   <a data-offline data-worker="/sw.js"> with [data-slot=count] in it; [data-offline-none] shows where it can't work. */
(function () {
  "use strict";

  var cwr = window.cwr, offline = window.offline;

  function able() {
    return Boolean(window.isSecureContext && navigator.serviceWorker && window.crypto && crypto.subtle && window.indexedDB && navigator.locks);
  }

  async function count(place) {
    var names = indexedDB.databases ? await indexedDB.databases() : [{ name: offline.store.NAME }];
    if (!names.some(function (one) { return one.name === offline.store.NAME; })) return; // never used on this phone
    var waiting = offline.core.unsent(await offline.store.outbox()).length;
    place.textContent = waiting ? cwr.word("offline.waiting", { n: waiting }) : "";
    place.hidden = !waiting;
  }

  cwr.ready(function (root) {
    var line = root.querySelector("[data-offline]");
    if (!line) return;
    if (!able()) {
      line.hidden = true;
      document.querySelector("[data-offline-none]").hidden = false;
      return;
    }
    if (line.dataset.worker) navigator.serviceWorker.register(line.dataset.worker, { updateViaCache: "none" }).catch(function () {});
    count(line.querySelector("[data-slot=count]")).catch(function () {});
  });
})();
