"""Reading a child's line of time: all lanes of all concepts, what is next, and what happened."""

import datetime

from django.utils import timezone

from childwelfare.pages.components import TimelineEntry
from orgs.access.requests import PostRequest
from orgs.posts.models import Appointment
from registry.child.events import events_of
from registry.child.models import ChildFile
from registry.child.panels import PANELS
from registry.timeline.lanes import LANES, NEXT, Lane, Next
from registry.timeline.span import Span


def lanes_of(post: Appointment, file: ChildFile, span: Span) -> list[Lane]:
    """In the order of the concepts; a lane of which nothing touches the span is left out by its concept."""
    return [lane for lanes in LANES for lane in lanes(post, file, span.since, span.until)]


def next_steps_of(post: Appointment, file: ChildFile) -> list[Next]:
    """What is open, what is due first first, what has no day last."""
    found = [step for steps in NEXT for step in steps(post, file)]
    return sorted(found, key=lambda step: step.due_on or datetime.date.max)


def entries_of(request: PostRequest, file: ChildFile, kind: str = "") -> list[TimelineEntry]:
    """What happened, by the day it tells, the newest first; of one ``kind`` where it is given: what the file's page
    tells, whole."""
    panels = [panel for make_panel in PANELS if (panel := make_panel(request, file))]
    entries = events_of(file) + [entry for panel in panels for entry in panel.timeline]
    wanted = [entry for entry in entries if not kind or entry.kind == kind]
    return sorted(wanted, key=lambda entry: (entry.on or timezone.localdate(entry.at), entry.at), reverse=True)
