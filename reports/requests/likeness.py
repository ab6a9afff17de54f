"""Whether a column that somebody wants is there already: by its name and what it is said to mean."""

import datetime
from dataclasses import dataclass

from django.utils import timezone

from orgs.units.models import OrgUnit
from reports.indicators.indicator import Indicator
from reports.indicators.table import INDICATORS
from reports.requests.codes import COMMON
from reports.requests.columns import full_label
from reports.requests.models import DataQuestion
from reports.requests.states import RequestState

LOOKED_BACK = datetime.timedelta(days=366)
ALIKE = 0.6  # share of pairs of characters that two texts have in common
SHOWN = 5


@dataclass(frozen=True)
class Existing:
    """``indicator`` of the catalogue, or the ``question`` of an earlier request."""

    likeness: float
    indicator: Indicator | None = None
    question: DataQuestion | None = None

    @property
    def label(self) -> str:
        return full_label(self.indicator) if self.indicator else str(self.question)


def like(name: str, meaning: str, *, root: OrgUnit) -> list[Existing]:
    """What is close to a column of this ``name`` and ``meaning``, the closest first: indicators, and what was asked
    below ``root`` within a year."""
    found = [Existing(_of_indicator(name, meaning, each), indicator=each) for each in INDICATORS]
    found += [Existing(_closest(name, meaning, each.name, each.meaning), question=each) for each in asked_lately(root)]
    close = sorted((each for each in found if each.likeness >= ALIKE), key=lambda each: -each.likeness)
    names: dict[str, Existing] = {}  # the same question of several months is one
    for each in close:
        names.setdefault(each.label, each)
    return list(names.values())[:SHOWN]


def asked_lately(root: OrgUnit) -> list[DataQuestion]:
    """The questions that went down somewhere in the tree of ``root`` within a year, the last first. One query."""
    since = timezone.localdate() - LOOKED_BACK
    sent = {"request__state__in": (RequestState.SENT, RequestState.CLOSED), "request__asked_on__gte": since}
    asked = DataQuestion.objects.filter(**sent).filter(request__unit__in=OrgUnit.objects.within(root).values("pk"))
    return list(asked.select_related("request__unit").defer("request__figures").order_by("-request__asked_on", "pk"))


def _of_indicator(name: str, meaning: str, indicator: Indicator) -> float:
    group, label = str(indicator.group), str(indicator.label)
    names = [likeness(name, label), likeness(name, f"{group}{label}"), likeness(name, f"{label}{group}")]
    return max(*names, likeness(meaning, str(indicator.definition)) if len(meaning) > 1 else 0)


def _closest(name: str, meaning: str, other_name: str, other_meaning: str) -> float:
    return max(likeness(name, other_name), likeness(meaning, other_meaning))


def likeness(one: str, other: str) -> float:
    """0 to 1: twice the pairs of neighbouring characters that both have, of all pairs (Dice), what every column says
    left aside. One that is wholly in the other, and half of it at least, is as good as the same."""
    one, other = COMMON.sub("", one), COMMON.sub("", other)
    if not one or not other:
        return 0.0
    if one == other:
        return 1.0
    short, long = sorted((one, other), key=len)
    if len(short) > 1 and short in long and 2 * len(short) >= len(long):
        return max(ALIKE, len(short) / len(long))
    pairs, others = _pairs(one), _pairs(other)
    return 2 * len(pairs & others) / (len(pairs) + len(others)) if pairs and others else 0.0


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}
