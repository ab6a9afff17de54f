"""The app for phones without a network: a shell page that holds nothing of the registry, its worker, its manifest.

docs/offline.md tells the whole; static/js/offline/ does the work.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _

from childwelfare.runtime.static_files import with_imports
from childwelfare.text.script_words import WORDS
from childwelfare.uploads.photos import MAX_PHOTOS
from orgs.access.declarations import public
from registry.assessments.services.answers import WHY_LIMIT
from registry.child.fields import fields
from visits.alerts.forms import AlertForm
from visits.help.forms import AssessmentEnd, blank_need
from visits.offline.words import OFFLINE_WORDS
from visits.visit.forms.visit import VisitForm
from visits.visit.observed_changes import OBSERVABLE
from visits.visit.questions import VISIT_QUESTIONS

SYNC = "/api/v1/sync/"
SHORTEST_PIN = 6  # digits
VERSION = "@version@"  # stands in the page until its version, a hash of all else, is known
SHARED = (
    "vendor/idb/umd.js",
    *(f"js/offline/{name}.js" for name in ("outbox_rules", "seal", "store", "remote_wipe", "sender")),
)  # classic scripts of page and worker
WORKER = (*SHARED, "js/offline/worker.js")
# of the page, besides base.html's
MODULES = ("js/repeat_answers.js", "js/geolocation.js", "js/assess_form.js", "js/offline/app.js")
FRAME_MODULES = ("js/draft.js",)  # those of base.html that import what no page names


@public
def shell(request):
    """The page that works offline. The same for everybody: no session is read, nothing of a child stands in it."""
    html, _version, _files = _shell()
    return HttpResponse(html, headers={"Cache-Control": "no-cache"})


@public
def worker(request):
    """The service worker of the whole site, or with CWR_OFFLINE=0 one that takes itself away."""
    if not settings.CWR_OFFLINE:
        return _script(f"importScripts({json.dumps(static('js/offline/uninstall_worker.js'))});")
    _html, version, files = _shell()
    about = {"version": version, "page": reverse("offline"), "files": files, "sync": SYNC}
    pieces = ", ".join(json.dumps(static(name)) for name in WORKER)
    return _script(f"self.SHELL = {json.dumps(about)};\nimportScripts({pieces});")


@public
def manifest(request):
    """What makes the page installable."""
    icon = {"type": "image/png", "purpose": "any"}
    about = {
        "name": _("儿童福利四级档案"),
        "short_name": _("走访"),
        "start_url": reverse("offline"),
        "scope": "/",
        "display": "standalone",
        "lang": request.LANGUAGE_CODE,
        "background_color": "#f4f6f8",
        "theme_color": "#0a4466",
        "icons": [icon | {"src": static(f"icons/app-{n}.png"), "sizes": f"{n}x{n}"} for n in (192, 512)],
    }
    return JsonResponse(about, content_type="application/manifest+json", headers={"Cache-Control": "no-cache"})


def _script(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


def _shell() -> tuple[str, str, list[str]]:
    """The page, its version, and the addresses of all that it needs: whatever changes in one changes the version."""
    html = render_to_string("visits/offline/shell.html", _context())
    files = sorted(set(re.findall(rf'(?:src|href)="({re.escape(settings.STATIC_URL)}[^"#]+)', html)))
    digest = hashlib.sha256(html.encode())
    for name in [*(address.removeprefix(settings.STATIC_URL) for address in files), *WORKER]:
        if found := finders.find(name):  # a name with a hash in it says its content itself
            digest.update(Path(found).read_bytes())
    version = digest.hexdigest()[:12]
    return html.replace(VERSION, version), version, files


def _context() -> dict:
    return {
        "form": _blank_form(),
        "alert": AlertForm.blank(),
        "assessment": AssessmentEnd(),
        "need": blank_need(),
        "why_limit": WHY_LIMIT,
        "hotline": settings.CWR_HOTLINE,
        "photos_most": MAX_PHOTOS,
        "pin_shortest": SHORTEST_PIN,
        "version": VERSION,
        "words": {key: str(text) for key, text in (WORDS | OFFLINE_WORDS).items()},
        "worker_url": reverse("offline-worker") if settings.CWR_OFFLINE else "",
        "sync_url": SYNC,
        "questions": VISIT_QUESTIONS.as_json(),
        "family_wide": ",".join(name for name in OBSERVABLE if fields()[name].family_wide),
        "scripts": [static(name) for name in SHARED],
        "modules": [static(name) for name in MODULES],
        "imported": [
            static(name) for name in with_imports(MODULES + FRAME_MODULES) if name not in MODULES + FRAME_MODULES
        ],
        "phone_nav": [
            {"url": "#today", "icon": "calendar-check", "label": _("今日走访")},
            {"url": "#outbox", "icon": "send", "label": _("待发送")},
            {"url": "/", "icon": "house", "label": _("联网页面")},
        ],
    }


@dataclass(frozen=True)
class Anybody:
    """Stands in the blank form where brothers and sisters are; the phone puts each one there (siblings.js)."""

    pk: str = "00000000-0000-0000-0000-000000000000"
    name: str = "@name@"

    def age(self) -> str:
        return "@age@"


def _blank_form() -> VisitForm:
    """The visit form without a day in it: the page is kept for weeks, the script sets the dates."""
    form = VisitForm(noticing=True, siblings=[(Anybody(), None)])
    form.initial.pop("visited_on", None)
    for each in (form, *form.siblings):
        for field in each.fields.values():
            field.widget.attrs.pop("max", None)
    return form
