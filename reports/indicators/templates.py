"""Ledger templates: which columns a sheet has, in which order. All of them print the same reported figures, so that
nobody reports the same twice."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.db import models
from django.utils.translation import gettext_lazy as _

from childwelfare.text.canonical import canonical_bytes
from childwelfare.text.words import Words
from registry.child.codes import Category, Schooling
from registry.needs.codes import System
from reports.indicators.cross_checks import CHECKS, Check
from reports.indicators.indicator import Indicator, Numbers
from reports.indicators.table import BY_KEY, INDICATORS, LB_BANDS

MOST_COLUMNS = 40  # as many as A4 prints legibly


class Scale(models.TextChoices):
    """In what a sheet shows its numbers; what is kept are whole persons, whatever is shown."""

    ONES = "ones", _("人")
    TEN_THOUSANDS = "wan", _("万人")


@dataclass(frozen=True)
class LedgerTemplate:
    """``columns``: keys of indicators. ``numbers``: {key: number of the column on the printed form}. ``own_checks``:
    relations that the form prints, beside those of CHECKS that its columns can show. ``note``: stands under the sheet.
    ``scales``: in what it may be shown.

    Raise ``version`` when the columns of one that was used change.
    """

    key: str
    label: Words
    title: Words
    columns: tuple[str, ...]
    version: int = 1
    numbers: Mapping[str, int] = field(default_factory=dict)
    own_checks: tuple[Check, ...] = ()
    note: Words = ""
    scales: tuple[Scale, ...] = (Scale.ONES,)

    @cached_property
    def indicators(self) -> list[Indicator]:
        return [BY_KEY[key] for key in self.columns]

    @cached_property
    def checks(self) -> list[Check]:
        """The relations between its columns: the declared ones all of whose columns it has, and its own."""
        held = set(self.columns)
        return [*(each for each in CHECKS if {each.left, *each.plus, *each.minus} <= held), *self.own_checks]

    @property
    def hash(self) -> str:
        """SHA-256 of its key, version and columns with their meaning."""
        meanings = [[each.stored_key, each.fact.name, each.where] for each in self.indicators]
        return hashlib.sha256(canonical_bytes([self.key, self.version, meanings])).hexdigest()

    def head_of(self, indicator: Indicator) -> str:
        """Its head, with the number that the printed form gives the column."""
        number = self.numbers.get(indicator.key)
        return f"{indicator.label}" if number is None else f"{number} {indicator.label}"

    def scale_of(self, asked: str) -> Scale:
        """``asked``, where the template may be shown so; else its first."""
        return next((each for each in self.scales if each == asked), self.scales[0])


NOT_COUNTED = "—"


def shown(number: int | None, scale: Scale) -> int | str:
    """A number of persons as a page shows it in ``scale``; a dash where it was not counted then."""
    if number is None:
        return NOT_COUNTED
    return number if scale == Scale.ONES else f"{number / 10_000:.4f}"


def broken_in(template: LedgerTemplate, numbers: Numbers) -> list[Check]:
    """The relations of ``template`` that do not hold within one row."""
    return [check for check in template.checks if not check.of_last and check.difference(numbers)]


MONTHLY = LedgerTemplate(
    "monthly",
    _("月报"),
    _("困境儿童、留守儿童信息汇总表"),
    (
        "registered", "sex_male", "sex_female",
        Category.ORPHAN.value, Category.DE_FACTO.value, Category.DIFFICULTY.value, Category.LEFT_BEHIND.value,
        Category.MIGRANT.value,
        "before", "joined", "left", "visits_due", "visits_done", "visits_overdue",
    ),
)  # fmt: skip

# the columns of forms of their own
ELSEWHERE = (
    "lb_", "difficulty_", "orphan_", "de_facto_", "disabled_none",
    "assess", "need", "plans_", "goals_",
)  # fmt: skip
SUMMARY = LedgerTemplate(
    "summary",
    _("汇总表"),
    _("困境儿童、留守儿童信息汇总表"),
    tuple(each.key for each in INDICATORS if not each.key.startswith(ELSEWHERE)),
    version=2,
)

BY_AGE = tuple(key for band in LB_BANDS for key in (band, f"{band}_male", f"{band}_female"))
# in the order in which the form of 2016 lists them
STAGES = ("lb_school_kindergarten", "lb_school_not_enrolled", *(
    f"lb_school_{each.value}" for each in Schooling if each not in (Schooling.KINDERGARTEN, Schooling.NOT_ENROLLED)
))  # fmt: skip
LEVELS = ("lb_guardianship_good", "lb_guardianship_fair", "lb_guardianship_poor")
PRINTED = dict(zip(("lb_total", *BY_AGE, *STAGES), range(1, 19), strict=True)) | dict(
    zip(LEVELS, range(30, 33), strict=True)
)
LEFT_BEHIND_2016 = LedgerTemplate(
    "left_behind_2016",
    _("留守（2016）"),
    _("农村留守儿童信息汇总表"),
    ("lb_total", *BY_AGE, *STAGES, "lb_school_unknown", *LEVELS, "lb_guardianship_unknown"),
    numbers=PRINTED,
    own_checks=(
        Check("lb_ages", "1 = 2 + 5 + 8", "lb_total", LB_BANDS),
        *(
            Check(f"{band}_sexes", f"{at} = {at + 1} + {at + 2}", band, (f"{band}_male", f"{band}_female"))
            for band, at in zip(LB_BANDS, (2, 5, 8), strict=True)
        ),
        Check("lb_stages", "1 = 11 + … + 18", "lb_total", STAGES),
        Check("lb_levels", "1 = 30 + 31 + 32", "lb_total", LEVELS),
    ),
    note=_(
        "栏号按民发〔2016〕42号附件3；表上的第19至29栏在档案里没有逐日可查的记载，本表不列。未填的单列，有未填的，印在表上的关系不平。"
    ),
)
CIVIL_AFFAIRS = LedgerTemplate(
    "civil_affairs",
    _("民政统计"),
    _("儿童福利统计表"),
    (
        "orphan", "orphan_male", "orphan_female", "de_facto", "de_facto_male", "de_facto_female",
        "difficulty", "difficulty_poverty", "difficulty_own", "difficulty_guardianship", "difficulty_unspecified",
        "left_behind", "migrant",
    ),
    own_checks=(
        Check("orphan_sexes", _("孤儿 = 男 + 女"), "orphan", ("orphan_male", "orphan_female")),
        Check("de_facto_sexes", _("事实无人抚养 = 男 + 女"), "de_facto", ("de_facto_male", "de_facto_female")),
        Check(
            "difficulties", _("困境 ≤ 各类型之和"), "difficulty",
            tuple(f"difficulty_{kind}" for kind in ("poverty", "own", "guardianship", "unspecified")), sign="≤",
        ),
    ),
    note=_("集中养育、社会散居、收养登记、机构和床位不在本系统登记，本表不列。"),
    scales=(Scale.ONES, Scale.TEN_THOUSANDS),
)  # fmt: skip
OPEN_BY_SYSTEM = tuple(f"needs_open_{system.value}" for system in System)
OVERDUE_BY_SYSTEM = tuple(f"needs_overdue_{system.value}" for system in System)
HELP = LedgerTemplate(
    "help",
    _("帮扶台账"),
    _("困境儿童、留守儿童评估帮扶台账"),
    (
        "registered", "assessment_never", "assessment_in_time", "assessment_overdue",
        "risk_high", "risk_raised", "risk_general", "risk_watch", "risk_unknown",
        "assessed", "assessments_waiting",
        "needs_found", "needs_settled", "needs_open", "needs_overdue", "needs_raised", "needs_satisfaction_not",
        *OPEN_BY_SYSTEM, *OVERDUE_BY_SYSTEM,
        "plans_running", "plans_lacking", "plans_lacking_overdue", "goals_overdue",
    ),
    own_checks=(
        Check(
            "assessments", _("在册 = 从未评估 + 在期限内 + 复评逾期"), "registered",
            ("assessment_never", "assessment_in_time", "assessment_overdue"),
        ),
        Check("open_by_system", _("在办需求 = 各体系之和"), "needs_open", OPEN_BY_SYSTEM),
        Check("overdue_by_system", _("逾期需求 = 各体系之和"), "needs_overdue", OVERDUE_BY_SYSTEM),
        Check("overdue_needs", _("逾期需求 ≤ 在办需求"), "needs_overdue", ("needs_open",), sign="≤"),
        Check("unsatisfied", _("不满意 ≤ 办结"), "needs_satisfaction_not", ("needs_settled",), sign="≤"),
        Check("plans", _("逾期未制定 ≤ 该制定"), "plans_lacking_overdue", ("plans_lacking",), sign="≤"),
    ),
    note=_(
        "评估按乡镇确认的日期，需求按记录和办结的日期统计；风险等级是期末档案上的等级，没有评估的可能是建档时的估计。"
    ),
)  # fmt: skip
TEMPLATES = {each.key: each for each in (MONTHLY, SUMMARY, LEFT_BEHIND_2016, CIVIL_AFFAIRS, HELP)}
