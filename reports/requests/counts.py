"""How much is asked of the units below, by who asks and by month: so that it becomes less."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, Q, Sum

from orgs.access.scope import TIERS
from orgs.posts.models import Appointment
from orgs.units.models import OrgUnit
from reports.requests.models import DataRequest
from reports.rollup.periods import Period

SHOWN = 6  # months side by side


@dataclass
class Asked:
    """``requests`` in all, ``at_once`` of them answered without asking anybody; ``columns`` that were there,
    ``questions`` that went down, ``units`` asked, ``answers`` asked of them (units times questions)."""

    requests: int = 0
    at_once: int = 0
    columns: int = 0
    questions: int = 0
    units: int = 0
    answers: int = 0

    def __add__(self, other: "Asked") -> "Asked":
        return Asked(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))


@dataclass
class MonthAsked:
    """``change``: of the answers asked, against the month before; None where nothing was asked then."""

    month: Period
    asked: Asked
    change: int | None


def asked_by(post: Appointment, months: Iterable[str]) -> dict[tuple[int, str], Asked]:
    """{(asking unit, month): how much} of ``post``'s own unit and those below, of the months in which somebody asked.
    One query."""
    rows = DataRequest.objects.visible_to(post, "ask_figures").filter(month__in=list(months))
    numbers = {
        "n_requests": Count("pk"), "n_at_once": Count("pk", filter=Q(at_once=True)), "n_columns": Sum("asked_columns"),
        "n_questions": Sum("asked_questions"), "n_units": Sum("asked_units"),
        "n_answers": Sum(F("asked_units") * F("asked_questions")),
    }  # fmt: skip
    sums = rows.order_by().values("unit", "month").annotate(**numbers).values_list("unit", "month", *numbers)
    return {(unit, month): Asked(*asked) for unit, month, *asked in sums}


def by_month(found: dict[tuple[int, str], Asked], months: list[str]) -> list[MonthAsked]:
    """All of them together, ``months`` in their order, the newest first."""
    sums = {key: sum((each for (_unit, month), each in found.items() if month == key), Asked()) for key in months}
    rows = []
    for key, before in zip(months, [*months[1:], ""], strict=True):
        last = sums.get(before)
        change = sums[key].answers - last.answers if last and last.requests else None
        rows.append(MonthAsked(Period.of(key), sums[key], change))
    return rows


@dataclass
class UnitAsked:
    """``months``: (month, how much) of one unit and those below it."""

    unit: OrgUnit
    months: list[tuple[Period, Asked]]

    @property
    def total(self) -> Asked:
        return sum((asked for _month, asked in self.months), Asked())


def by_unit(found: dict[tuple[int, str], Asked], months: list[str], above: OrgUnit) -> list[UnitAsked]:
    """How much was asked in ``months`` by ``above`` itself and by each unit of the next tier,
    which counts what the units below it asked. Those that ask most first. One query."""
    askers = OrgUnit.objects.with_path().in_bulk({unit for unit, _month in found})
    tier = TIERS[above.level] if above.level < len(TIERS) else TIERS[-1]
    rows: dict[OrgUnit, dict[str, Asked]] = {}
    for (pk, month), asked in found.items():
        if month not in months:
            continue
        unit = askers[pk]
        at = unit if pk == above.pk else getattr(unit, tier) or unit
        here = rows.setdefault(at, {})
        here[month] = here.get(month, Asked()) + asked
    table = [
        UnitAsked(unit, [(Period.of(key), of_month.get(key, Asked())) for key in months])
        for unit, of_month in rows.items()
    ]
    return sorted(table, key=lambda row: (-row.total.answers, -row.total.requests, row.unit.pinyin, row.unit.pk))
