"""勾稽关系: equations and inequalities between columns, declared as data and shown with their cause in words."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from childwelfare.text.words import Words
from registry.child.codes import Category
from reports.indicators.facts import AGE_BANDS
from reports.indicators.table import Numbers

AGES = tuple(f"age_{low}_{high}" for low, high in AGE_BANDS) + ("age_18_up",)


@dataclass(frozen=True)
class Check:
    """``left`` compared with the sum of ``plus`` less ``minus``; ``sign`` is = or ≤."""

    words: Words
    left: str
    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()
    sign: str = "="

    @property
    def columns(self) -> set[str]:
        return {self.left, *self.plus, *self.minus}

    def difference(self, values: Numbers) -> int:
        """How much the left side is off; 0 where the relation holds, or where one of its columns was not counted."""
        counted = {key: number for key in self.columns if (number := values[key]) is not None}
        if len(counted) < len(self.columns):
            return 0
        right = sum(counted[key] for key in self.plus) - sum(counted[key] for key in self.minus)
        gap = counted[self.left] - right
        return max(0, gap) if self.sign == "≤" else gap


CHECKS = (
    Check(_("在册 = 男 + 女"), "registered", ("sex_male", "sex_female")),
    Check(_("在册 = 各年龄段之和"), "registered", AGES),
    Check(
        _("在册 = 监护各档之和"), "registered",
        ("guardianship_good", "guardianship_fair", "guardianship_poor", "guardianship_unknown"),
    ),
    Check(
        _("在册 = 就学各栏之和"), "registered",
        ("school_not_enrolled", "school_in", "school_dropped_out", "school_not_in", "school_unknown"),
    ),
    Check(
        _("在册 = 风险各级之和"), "registered",
        ("risk_watch", "risk_general", "risk_raised", "risk_high", "risk_unknown"),
    ),
    Check(_("在册 ≤ 各类别之和"), "registered", tuple(Category.values), sign="≤"),
    Check(_("期末 = 期初 + 增 − 减"), "registered", ("before", "joined"), ("left",)),
    Check(_("应访 = 已访 + 未到期 + 逾期"), "visits_due", ("visits_done", "visits_waiting", "visits_overdue")),
)  # fmt: skip


def check_all(values: Numbers) -> list[tuple[Check, int]]:
    """(check, difference) of every declared relation, in order."""
    return [(check, check.difference(values)) for check in CHECKS]
