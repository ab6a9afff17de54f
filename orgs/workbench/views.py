"""The workbench of a township, a county, the city."""

from django.shortcuts import render
from django.utils import timezone

from orgs.access.declarations import needs
from orgs.units.models import Level
from orgs.workbench.services import TIER_BELOW, Group, Line, bench_of

LINES = 9  # that stand open; the others a tap away
BELOW = 6


@needs("view_figures")
def workbench(request):
    """What waits for the post, by urgency. It names children as lists do and records nothing: no file is opened."""
    bench = bench_of(request.post)
    groups = {group.key: str(group.label) for group in bench.groups}
    chosen = request.GET.get("kind", "") if request.GET.get("kind", "") in groups else ""
    lines = [line for line in bench.lines if not chosen or str(line.kind.label) == groups[chosen]]
    everything = request.GET.get("all") == "1" or bool(chosen)
    shown = lines if everything else lines[:LINES]
    context = {
        "bench": bench,
        "hide_bell": True,  # what the bell rings for stands first in the list
        "now": timezone.localtime(),
        "chosen": chosen,
        "lines": shown,
        "rest": _rest(lines[len(shown) :]),
        "tier_below": Level(level + 1).label if (level := request.post.unit.level) in TIER_BELOW else "",
        "below": bench.below if request.GET.get("below") == "1" else bench.below[:BELOW],
    }
    return render(request, "orgs/workbench/workbench.html", context)


def _rest(lines: list[Line]) -> list[Group]:
    """The lines that are not shown, by label, each with its number."""
    groups: dict[str, Group] = {}
    for line in lines:
        group = groups.setdefault(str(line.kind.label), Group(line.kind.key, line.kind.label))
        group.number += line.number
    return list(groups.values())
