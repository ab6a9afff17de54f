"""A plan of help as an A4 form, to be read with the family and signed."""

from django.utils import timezone

from registry.plans.models import Goal, GoalState, Plan, PlanState
from registry.printing.pieces import Block, Cell, Sheet, day, heads, in_chinese, row, unit_of, unit_of_maker

STANDING: dict[str, str] = {PlanState.APPROVED: "", PlanState.CLOSED: "已结束"}
SIGNERS = ("牵头人：", "监护人：", "孩子（愿意的）：", "审批人：")


def plan_sheet(plan: Plan, goals: list[Goal]) -> Sheet:
    """``plan`` with its ``goals``. Without scores, levels and categories: the family keeps a copy."""
    with in_chinese():
        child, lead = plan.child, plan.lead
        about = [
            row(("姓名", child.name, 2), ("性别", child.get_sex_display(), 2), ("出生日期", day(child.birth_date), 2)),
            row(("住址", f"{unit_of(child)}{child.address}", 10)),
            row(("牵头人", f"{lead.person.name}（{lead.unit.name}）", 4), ("下次复查", day(plan.review_on), 4)),
        ]
        heard = [
            row(("孩子的意见", plan.child_heard or plan.not_heard, 10)),
            row(("监护人的意见", plan.guardian_heard or plan.not_heard, 10)),
        ]
        lines = [heads(("目标", 3), ("措施", 3), ("谁来做", 2), ("何时前", 2), ("结果", 2))]
        lines += [_line(goal) for goal in goals]
        blocks = [Block("一、基本信息", about), Block("二、目标和措施", lines), Block("三、听取的意见", heard)]
        standing = STANDING.get(plan.state, "未批准")
        made = timezone.localdate(plan.made_at)
        return Sheet(
            f"帮扶方案 {plan.number}", unit_of_maker(plan), day(made), "", blocks, signers=SIGNERS, standing=standing
        )


def _line(goal: Goal) -> list:
    result = "" if goal.state == GoalState.OPEN else goal.result or str(goal.get_state_display())
    return [
        Cell(goal.goal, 3), Cell(goal.measure, 3), Cell(goal.who, 2), Cell(day(goal.by_on), 2), Cell(result, 2),
    ]  # fmt: skip
