"""What a village's director is told of: a visit that the station asks for, and once a week that visits are overdue."""

import datetime
import uuid

from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from childwelfare.text.days import short_day
from orgs.inbox.kinds import About, InboxKind
from orgs.units.models import OrgUnit
from visits.schedule.models import ExtraVisit, VisitDue


def _ordered(about: About) -> str:
    day, _child = about.mark.split()
    words = {"name": about.who, "day": short_day(datetime.date.fromisoformat(day))}
    return _("工作站要求加访%(name)s，最迟%(day)s") % words


def _to_the_child(about: About) -> str:
    """There stand the visits, and why this one is asked for."""
    _day, child = about.mark.split()
    return reverse("child-file", args=[uuid.UUID(child)])


def _overdue_here() -> QuerySet:
    """Of a village in a query: the dues that are overdue there now."""
    return VisitDue.objects.overdue(timezone.localdate()).filter(village=OuterRef("pk")).order_by()


def _number_overdue() -> Coalesce:
    number = _overdue_here().values("village").annotate(n=Count("pk")).values("n")
    return Coalesce(Cast(Subquery(number), CharField()), Value("0"))


def _overdue(about: About) -> str:
    number = int(about.mark)
    if not number:
        return _("逾期的走访都补上了")
    return ngettext("本村（居）有 %(n)s 个孩子的走访逾期", "本村（居）有 %(n)s 个孩子的走访逾期", number) % {
        "n": number
    }


def _villages() -> QuerySet:
    return OrgUnit.objects.annotate(overdue_visits=_number_overdue())


ORDERED = InboxKind(
    key="visit_ordered",
    label=gettext_lazy("要求加访"),
    icon="calendar-check",
    records=ExtraVisit.objects.all,
    columns={
        "child": "child",
        "mark": Concat(Cast("due_on", CharField()), Value(" "), Cast("child_id", CharField())),
    },
    waits=lambda: Q(withdrawn_at=None, ended_on=None),
    title=_ordered,
    url=_to_the_child,
)
OVERDUE = InboxKind(
    key="visits_overdue",
    label=gettext_lazy("走访逾期"),
    icon="calendar-x",
    records=_villages,
    key_field="uid",
    columns={"mark": "overdue_visits"},
    waits=lambda: Q(Exists(_overdue_here())),
    title=_overdue,
    url=lambda about: reverse("today"),
)
