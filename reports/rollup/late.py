"""Late facts (迟报): what was written down after a period had ended, of days before its end. The period's figures stand
as they were known; here is whose facts came late, and by how much the figures would differ with them."""

import dataclasses
import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from orgs.access.scope import ScopedQuerySet
from orgs.units.models import OrgUnit
from registry.child.fields import display, label_of
from registry.child.models import ChildFile
from registry.status.models import COLUMNS, ChildStatus
from reports.indicators import facts
from reports.indicators.table import counted_together
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
    def place(self) -> ChildStatus:
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


def late_facts(unit: OrgUnit, period: Period) -> list[LateFact]:
    """Of the children of ``unit``, the latest written first; none while the period runs. Few, for most is written in
    time: two queries over the rows that were overtaken, or came late."""
    if period.known is None:
        return []
    then = _by_child(_overtaken(facts.CHILD.rows(period)).within(unit))
    now = _by_child(_come_late(facts.CHILD.rows(_known_now(period)), period).within(unit))
    found = []
    for pk in then.keys() | now.keys():
        before, after = then.get(pk), now.get(pk)
        known_from = after.known_from if after else then[pk].known_until
        fact = LateFact((after or then[pk]).child, before, after, known_from)
        if fact.words:  # told anew, but to the same effect at the period's end
            found.append(fact)
    return sorted(found, key=lambda fact: (fact.known_from, str(fact.child.pk)), reverse=True)


def effect_of(unit: OrgUnit, period: Period) -> dict[str, int]:
    """{indicator key: by how much the figure of ``unit`` would differ with the late facts}, of those that would."""
    if period.known is None:
        return {}
    gone = _numbers(period, lambda rows: _overtaken(rows).within(unit))
    come = _numbers(_known_now(period), lambda rows: _come_late(rows, period).within(unit))
    return {key: come[key] - gone[key] for key in come if come[key] != gone[key]}


def _numbers(period: Period, narrowed: Callable[[ScopedQuerySet], ScopedQuerySet]) -> dict[str, int]:
    found: dict[str, int] = {}
    for together in counted_together():
        if together.fact.source is facts.CHILD.source:
            rows = narrowed(together.fact.source(period)).order_by().annotate(**together.dimensions(period))
            counted = rows.aggregate(**{f"n_{key}": count for key, count in together.counts(period).items()})
            found |= {key.removeprefix("n_"): number for key, number in counted.items()}
    return found


def _known_now(period: Period) -> Period:
    return dataclasses.replace(period, known=None)


def _overtaken(rows: ScopedQuerySet) -> ScopedQuerySet:
    """Of ``rows``, as they were known when the period ended, those known no more. Served by status_overtaken."""
    return rows.filter(known_until__isnull=False)


def _come_late(rows: ScopedQuerySet, period: Period) -> ScopedQuerySet:
    """Of ``rows``, as they are known now, those that were not when the period ended. Served by status_known_late."""
    return rows.filter(Q(known_from__gt=F("since")), known_from__gt=period.known)


def _by_child(rows: ScopedQuerySet) -> dict:
    return {row.child_id: row for row in rows.select_related("child", "village", "township")}
