"""The dimensions by which children are crossed, each declared once: page, API, CSV, docs and tests read this table.
What an indicator counts already is taken from there, so that the totals of a crossing are the figures of the ledger."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from childwelfare.text.words import Words
from registry.child import codes
from registry.eligibility.rules import rules_on
from registry.status.models import CATEGORY_BITS
from reports.indicators.table import INDICATORS

Raw = int | str  # what a column of the rows holds

# the most children first, as the ledger's readers ask
ORDER_OF_CATEGORIES = (
    codes.Category.LEFT_BEHIND,
    codes.Category.DIFFICULTY,
    codes.Category.DE_FACTO,
    codes.Category.ORPHAN,
    codes.Category.MIGRANT,
)

ALL_CATEGORIES = sum(CATEGORY_BITS.values())
VISIT = "d_visit"
# in which state of several a child stands: once visited it is visited, whatever else falls due
VISITED, OVERDUE, DUE, NOT_DUE = range(4)


@dataclass(frozen=True)
class Value:
    """One line of a breakdown: the children whose column holds one of ``codes``. ``blank``: nobody has told yet."""

    key: str
    label: Words
    codes: tuple[Raw, ...]
    definition: Words = ""
    tone: str = ""
    blank: bool = False


@dataclass(frozen=True)
class Union:
    """Values that are asked for together: not visited, whether overdue or not yet."""

    label: Words
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Dimension:
    """``values`` are disjoint and together all children, but of a dimension with ``several`` a child may have more than
    one. ``column``: as the facts of the indicators name it. Raise ``version`` when a value comes to mean something
    else."""

    key: str
    label: Words
    definition: Words
    column: str
    values: tuple[Value, ...]
    unions: tuple[Union, ...] = ()
    several: bool = False
    version: int = 1

    def keys_of(self, raw: Raw) -> tuple[str, ...]:
        """The values of a child whose column holds ``raw``; of the categories, which are bits, each that it holds."""
        if not self.several:
            return (self._by_code[raw],)
        assert isinstance(raw, int)
        held = tuple(key for key, bit in CATEGORY_BITS.items() if raw & bit)
        return held or (self._by_code[0],)

    @cached_property
    def by_key(self) -> dict[str, Value]:
        return {value.key: value for value in self.values}

    @cached_property
    def _by_code(self) -> dict[Raw, str]:
        return {code: value.key for value in self.values for code in value.codes}


def _values(column: str, blank: Collection[str] = ()) -> tuple[Value, ...]:
    """A value for each indicator that counts by ``column`` alone, under its key. ``blank``: those that nobody told."""
    counted = [each for each in INDICATORS if each.where.keys() == {column}]
    return tuple(Value(each.key, each.label, each.where[column], blank=each.key in blank) for each in counted)


def _categories() -> tuple[Value, ...]:
    """The indicators of the categories by their bits, under the full names; and who holds none today."""
    held = [Value(category.value, category.label, (CATEGORY_BITS[category.value],)) for category in ORDER_OF_CATEGORIES]
    return (*held, Value("no_category", _("无类别"), (0,), blank=True))


def _disabilities() -> tuple[Value, ...]:
    found = [Value(f"disabled_{each.name.lower()}", each.label, (each.value,)) for each in codes.Disability]
    return (*found, Value("disabled_none", _("未登记残疾"), ("",)))


DIMENSIONS: tuple[Dimension, ...] = (
    Dimension(
        "category", _("类别"), _("期末持有的类别，一个孩子可兼几类。"), "d_category", _categories(), several=True,
    ),
    Dimension("sex", _("性别"), _("档案上的性别。"), "d_sex", _values("d_sex")),
    Dimension("age", _("年龄"), _("期末周岁。2月29日出生的，平年以3月1日为生日。"), "d_age", _values("d_age")),
    Dimension(
        "schooling", _("就学"), _("期末的就学情况；在学含幼儿园、中小学、中职。"),
        "d_schooling", _values("d_schooling", blank=["school_unknown"]),
    ),
    Dimension(
        "guardianship", _("监护"), _("期末的监护情况，按2016年全国留守儿童登记表的三档。"),
        "d_guardianship", _values("d_guardianship", blank=["guardianship_unknown"]),
    ),
    Dimension(
        "risk", _("风险"), _("期末的风险等级；没有评估过的单列。"), "d_risk", _values("d_risk", blank=["risk_unknown"]),
    ),
    Dimension(
        "assessment", _("评估"), _("期末有没有评估过、到没到下次评估最迟日期；从未评估的单列。"),
        "d_assessed", _values("d_assessed", blank=["assessment_never"]),
    ),
    Dimension(
        "need", _("需求"), _("期末有没有在办的需求；至少一条过了应办结日期的算逾期。"), "d_need", _values("d_need"),
    ),
    Dimension("disability", _("残疾"), _("期末登记的残疾类别；没有登记的单列。"), "d_disability", _disabilities()),
    Dimension(
        "visit", _("本月走访"),
        _("每个孩子只算一格：本月见到过的算已走访，其余看还没有完成的应访。"),
        VISIT,
        (
            Value("visited", _("已走访"), (VISITED,), _("本月至少一次见到孩子，没有被退回。"), "seen"),
            Value("due", _("应访未访"), (DUE,), _("本月内到期，还没过应访日期，也还没见到。"), "due"),
            Value("overdue", _("逾期"), (OVERDUE,), _("过了应访日期还没见到；当天到期的不算。"), "late"),
            Value("not_due", _("本月不应访"), (NOT_DUE,), _("本月没有到期的走访，也没有走访过。"), "none"),
        ),
        unions=(Union(_("未走访"), ("due", "overdue")),),
    ),
)  # fmt: skip
BY_KEY = {dimension.key: dimension for dimension in DIMENSIONS}
SAME = _("行和列要选不同的两项。")


@dataclass(frozen=True)
class Meaning:
    """What a value or a dimension counts, for the page, and which text or version says so."""

    label: Words
    text: str | Promise
    source: str | Promise = ""


def meanings_of(dimension: Dimension, day: datetime.date) -> list[Meaning]:
    """The dimension, then its values that need a word; a category by the rule that decides on ``day``."""
    found = [Meaning(dimension.label, dimension.definition)]
    if dimension.several:
        rules = [rules_on(day, value.key)[0] for value in dimension.values]
        return [*found, *(Meaning(rule.title, rule.text, rule.source) for rule in rules if rule)]
    return [*found, *(Meaning(value.label, value.definition) for value in dimension.values if value.definition)]
