"""What is due: counted from the approval of a file and from each visit that met the child."""

import datetime
from collections.abc import Iterator
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from orgs.models import Placed, Role
from orgs.services.marks import touch
from registry.codes import Risk
from registry.models import ChildFile, Spell, Stay, spells_of
from visits.models import Visit, VisitDue, VisitRule

# days between two visits where no rule of a county says otherwise: no public source is laxer
DEFAULT_DAYS = {Risk.HIGH: 7, Risk.RAISED: 15, Risk.GENERAL: 30, Risk.WATCH: 30}


def interval(
    child: ChildFile, *, on: datetime.date, rules: list[VisitRule] | None = None, county: int | None = None
) -> int:
    """Days between two visits to ``child`` by the director of its place, or of a place in ``county``.

    The most particular rule in force wins (a county's before the general, a category's before all); among several
    categories the shortest. Without a rule the default of the risk level counts.
    """
    found = [
        rule
        for rule in (rules if rules is not None else rules_on(on))
        if rule.risk == child.risk
        and rule.county_id in (None, county or child.county_id)
        and (not rule.category or rule.category in child.category_codes.split(","))
    ]
    if not found:
        return DEFAULT_DAYS[child.risk]
    rank = max((rule.county_id is not None, bool(rule.category)) for rule in found)
    return min(rule.days for rule in found if (rule.county_id is not None, bool(rule.category)) == rank)


def rules_on(day: datetime.date) -> list[VisitRule]:
    """The rules in force on ``day`` for directors."""
    in_force = Q(since__lte=day) & (Q(until=None) | Q(until__gt=day))
    return list(VisitRule.objects.filter(in_force, role=Role.VILLAGE_DIRECTOR))


def reschedule(child: ChildFile) -> None:
    """Lay out anew what was and is due for ``child``: from approval, then from each visit that met the child.

    Visits may arrive in any order and may be sent back; the result depends on the valid ones alone. Dues that stay
    the same keep their rows and the interval they were made with.
    """
    with transaction.atomic():
        ChildFile.objects.select_for_update().get(pk=child.pk)  # two visits of one child: one after the other
        held = list(child.dues.order_by("since", "pk"))
        visits = Visit.objects.filter(child=child).seen().order_by("visited_on", "made_at", "pk")
        kept = {due.since: due.days for due in held}
        wanted = [_row(child, owed) for owed in lay_out(child, visits, kept, spells=duties_of(child))]
        same = 0
        while same < min(len(held), len(wanted)) and _alike(held[same], wanted[same]):
            same += 1
        VisitDue.objects.filter(pk__in=[due.pk for due in held[same:]]).delete()
        VisitDue.objects.bulk_create(wanted[same:])


def duties_of(child: ChildFile) -> list[Spell]:
    """Who had the child to visit, from when to when: its times in the registry, and within them its stays elsewhere,
    each at the place of its host. Without a gap: where one ends the next begins."""
    spells = spells_of(child)
    if not spells:
        return []
    stays = list(Stay.objects.filter(child=child, begun_on__isnull=False).order_by("begun_on", "ended_on", "pk"))
    return [duty for spell in spells for duty in _with_stays(spell, stays)] if stays else spells


def touch_owing(child: ChildFile, day: datetime.date) -> None:
    """A visit of ``day`` changes figures: of the county that keeps the child, and of those that had it to visit."""
    counties = {duty.place.county_id for duty in duties_of(child) if duty.until is None or duty.until >= day}
    for county in sorted({child.county_id, *counties}):
        touch(county, day)


def _with_stays(spell: Spell, stays: list[Stay]) -> Iterator[Spell]:
    since, last = spell.since, spell.until or datetime.date.max
    for stay in stays:
        begun, ended = max(stay.begun_on, since), min(stay.ended_on or datetime.date.max, last)
        if begun >= ended:
            continue
        if begun > since:
            yield Spell(since, begun, spell.place)
        if ended == datetime.date.max:
            yield Spell(begun, None, stay)
            return
        yield Spell(begun, ended, stay)
        since = ended
    if since < last or spell.until is None or since == spell.since:
        yield Spell(since, spell.until, spell.place)


def agree_anew(child: ChildFile, names: set[str]) -> None:
    """After a change of the file: where risk or categories changed, the open due takes the interval that holds now."""
    if "risk" in names or any(name.startswith("category_") for name in names):
        with transaction.atomic():
            child.dues.open().delete()
            reschedule(child)


class Owed(NamedTuple):
    """One visit that is or was owed at ``place``; ``visit`` did it."""

    since: datetime.date
    days: int
    due_on: datetime.date
    ended_on: datetime.date | None
    visit: Visit | None
    place: Placed


def lay_out(
    child: ChildFile,
    visits,
    kept: dict[datetime.date, int] | None = None,
    rules=None,
    spells: list[Spell] | None = None,
) -> Iterator[Owed]:
    """What was owed to ``child``, by its valid visits, oldest first; the last is open while the child is in the
    registry. ``kept``: {since: days} of dues that keep the interval they were made with. ``spells``: its times in
    the registry, each of which owes at its own place from its first day; one, where the child never moved."""
    if child.approved_on is None:
        return
    waiting = list(visits)
    for since, until, place in spells or [Spell(child.begun_on, child.closed_on, child)]:
        # a visit on the day of a move or of closing still belongs to who had the child that morning
        mine = [visit for visit in waiting if until is None or visit.visited_on <= until]
        waiting = waiting[len(mine) :]
        yield from _within(child, since, until, place, mine, kept or {}, rules)


def _within(child, since, until, place, visits, kept, rules) -> Iterator[Owed]:
    def owed(since, agreed, ended_on, visit=None):
        days = kept.get(since) or interval(child, on=since, rules=rules, county=place.county_id)
        due_on = since + datetime.timedelta(days=days)
        if agreed and since < agreed < due_on:
            due_on = agreed  # the director promised an earlier day
        return Owed(since, days, due_on, ended_on, visit, place)

    agreed = None
    for visit in visits:
        if visit.visited_on < since or (agreed is not None and visit.visited_on == since):
            continue  # before the registry, or a second visit on the day of the one before: nothing was due
        yield owed(since, agreed, visit.visited_on, visit)
        since, agreed = visit.visited_on, visit.next_on or visit.visited_on
    yield owed(since, agreed, until)


def _row(child: ChildFile, owed: Owed) -> VisitDue:
    what = owed._asdict()
    place = what.pop("place")
    due = VisitDue(child=child, **what)
    due.place(place)
    return due


def _alike(one: VisitDue, other: VisitDue) -> bool:
    fields = ("since", "due_on", "ended_on", "visit_id", "village_id")
    return all(getattr(one, name) == getattr(other, name) for name in fields)
