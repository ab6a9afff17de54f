"""What is counted of help: assessments, needs, plans and goals, from their dated status.

Each act counts on the day on which it was written down (sent, confirmed, recorded, settled), which is the day on which
everybody could know of it; a day on which something is said to have happened counts nowhere. So nothing comes late,
and a period that is over keeps what it had. A row lies where the child was kept then.
"""

from collections.abc import Callable

from django.db.models import Case, CharField, F, Q, Value, When

from orgs.access.scope import ScopedQuerySet
from orgs.units.models import Level
from registry.help_status.models import HelpStatus, Kind
from reports.indicators.facts import Fact
from reports.rollup.periods import Period


def _standing(period: Period) -> ScopedQuerySet:
    """What is open when the period ends, and what ended in it."""
    return HelpStatus.objects.standing_on(period.as_of).filter(_ended(period) | Q(ended_on=None))


def _parts(period: Period) -> list[Q]:
    """Served by help_status_figures."""
    return [Q(ended_on=None), _ended(period)]


def _ended(period: Period) -> Q:
    return Q(ended_on__gte=period.first)


def _assessed(period: Period) -> Q:
    return Q(kind=Kind.ASSESSMENT) & _ended(period)


def _assessment_waiting(_period: Period) -> Q:
    return Q(kind=Kind.ASSESSMENT, ended_on=None)


def _found(period: Period) -> Q:
    return Q(kind=Kind.NEED, begun_on__gte=period.first)


def _settled(period: Period) -> Q:
    return Q(kind=Kind.NEED) & _ended(period)


def _open(_period: Period) -> Q:
    return Q(kind=Kind.NEED, ended_on=None)


def _raised(period: Period) -> Q:
    return Q(kind=Kind.NEED, raised_on__gte=period.first)


def _plan(_period: Period) -> Q:
    return Q(kind=Kind.PLAN)


def _plan_due(_period: Period) -> Q:
    return Q(kind=Kind.PLAN_DUE)


def _goal(_period: Period) -> Q:
    return Q(kind=Kind.GOAL)


def _none(_period: Period) -> dict:
    return {}


def _of_level(_period: Period) -> dict:
    return {"d_level": F("level")}


def _of_outcome(_period: Period) -> dict:
    return {"d_outcome": F("outcome"), "d_satisfaction": F("satisfaction")}


def _of_holder(period: Period) -> dict:
    tiers = [When(tier=level, then=Value(level.name.lower())) for level in Level]
    tier = Case(*tiers, default=Value(""), output_field=CharField())
    return {"d_system": F("system"), "d_tier": tier, **_by_due(period)}


def _by_due(period: Period) -> dict:
    """The last day itself still runs."""
    overdue = When(due_on__lt=period.overdue_before, then=Value("overdue"))
    return {"d_last_day": Case(overdue, default=Value("running"), output_field=CharField())}


def _fact(name: str, counts: Callable[[Period], Q], dimensions: Callable[[Period], dict] = _none) -> Fact:
    return Fact(name, _standing, counts, dimensions, parts=_parts, counted="help", key="record")


ASSESSED = _fact("assessed", _assessed, _of_level)
ASSESSMENT_WAITING = _fact("assessment_waiting", _assessment_waiting)
NEED_FOUND = _fact("need_found", _found)
NEED_SETTLED = _fact("need_settled", _settled, _of_outcome)
NEED_OPEN = _fact("need_open", _open, _of_holder)
NEED_RAISED = _fact("need_raised", _raised)
PLAN_RUNNING = _fact("plan_running", _plan, _by_due)
PLAN_DUE = _fact("plan_due", _plan_due, _by_due)
GOAL_OPEN = _fact("goal_open", _goal, _by_due)
