"""Assessment systems as all tiers read them: the versions, one as its assessor sees it, in what two differ."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render

from childwelfare.tables.beginning import beginning_of
from orgs.access.declarations import NO_CHILD, needs
from registry.instruments.differences import differences
from registry.instruments.models import Instrument, InstrumentState
from registry.instruments.presentation import (
    rules_in_words,
    shown_dimensions,
    shown_levels,
    shown_screen,
    when_it_holds,
)
from registry.instruments.workflow import INSTRUMENT

SHOWN = 30


@needs("view_instruments", reads=NO_CHILD)
def instrument_list(request):
    """The versions that hold and held here; drafts for who writes them."""
    found = Instrument.objects.readable_by(request.post).select_related("unit", "made_by").distinct()
    versions = beginning_of(found.order_by("-number", "-made_at"), SHOWN)
    for each in versions:
        each.holds = when_it_holds(each)
    drafts = [each for each in versions if each.state == InstrumentState.DRAFT]
    context = {
        "versions": versions,
        "in_force": next((each for each in versions if each.is_in_force), None),
        "may_draft": request.post.may("manage_instruments", request.post.unit) and not drafts,
    }
    return render(request, "registry/instruments/list.html", context)


@needs("view_instruments", reads=NO_CHILD)
def instrument_detail(request, pk):
    """One version as its assessor sees it, with its points."""
    instrument = readable(request, pk)
    definition = instrument.content
    context = {
        "instrument": instrument,
        "holds": when_it_holds(instrument),
        "screen": shown_screen(definition),
        "dimensions": shown_dimensions(definition),
        "levels": shown_levels(definition),
        "rules": rules_in_words(definition),
        "moves": {move.action for move in INSTRUMENT.open_to(request.post, instrument)},
        "try_out": instrument.try_outs.exists(),
    }
    return render(request, "registry/instruments/detail.html", context)


@needs("view_instruments", reads=NO_CHILD)
def instrument_differences(request, pk):
    """In what it differs from the version before it: of a draft, from the one that was published last."""
    instrument = readable(request, pk)
    before = version_before(instrument)
    if before is None:
        raise Http404
    context = {
        "instrument": instrument,
        "before": before,
        "differences": differences(before.content, instrument.content),
    }
    return render(request, "registry/instruments/differences.html", context)


def readable(request, pk) -> Instrument:
    found = Instrument.objects.readable_by(request.post).select_related("unit", "made_by").distinct()
    return get_object_or_404(found, pk=pk)


def version_before(instrument: Instrument) -> Instrument | None:
    """The published version of the same unit with the next lower number, but none that was replaced."""
    others = Instrument.objects.published_of(instrument.unit_id).not_replaced()
    return others.filter(number__lt=instrument.number).order_by("-number").first()
