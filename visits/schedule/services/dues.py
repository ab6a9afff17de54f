"""What is due: counted from the approval of a file and from each visit that met the child."""

import datetime
from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.db import transaction
from django.db.models import DateField, Exists, OuterRef, Q, UUIDField
from django.utils import timezone

from childwelfare.tables.prepared import Given, Prepared
from orgs.access.scope import TIERS, Placed
from orgs.stale_figures.services import touch
from registry.child.models import ChildFile
from registry.periods.models import PastSpell, Spell, spells_of
from registry.stays.models import Stay
from visits.schedule.models import ExtraVisit, VisitDue
from visits.schedule.services.rules import interval, rules_of
from visits.visit.models import Visit

EVER = datetime.date.min
CHILD, DAY = Given("child", UUIDField()), Given("day", DateField())
LOCKED = Prepared(
    lambda: (
        ChildFile.objects.filter(pk=CHILD)
        .only("approved_on", "counted_since", "closed_on", "risk", "category_codes", *TIERS)
        .select_for_update()
    )
)
DUES = Prepared(
    lambda: (
        VisitDue.objects.filter(Q(ended_on=None) | Q(ended_on__gte=DAY), child=CHILD)
        .annotate(more=_more_bears())
        .order_by("since", "pk")
    )
)
MET = Prepared(
    lambda: (
        Visit.objects.filter(child=CHILD, visited_on__gte=DAY)
        .seen()
        .only("visited_on", "made_at", "next_on")
        .order_by("visited_on", "made_at", "pk")
    )
)


def _more_bears() -> Q:
    """Whether more than visits bears on what is due: moves, stays elsewhere, extra visits. Of most children nothing."""
    others = (PastSpell, Stay, ExtraVisit)
    return reduce(or_, (Q(Exists(model.objects.filter(child=OuterRef("child")))) for model in others))


def hold(child: ChildFile) -> ChildFile:
    """The file as it stands, of which nothing changes until the transaction ends: where it is, since when and until
    when, its risk and categories. What it was when a page or a phone read it may be past."""
    return LOCKED.one(child=child.pk)


def reschedule(child: ChildFile, since: datetime.date = EVER, *, held: bool = False) -> list[Spell]:
    """Lay out anew what was and is due for ``child``: from approval, then from each visit that met the child. Gives who
    had the child to visit (``duties_of``). ``since``: the day of the earliest visit that came, went or changed; what
    was over by then is not read again, so that a visit costs no more after ten years. ``held``: ``child`` comes from
    ``hold``.

    Visits may arrive in any order and may be sent back; the result depends on the valid ones alone. Dues that are
    over keep the interval they were made with, the open one follows the rules of today.
    """
    with transaction.atomic(savepoint=False):
        child = child if held else hold(child)
        dues, plan, duties, extras = _laid_out_since(child, since) or _laid_out(child)
        wanted = [_row(child, owed) for owed in plan]
        same = 0
        while same < min(len(dues), len(wanted)) and _alike(dues[same], wanted[same]):
            same += 1
        VisitDue.objects.filter(pk__in=[due.pk for due in dues[same:]]).delete()
        VisitDue.objects.bulk_create(wanted[same:])
        _settle(extras, plan)
    return duties


def _laid_out(child: ChildFile) -> "Layout":
    dues, visits = DUES.ask(child=child.pk, day=EVER), MET.ask(child=child.pk, day=EVER)
    simple = bool(dues) and not dues[0].more  # most children: three statements less for each visit
    extras = [] if simple else list(ExtraVisit.objects.standing().filter(child=child))
    duties = [_one_duty(child)] if simple else duties_of(child)
    return Layout(dues, list(lay_out(child, visits, _kept(dues), spells=duties, extras=extras)), duties, extras)


def _laid_out_since(child: ChildFile, day: datetime.date) -> "Layout | None":
    """From the due on that ``day`` belonged to, as the visit before left it; None where that was the first one, or
    more than visits bears on it."""
    dues = DUES.ask(child=child.pk, day=day) if day > EVER else []
    if not dues or dues[0].more or dues[0].since <= child.begun_on:
        return None
    begun, duty = dues[0].since, _one_duty(child)
    visits = MET.ask(child=child.pk, day=begun)
    if not visits or visits[0].visited_on != begun:
        return None
    agreed, spells = visits[0].next_on or begun, [duty._replace(since=begun)]
    return Layout(dues, list(lay_out(child, visits[1:], _kept(dues), spells=spells, agreed=agreed)), [duty], [])


def _one_duty(child: ChildFile) -> Spell:
    return Spell(child.begun_on, child.closed_on, child)


def _kept(dues: list[VisitDue]) -> dict[datetime.date, int]:
    return {due.since: due.days for due in dues}


def _settle(extras: list[ExtraVisit], plan: list["Owed"]) -> None:
    """Write to each extra visit what did it, where that is not there yet."""
    owed_with = {extra.pk: owed for owed in plan for extra in owed.extras}
    for extra in extras:
        owed = owed_with.get(extra.pk)
        ended_on, visit = (owed.ended_on, owed.visit) if owed else (timezone.localdate(extra.made_at), None)
        if (extra.ended_on, extra.visit_id) != (ended_on, visit.pk if visit else None):
            extra.ended_on, extra.visit = ended_on, visit
            extra.save(update_fields=["ended_on", "visit"])


def duties_of(child: ChildFile) -> list[Spell]:
    """Who had the child to visit, from when to when: its times in the registry, and within them its stays elsewhere,
    each at the place of its host. Without a gap: where one ends the next begins."""
    spells = spells_of(child)
    if not spells:
        return []
    stays = list(Stay.objects.filter(child=child, begun_on__isnull=False).order_by("begun_on", "ended_on", "pk"))
    return [duty for spell in spells for duty in _with_stays(spell, stays)] if stays else spells


def follow_visit(child: ChildFile, day: datetime.date, *, held: bool = False) -> None:
    """A visit of ``day`` came, went or changed: what is due is laid out anew, and figures are counted again."""
    touch_owing(child, day, reschedule(child, day, held=held))


def touch_owing(child: ChildFile, day: datetime.date, duties: list[Spell]) -> None:
    """A visit of ``day`` changes figures: of the county that keeps the child, and of those that had it to visit
    (``duties``)."""
    counties = {duty.place.county_id for duty in duties if duty.until is None or duty.until >= day}
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
        reschedule(child)


class Owed(NamedTuple):
    """One visit that is or was owed at ``place``; ``visit`` did it, and with it what the station asked for."""

    since: datetime.date
    days: int
    due_on: datetime.date
    ended_on: datetime.date | None
    visit: Visit | None
    place: Placed
    extras: list[ExtraVisit]


class Layout(NamedTuple):
    """The dues that there are beside the ``plan`` of what there should be; who had the child to visit."""

    dues: list[VisitDue]
    plan: list[Owed]
    duties: list[Spell]
    extras: list[ExtraVisit]


def lay_out(
    child: ChildFile,
    visits,
    kept: dict[datetime.date, int] | None = None,
    rules=None,
    spells: list[Spell] | None = None,
    extras: list[ExtraVisit] = (),
    on: datetime.date | None = None,
    agreed: datetime.date | None = None,
) -> Iterator[Owed]:
    """What was owed to ``child``, by its valid visits, oldest first; the last is open while the child is in the
    registry. ``kept``: {since: days} of dues that keep, once they are over, the interval they were made with; the
    open one has that of ``on`` (today). ``spells``: its times in the registry, each of which owes at its own place
    from its first day; one, where the child never moved. ``extras``: what the station asked for, oldest first.
    ``agreed``: where the first of ``spells`` goes on from a visit, the day that was promised then, or its own."""
    if child.approved_on is None:
        return
    spells = spells or [_one_duty(child)]
    if rules is None:
        rules = rules_of(*{spell.place.county_id for spell in spells})
    today, waiting, asked = on or timezone.localdate(), list(visits), list(extras)

    def days_of(since: datetime.date, ended_on: datetime.date | None, place: Placed) -> int:
        if ended_on is None:
            return interval(child, on=today, rules=rules, county=place.county_id)
        return (kept or {}).get(since) or interval(child, on=since, rules=rules, county=place.county_id)

    for since, until, place in spells:
        # a visit on the day of a move or of closing still belongs to who had the child that morning
        mine = [visit for visit in waiting if until is None or visit.visited_on <= until]
        waiting = waiting[len(mine) :]
        theirs = [extra for extra in asked if until is None or timezone.localdate(extra.made_at) < until]
        asked = asked[len(theirs) :]
        yield from _within(since, until, place, mine, theirs, days_of, agreed)
        agreed = None


def _within(since, until, place, visits, extras, days_of, agreed=None) -> Iterator[Owed]:
    def owed(since, agreed, ended_on, visit, asked):
        days = days_of(since, ended_on, place)
        due_on = since + datetime.timedelta(days=days)
        if agreed and since < agreed:
            due_on = min(due_on, agreed)  # the director promised an earlier day
        due_on = min([due_on, *(extra.due_on for extra in asked)])
        return Owed(since, days, due_on, ended_on, visit, place, asked)

    for visit in visits:
        done = [extra for extra in extras if extra.done_by(visit)]
        if visit.visited_on < since or (agreed is not None and visit.visited_on == since and not done):
            continue  # before the registry, or a second visit on the day of the one before: nothing was due
        extras = extras[len(done) :]
        yield owed(since, agreed, visit.visited_on, visit, done)
        since, agreed = visit.visited_on, visit.next_on or visit.visited_on
    yield owed(since, agreed, until, None, extras)


def _row(child: ChildFile, owed: Owed) -> VisitDue:
    what = owed._asdict()
    place, _extras = what.pop("place"), what.pop("extras")
    due = VisitDue(child=child, **what)
    due.place(place)
    return due


def _alike(one: VisitDue, other: VisitDue) -> bool:
    fields = ("since", "due_on", "ended_on", "visit_id", "village_id", *(() if other.ended_on else ("days",)))
    return all(getattr(one, name) == getattr(other, name) for name in fields)
