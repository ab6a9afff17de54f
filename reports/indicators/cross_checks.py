"""勾稽关系: equations and inequalities between columns, declared as data and shown with their cause in words."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from childwelfare.text.words import Words
from registry.child.codes import Category
from reports.indicators.facts import AGE_BANDS
from reports.indicators.indicator import Numbers

CHANGE = 10  # per cent that a unit may have more or fewer than the month before without a word about it
SMALL = 5  # children: a change by so few is no jump, whatever share it is
AGES = tuple(f"age_{low}_{high}" for low, high in AGE_BANDS) + ("age_18_up",)


@dataclass(frozen=True)
class LastMonth:
    """What a unit ``reported`` for the month before, None where nothing; ``carried``: what that comes to after the
    orders of this month, which moved whole units or placed their children elsewhere."""

    reported: Numbers | None = None
    carried: Numbers | None = None


@dataclass(frozen=True)
class Check:
    """``left`` compared with the sum of ``plus`` less ``minus``; ``sign`` is = or ≤. ``of_last``: the right side is
    read in what the unit reported for the month before, with ``carried`` in what orders made of that; ``share``: of it
    so many percent may be off."""

    key: str
    words: Words
    left: str
    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()
    sign: str = "="
    of_last: bool = False
    carried: bool = False
    share: int = 0

    @property
    def columns(self) -> set[str]:
        """Those of the sheet itself."""
        return {self.left} if self.of_last else {self.left, *self.plus, *self.minus}

    def difference(self, values: Numbers, last: LastMonth | None = None) -> int:
        """How much the left side is off; 0 where the relation holds, or where one of its columns was not counted."""
        sides = self.sides(values, last)
        if sides is None:
            return 0
        left, right = sides
        gap = left - right
        if self.share:
            allowed = abs(right) * self.share // 100
            return 0 if abs(gap) <= max(allowed, SMALL) else gap
        return max(0, gap) if self.sign == "≤" else gap

    def sides(self, values: Numbers, last: LastMonth | None = None) -> tuple[int, int] | None:
        """(left, right); None where one of the columns was not counted, or nothing was reported the month before."""
        source = values if not self.of_last else None if last is None else self._of(last)
        if source is None:
            return None
        left, plus, minus = values.get(self.left), _sum(source, self.plus), _sum(source, self.minus)
        return None if left is None or plus is None or minus is None else (left, plus - minus)

    def _of(self, last: LastMonth) -> Numbers | None:
        return last.carried if self.carried else last.reported


def _sum(values: Numbers, keys: tuple[str, ...]) -> int | None:
    numbers = [values.get(key) for key in keys]
    return None if None in numbers else sum(number or 0 for number in numbers)


CHECKS = (
    Check("sexes", _("在册 = 男 + 女"), "registered", ("sex_male", "sex_female")),
    Check("ages", _("在册 = 各年龄段之和"), "registered", AGES),
    Check(
        "guardianships", _("在册 = 监护各档之和"), "registered",
        ("guardianship_good", "guardianship_fair", "guardianship_poor", "guardianship_unknown"),
    ),
    Check(
        "schoolings", _("在册 = 就学各栏之和"), "registered",
        ("school_not_enrolled", "school_in", "school_dropped_out", "school_not_in", "school_unknown"),
    ),
    Check(
        "risks", _("在册 = 风险各级之和"), "registered",
        ("risk_watch", "risk_general", "risk_raised", "risk_high", "risk_unknown"),
    ),
    Check("categories", _("在册 ≤ 各类别之和"), "registered", tuple(Category.values), sign="≤"),
    Check("movement", _("期末 = 期初 + 增 − 减"), "registered", ("before", "joined"), ("left",)),
    Check(
        "visits", _("应访 = 已访 + 未到期 + 逾期"), "visits_due",
        ("visits_done", "visits_waiting", "visits_overdue"),
    ),
    Check("before_as_reported", _("期初 = 上月上报的在册"), "before", ("registered",), of_last=True),
    Check(
        "change", _("在册较上月变动 ≤ 10%"), "registered", ("registered",), of_last=True, carried=True,
        share=CHANGE,
    ),
)  # fmt: skip


def check_all(values: Numbers, last: LastMonth | None = None) -> list[tuple[Check, int]]:
    """(check, difference) of every declared relation, in order; of those with the month before where ``last``, what was
    reported for it, is given."""
    return [(check, check.difference(values, last)) for check in CHECKS if last is not None or not check.of_last]


def failing(values: Numbers, last: LastMonth | None = None) -> list[Check]:
    """Those that do not hold."""
    return [check for check, gap in check_all(values, last) if gap]
