"""What is due: counted from the approval of a file and from each visit that met the child."""

import datetime
import uuid
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, cast

from django.db import transaction
from django.db.models import DateField, Exists, OuterRef, Q, UUIDField
from django.utils import timezone

from childwelfare.tables.prepared import Parameter, Prepared
from orgs.access.scope import Placed
from orgs.stale_figures.services import mark_figures_stale
from registry.child.models import ChildFile
from registry.child.services.locking import lock_file_of
from registry.periods.models import PastPeriod, RegistrationPeriod, periods_of
from registry.stays.models import Stay
from visits.schedule.models import ExtraVisit, OvertakenDue, VisitDue, VisitRule, last_month_end
from visits.schedule.services.rules import interval, rules_of
from visits.schedule.services.shorter import Interval, KeptIntervals
from visits.visit.models import Visit

EVER = datetime.date.min
CHILD, DAY = Parameter("child", UUIDField()), Parameter("day", DateField())
LOCKED = Prepared(lambda: ChildFile.objects.locked_for_planning(CHILD))
DUES: Prepared[VisitDue] = Prepared(
    lambda: VisitDue.objects.of_child_since(CHILD, DAY).annotate(has_more_than_visits=_has_more_than_visits())
)
MET = Prepared(lambda: Visit.objects.met_since(CHILD, DAY))


class PlannedVisit(NamedTuple):
    """One visit that is or was owed at ``place``; ``visit`` did it, and with it what the station asked for."""

    since: datetime.date
    days: int
    not_before: datetime.date | None
    due_on: datetime.date
    ended_on: datetime.date | None
    visit: Visit | None
    place: Placed
    extras: list[ExtraVisit]


class Plan(NamedTuple):
    """The ``dues`` that there are beside the ``visits`` that should be due; ``places``: who had the child to visit."""

    dues: list[VisitDue]
    visits: list[PlannedVisit]
    places: list[RegistrationPeriod]
    extras: list[ExtraVisit]


def _has_more_than_visits() -> Q:
    """Whether more than visits bears on what is due: moves, stays elsewhere, extra visits. Of most children nothing."""
    found = Q()
    for model in (PastPeriod, Stay, ExtraVisit):
        found |= Q(Exists(model.objects.filter(child=OuterRef("child"))))
    return found


def lock_file(child: ChildFile) -> ChildFile:
    """The file as it stands, of which nothing changes until the transaction ends: where it is, since when and until
    when, its risk and categories. What it was when a page or a phone read it may be past."""
    return LOCKED.one(child=child.pk)


def lock_file_to_plan(record: Visit | ExtraVisit) -> ChildFile:
    """``lock_file`` of the file in which ``record`` lies, also where a merge moved it meanwhile."""
    return lock_file_of(record, lambda pk: LOCKED.one(child=pk))


def reschedule(child: ChildFile, since: datetime.date = EVER, *, locked: bool = False) -> list[RegistrationPeriod]:
    """Plan anew what was and is due for ``child``: from approval, then from each visit that met the child. Returns who
    had the child to visit (``responsible_places``).

    ``since``: the day of the earliest visit that came, went or changed; what was over by then is not read again, so
    that a visit costs no more after ten years. ``locked``: ``child`` comes from ``lock_file``.

    Visits may arrive in any order and may be sent back; the result depends on the valid ones alone. Dues that are
    over keep the interval they were made with, the open one follows the rules of today.
    """
    with transaction.atomic(savepoint=False):
        child = child if locked else lock_file(child)
        plan = _plan_since(child, since) or _plan_whole(child)
        wanted = [_due_row(child, planned) for planned in plan.visits]
        # The rows that are right already stay untouched: a new visit at the end, the usual case, then changes two rows
        # of a history of hundreds. From the first difference on all is written anew, since each due begins where the
        # one before it ended.
        right = 0
        while right < min(len(plan.dues), len(wanted)) and _same_due(plan.dues[right], wanted[right]):
            right += 1
        _replace(plan.dues[right:], wanted[right:])
        _settle_extra_visits(plan)
    return plan.places


def _replace(dues: list[VisitDue], by: list[VisitDue]) -> None:
    """Write ``by`` in the place of ``dues``. Figures of months that are over go on saying what they said: a due of
    which they say the same is known as long as the one before it, of the others what they said is kept."""
    last = last_month_end()
    said = {key: due for due in dues if (key := due.counted_by(last))}
    for due in by:
        counted = due.counted_by(last)
        before = said.pop(counted, None) if counted else None
        due.known_from = before.known_from if before else timezone.localdate() if counted else None
    OvertakenDue.objects.bulk_create(map(OvertakenDue.of, said.values()))
    # Deleted first: a child has one open due, and a visit ends one, says the database.
    VisitDue.objects.filter(pk__in=[due.pk for due in dues]).forget()
    VisitDue.objects.bulk_create(by)


def _plan_whole(child: ChildFile) -> Plan:
    """From approval on, over all visits there are."""
    dues = DUES.ask(child=child.pk, day=EVER)
    visits = MET.ask(child=child.pk, day=EVER)
    if dues and not _more_than_visits_bear(dues[0]):  # most children: three statements less for each visit
        places, extras = [_own_place(child)], []
    else:
        places, extras = responsible_places(child), list(ExtraVisit.objects.valid().filter(child=child))
    planned = plan_visits(child, visits, KeptIntervals(dues), periods=places, extras=extras)
    return Plan(dues, list(planned), places, extras)


def _plan_since(child: ChildFile, day: datetime.date) -> Plan | None:
    """From the due on that ``day`` belonged to, as the visit before left it; None where that was the first one, or
    more than visits bears on it."""
    dues = DUES.ask(child=child.pk, day=day) if day > EVER else []
    if not dues or _more_than_visits_bear(dues[0]):
        return None
    if child.begun_on is None or dues[0].since <= child.begun_on:
        return None
    # The due that ``day`` falls into began with a visit. Is that visit still there, everything before it is settled
    # and the planning may begin at it; was it sent back meanwhile, only the whole history tells what came before.
    begun, place = dues[0].since, _own_place(child)
    visits = MET.ask(child=child.pk, day=begun)
    if not visits or visits[0].visited_on != begun:
        return None
    # The planning goes on as if the child had come to the registry with that visit. What was agreed at it comes along;
    # the visit's own day stands for "nothing agreed", for None would say that there was no visit before.
    agreed, periods = visits[0].next_on or begun, [place._replace(since=begun)]
    planned = plan_visits(child, visits[1:], KeptIntervals(dues), periods=periods, agreed=agreed)
    return Plan(dues, list(planned), [place], [])


def _more_than_visits_bear(due: VisitDue) -> bool:
    return due.has_more_than_visits  # type: ignore[attr-defined]  # annotated by DUES


def _own_place(child: ChildFile) -> RegistrationPeriod:
    """Of a child in the registry."""
    return RegistrationPeriod(cast(datetime.date, child.begun_on), child.closed_on, child)


def _settle_extra_visits(plan: Plan) -> None:
    """Write to each extra visit what did it, where that is not there yet."""
    planned_with: dict[uuid.UUID, PlannedVisit] = {}
    for each in plan.visits:
        for extra in each.extras:
            planned_with[extra.pk] = each
    for extra in plan.extras:
        planned = planned_with.get(extra.pk)
        if planned:
            ended_on, visit = planned.ended_on, planned.visit
        else:  # asked for before the child was in the registry here, or after it left: ended when it was asked
            ended_on, visit = timezone.localdate(extra.made_at), None
        if (extra.ended_on, extra.visit_id) != (ended_on, visit.pk if visit else None):
            extra.ended_on, extra.visit = ended_on, visit
            extra.save(update_fields=["ended_on", "visit"])


def responsible_places(child: ChildFile) -> list[RegistrationPeriod]:
    """Who had the child to visit, from when to when: its times in the registry, and within them its stays elsewhere,
    each at the place of its host. Without a gap: where one ends the next begins."""
    periods = periods_of(child)
    if not periods:
        return []
    stays = list(Stay.objects.filter(child=child, begun_on__isnull=False).order_by("begun_on", "ended_on", "pk"))
    if not stays:
        return periods
    places: list[RegistrationPeriod] = []
    for period in periods:
        places += _split_by_stays(period, stays)
    return places


def _split_by_stays(period: RegistrationPeriod, stays: list[Stay]) -> Iterator[RegistrationPeriod]:
    """``period`` cut at the days on which stays began and ended: own place, host, own place, …"""
    since, last = period.since, period.until or datetime.date.max
    for stay in stays:
        begun, ended = max(stay.begun_on or since, since), min(stay.ended_on or datetime.date.max, last)
        if begun >= ended:
            continue  # over before this period, or not begun within it
        if begun > since:
            yield RegistrationPeriod(since, begun, period.place)  # at home, since the stay before
        if ended == datetime.date.max:  # both still run: nothing comes after
            yield RegistrationPeriod(begun, None, stay)
            return
        yield RegistrationPeriod(begun, ended, stay, period.goes_on and ended == last)
        since = ended
    # A period of a single day is kept although it is empty as an interval: a visit of that day belongs to it.
    if since < last or period.until is None or since == period.since:
        yield period._replace(since=since)


def visit_changed(child: ChildFile, day: datetime.date, *, locked: bool = False) -> None:
    """A visit of ``day`` came, went or changed: what is due is planned anew, and figures are counted again."""
    mark_responsible_counties_stale(child, day, reschedule(child, day, locked=locked))


def mark_responsible_counties_stale(child: ChildFile, day: datetime.date, places: list[RegistrationPeriod]) -> None:
    """A visit of ``day`` changes figures: of the county that keeps the child, and of those that had it to visit
    (``places``)."""
    counties = {period.place.county_id for period in places if period.until is None or period.until >= day}
    # of all places, for planning anew may move what was over by then from one to another
    villages = {child.village_id, *(period.place.village_id for period in places)}
    for county in sorted({child.county_id, *counties}):  # in one order, so that two visits don't wait for each other
        mark_figures_stale(county, day, villages=villages)


def apply_interval_after_change(child: ChildFile, names: set[str]) -> None:
    """After a change of the file: where risk or categories changed, the open due takes the interval that holds now, a
    shorter one from today on (``shorter``)."""
    if "risk" in names or any(name.startswith("category_") for name in names):
        mark_responsible_counties_stale(child, timezone.localdate(), reschedule(child))


def plan_visits(
    child: ChildFile,
    visits: Iterable[Visit],
    kept: KeptIntervals | None = None,
    rules: list[VisitRule] | None = None,
    periods: list[RegistrationPeriod] | None = None,
    extras: Iterable[ExtraVisit] = (),
    on: datetime.date | None = None,
    agreed: datetime.date | None = None,
) -> Iterator[PlannedVisit]:
    """What was owed to ``child``, by its valid ``visits``, oldest first; the last is open while the child is in the
    registry.

    ``kept``: how the dues there are were counted; once they are over they keep that, the open one has the interval of
    ``on`` (today). ``periods``: its times in the registry, each of which owes at its own place from its
    first day; one, where the child never moved. A visit from a day before that of approval does no due and begins none:
    who went early owes the next one no sooner than who did not. One of the day of approval does the first due, whatever
    the hour: a visit has a day alone, and the child is in the registry from that day on. A day promised before approval
    is owed if it is the day of approval or comes after it; one that was past by then binds nobody, for nothing was due
    yet: the rule counts. ``extras``: what the station
    asked for, oldest first. ``agreed``: where the first of ``periods`` goes on from a visit, the day that was promised
    then, or its own.
    """
    if child.approved_on is None:
        return
    periods = periods or [_own_place(child)]
    if rules is None:
        rules = rules_of(*{period.place.county_id for period in periods})
    today = on or timezone.localdate()
    waiting, asked = list(visits), list(extras)
    promised = _promised_before(periods[0].since, waiting)

    made = kept or KeptIntervals()

    def interval_of(since: datetime.date, ended_on: datetime.date | None, place: Placed) -> Interval:
        if ended_on is None:  # the open one follows the rules of today: a shorter interval from today on
            return made.open_now(since, interval(child, on=today, rules=rules, county=place.county_id), today)
        # One that is over keeps its interval: who was in time then may not become late by a rule that came later. Where
        # it is new, since a visit arrived late or was sent back, the rules of the day on which it began count.
        begun = made.begun_on(since)
        return begun or made.new_past(since, interval(child, on=since, rules=rules, county=place.county_id))

    for since, until, place, goes_on in periods:
        # a visit on the day of a move or of closing still belongs to who had the child that morning
        own_visits = [visit for visit in waiting if until is None or visit.visited_on <= until]
        waiting = waiting[len(own_visits) :]
        # what was asked for on the day of a move was asked of who has the child from that day on
        own_extras = [extra for extra in asked if until is None or timezone.localdate(extra.made_at) < until]
        asked = asked[len(own_extras) :]
        period = RegistrationPeriod(since, until, place)
        last = None
        for last in _plan_period(period, own_visits, own_extras, interval_of, agreed, promised):
            yield last
        # a promise binds who gave it: the next place begins with an interval of its own; where the unit alone became
        # another one, the day of what was owed stays, and is today where it is over
        agreed = promised = None
        if goes_on and last and until:
            promised = max(last.due_on, until)


def _promised_before(approved_on: datetime.date, visits: list[Visit]) -> datetime.date | None:
    """The day that the last of ``visits`` (oldest first) from before the day of approval promised, unless it was past
    by then."""
    before = [visit.next_on for visit in visits if visit.visited_on < approved_on]
    return before[-1] if before and before[-1] and before[-1] >= approved_on else None


def _plan_period(
    period: RegistrationPeriod,
    visits: list[Visit],
    extras: list[ExtraVisit],
    interval_of: Callable[[datetime.date, datetime.date | None, Placed], Interval],
    agreed: datetime.date | None,
    promised: datetime.date | None = None,
) -> Iterator[PlannedVisit]:
    """What was owed within one period: each visit ends the due before it and begins the next. The one after the last
    visit ends with the period, unvisited, or is open. ``promised``: a day for the first of all, agreed on at a visit
    from before the period."""
    since = period.since

    def due_until(ended_on: datetime.date | None, visit: Visit | None, asked: list[ExtraVisit]) -> PlannedVisit:
        counted = interval_of(since, ended_on, period.place)
        due_on = counted.last_day(since)
        if agreed and since < agreed:
            due_on = min(due_on, agreed)  # the director promised an earlier day
        if promised:
            due_on = min(due_on, promised)
        due_on = min([due_on, *(extra.due_on for extra in asked)])
        return PlannedVisit(since, *counted, due_on, ended_on, visit, period.place, asked)

    for visit in visits:
        done = [extra for extra in extras if extra.done_by(visit)]
        # ``agreed`` is None until a first visit: only then a visit on the very first day counts
        again_that_day = agreed is not None and visit.visited_on == since and not done
        if visit.visited_on < since or again_that_day:
            continue  # before the registry, or a second visit on the day of the one before: nothing was due
        # ``extras`` are in the order of asking: those that a visit did are the first of them.
        extras = extras[len(done) :]
        yield due_until(visit.visited_on, visit, done)
        since, agreed, promised = visit.visited_on, visit.next_on or visit.visited_on, None
    yield due_until(period.until, None, extras)


def _due_row(child: ChildFile, planned: PlannedVisit) -> VisitDue:
    values = planned._asdict()
    place, _extras = values.pop("place"), values.pop("extras")
    due = VisitDue(child=child, **values)
    due.place(place)
    return due


def _same_due(one: VisitDue, other: VisitDue) -> bool:
    """The interval counts only while a due is open: one that is over keeps the interval it was made with."""
    names = ["since", "due_on", "ended_on", "visit_id", "village_id"]
    if not other.ended_on:
        names += ["days", "not_before"]
    return all(getattr(one, name) == getattr(other, name) for name in names)
