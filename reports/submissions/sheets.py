"""The sheet that a unit is about to send: a village's counted from its children, a tier's summed from what it approved
below."""

import dataclasses
from collections.abc import Collection, Iterable, Mapping

from django.utils.translation import gettext as _

from orgs.units.models import Level
from reports.indicators.cross_checks import Check, LastMonth, failing
from reports.indicators.table import numbers_of
from reports.snapshots.content import MISSED_THE_LOCK, Sheet, Waived, sheet_of_sum, sheet_of_village
from reports.snapshots.models import Snapshot
from reports.snapshots.rosters import Roster, open_roster, rosters_of
from reports.submissions.models import Submission, SubmissionQuerySet
from reports.submissions.models import SubmissionState as S

# under which a sheet explains that it counts a child twice, as it explains a cross-check under its key
TWICE = "twice"


def sheet_of(submission: Submission, explanations: Mapping[str, str] | None = None) -> Sheet:
    """What ``submission`` would send now."""
    period, unit = submission.period, submission.unit_then
    if unit.level == 4:
        roster = rosters_of(period.month, unit).get(unit.pk, Roster())
        sheet = sheet_of_village(period, unit, roster)
    else:
        below = below_of(submission)
        sheet = sheet_of_sum(period, unit, approved_of(below), waived_of(below))
    return with_explanations(sheet, explanations or {})


def with_explanations(sheet: Sheet, explanations: Mapping[str, str]) -> Sheet:
    return dataclasses.replace(sheet, explanations=dict(explanations))


def below_of(submission: Submission) -> list[Submission]:
    """The submissions that ``submission`` sums, in the order that its table had then."""
    found: SubmissionQuerySet = submission.children.with_all()
    return sorted(found, key=lambda each: (each.unit.level, *each.unit_then.place_in_tables))


def approved_of(below: Iterable[Submission]) -> list[Snapshot]:
    """The valid figures among ``below`` that are summed, each with its unit."""
    found = []
    for each in below:
        if each.counts and each.approved:
            each.approved.unit = each.unit_then
            found.append(each.approved)
    return found


def waived_of(below: Collection[Submission]) -> list[Waived]:
    """Those left out, with the reason that was given; after the lock those as well that had no valid figures then, so
    that nobody above waits for them: they can be supplied."""
    waived = [Waived(each.unit_then, reason_of_waiver(each)) for each in below if each.state == S.WAIVED]
    missed = [each for each in below if each.is_locked and not each.counts and each.state != S.WAIVED]
    return waived + [Waived(each.unit_then, MISSED_THE_LOCK) for each in missed]


def reason_of_waiver(submission: Submission) -> str:
    event = submission.events.filter(action="waive").last()
    return event.reason if event else ""


def contradictions(sheet: Sheet, last: LastMonth) -> list[Check]:
    """The cross-checks that do not hold in it."""
    return failing(numbers_of(dict(sheet.numbers)), last)


def counted_twice(parts: Iterable[Snapshot]) -> set[str]:
    """Keys of children who are on file in more than one of ``parts``, down to the villages: one of them moved, or was
    put right, between two sendings."""
    seen: set[str] = set()
    twice: set[str] = set()
    for snapshot in leaves_of(parts):
        children = open_roster(snapshot).children()
        twice.update(seen.intersection(children))
        seen.update(children)
    return twice


def twice_in(sheet: Sheet) -> int:
    """How many children the sheet counts twice. Up to the county, which hears of each: the city would open the rosters
    of all its villages."""
    return len(counted_twice(sheet.parts)) if sheet.parts and sheet.unit.level > 1 else 0


def words_of_twice(number: int) -> str:
    return _("有 %(n)s 个孩子在两个村（居）的表里都有") % {"n": number}


def leaves_of(parts: Iterable[Snapshot]) -> list[Snapshot]:
    """The villages' snapshots that ``parts`` are summed of, with their rosters, each of its village as it was called
    then: a query a tier."""
    leaves, tier = set(), {each.pk: each.unit.level for each in parts}
    while tier:  # where a tier does not exist, villages stand beside townships
        leaves |= {pk for pk, level in tier.items() if level == Level.VILLAGE}
        above = [pk for pk, level in tier.items() if level < Level.VILLAGE]
        tier = dict(Snapshot.objects.filter(wholes__whole__in=above).values_list("pk", "unit__level"))
    found = list(Snapshot.objects.filter(pk__in=leaves).select_related("unit__township", "period", "roster"))
    for each in found:
        each.unit = each.unit.as_of(each.period.as_of)
    return found
