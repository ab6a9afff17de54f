"""The units that a request is about: those of the month asked, by the names of then; and who answers for each today."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from childwelfare.text.words import PATH_SIGN
from orgs.access.scope import TIERS
from orgs.reorganisation.models import successors_of
from orgs.units.models import Level, OrgUnit, OrgUnitQuerySet
from reports.requests.models import DataAnswer, DataRequest
from reports.rollup.models import Figure
from reports.rollup.periods import Period
from reports.submissions.models import Submission


@dataclass(frozen=True)
class Place:
    """A unit of the month asked: ``then`` as it was called then, ``unit`` as it is called now, ``now``: who stands in
    its place today, itself where it still does; nobody where it was closed for good."""

    then: OrgUnit
    unit: OrgUnit
    now: tuple[OrgUnit, ...]

    @property
    def pk(self) -> int:
        return int(self.then.pk)

    @property
    def became(self) -> str:
        """What it is called, what it belongs to by now; blank where nothing changed."""
        if not self.now:
            return _("已撤销")
        if len(self.now) > 1:
            return _("现分为%(units)s") % {"units": names_of(self.now)}
        (today,) = self.now
        if today.pk == self.pk:
            return "" if today.name == self.then.name else _("现名%(unit)s") % {"unit": today.short_name}
        return _("现属%(unit)s") % {"unit": _first_other(self.then, today).short_name}


def _first_other(then: OrgUnit, today: OrgUnit) -> OrgUnit:
    """From the top down, the first unit above or at ``today`` that is called otherwise than then."""
    pairs = zip(then.chain(), today.chain(), strict=False)
    return next((now for was, now in pairs if was.name != now.name), today)


def names_of(units: Iterable[OrgUnit]) -> str:
    return _("、").join(unit.short_name for unit in units)


def units_of(request: DataRequest) -> list[OrgUnit]:
    """As ``units_then`` for what ``request`` says. A draft is asked anew each time it is read."""
    chosen = list(request.within.all()) if request.pk else []
    return units_then(request.unit, request.month_asked, request.level, chosen)


def units_then(above: OrgUnit, month: Period, level: int, chosen: Sequence[OrgUnit] = ()) -> list[OrgUnit]:
    """The units of ``level`` that the ledger of ``month`` has below ``above``, or below the units that it took over
    from: so that what they tell comes to what the ledger says. Where a tier does not exist its units below stand in
    its place. Before a ledger was opened, those that stood in the month or still count somebody in it. ``chosen``: only
    those that were one of them, or lay in one. Under today's names, in no order. At most five queries."""
    here = _lies_in([above])
    standing: dict[int, set[int]] = successors_of([each.pk for each in chosen if each.valid_to]) if chosen else {}
    if chosen:
        heirs = OrgUnit.objects.filter(pk__in={pk for after in standing.values() for pk in after})
        here &= _lies_in([*chosen, *heirs])
    expected = Submission.objects.filter(
        _lies_in([above], "unit__"), period__key=month.key, unit__level__gte=level, above__level__lt=level
    )
    keys = set(expected.values_list("unit", flat=True))
    units = OrgUnit.objects.filter(here).with_path()
    if keys:
        return list(units.filter(pk__in=keys))
    return _that_stood(units.filter(_of_tier(level)), month)


def _lies_in(units: Iterable[OrgUnit], via: str = "") -> Q:
    """Within one of ``units``, or a unit that one of them alone took over from."""
    return reduce(or_, (Q(**{f"{via}{TIERS[each.level - 1]}__in": each.own_keys}) for each in units))


def lies_in_place_of(unit: OrgUnit, above: OrgUnit) -> bool:
    """Whether ``unit`` is ``above`` or lies in it, or in a unit that it alone took over from. Asks nothing."""
    return getattr(unit, f"{TIERS[above.level - 1]}_id") in above.own_keys


def _of_tier(level: int) -> Q:
    """Units of ``level``, and those right below stand-ins of it."""
    found = Q()
    for depth in range(Level.VILLAGE - level + 1):
        above = {f"{'parent__' * n}stand_in": True for n in range(1, depth + 1)}
        found |= Q(level=level + depth, stand_in=False, **above)
    return found


def _that_stood(units: OrgUnitQuerySet, month: Period) -> list[OrgUnit]:
    """Those of ``units`` that stood on a day of ``month``, and of those closed before who is still counted in it."""
    begun = units.filter(Q(valid_from=None) | Q(valid_from__lte=month.last))
    stood = list(begun.filter(Q(valid_to=None) | Q(valid_to__gt=month.first)))
    closed = {each.pk: each for each in begun.filter(valid_to__lte=month.first)}
    rows = Figure.objects.counted().filter(unit__in=closed, period=month.key).values_list("unit", "numbers")
    return stood + [closed[pk] for pk, numbers in rows if any((numbers or {}).values())]


def places_of(units: Collection[OrgUnit], month: Period, now: dict[int, list[int]] | None = None) -> list[Place]:
    """``units`` with the names that they had at the end of ``month``, in the order of its ledger, each with who stands
    in its place: ``now``, {unit: keys}, or, unless that is said, today. Three queries where one was closed, else none.
    """
    if now is None:
        now = {pk: sorted(after) for pk, after in successors_of([each.pk for each in units if each.valid_to]).items()}
    here = {each.pk: each for each in units}
    others = {pk for after in now.values() for pk in after} - set(here)
    found = here | (OrgUnit.objects.with_path().in_bulk(others) if others else {})
    places = [
        Place(unit.as_of(month.last), unit, tuple(found[pk] for pk in now.get(unit.pk, [unit.pk]) if pk in found))
        for unit in units
    ]
    return sorted(places, key=lambda each: order_of(each.then))


def order_of(unit: OrgUnit) -> list[tuple]:
    """By which units of several tiers stand as in the ledgers: below the unit above, by code, without one last."""
    return [(each.level, *each.place_in_tables) for each in unit.chain()]


def who_answers(places: Iterable[Place]) -> list[tuple[OrgUnit, list[int]]]:
    """(unit that stands today, the keys of the units of then for which it answers), each once, in their order."""
    covered: dict[OrgUnit, list[int]] = {}
    for place in places:
        for unit in place.now:
            covered.setdefault(unit, []).append(place.pk)
    return sorted(covered.items(), key=lambda pair: order_of(pair[0]))


@dataclass
class Line:
    """A row of a sheet. ``place``: whose figures stand in it, None for an answer that stands beside several or none of
    them; ``answer``: None where nobody was asked; ``elsewhere``: the units whose answers, in other rows, speak for it;
    ``also``: what the answer speaks for besides."""

    place: Place | None
    answer: DataAnswer | None = None
    elsewhere: tuple[OrgUnit, ...] = ()
    also: tuple[Place, ...] = ()


def lines_of(places: Sequence[Place], answers: Sequence[DataAnswer]) -> list[Line]:
    """A line for each of ``places``, with the answer that speaks for it alone; an answer that speaks for several, or
    for a part, has a line of its own behind them."""
    own = {each.unit_id: each for each in answers}
    places_by_key = {each.pk: each for each in places}
    lines, placed = [], set()
    for place in places:
        others = [each for each in answers if place.pk in each.covered and each.unit_id != place.pk]
        answer = own.get(place.pk)
        if answer and others and not answer.is_answered and answer.unit.valid_to:
            answer = None  # closed since, and handed on
        elif answer is None and len(others) == 1 and others[0].covered == [place.pk]:
            answer = others[0] if others[0].unit_id not in places_by_key else None
        if answer:
            placed.add(answer.pk)
        elsewhere = () if answer in others else tuple(each.unit for each in others)
        speaks = [pk for pk in answer.covered if pk != place.pk and pk in places_by_key] if answer else []
        lines.append(Line(place, answer, elsewhere, tuple(places_by_key[pk] for pk in speaks)))
    handed_on = {each.pk for each in answers if each.unit_id in places_by_key}
    for answer in answers:
        if answer.pk not in placed | handed_on:
            also = tuple(places_by_key[pk] for pk in answer.covered if pk in places_by_key)
            covered = [at for at, line in enumerate(lines) if line.place in also or set(line.also) & set(also)]
            lines.insert(max(covered, default=len(lines) - 1) + 1, Line(None, answer, also=also))
    return lines


def label_of(line: Line, below: OrgUnit) -> str:
    """Where the unit of ``line`` lies, from ``below`` down: township › village for a county; with what became of it."""
    unit: Any = line.place.then if line.place else line.answer.unit if line.answer else None
    path = _path(unit, below)
    if line.place is None:
        parts = all(len(each.now) > 1 for each in line.also)
        words = _("%(unit)s（%(before)s的一部分）") if parts and line.also else _("%(unit)s（原%(before)s）")
        return words % {"unit": path, "before": names_of(each.then for each in line.also)} if line.also else path
    if became := line.place.became:
        path = _("原%(unit)s（%(became)s）") % {"unit": path, "became": became}
    if line.also:
        before = names_of(each.then for each in line.also)
        path = _("%(unit)s（含原%(before)s）") % {"unit": path, "before": before}
    return path


def _path(unit: OrgUnit, below: OrgUnit) -> str:
    return PATH_SIGN.join(each.short_name for each in unit.chain() if each.level > below.level)
