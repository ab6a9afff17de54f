/* The service worker: the shell from one cache, of one version; the data key while pages change; sending with no page open.
   /sw.js sets self.SHELL = {version, page, files, sync} and imports this. */
(function () {
  "use strict";

  var SHELL = self.SHELL, NAME = "shell-" + SHELL.version, held = null, sender = self.offline.sender;
  var TYPES = { css: "text/css", js: "javascript", svg: "image/svg", png: "image/png" };

  async function fetched(address) {
    var answer = await fetch(address, { cache: "no-store", redirect: "manual", credentials: "same-origin" });
    var type = answer.headers.get("Content-Type") || "", wanted = TYPES[address.split(".").pop()] || "text/html";
    if (!answer.ok || type.indexOf(wanted) < 0) throw new Error("not the shell: " + address);
    if (address === SHELL.page && (await answer.clone().text()).indexOf('content="' + SHELL.version + '"') < 0) {
      throw new Error("another version of the shell");
    }
    return answer;
  }

  /* All of it or nothing: a sign-in page or half an update in the cache would lock the phone out. */
  async function install() {
    var cache = await caches.open(NAME);
    try {
      for (const address of [SHELL.page].concat(SHELL.files)) await cache.put(address, await fetched(address));
    } catch (failed) {
      await caches.delete(NAME);
      throw failed;
    }
  }

  async function activate() {
    for (const name of await caches.keys()) if (name.indexOf("shell-") === 0 && name !== NAME) await caches.delete(name);
  }

  self.addEventListener("install", function (event) { event.waitUntil(install()); });
  self.addEventListener("activate", function (event) { event.waitUntil(activate()); });

  /* Pages with a session take their own scripts from the server: only what the shell asks for comes from its cache. */
  self.addEventListener("fetch", function (event) {
    var request = event.request, url = new URL(request.url);
    if (request.method !== "GET" || url.origin !== self.location.origin) return;
    var page = request.mode === "navigate" && url.pathname === SHELL.page;
    var piece = SHELL.files.indexOf(url.pathname) >= 0 && request.referrer.split("#")[0] === self.location.origin + SHELL.page;
    if (!page && !piece) return;
    event.respondWith(caches.open(NAME).then(function (cache) {
      return cache.match(page ? SHELL.page : url.pathname);
    }).then(function (hit) { return hit || fetch(request); }));
  });

  async function token() { // a worker reads cookies from Chrome 87 on
    var found = self.cookieStore && await self.cookieStore.get("csrftoken");
    return found ? found.value : "";
  }

  async function send() {
    var way = {
      address: SHELL.sync, app: SHELL.version, eager: true, token: token,
      open: async function () { return null; }, tell: function () {}
    };
    await sender.run(way);
    if ((await sender.obey(way)).length) held = null;
  }

  self.addEventListener("sync", function (event) { if (event.tag === "outbox") event.waitUntil(send()); });

  self.addEventListener("message", function (event) {
    var said = event.data || {};
    if (said.type === "hold") held = { account: said.account, key: said.key };
    if (said.type === "drop") held = null;
    if (said.type === "ask") event.ports[0].postMessage(held);
    if (said.type === "skip") self.skipWaiting();
  });
})();
