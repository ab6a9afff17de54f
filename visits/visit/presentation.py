"""A visit beside the one before it, and what came of it."""

from registry.stays.models import may_open
from visits.alerts.panel import open_alerts
from visits.visit.models import Visit, VisitPhoto, VisitState
from visits.visit.next_steps import way_on
from visits.visit.questions import VISIT_QUESTIONS
from visits.visit.workflow import VISIT


def visit_context(request, visit: Visit) -> dict:
    """The page of a visit."""
    return facts_of(visit, request.post) | {
        "child": visit.child,
        "events": list(visit.events.select_related("person", "post__unit")),
        "moves": VISIT.offered_to(request.post, visit),
    }


def facts_of(visit: Visit, post) -> dict:
    """A visit beside the one before it, and what came of it."""
    before = visit.child.visits.seen().filter(visited_on__lt=visit.visited_on).newest_first().first()
    if before and not may_open(post, "view_visit", visit.child):
        before = None  # a host reads its own visits after the stay, not those of others
    return {
        "visit": visit,
        "lines": VISIT_QUESTIONS.lines(visit, before, on=visit.visited_on),
        "before": before,
        "alerts": open_alerts(post, visit.child_id),
        "photos": _photos_of(visit),
        "way_on": way_on(visit, post),
        "family": visits_of_the_family(visit, post),
        "noticed": list(visit.noticed.order_by("made_at")) if post.may("view_child", visit.child) else [],
    }


def _photos_of(visit: Visit) -> list[VisitPhoto]:
    """Its photos; ``came_after``: from a phone, after the visit had been accepted without it."""
    photos = list(visit.photos.all())
    accepted = visit.events.filter(action="accept").last() if photos and visit.state == VisitState.ACCEPTED else None
    for photo in photos:
        photo.came_after = accepted is not None and photo.made_at > accepted.at
    return photos


def visits_of_the_family(visit: Visit, post) -> list[Visit]:
    """The visits to brothers and sisters made at the same door, as far as ``post`` may open them."""
    if visit.family is None:
        return []
    others = Visit.objects.open_to(post, "view_visit").filter(family=visit.family, made_by=visit.made_by_id)
    return list(others.exclude(pk=visit.pk).select_related("child").order_by("child__birth_date", "child_id"))
