"""Addresses as ours, but for the service worker: one as an earlier version of the project left in browsers."""

from django.http import HttpResponse
from django.urls import path

from childwelfare import urls as ours
from orgs.access.declarations import public

handler403, handler404, handler500 = ours.handler403, ours.handler404, ours.handler500

# as that version's, for any page, and by the path alone; its scripts leave a trace
WORKER = """
const KEPT = ["app", "offline/answers", "offline/drafts", "offline/store"].map((name) => "/static/js/" + name + ".js");
const script = "document.documentElement.dataset.scriptOf = 'earlier version';";
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  if (!KEPT.includes(new URL(event.request.url).pathname)) return;
  event.respondWith(new Response(script, { headers: { "Content-Type": "text/javascript" } }));
});
"""


@public
def worker(request):
    return HttpResponse(WORKER, content_type="text/javascript")


urlpatterns = [path("sw.js", worker), *ours.urlpatterns]
