"""What a unit's month is compared with: its figures of the month before, and what orders of this month made of them.

Where a village went over as a whole its last reported figure goes with it, so that anybody can check it against that
sheet; where children were placed one by one (a village was split, or closed without an heir) those who were. What then
is still off is a change of the month itself, and asks for a word.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from childwelfare.text.days import short_day
from orgs.access.scope import TIERS
from orgs.units.models import OrgUnit
from reports.indicators.cross_checks import LastMonth
from reports.indicators.indicator import Numbers
from reports.periods.models import ReportingPeriod
from reports.submissions.models import Submission
from reports.submissions.went_over import WentOver, went_over

NAMED = 3  # units of an order that a line names
COMPARED = "registered"


@dataclass
class Step:
    """What one order brought (``number`` above nought) or took away, of which units."""

    on: datetime.date
    document: str
    names: list[str]
    number: int

    @property
    def words(self) -> str:
        names = _("、").join(self.names[:NAMED])
        if len(self.names) > NAMED:
            names = _("%(names)s等 %(n)s 个") % {"names": names, "n": len(self.names)}
        words = {"day": short_day(self.on), "document": self.document, "names": names, "n": abs(self.number)}
        if self.number < 0:
            return _("减去%(day)s（%(document)s）划出的%(names)s %(n)s 人") % words
        return _("加上%(day)s（%(document)s）划入的%(names)s %(n)s 人") % words


@dataclass
class Before:
    """``submission``: the unit's own of the month before, None where it was not expected then."""

    submission: Submission | None = None
    reported: Numbers | None = None
    steps: list[Step] = field(default_factory=list)

    @property
    def last(self) -> LastMonth:
        """Of a unit that an order of this month opened: what came to it. None where what it had is not known."""
        if not self.steps or (self.submission is not None and self.reported is None):
            return LastMonth(self.reported, self.reported)
        base = self.reported or {}
        return LastMonth(self.reported, {**base, COMPARED: (base.get(COMPARED) or 0) + self.moved})

    @property
    def moved(self) -> int:
        return sum(step.number for step in self.steps)

    @property
    def words(self) -> str:
        """What is compared with what, where an order had its part in it; else blank."""
        carried = self.last.carried
        if not self.steps or carried is None:
            return ""
        if self.reported:
            said = [_("上月上报 %(n)s 人") % {"n": self.reported.get(COMPARED) or 0}]
        else:
            said = [_("上月还没有本单位")]
        said += [step.words for step in self.steps]
        return _("%(terms)s，按 %(n)s 人比。") % {"terms": _("，").join(said), "n": carried[COMPARED]}


def before_of(submission: Submission) -> Before:
    return befores_of(submission.period, [submission.unit])[submission.unit_id]


def befores_of(period: ReportingPeriod, units: Iterable[OrgUnit]) -> dict[int, Before]:
    """{unit: what its sheet of ``period`` is compared with}. Two queries; some more where units were reorganised in the
    month."""
    units = list(units)
    over = went_over(period.root, period.month)
    concerned = {unit.pk for unit in units} | {each.village.pk for each in over}
    key = period.month.back(1)
    rows = Submission.objects.filter(period__root=period.root_id, period__key=key, unit__in=concerned)
    held = {row.unit_id: row for row in rows.select_related("approved", "period")}
    numbers = {pk: row.approved.numbers for pk, row in held.items() if row.approved}
    steps = steps_of(units, over, numbers)
    return {unit.pk: Before(held.get(unit.pk), numbers.get(unit.pk), steps[unit.pk]) for unit in units}


def steps_of(
    units: Iterable[OrgUnit], over: Iterable[WentOver], reported: Mapping[int, Numbers]
) -> dict[int, list[Step]]:
    """{unit: what orders brought it and took from it}; ``reported``: {unit: its figures of the month before}. A village
    that reported none is in no sum of the month before, and so in none of these."""
    steps: dict[int, list[Step]] = defaultdict(list)
    moves = [(each, to, number) for each in over for to, number in _numbers_of(each, reported)]
    for unit in units:
        tier = f"{TIERS[unit.level - 1]}_id"
        found: dict[tuple, Step] = {}
        for each, to, number in moves:
            was_here, is_here = (getattr(place, tier) == unit.pk for place in (each.village, to))
            if was_here == is_here:
                continue
            step = Step(each.on, each.document, [], 0)
            step = found.setdefault((each.on, each.document, is_here), step)
            step.number += number if is_here else -number
            name = each.name_below(unit)
            if name not in step.names:
                step.names.append(name)
        steps[unit.pk] = [found[key] for key in sorted(found)]
    return steps


def _numbers_of(each: WentOver, reported: Mapping[int, Numbers]) -> list[tuple[OrgUnit, int]]:
    if each.heir is None:
        return each.placed
    number = reported.get(each.village.pk, {}).get(COMPARED)
    return [(each.heir, number)] if number else []
