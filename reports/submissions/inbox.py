"""What units are told of reporting: that a sheet came back or was approved, and that its last day comes near."""

import datetime
from collections.abc import Iterator

from django.db.models import CharField, Count, Exists, Expression, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from childwelfare.text.days import short_day
from orgs.inbox.kinds import About, InboxKind
from orgs.inbox.reminders import DeadlineKind, Due, Told
from orgs.units.models import OrgUnit
from reports.periods.models import PeriodState
from reports.rollup.periods import Period
from reports.submissions.models import OPEN_STATES, Submission, SubmissionQuerySet, SubmissionState
from reports.submissions.people import offices_of, unmanned


def _to_the_month(about: About) -> str:
    return reverse("submission-detail", args=[about.pk])


def _month(about: About) -> str:
    return Period.of(about.mark).label if about.mark else ""


def _not_sent(about: About) -> str:
    return _("%(place)s的%(month)s月报还没有报") % _place_and_month(about)


def _place_and_month(about: About) -> dict[str, str]:
    return {"place": OrgUnit(name=about.place).short_name, "month": _month(about)}


def _below() -> SubmissionQuerySet:
    """What lies under the submission of the outer query and is not sent, at whatever tier."""
    own = OuterRef("unit")
    under = Q(unit__township=own) | Q(unit__county=own) | Q(unit__city=own)
    rows = Submission.objects.filter(under, period=OuterRef("period"), state__in=OPEN_STATES)
    return rows.exclude(pk=OuterRef("pk")).order_by()


def _late_below() -> SubmissionQuerySet:
    return _below().late(timezone.now())


def _vacant_below() -> SubmissionQuerySet:
    return _below().left_to(OuterRef("unit"))


def _counted(rows: SubmissionQuerySet) -> Expression:
    """``2026-10 19``: the period, and how many ``rows`` there are."""
    number = Subquery(rows.values("period").annotate(number=Count("pk")).values("number"))
    return Concat("period__key", Value(" "), Cast(Coalesce(number, 0), CharField()), output_field=CharField())


def _words(about: About) -> dict[str, str]:
    """What the mark of such a kind says."""
    key, _space, number = about.mark.partition(" ")
    month = str(Period.of(key).label) if key else ""
    return {"place": OrgUnit(name=about.place).short_name, "month": month, "n": number}


def _moved_words(about: About) -> str:
    """The day as it is by now."""
    key, _space, day = about.mark.partition(" ")
    words = {"place": OrgUnit(name=about.place).short_name, "month": Period.of(key).label if key else ""}
    words["due"] = short_day(datetime.date.fromisoformat(day)) if day else ""
    return _("期限有调整，%(place)s%(month)s月报的截止日期现在是%(due)s") % words


PLACES = ("unit__taken_over_by", "above", "parent")
Heads = dict[tuple, Submission | None]  # {(period, county): the county's own submission}
OF_A_UNIT = {"place": "unit__name", "mark": "period__key"}
RETURNED = InboxKind(
    key="ledger_returned",
    label=gettext_lazy("月报退回"),
    icon="arrow-counterclockwise",
    records=Submission.objects.all,
    columns=OF_A_UNIT,
    waits=lambda: Q(state=SubmissionState.RETURNED),
    title=lambda about: _("%(place)s的%(month)s月报被退回，请改好再报") % _place_and_month(about),
    url=_to_the_month,
)
APPROVED = InboxKind(
    key="ledger_approved",
    label=gettext_lazy("月报通过"),
    icon="check-circle",
    records=Submission.objects.all,
    columns=OF_A_UNIT,
    waits=lambda: Q(state=SubmissionState.APPROVED),
    news=True,
    title=lambda about: _("%(place)s的%(month)s月报已通过") % _place_and_month(about),
    url=_to_the_month,
)
DUE = InboxKind(
    key="ledger_due",
    label=gettext_lazy("月报期限"),
    icon="clock",
    records=Submission.objects.all,
    columns=OF_A_UNIT,
    waits=lambda: Q(state__in=OPEN_STATES),
    title=_not_sent,
    url=_to_the_month,
)

MOVED = InboxKind(
    key="ledger_moved",
    label=gettext_lazy("月报期限调整"),
    icon="calendar3",
    records=Submission.objects.all,
    columns={
        "place": "unit__name",
        "mark": lambda: Concat("period__key", Value(" "), Cast("due_on", CharField()), output_field=CharField()),
    },
    waits=lambda: Q(state__in=OPEN_STATES),
    title=_moved_words,
    url=_to_the_month,
)


# of a unit above: what below it is late, and the units that it reports for
BEHIND = InboxKind(
    key="ledger_behind",
    label=gettext_lazy("下级月报逾期"),
    icon="exclamation-circle",
    records=Submission.objects.all,
    columns={"place": "unit__name", "mark": lambda: _counted(_late_below())},
    waits=lambda: Q(Exists(_late_below())),
    title=lambda about: _("%(place)s有 %(n)s 个单位的%(month)s月报逾期未报") % _words(about),
    url=_to_the_month,
)
IN_PLACE = InboxKind(
    key="ledger_in_place",
    label=gettext_lazy("代报月报"),
    icon="clock",
    records=Submission.objects.all,
    columns={"place": "unit__name", "mark": lambda: _counted(_vacant_below())},
    waits=lambda: Q(Exists(_vacant_below())),
    title=lambda about: _("%(n)s 个没有人在岗的单位，%(month)s月报由本单位代报") % _words(about),
    url=_to_the_month,
)


def not_sent(first: datetime.date, last: datetime.date) -> Iterator[Due]:
    """What is due between ``first`` and ``last`` of months that are over and not locked, of units with somebody who can
    send it. Those above are told once of all that is late below them."""
    heads: Heads = {}
    for row in _due_between(first, last).filter(~unmanned()):
        yield _due(row, row, heads)


def not_sent_in_place(first: datetime.date, last: datetime.date) -> Iterator[Due]:
    """As ``not_sent``, of units where nobody holds the post: the next above that has people reports for them."""
    rows = list(_due_between(first, last).filter(unmanned()))
    offices = offices_of([row.unit for row in rows])
    senders: dict[tuple, Submission | None] = {}
    heads: Heads = {}
    for row in rows:
        place = row.period_id, next(iter(offices[row.unit_id]), None)
        if place not in senders:
            found = Submission.objects.sent_by(place[1]).filter(period=place[0]).select_related(*PLACES)
            senders[place] = found.order_by(F("unit__taken_over_by").asc(nulls_first=True), "pk").first()
        if own := senders[place]:
            yield _due(row, own, heads)


def _due_between(first: datetime.date, last: datetime.date) -> SubmissionQuerySet:
    rows = Submission.objects.filter(state__in=OPEN_STATES, due_on__gte=first, due_on__lte=last)
    rows = rows.filter(period__state=PeriodState.OPEN, period__as_of__lt=timezone.localdate())
    return rows.select_related(*PLACES).order_by("due_on", "pk")


def _due(row: Submission, own: Submission, heads: Heads) -> Due:
    """That the people of the unit of ``own`` send ``row``, its own or one that is left to it. ``heads``: what was found
    so far."""
    county = row.period_id, row.unit.county_id
    if county not in heads:
        found = Submission.objects.filter(period=county[0], unit=county[1])
        heads[county] = found.select_related("unit").first()
    head = heads[county]
    return Due(
        about=own,
        due_on=row.due_on,
        unit=own.unit.taken_over_by or own.unit,
        above=Told(own.parent, own.above.office_id) if own.parent else None,
        head=Told(head, head.unit.office_id) if head else None,
    )


LAST_DAY = DeadlineKind(
    key="ledger_due", open=not_sent, to="submit_ledger", above="decide_ledger", head="decide_ledger",
    together="ledger_behind",
)  # fmt: skip
LAST_DAY_IN_PLACE = DeadlineKind(
    key="ledger_in_place", open=not_sent_in_place, to="submit_ledger", above="decide_ledger", head="decide_ledger",
    together="ledger_behind",
)  # fmt: skip
