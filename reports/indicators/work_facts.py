"""What is counted besides children and visits: reports of danger, activities, and who works in the villages.

A village's rows alone are counted: what a station or a centre does itself is in no village's sheet, and a tier reports
the sum of what the tier below reported. Moments that were written when they happened are never written anew, so a
period that is over keeps what it had; activities that were entered later are left out of it.
"""

import datetime

from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone

from orgs.access.scope import ScopedQuerySet
from orgs.posts.models import Appointment, Role
from orgs.publicity.models import Publicity
from orgs.units.models import OrgUnit
from reports.indicators.facts import Fact, known_now
from reports.rollup.periods import Period
from visits.alerts.models import Alert, AlertEvent, AlertState


def _begin(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


def _after(day: datetime.date) -> datetime.datetime:
    return _begin(day + datetime.timedelta(days=1))


def _raised(period: Period) -> ScopedQuerySet:
    return Alert.objects.filter(made_at__gte=_begin(period.first), made_at__lt=_after(period.as_of))


def _closed(period: Period) -> ScopedQuerySet:
    """Those whose last change of state until the period's end was their closing, in the period. Read from the events,
    which nobody alters: what is reopened later was closed then all the same."""
    turns = AlertEvent.objects.filter(record=OuterRef("pk"), at__lt=_after(period.as_of)).exclude(was=F("now"))
    last = turns.order_by("-at", "-id")
    return Alert.objects.filter(made_at__lt=_after(period.as_of)).alias(
        last_state=Subquery(last.values("now")[:1]), last_turn=Subquery(last.values("at")[:1])
    ).filter(last_state=AlertState.CLOSED, last_turn__gte=_begin(period.first))  # fmt: skip


def _held(period: Period) -> ScopedQuerySet:
    held = Publicity.objects.filter(unit__level=4, held_on__gte=period.first, held_on__lte=period.as_of)
    return held.filter(made_at__lt=_after(period.known)) if period.known else held


def late_publicity(period: Period) -> list[ScopedQuerySet]:
    return [_held(known_now(period)).filter(made_at__gte=_after(period.known))] if period.known else []


def _directors(period: Period) -> ScopedQuerySet:
    """Posts that are held on the period's last day."""
    posts = Appointment.objects.filter(unit__level=4, role=Role.VILLAGE_DIRECTOR)
    return posts.filter(Q(valid_to=None) | Q(valid_to__gt=period.as_of), valid_from__lte=period.as_of)


def _vacant(period: Period) -> ScopedQuerySet:
    """Villages that stand on the period's last day without a director."""
    villages = OrgUnit.objects.stood_on(period.as_of).filter(level=4, stand_in=False)
    return villages.exclude(pk__in=_directors(period).values("unit"))


def _all(_period: Period) -> Q:
    return Q()


def _none(_period: Period) -> dict:
    return {}


RAISED = Fact("alert_raised", _raised, _all, _none, counted="alert", key="id")
CLOSED = Fact("alert_closed", _closed, _all, _none, counted="alert", key="id")
PUBLICITY = Fact("publicity", _held, _all, _none, counted="activity", key="id", via="unit__", late=late_publicity)
DIRECTOR = Fact("director", _directors, _all, _none, counted="post", key="uid", via="unit__", standing=True)
VACANT = Fact("vacant", _vacant, _all, _none, counted="unit", key="uid", standing=True)
