/* The kill switch (CWR_OFFLINE=0): takes the worker and its caches away. What was not sent stays in IndexedDB. */
(function () {
  "use strict";

  async function uninstall() {
    for (const name of await caches.keys()) {
      if (name.indexOf("shell-") === 0) await caches.delete(name);
    }
    await self.registration.unregister();
  }

  self.addEventListener("install", () => self.skipWaiting());
  self.addEventListener("activate", (event) => event.waitUntil(uninstall()));
})();
