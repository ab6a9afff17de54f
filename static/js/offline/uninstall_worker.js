/* The kill switch (CWR_OFFLINE=0): takes the worker and its caches away. What was not sent stays in IndexedDB. */
self.addEventListener("install", function () { self.skipWaiting(); });
self.addEventListener("activate", function (event) {
  event.waitUntil(caches.keys().then(function (names) {
    return Promise.all(names.filter(function (name) { return name.indexOf("shell-") === 0; }).map(function (name) {
      return caches.delete(name);
    }));
  }).then(function () { return self.registration.unregister(); }));
});
