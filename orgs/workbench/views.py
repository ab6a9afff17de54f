"""The workbench of a township, a county, the city."""

from django.shortcuts import render
from django.utils import timezone

from orgs.access.declarations import needs
from orgs.audit.readings import note_reading
from orgs.units.models import Level
from orgs.workbench.services import TIER_BELOW, Bench, Group, Line, bench_of, lines_labelled

LINES = 9  # that stand open; the others a tap away
BELOW = 6


@needs("view_figures", reads="read_list")
def workbench(request):
    """What waits for the post, by urgency. It names children as lists do; no file is opened."""
    bench = bench_of(request.post)
    group = next((group for group in bench.groups if request.GET.get("kind") in group.keys), None)
    lines = lines_labelled(group.label, bench, request.post) if group else bench.lines
    everything = request.GET.get("all") == "1" or group is not None
    shown = lines if everything else lines[:LINES]
    context = {
        "bench": bench,
        "hide_bell": True,  # what it rings for stands first in the list, but for ``in_lists``
        "now": timezone.localtime(),
        "chosen": group.key if group else "",
        "lines": shown,
        "rest": [] if everything else _rest(bench, shown),
        "rest_overdue": sum(line.overdue for line in lines[len(shown) :]),
        # of what was not read nobody knows how pressing it is
        "rest_can_wait": not bench.cut and not any(line.pressing for line in lines[len(shown) :]),
        "unread": (group.number if group else bench.total) - sum(line.number for line in lines),
        "everything": everything,
        "tier_below": Level(level + 1).label if (level := request.post.unit.level) in TIER_BELOW else "",
        "below": bench.below if request.GET.get("below") == "1" else bench.below[:BELOW],
    }
    note_reading(request, rows=len(shown))
    return render(request, "orgs/workbench/workbench.html", context)


def _rest(bench: Bench, shown: list[Line]) -> list[Group]:
    """What is not shown, by label, each with its number."""
    groups = bench.groups
    for group in groups:
        group.number -= sum(line.number for line in shown if str(line.kind.label) == str(group.label))
    return [group for group in groups if group.number > 0]
