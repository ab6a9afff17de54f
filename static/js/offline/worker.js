/* The service worker: the shell from one cache, of one version; the data key while pages change; sending with no
   page open. /sw.js sets self.SHELL = {version, page, files, sync} and imports this. */
(function () {
  "use strict";

  const SHELL = self.SHELL;
  const CACHE = "shell-" + SHELL.version;
  const TYPES = { css: "text/css", js: "javascript", svg: "image/svg", png: "image/png" };
  const sender = self.offline.sender;
  let heldKey = null; // {account, key}: in memory alone, gone when the browser ends the worker

  /* --- The cache --- */

  async function fetchPiece(address) {
    const answer = await fetch(address, { cache: "no-store", redirect: "manual", credentials: "same-origin" });
    const type = answer.headers.get("Content-Type") || "";
    const wanted = TYPES[address.split(".").pop()] || "text/html";
    if (!answer.ok || type.indexOf(wanted) < 0) throw new Error("not the shell: " + address);
    // The server may have been renewed between /sw.js and here: the page must belong to this list of files.
    if (address === SHELL.page && (await answer.clone().text()).indexOf('content="' + SHELL.version + '"') < 0) {
      throw new Error("another version of the shell");
    }
    return answer;
  }

  /* All of it or nothing: a sign-in page or half an update in the cache would lock the phone out. */
  async function install() {
    const cache = await caches.open(CACHE);
    try {
      for (const address of [SHELL.page].concat(SHELL.files)) await cache.put(address, await fetchPiece(address));
    } catch (failed) {
      await caches.delete(CACHE);
      throw failed;
    }
  }

  /* Pages come from the server: asked for while the worker wakes up, no page is slower for it. */
  async function preloadPages() {
    if (self.registration.navigationPreload) await self.registration.navigationPreload.enable();
  }

  async function deleteOldCaches() {
    for (const name of await caches.keys()) {
      if (name.indexOf("shell-") === 0 && name !== CACHE) await caches.delete(name);
    }
  }

  self.addEventListener("install", (event) => event.waitUntil(install()));
  self.addEventListener("activate", (event) => event.waitUntil(Promise.all([deleteOldCaches(), preloadPages()])));

  /* Which page asks is told by its client, not by the referrer: of a module that another module imports, that is the
     other module's address. */
  async function isFromShell(event) {
    const client = event.clientId ? await self.clients.get(event.clientId) : null;
    return Boolean(client) && new URL(client.url).pathname === SHELL.page;
  }

  async function answerFromCache(address, request) {
    const cache = await caches.open(CACHE);
    return (await cache.match(address)) || fetch(request);
  }

  /* Pages with a session take their own scripts from the server, which may be newer: the cache serves the shell
     alone. */
  async function answerPiece(event, address) {
    return await isFromShell(event) ? answerFromCache(address, event.request) : fetch(event.request);
  }

  /* Back or forward to the answer of a form: nothing is sent, the browser asks its own cache alone, which keeps none of
     our pages; so too when we send it on from there. */
  function isReturnToAnswer(request) {
    if (request.cache === "only-if-cached") return true;
    return request.method !== "GET" && (request.isHistoryNavigation || request.cache === "force-cache");
  }

  /* The page with the form in place of the answer that it once had; where the address only takes forms (405), the
     beginning: from which page it was sent the browser tells no more. */
  async function answerReturn(request) {
    const page = await fetch(request.url, { credentials: "same-origin", redirect: "manual" });
    return page.status === 405 ? Response.redirect("/") : page;
  }

  /* A page that needs the network, while there is none: the app opens in place of the browser's error page, and says
     why; of a form, that it was not sent. */
  async function answerPage(event) {
    const isReturn = isReturnToAnswer(event.request);
    try {
      if (isReturn) return await answerReturn(event.request);
      return (await event.preloadResponse) || (await fetch(event.request));
    } catch (unreachable) {
      const why = event.request.method === "GET" || isReturn ? "no-page" : "not-sent";
      return Response.redirect(SHELL.page + "#today/" + why);
    }
  }

  self.addEventListener("fetch", (event) => {
    const request = event.request;
    const url = new URL(request.url);
    if (url.origin !== self.location.origin) return;
    if (request.mode === "navigate") {
      const isShell = url.pathname === SHELL.page && request.method === "GET";
      event.respondWith(isShell ? answerFromCache(SHELL.page, request) : answerPage(event));
    } else if (request.method === "GET" && SHELL.files.indexOf(url.pathname) >= 0) {
      event.respondWith(answerPiece(event, url.pathname));
    }
  });

  /* --- Sending with no page open --- */

  async function csrfToken() { // a worker reads cookies from Chrome 87 on
    const found = self.cookieStore && await self.cookieStore.get("csrftoken");
    return found ? found.value : "";
  }

  async function send() {
    const options = {
      address: SHELL.sync, app: SHELL.version, eager: true, token: csrfToken,
      readPayload: async () => null, // no key here: what is sealed to the server goes
      onChange() {}
    };
    await sender.run(options);
    const wiped = await sender.obeyOrders(options);
    if (wiped.length) heldKey = null;
  }

  self.addEventListener("sync", (event) => {
    if (event.tag === "outbox") event.waitUntil(send());
  });

  /* --- What pages say --- */

  self.addEventListener("message", (event) => {
    const message = event.data || {};
    if (message.type === "hold") heldKey = { account: message.account, key: message.key };
    if (message.type === "drop") heldKey = null;
    if (message.type === "keep" && heldKey && heldKey.account !== message.account) heldKey = null;
    if (message.type === "ask") event.ports[0].postMessage(heldKey);
    if (message.type === "skip") self.skipWaiting();
  });
})();
