"""The indicators of help: assessments, needs and plans; ``table`` puts them beside the others."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from childwelfare.text.words import Words
from orgs.units.models import Level
from registry.child.codes import Risk
from registry.needs.codes import Outcome, Satisfaction, System
from reports.indicators import facts, help_facts
from reports.indicators.indicator import Indicator

Where = dict[str, tuple[str, ...]]

OVERDUE: Where = {"d_last_day": ("overdue",)}
IN_TIME: Where = {"d_last_day": ("running",)}
# a need that was recorded by mistake ended nowhere
OUTCOMES = tuple(outcome for outcome in Outcome if outcome != Outcome.MISTAKEN)
# what ended with its file was asked of nobody
SATISFACTIONS: tuple[tuple[str, Words, tuple[str, ...]], ...] = tuple(
    (each.value, each.label, (each.value, "") if each == Satisfaction.NOT_ASKED else (each.value,))
    for each in Satisfaction
)
TIERS = (
    (Level.VILLAGE, _("村（居）在办")),
    (Level.TOWNSHIP, _("乡镇在办")),
    (Level.COUNTY, _("县级在办")),
    (Level.CITY, _("市级在办")),
)


def _children(prefix: str, group: Words, dimension: str, values: Iterable[tuple[str, Words, Words]]) -> list[Indicator]:
    return [
        Indicator(f"{prefix}_{value}", label, group, definition, facts.CHILD, {dimension: (value,)})
        for value, label, definition in values
    ]


def _by_system(prefix: str, group: Words, definition: Words, where: Where) -> list[Indicator]:
    return [
        Indicator(
            f"{prefix}_{system.value}", system.label, group, definition, help_facts.NEED_OPEN,
            {"d_system": (system.value,), **where},
        )
        for system in System
    ]  # fmt: skip


OF_ASSESSMENTS = (
    *_children("assessment", _("评估情况"), "d_assessed", [
        ("never", _("从未评估"), _("期末在册、到期末没有一次评估经乡镇确认并定出等级的儿童。")),
        ("in_time", _("在期限内"), _("期末在册、评估过、还没到下次评估最迟日期的儿童；当天到期的算在期限内。")),
        ("overdue", _("复评逾期"), _("期末在册、评估过、已过下次评估最迟日期的儿童。")),
    ]),
    Indicator(
        "assessed", _("完成评估"), _("评估（次）"),
        _("本期经乡镇确认、到期末没有退回的评估，按确认日期；第二人评估不算。"), help_facts.ASSESSED,
    ),
    *(
        Indicator(
            f"assessed_{level.value}", level.label, _("评估定级"), _("其中评定为这一等级的。"), help_facts.ASSESSED,
            {"d_level": (level.value,)},
        )
        for level in Risk
    ),
    Indicator(
        "assessed_unfinished", _("未完成"), _("评估定级"), _("其中不清楚的太多、没有定出等级的。"),
        help_facts.ASSESSED, {"d_level": ("",)},
    ),
    Indicator(
        "assessments_waiting", _("待确认"), _("评估（次）"), _("期末已提交、乡镇还没有确认的评估，退回待补的也算。"),
        help_facts.ASSESSMENT_WAITING,
    ),
)  # fmt: skip
OF_NEEDS = (
    *_children("needing", _("有无需求"), "d_need", [
        ("none", _("无在办需求"), _("期末在册、没有在办需求的儿童。")),
        ("open", _("有在办需求"), _("期末在册、有在办需求、都没有过应办结日期的儿童。")),
        ("overdue", _("有逾期需求"), _("期末在册、至少一条在办需求过了应办结日期的儿童。")),
    ]),
    Indicator(
        "needs_found", _("新增"), _("需求（条）"),
        _("本期记录、到期末没有因记错撤销的需求，按记录日期，不按发现日期。"), help_facts.NEED_FOUND,
    ),
    Indicator(
        "needs_settled", _("办结"), _("需求（条）"),
        _("本期办结或随结案结束、到期末没有重新办理的需求，按办结日期。"), help_facts.NEED_SETTLED,
    ),
    Indicator("needs_open", _("在办"), _("需求（条）"), _("期末还没有办结的需求。"), help_facts.NEED_OPEN),
    Indicator(
        "needs_overdue", _("逾期"), _("需求（条）"), _("其中过了应办结日期的；当天到期的不算逾期。"),
        help_facts.NEED_OPEN, OVERDUE,
    ),
    Indicator(
        "needs_in_time", _("未到期"), _("需求（条）"), _("其中还没有过应办结日期的。"), help_facts.NEED_OPEN,
        IN_TIME,
    ),
    Indicator(
        "needs_raised", _("逾期升级"), _("需求（条）"), _("本期因逾期自动升到上级的需求；一条只算一次。"),
        help_facts.NEED_RAISED,
    ),
    *_by_system("needs_open", _("在办需求"), _("期末在办的需求，按六大体系，成年准备单列。"), {}),
    *_by_system("needs_overdue", _("逾期需求"), _("期末逾期的需求，按六大体系，成年准备单列。"), OVERDUE),
    *(
        Indicator(
            f"needs_held_{level.name.lower()}", label, _("在办单位"), _("期末在办的需求，按由哪一级办理。"),
            help_facts.NEED_OPEN, {"d_tier": (level.name.lower(),)},
        )
        for level, label in TIERS
    ),
    *(
        Indicator(
            f"needs_settled_{outcome.value}", outcome.label, _("办结结果"), _("本期办结的需求，按结果。"),
            help_facts.NEED_SETTLED, {"d_outcome": (outcome.value,)},
        )
        for outcome in OUTCOMES
    ),
    *(
        Indicator(
            f"needs_satisfaction_{key}", label, _("家庭是否满意"), _("本期办结的需求，按家庭的意见；没有问到的单列。"),
            help_facts.NEED_SETTLED, {"d_satisfaction": values},
        )
        for key, label, values in SATISFACTIONS
    ),
)  # fmt: skip
OF_PLANS = (
    Indicator(
        "plans_running", _("执行中"), _("帮扶方案"), _("期末已批准、还没有结束的方案。"), help_facts.PLAN_RUNNING,
    ),
    Indicator(
        "plans_lacking", _("该制定"), _("帮扶方案"), _("期末评估等级要求制定、还没有写的方案。"), help_facts.PLAN_DUE,
    ),
    Indicator(
        "plans_lacking_overdue", _("逾期未制定"), _("帮扶方案"), _("其中过了制定期限的。"), help_facts.PLAN_DUE,
        OVERDUE,
    ),
    Indicator(
        "plans_lacking_in_time", _("未到期限"), _("帮扶方案"), _("其中还没有过制定期限的。"), help_facts.PLAN_DUE,
        IN_TIME,
    ),
    Indicator(
        "goals_open", _("目标"), _("帮扶方案"), _("期末执行中的方案里还没有结果的目标，按条数。"),
        help_facts.GOAL_OPEN,
    ),
    Indicator(
        "goals_in_time", _("目标未到期"), _("帮扶方案"), _("其中还没有过日期的。"), help_facts.GOAL_OPEN, IN_TIME,
    ),
    Indicator(
        "goals_overdue", _("目标逾期"), _("帮扶方案"), _("其中过了日期的。"),
        help_facts.GOAL_OPEN, OVERDUE,
    ),
)  # fmt: skip
HELP_INDICATORS = (*OF_ASSESSMENTS, *OF_NEEDS, *OF_PLANS)
