"""What a unit's month is compared with: its figures of the month before, and what orders of this month made of them.

Where a village went over as a whole its last reported figure goes with it, so that anybody can check it against that
sheet; where children were placed one by one (a village was split, or closed without an heir) those who were. What then
is still off is a change of the month itself, and asks for a word.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from childwelfare.text.days import short_day
from orgs.access.scope import TIERS
from orgs.units.models import OrgUnit
from reports.indicators.cross_checks import LastMonth
from reports.indicators.indicator import Numbers
from reports.periods.models import ReportingPeriod
from reports.submissions.models import Submission, SubmissionState
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
    origins = {each.origin.pk for each in over}
    key = period.month.back(1)
    rows = Submission.objects.filter(period__root=period.root_id, period__key=key)
    rows = rows.filter(unit__in={unit.pk for unit in units} | origins).select_related("approved", "period")
    held = {row.unit_id: row for row in (rows.select_related("parent__parent__parent") if origins else rows)}
    numbers = {pk: row.approved.numbers for pk, row in held.items() if row.approved}
    steps = steps_of(units, over, numbers, {pk: _sums_with(held[pk]) for pk in origins & held.keys()})
    return {unit.pk: Before(held.get(unit.pk), numbers.get(unit.pk), steps[unit.pk]) for unit in units}


def _sums_with(row: Submission) -> set[int]:
    """The units in whose figures of its month ``row`` is: its own, and those above up to the first that was left
    out."""
    found: set[int] = set()
    each: Submission | None = row
    while each is not None and each.approved_id and (each.state == SubmissionState.APPROVED or row.period.is_locked):
        found.add(each.unit_id)
        each = each.parent
    return found


def steps_of(
    units: Iterable[OrgUnit],
    over: Iterable[WentOver],
    reported: Mapping[int, Numbers],
    in_sums: Mapping[int, Collection[int]],
) -> dict[int, list[Step]]:
    """{unit: what orders brought it and took from it}; ``reported``: {unit: its figures of the month before};
    ``in_sums``: {village: the units in whose figures it was}. From a sum that it was not in, nothing is taken."""
    steps: dict[int, list[Step]] = defaultdict(list)
    moves = [(each, _number_of(each, reported)) for each in over]
    for unit in units:
        tier = f"{TIERS[unit.level - 1]}_id"
        found: dict[tuple, Step] = {}
        for each, number in moves:
            began_here, was_here, is_here = (
                getattr(place, tier) == unit.pk for place in (each.origin, each.village, each.to)
            )
            was_counted = unit.pk in in_sums.get(each.origin.pk, ()) or not began_here
            if not number or was_here == is_here or not (is_here or was_counted):
                continue
            step = Step(each.on, each.document, [], 0)
            step = found.setdefault((each.on, each.document, is_here), step)
            step.number += number if is_here else -number
            name = each.name_below(unit)
            if name not in step.names:
                step.names.append(name)
        steps[unit.pk] = [found[key] for key in sorted(found)]
    return steps


def _number_of(each: WentOver, reported: Mapping[int, Numbers]) -> int:
    if each.number is not None:
        return each.number
    return reported.get(each.origin.pk, {}).get(COMPARED) or 0
