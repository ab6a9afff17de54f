"""A visit beside the one before it, and what came of it."""

from django.utils.translation import gettext as _

from childwelfare.tables.columns import column_of
from registry.stays.models import may_open
from visits.alerts.panel import open_alerts
from visits.visit.codes import Outcome
from visits.visit.models import Visit
from visits.visit.next_steps import way_on
from visits.visit.workflow import VISIT


def visit_context(request, visit: Visit) -> dict:
    """The page of a visit."""
    return facts_of(visit, request.post) | {
        "child": visit.child,
        "events": list(visit.events.select_related("person", "post__unit")),
        "moves": VISIT.open_to(request.post, visit),
    }


def facts_of(visit: Visit, post) -> dict:
    """A visit beside the one before it, and what came of it."""
    before = visit.child.visits.seen().filter(visited_on__lt=visit.visited_on).newest_first().first()
    if before and not may_open(post, "view_visit", visit.child):
        before = None  # a host reads its own visits after the stay, not those of others
    return {
        "visit": visit,
        "lines": lines_beside(visit, before),
        "before": before,
        "alerts": open_alerts(post, visit.child_id),
        "photos": list(visit.photos.all()),
        "way_on": way_on(visit, post),
        "family": visits_of_the_family(visit, post),
        "noticed": list(visit.noticed.order_by("made_at")) if post.may("view_child", visit.child) else [],
    }


def visits_of_the_family(visit: Visit, post) -> list[Visit]:
    """The visits to brothers and sisters made at the same door, as far as ``post`` may open them."""
    if visit.family is None:
        return []
    others = Visit.objects.open_to(post, "view_visit").filter(family=visit.family, made_by=visit.made_by_id)
    return list(others.exclude(pk=visit.pk).select_related("child").order_by("child__birth_date", "child_id"))


ASKED_EACH_TIME = ("carer", "care", "living", "attendance", "health", "mood")
SHOWN_WHERE_ANSWERED = (
    "whereabouts", "met", "met_relation", "seen_alone", "parent_contact_on", "lives_alone", "carer_note",
    "hazard_note", "family_change", "guardian_words", "needs", "help_given", "benefits", "next_on", "late_reason",
)  # fmt: skip


def lines_beside(visit: Visit, before: Visit | None) -> list[dict]:
    """Each answer with last time's beside it; ``changed`` where they differ. Of a child that was not met nothing was
    answered, so there is nothing to compare."""
    lines, met = [], visit.outcome == Outcome.SEEN
    for name in ASKED_EACH_TIME if met else ():
        now = getattr(visit, f"get_{name}_display")()
        then = getattr(before, f"get_{name}_display")() if before else ""
        if now or then:
            lines.append(_line(name, then, now, changed=bool(before) and then != now))
    hazards = _("、").join(map(str, visit.hazard_labels)) or _("没有")
    then = (_("、").join(map(str, before.hazard_labels)) or _("没有")) if before else ""
    if met or visit.hazards:
        lines.append(_line("hazards", then, hazards, changed=bool(visit.hazards)))
    words = {True: _("是"), False: _("否"), None: ""}
    for name in SHOWN_WHERE_ANSWERED:
        value = getattr(visit, name)
        value = words[value] if value in (True, False, None) else value
        if value:
            lines.append(_line(name, "", value, changed=name == "family_change"))
    return lines


def _line(name, then, now, *, changed) -> dict:
    return {"label": column_of(Visit, name).verbose_name, "then": then, "now": now, "changed": changed}
