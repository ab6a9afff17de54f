"""The indicators, each declared once: roll-up, ledger columns, dashboards, Excel headers, drill-down and
docs/indicators.md come from this table. The columns follow the summary table 汇总表; values are whole numbers.

What a new indicator costs stands in docs/how_to.md. Stored figures keep their numbers by key: rows counted before have
none for it, and say so, until somebody has them counted anew."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, Value
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from childwelfare.text.canonical import canonical_bytes
from childwelfare.text.words import Words
from registry.child import codes
from reports.indicators import facts, work_facts
from reports.indicators.help_table import HELP_INDICATORS
from reports.indicators.indicator import Indicator, Numbers
from reports.rollup.periods import Period


def _of_categories() -> list[Indicator]:
    short = {
        codes.Category.ORPHAN: _("孤儿"),
        codes.Category.DE_FACTO: _("事实无人抚养"),
        codes.Category.DIFFICULTY: _("困境"),
        codes.Category.LEFT_BEHIND: _("留守"),
        codes.Category.MIGRANT: _("流动"),
    }
    return [
        Indicator(
            category.value,
            label,
            _("类别（可兼）"),
            _("期末在册、且期末持有该类别的儿童；一人可兼几类。"),
            facts.MEMBERSHIP,
            {"d_category": (category.value,)},
        )
        for category, label in short.items()
    ]


def _of_ages() -> list[Indicator]:
    bands = [(f"{low}-{high}", f"{low}–{high}") for low, high in facts.AGE_BANDS] + [("18+", _("18及以上"))]
    return [
        Indicator(
            f"age_{band.replace('-', '_').replace('+', '_up')}",
            label,
            _("年龄"),
            _("期末周岁。2月29日出生的，平年以3月1日为生日。"),
            facts.CHILD,
            {"d_age": (band,)},
        )
        for band, label in bands
    ]


def _of(prefix: str, group: Words, definition: Words, dimension: str, values: Iterable[tuple]) -> list[Indicator]:
    return [
        Indicator(f"{prefix}_{key}", label, group, definition, facts.CHILD, {dimension: which})
        for key, label, which in values
    ]


LEFT_BEHIND = {"d_category": (codes.Category.LEFT_BEHIND.value,), "d_age": ("0-5", "6-13", "14-15")}
CHILDREN_OF_2016 = _("期末在册、持有留守儿童类别、未满16周岁的儿童")  # the population of the form of 2016


def _of_left_behind(group: Words, definition: Words, values: Iterable[tuple]) -> list[Indicator]:
    """Of the left-behind under 16, as the national form of 2016 asks."""
    return [
        Indicator(f"lb_{key}", label, group, definition, facts.CHILD, LEFT_BEHIND | where)
        for key, label, where in values
    ]


def _left_behind() -> list[Indicator]:
    bands = [(name.replace("-", "_"), name) for name in LEFT_BEHIND["d_age"]]
    sexes = (("male", _("男"), ("male",)), ("female", _("女"), ("female",)))
    found = _of_left_behind(_("留守儿童"), CHILDREN_OF_2016, [("total", _("留守未满16"), {})])
    for key, band in bands:
        name = band.replace("-", "–")
        columns: list[tuple] = [(f"age_{key}", _("小计"), {"d_age": (band,)})]
        columns += [(f"age_{key}_{sex}", label, {"d_age": (band,), "d_sex": which}) for sex, label, which in sexes]
        group = format_lazy(_("留守{band}岁"), band=name)
        found += _of_left_behind(group, _("其中期末周岁在这一段的，按性别。"), columns)
    stages = [(stage.value, stage.label, {"d_schooling": (stage.value,)}) for stage in codes.Schooling]
    found += _of_left_behind(
        _("留守就学"), _("其中期末的就学情况。"),
        [(f"school_{key}", label, where) for key, label, where in stages]
        + [("school_unknown", _("未填"), {"d_schooling": ("",)})],
    )  # fmt: skip
    levels = [(level.value, level.label, {"d_guardianship": (level.value,)}) for level in codes.Guardianship]
    return found + _of_left_behind(
        _("留守监护"), _("其中期末的监护情况，按2016年登记表的三档。"),
        [(f"guardianship_{key}", label, where) for key, label, where in levels]
        + [("guardianship_unknown", _("未填"), {"d_guardianship": ("",)})],
    )  # fmt: skip


def _civil_affairs() -> list[Indicator]:
    """What the statistics of civil affairs (民政统计) ask of the categories."""
    kinds = [(each.value, each.label, (each.value,)) for each in codes.Difficulty]
    kinds.append(("unspecified", _("未分类"), ("",)))
    difficulty = codes.Category.DIFFICULTY.value
    found = [
        Indicator(
            f"difficulty_{key}", label, _("困境类型（可兼）"),
            _("期末在册、持有困境儿童类别的儿童，按困境类型；没有写明类型的单列。"),
            facts.CHILD, {"d_category": (difficulty,), "d_difficulty": which},
        )
        for key, label, which in kinds
    ]  # fmt: skip
    for category, group in ((codes.Category.ORPHAN, _("孤儿性别")), (codes.Category.DE_FACTO, _("事实无人抚养性别"))):
        found += [
            Indicator(
                f"{category.value}_{sex.value}", sex.label, group, _("期末持有该类别的在册儿童，按性别。"),
                facts.CHILD, {"d_category": (category.value,), "d_sex": (sex.value,)},
            )
            for sex in codes.Sex
        ]  # fmt: skip
    return found


INDICATORS: tuple[Indicator, ...] = (
    Indicator("registered", _("在册合计"), "", _("期末在册：已建档且未结案的儿童。"), facts.CHILD),
    *_of_categories(),
    *_of("sex", _("性别"), _("期末在册儿童的性别。"), "d_sex", [
        ("male", _("男"), ("male",)), ("female", _("女"), ("female",)),
    ]),
    *_of_ages(),
    *_of("guardianship", _("监护"), _("期末在册儿童的监护情况，按2016年全国留守儿童登记表的三档。"), "d_guardianship", [
        ("good", _("较好"), ("good",)), ("fair", _("一般"), ("fair",)), ("poor", _("差"), ("poor",)),
        ("unknown", _("未填"), ("",)),
    ]),
    *_of("school", _("就学"), _("期末在册儿童的就学情况；在学含幼儿园、中小学、中职。"), "d_schooling", [
        ("not_enrolled", _("未入学"), ("not_enrolled",)),
        ("in", _("在学"), tuple(stage.value for stage in codes.IN_SCHOOL)),
        ("dropped_out", _("辍学"), ("dropped_out",)),
        ("not_in", _("不在学"), ("not_in_school",)),
        ("unknown", _("未填"), ("",)),
    ]),
    *_of("disabled", "", _("期末在册、登记有残疾类别的儿童。"), "d_disability", [
        ("all", _("残疾"), tuple(codes.Disability.values)),
    ]),
    *_of("disabled", "", _("期末在册、没有登记残疾类别的儿童。"), "d_disability", [
        ("none", _("未登记残疾"), ("",)),
    ]),
    *_of("risk", _("风险"), _("期末在册儿童的风险等级。"), "d_risk", [
        ("watch", _("关注"), ("watch",)), ("general", _("一般"), ("general",)),
        ("raised", _("较高"), ("raised",)), ("high", _("高"), ("high",)),
        ("unknown", _("未评估"), (codes.UNASSESSED,)),
    ]),
    Indicator("before", _("期初在册"), _("增减"), _("本期开始前一天在册的儿童。"), facts.BEFORE),
    Indicator("joined", _("增"), _("增减"), _("本期建档通过、转入本村（居）或重新在册的儿童。"), facts.JOINED),
    Indicator("left", _("减"), _("增减"), _("本期结案或转出本村（居）的儿童。"), facts.LEFT),
    Indicator(
        "visits_due", _("应访"), _("走访（人次）"),
        _("本期应访人次：到期日不晚于期末、期初前没有完成的，加上本期提前完成的。"), facts.DUE,
    ),
    Indicator(
        "visits_done", _("已访"), _("走访（人次）"),
        _("其中本期已完成的：见到孩子、没有被退回的走访。"), facts.DUE, {"d_due": ("done",)},
    ),
    Indicator(
        "visits_waiting", _("未到期"), _("走访（人次）"),
        _("其中还没有到应访日期的；本期结束后为零。"), facts.DUE, {"d_due": ("waiting",)},
    ),
    Indicator(
        "visits_overdue", _("逾期"), _("走访（人次）"),
        _("其中过了应访日期还没有完成的；当天到期的不算逾期。"), facts.DUE, {"d_due": ("overdue",)},
    ),
    Indicator(
        "unmet", _("未走访到"), _("走访（人次）"),
        _("期末还有应访没有完成、本期一次也没有见到的儿童；每人算一次。"), facts.UNMET,
    ),
    Indicator(
        "alerts_raised", _("报告"), _("紧急报告"), _("本期提出的紧急报告，按报告地点；孩子不明的也算。"),
        work_facts.RAISED,
    ),
    Indicator(
        "alerts_closed", _("办结"), _("紧急报告"),
        _("本期办结、到期末没有重新处置的紧急报告；以后重新处置的不改本期。"), work_facts.CLOSED,
    ),
    Indicator(
        "publicity", _("宣传活动"), "", _("本期举办的宣传活动，只算村（居）记的。"),
        work_facts.PUBLICITY,
    ),
    Indicator(
        "directors", _("在岗"), _("儿童福利主任"),
        _("期末在任的村（居）儿童福利主任，按任职和离任日期。"), work_facts.DIRECTOR,
    ),
    Indicator(
        "directors_vacant", _("空缺"), _("儿童福利主任"),
        _("期末没有儿童福利主任的村（居），按个数。"), work_facts.VACANT,
    ),
    *_left_behind(),
    *_civil_affairs(),
    *HELP_INDICATORS,
)  # fmt: skip


@dataclass(frozen=True)
class Breakdown:
    """Columns that split ``whole`` so that none of its rows is left out: what nobody filled in, or judged, is one of
    them. ``several``: a row may stand in more than one, and they come to at least the whole."""

    whole: str
    parts: tuple[str, ...]
    several: bool = False


def _keys(beginning: str) -> tuple[str, ...]:
    return tuple(each.key for each in INDICATORS if each.key.startswith(beginning))


LB_BANDS = tuple(f"lb_age_{band.replace('-', '_')}" for band in LEFT_BEHIND["d_age"])
BREAKDOWNS = (
    Breakdown("registered", ("sex_male", "sex_female")),
    Breakdown("registered", _keys("age_")),
    Breakdown("registered", _keys("guardianship_")),
    Breakdown("registered", _keys("school_")),
    Breakdown("registered", ("disabled_all", "disabled_none")),
    Breakdown("registered", _keys("risk_")),
    Breakdown("visits_due", ("visits_done", "visits_waiting", "visits_overdue")),
    Breakdown("lb_total", LB_BANDS),
    *(Breakdown(band, (f"{band}_male", f"{band}_female")) for band in LB_BANDS),
    Breakdown("lb_total", _keys("lb_school_")),
    Breakdown("lb_total", _keys("lb_guardianship_")),
    Breakdown("difficulty", _keys("difficulty_"), several=True),
    Breakdown("orphan", ("orphan_male", "orphan_female")),
    Breakdown("de_facto", ("de_facto_male", "de_facto_female")),
    Breakdown("registered", ("assessment_never", "assessment_in_time", "assessment_overdue")),
    Breakdown("registered", _keys("needing_")),
    Breakdown("assessed", _keys("assessed_")),
    Breakdown("needs_open", ("needs_overdue", "needs_in_time")),
    Breakdown("needs_open", _keys("needs_open_")),
    Breakdown("needs_overdue", _keys("needs_overdue_")),
    Breakdown("needs_open", _keys("needs_held_")),
    Breakdown("needs_settled", _keys("needs_settled_")),
    Breakdown("needs_settled", _keys("needs_satisfaction_")),
    Breakdown("plans_lacking", ("plans_lacking_overdue", "plans_lacking_in_time")),
    Breakdown("goals_open", ("goals_overdue", "goals_in_time")),
)


@dataclass(frozen=True)
class CountedTogether:
    """Indicators on the same source, which one query counts. ``fact``: the first of theirs."""

    fact: facts.Fact
    indicators: tuple[Indicator, ...]

    def dimensions(self, period: Period) -> dict:
        """Those of all their facts."""
        found: dict = {}
        for indicator in self.indicators:
            found |= indicator.fact.dimensions(period)
        return found

    @property
    def kinds(self) -> list[Callable[[Period], Q]]:
        """``counts`` of their facts, each once."""
        return list(dict.fromkeys(each.fact.counts for each in self.indicators))

    def counts(self, period: Period) -> dict[str, Count]:
        """{key: how many of the rows, annotated with ``dimensions``}.

        One FILTER a column, not one group for each mix of dimensions: of those there are about as many as children.
        """
        return {
            each.key: Count(Value(1), filter=(each.fact.counts(period) & each.condition) or None)
            for each in self.indicators
        }


def counted_together() -> list[CountedTogether]:
    """All indicators, in as few queries as there are kinds of rows."""
    groups: dict[Callable, list[Indicator]] = {}
    for indicator in INDICATORS:
        groups.setdefault(indicator.fact.source, []).append(indicator)
    return [CountedTogether(each[0].fact, tuple(each)) for each in groups.values()]


def definitions_hash() -> str:
    """SHA-256 of what every indicator means by now: two periods of one hash were counted alike."""
    meanings = [[each.stored_key, each.fact.name, each.where] for each in INDICATORS]
    return hashlib.sha256(canonical_bytes(meanings)).hexdigest()


BY_KEY = {indicator.key: indicator for indicator in INDICATORS}


def numbers_of(stored: dict[str, int] | None) -> Numbers:
    """{key: number} of every indicator, from ``numbers`` of a stored row (reports.rollup.models.Figure)."""
    held = stored or {}
    return {each.key: held.get(each.stored_key) for each in INDICATORS}


def nothing_happened(numbers: Numbers) -> bool:
    """Whether a village has nothing to report: of all that is counted there is only what it is set up with."""
    return not any(numbers.get(each.key) for each in INDICATORS if not each.fact.standing)
