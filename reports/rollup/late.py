"""Late facts (迟报): what was written down after a period had ended, of days before its end. The period's figures stand
as they were known; here is whose facts came late, and by how much the figures would differ with them."""

import datetime
from collections import Counter
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from orgs.access.scope import Placed, ScopedQuerySet
from orgs.publicity.models import Publicity
from orgs.units.models import OrgUnit
from registry.child.fields import display, label_of
from registry.child.models import ChildFile
from registry.status.models import COLUMNS, ChildStatus
from reports.indicators import facts, work_facts
from reports.indicators.indicator import Indicator
from reports.indicators.table import CountedTogether, counted_together
from reports.rollup.periods import Period


@dataclass(frozen=True)
class LateFact:
    """A child that counted as ``then`` when the period ended and, by what is known now, as ``now``; None: not at all.
    ``known_from``: the day on which that was written down."""

    child: ChildFile
    then: ChildStatus | None
    now: ChildStatus | None
    known_from: datetime.date

    @property
    def place(self) -> Placed:
        """A row that lies where the child counts, or counted."""
        row = self.now or self.then
        assert row
        return row

    @property
    def words(self) -> list[str]:
        """What is known otherwise now."""
        if self.then is None:
            assert self.now
            day = date_format(self.now.since, "SHORT_DATE_FORMAT")
            return [_("补记：%(day)s起在册") % {"day": day}]
        if self.now is None:
            return [_("补记：期末已不在册")]
        then, now = self.then, self.now
        said = []
        for name in COLUMNS:
            if getattr(then, name) != getattr(now, name):
                before, after = (display(name, getattr(row, name)) or "—" for row in (then, now))
                said.append(f"{label_of(name)}：{before} → {after}")
        if then.categories != now.categories:
            held, holds = (_("、").join(map(str, row.category_labels)) or "—" for row in (then, now))
            said.append(_("类别：%(then)s → %(now)s") % {"then": held, "now": holds})
        if then.village_id != now.village_id:
            words = {"then": then.village.path_label, "now": now.village.path_label}
            said.append(_("所在村（居）：%(then)s → %(now)s") % words)
        return said


@dataclass(frozen=True)
class LateVisit:
    """A visit that met ``child`` on ``visited_on``, and was written down after the period had ended."""

    child: ChildFile
    place: Placed
    visited_on: datetime.date
    known_from: datetime.date

    @property
    def words(self) -> list[str]:
        day = date_format(self.visited_on, "SHORT_DATE_FORMAT")
        return [_("补记：%(day)s走访") % {"day": day}]


def late_facts(unit: OrgUnit, period: Period) -> list[LateFact]:
    """Of the children of ``unit``, the latest written first; none while the period runs. Few, for most is written in
    time: two queries over the rows that were overtaken, or came late."""
    if period.known is None:
        return []
    (revoked,), (late,) = facts.CHILD.revoked(period), facts.CHILD.late(period)
    then = _by_child(revoked.filter(facts.CHILD.counts(period)).within(unit))
    now = _by_child(late.filter(facts.CHILD.counts(facts.known_now(period))).within(unit))
    found = []
    for pk in then.keys() | now.keys():
        before, after = then.get(pk), now.get(pk)
        known_from = after.known_from if after else then[pk].known_until
        fact = LateFact((after or then[pk]).child, before, after, known_from)
        if fact.words:  # told anew, but to the same effect at the period's end
            found.append(fact)
    return sorted(found, key=lambda fact: (fact.known_from, str(fact.child.pk)), reverse=True)


def late_visits(unit: OrgUnit, period: Period) -> list[LateVisit]:
    """Visits of ``period`` that came in after its end, the latest written first. One query."""
    if period.known is None:
        return []
    (late,) = facts.DUE.late(period)
    rows = late.within(unit).exclude(visit=None).filter(ended_on__gte=period.first, ended_on__lte=period.as_of)
    rows = rows.select_related("child", "village", "township", "visit").order_by("-known_from", "pk")
    return [LateVisit(row.child, row, row.visit.visited_on, row.known_from) for row in rows]


def late_activities(unit: OrgUnit, period: Period) -> list[Publicity]:
    """Activities of ``period`` that villages wrote down after its end. One query."""
    found = [rows.within(unit).select_related("unit__township") for rows in work_facts.late_publicity(period)]
    return [each for rows in found for each in rows.order_by("-made_at", "pk")]


def effect_of(unit: OrgUnit, period: Period, *, of: Indicator | None = None) -> dict[str, int]:
    """{indicator key: by how much the figure of ``unit`` would differ with what came late}, of those that would;
    ``of``: only of what is counted with that indicator."""
    if period.known is None:
        return {}
    found: dict[str, int] = {}
    for together in counted_together():
        if of is None or of in together.indicators:
            come = _numbers(together, facts.known_now(period), together.fact.late(period), unit)
            gone = _numbers(together, period, together.fact.revoked(period), unit)
            found |= {key: gap for key in come | gone if (gap := come[key] - gone[key])}
    return found


def _numbers(together: CountedTogether, period: Period, parts: list[ScopedQuerySet], unit: OrgUnit) -> Counter[str]:
    """As ``period`` counts them."""
    found: Counter[str] = Counter()
    for rows in parts:
        counted = rows.within(unit).order_by().annotate(**together.dimensions(period))
        counts = {f"n_{key}": count for key, count in together.counts(period).items()}
        for key, number in counted.aggregate(**counts).items():
            found[key.removeprefix("n_")] += number
    return found


def _by_child(rows: ScopedQuerySet) -> dict:
    return {row.child_id: row for row in rows.select_related("child", "village", "township")}
