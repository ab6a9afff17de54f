"""The rules, as data: category, from when to when, document and article, and the test as a tree of named conditions.

Orphan: 国办发〔2010〕54号. De facto unsupported: 民发〔2019〕62号 art. 1 (from 2020-01-01), to which 民发〔2020〕125号
art. 1 adds two situations. In difficulty: 国发〔2016〕36号. Left behind: 国发〔2016〕13号; since the screening by ten
departments in 2024 rural registration is no longer asked and "away" is across the county line for six months.
Migrant: the same screening. In the left-behind rules a dead or missing parent counts as unable to guard: the texts
do not name the case. The day from which the definitions of 2024 decide is this program's: provinces passed the
screening on between the summer and the autumn of that year.

A province's or county's variant replaces parameters from a date (``registry.variants.models.RuleVariant``).
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from childwelfare.text.words import Words
from registry.child.codes import Category, Difficulty, Guardianship, LowIncome, Registration
from registry.eligibility.conditions import (
    SOURCE_62,
    SOURCE_CONTACT,
    Absent,
    AcrossCounty,
    Away,
    Gone,
    InSituation,
    Known,
    LivedHere,
    ParameterSet,
    Unable,
    Younger,
)
from registry.eligibility.logic import Condition, Every, Not, Some, When


@dataclass(frozen=True)
class Rule:
    """``parts`` are the named sub-types whose own verdicts are reported; ``parameters`` the nation's values."""

    category: str
    version: str
    valid_from: datetime.date
    valid_to: datetime.date | None
    title: Words
    source: str | Promise
    text: str | Promise
    test: Condition
    parameters: dict = field(default_factory=dict)
    parts: dict[str, Condition] = field(default_factory=dict)
    region: str = ""

    def holds_on(self, day: datetime.date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


def months(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 36


def regions(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(x, str) and len(x) == 6 and x.isdigit() for x in value)


@dataclass(frozen=True)
class Parameter:
    """What a variant may replace, in which categories, and what may stand there."""

    label: Words
    categories: tuple[str, ...]
    accepts: Callable


def switch(value: Any) -> bool:
    return isinstance(value, bool)


PARAMETERS = {
    "student_past_18": Parameter(
        _("满 18 周岁仍在全日制学校就读的，继续算"), (Category.ORPHAN, Category.DE_FACTO), switch
    ),
    "expelled_only_beside_dead": Parameter(
        _("被遣送（驱逐）出境只在另一方死亡或失踪时才算"), (Category.DE_FACTO,), switch
    ),
    "contact_proof_required": Parameter(_("没有失联证明的不下结论"), (Category.DE_FACTO,), switch),
    "min_months": Parameter(_("要满几个月"), (Category.DE_FACTO, Category.LEFT_BEHIND, Category.MIGRANT), months),
    "rural_only": Parameter(_("只算农业户口"), (Category.LEFT_BEHIND,), switch),
    "central_districts": Parameter(_("中心城区的区划代码，相互之间不算流动"), (Category.MIGRANT,), regions),
    "marginal_counts": Parameter(_("低保边缘家庭也算家庭贫困"), (Category.DIFFICULTY,), switch),
}

BOTH_GONE = Every(Gone("father"), Gone("mother"))
DE_FACTO = Every(
    Younger(18),
    Not(BOTH_GONE),
    Some(
        Every(InSituation("father"), InSituation("mother")),
        Every(Gone("father"), InSituation("mother", beside=True)),
        Every(Gone("mother"), InSituation("father", beside=True)),
    ),
)


def _unable(parent: str) -> Condition:
    return Some(Gone(parent), Unable(parent), Absent(parent))


def _left(*, far: bool) -> Condition:
    return Some(
        Every(Away("father", far=far), Away("mother", far=far)),
        Every(Away("father", far=far), _unable("mother")),
        Every(Away("mother", far=far), _unable("father")),
    )


RURAL = When("rural_only", Known("registration", (Registration.RURAL,), _("农业户口"), _("不是农业户口")))
NOT_POOR = _("家庭不属于低保、特困或低保边缘")
LOW = (LowIncome.MINIMUM_LIVING, LowIncome.DESTITUTE)
DIFFICULTIES: dict[str, Condition] = {
    Difficulty.POVERTY: Some(
        Known("low_income", LOW, _("家庭享受低保或特困供养"), NOT_POOR),
        Every(ParameterSet("marginal_counts"), Known("low_income", (LowIncome.MARGINAL,), _("低保边缘家庭"), NOT_POOR)),
    ),
    Difficulty.OWN: Some(
        Known("disabled", (True,), _("孩子残疾"), _("孩子没有残疾")),
        Known("serious_illness", (True,), _("孩子患重病"), _("孩子没有患重病")),
    ),
    Difficulty.GUARDIANSHIP: Known(
        "guardianship", (Guardianship.POOR,), _("监护缺失或监护不当"), _("监护情况较好或一般")
    ),
}
DAY = datetime.date
SCREENING = _("2024年十部门摸底排查口径（桂民函〔2024〕581号）")

RULES = (
    Rule(
        Category.ORPHAN, "2010-54", DAY(2010, 11, 16), None, _("孤儿"), _("国办发〔2010〕54号第一条"),
        _("未满 18 周岁，失去父母或查找不到生父母"),
        Every(Younger(18), BOTH_GONE),
        {"student_past_18": False},
    ),
    Rule(
        Category.DE_FACTO, "2019-62", DAY(2020, 1, 1), DAY(2020, 12, 24), _("事实无人抚养儿童"), SOURCE_62,
        _("未满 18 周岁，父母双方均有所列情形之一，或者一方死亡、失踪而另一方有所列情形之一"),
        DE_FACTO,
        {"min_months": 6, "student_past_18": False, "without_125": True},
    ),
    Rule(
        Category.DE_FACTO, "2020-125", DAY(2020, 12, 24), None, _("事实无人抚养儿童"), SOURCE_CONTACT,
        _(
            "未满 18 周岁，父母双方均有所列情形之一，或者一方死亡、失踪而另一方有所列情形之一；"
            "所列情形包括撤销监护资格、遣送出境"
        ),
        DE_FACTO,
        {"min_months": 6, "student_past_18": False, "expelled_only_beside_dead": False,
         "contact_proof_required": False},
    ),
    Rule(
        Category.DIFFICULTY, "2016-36", DAY(2016, 6, 13), None, _("困境儿童"), _("国发〔2016〕36号正文第一段"),
        _("未满 18 周岁，家庭贫困、自身残疾或重病，或者监护缺失、监护不当"),
        Every(Younger(18), Some(*DIFFICULTIES.values())),
        {"marginal_counts": True},
        DIFFICULTIES,
    ),
    Rule(
        Category.LEFT_BEHIND, "2016-13", DAY(2016, 2, 4), DAY(2024, 9, 1), _("留守儿童（2016年口径）"),
        _("国发〔2016〕13号正文第一段"),
        _("农业户口，未满 16 周岁，父母双方外出务工，或一方外出务工而另一方无监护能力"),
        Every(Younger(16), RURAL, _left(far=False)),
        {"rural_only": True},
    ),
    Rule(
        Category.LEFT_BEHIND, "2024", DAY(2024, 9, 1), None, _("留守儿童（2024年口径）"), SCREENING,
        _("未满 16 周岁，父母双方跨县外出务工连续满 6 个月（回家探望不中断），或一方如此而另一方无监护能力"),
        Every(Younger(16), RURAL, _left(far=True)),
        {"rural_only": False, "min_months": 6},
    ),
    Rule(
        Category.MIGRANT, "2024", DAY(2024, 9, 1), None, _("流动儿童"), SCREENING,
        _("未满 16 周岁，户口在外县，随父母或其他监护人来本地居住满 6 个月"),
        Every(
            Younger(16), AcrossCounty(), LivedHere(),
            Known("with_guardian", (True,), _("与父母或其他监护人一起生活"), _("没有与监护人一起生活")),
        ),
        {"min_months": 6, "central_districts": []},
    ),
)  # fmt: skip


def rules_on(day: datetime.date, category: str) -> tuple[Rule | None, list[Rule]]:
    """The rule that decides on ``day``, and all that were ever made by then or are made since, oldest first."""
    known = [rule for rule in RULES if rule.category == category]
    return next((rule for rule in known if rule.holds_on(day)), None), known
