"""The search over everything: a page, and its results alone for the box that Ctrl K opens."""

from dataclasses import dataclass

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from childwelfare.pages.searched import searched_by
from childwelfare.text.cleaning import clean_text
from orgs.access.declarations import needs
from orgs.audit.readings import note_reading
from orgs.search.sources import SOURCES, Hit, Source


@dataclass(frozen=True)
class Found:
    """What one source found; ``more``: where all of it is."""

    source: Source
    hits: list[Hit]
    more: str


@needs("view_unit", "view_audit", reads="read_list")
@searched_by("q")
@never_cache
def search(request):
    """Hits by source. It names what the lists of the same post name, and opens no file."""
    text = clean_text(request.searched.get("q"))
    found = []
    for source in SOURCES.values() if text else ():
        if hits := source.find(request.post, text):
            found.append(Found(source, hits, reverse(source.more) if source.more else ""))
    if text:
        note_reading(request, rows=sum(len(each.hits) for each in found))
    only_results = request.htmx and not request.htmx.boosted
    template = "orgs/search/_results.html" if only_results else "orgs/search/search.html"
    return render(request, template, {"text": text, "found": found})
