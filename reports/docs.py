"""Pages of docs/ that are made from tables of the code; a test says when one is stale."""

from django.apps import apps
from django.utils import translation

from childwelfare.workflow.tables import WORKFLOWS
from orgs.access.permissions import ACTIONS, MATRIX
from orgs.posts.models import Role
from registry.child.codes import Category
from registry.child.field_entry import CHILD, GRANDPARENTS, GUARDIAN, PARENTS, Kind, Requirement
from registry.child.fields import Field, fields, fields_of
from registry.child.form_steps import OUTLINE
from reports.crossing.dimensions import DIMENSIONS
from reports.indicators.cross_checks import CHECKS
from reports.indicators.table import INDICATORS

MADE = "<!-- Made by `manage.py write_docs`; change the table in the code instead. -->\n"
FACTS = {
    "child": "期末在册的儿童",
    "membership": "期末有效的类别",
    "before": "本期开始前一天在册的儿童",
    "joined": "本期增加的儿童",
    "left": "本期减少的儿童",
    "due": "应访",
    "unmet": "没有见到的儿童",
    "alert_raised": "提出的紧急报告",
    "alert_closed": "办结的紧急报告",
    "publicity": "宣传活动",
    "director": "在任的儿童福利主任",
    "vacant": "没有主任的村（居）",
}


def indicators_page() -> str:
    """What each figure counts, and which relations hold between them."""
    lines = [
        "# 统计指标\n",
        MADE,
        "每个数都是下面一行的计数，由 `reports/indicators/table.py` 声明一次；汇总、台账、总览、Excel、名单都用它。",
        "统计期是一个月、一个季度或一年；统计日是期末，没有结束的为当天。数是整数，比例由两个数相除。",
        "档案的现状（监护、就学、残疾、风险）按最近一次统计时的档案；日期类的（在册、类别、增减、走访）按统计日。\n",
        "| 序号 | 标识 | 分组 | 名称 | 数的是 | 口径 |",
        "|--:|---|---|---|---|---|",
    ]
    for number, each in enumerate(INDICATORS, start=1):
        counted = FACTS.get(each.fact.name, each.fact.name)
        lines.append(f"| {number} | `{each.key}` | {each.group} | {each.label} | {counted} | {each.definition} |")
    lines += ["\n## 勾稽关系\n", "每张汇总表逐行核对，不平的格子标红。\n", "| 关系 | 列 |", "|---|---|"]
    for check in CHECKS:
        right = " + ".join(check.plus) + "".join(f" − {key}" for key in check.minus)
        last = "，右边是上月上报的数" if check.of_last else ""
        off = f"，可差 {check.share}%" if check.share else ""
        lines.append(f"| {check.words} | `{check.left} {check.sign} {right}`{last}{off} |")
    return "\n".join([*lines, *_dimension_lines()]) + "\n"


def _dimension_lines() -> list[str]:
    """The dimensions of `/cross/`, with their values."""
    lines = [
        "\n## 交叉查数的维度\n",
        "由 `reports/crossing/dimensions.py` 声明一次；",
        "页面 `/cross/`、接口 `GET /api/v1/figures/?rows=&columns=`、CSV 都用它。",
        "数的是期末在册的儿童；和上面同一标识的值，合计就是上面的数。\n",
        "| 标识 | 名称 | 值 | 口径 | 版本 |",
        "|---|---|---|---|--:|",
    ]
    for each in DIMENSIONS:
        values = "、".join(f"`{value.key}` {value.label}" for value in each.values)
        notes = "".join(f" {value.label}：{value.definition}" for value in each.values if value.definition)
        lines.append(f"| `{each.key}` | {each.label} | {values} | {each.definition}{notes} | {each.version} |")
    return lines


def permissions_page() -> str:
    """The matrix of roles and actions."""
    roles = list(MATRIX)
    lines = [
        "# 权限表\n",
        MADE,
        "来自 `orgs/access/permissions.py`。一个岗位在本单位及其以下各级拥有这些权限；离任即失效。\n",
        "| 操作 | 标识 | " + " | ".join(str(Role(role).label) for role in roles) + " |",
        "|---|---|" + ":-:|" * len(roles),
    ]
    for action, label in ACTIONS.items():
        marks = ["✓" if action in MATRIX[role] else "" for role in roles]
        lines.append(f"| {label} | `{action}` | " + " | ".join(marks) + " |")
    return "\n".join(lines) + "\n"


def workflows_page() -> str:
    """Every move of every record: from where to where, who makes it, who may not, what it needs."""
    lines = [
        "# 流转表\n",
        MADE,
        "每种记录能怎样办，由各处的 `workflow.py` 声明；页面上的按钮、接口的操作和权限都从这里来。",
        "“填写者回避”：填过、补充过、改过这条记录任何一部分的人不能办（`childwelfare/workflow/writers.py`）；"
        "工作站填写过的，县级可以审定。“算填写”的一步，办的人就是填写者；填报、补充草稿另记在案，不在表里。",
        "“算退回”的一步，退回的原因给补充的人看。",
        "“到”有几种的，由办理的结果定：变更逐项审核，整份停在最慢的一项。没有权限的一行不是谁的按钮，随日期或别的办理而来。\n",
    ]
    for model, workflow in sorted(WORKFLOWS.items()):
        record = apps.get_model(model)._meta
        states = dict(record.get_field("state").flatchoices)
        lines += [
            f"## {record.verbose_name}\n",
            "| 操作 | 标识 | 从 | 到 | 权限 | 角色 | 只限 | 原因 | 填写者回避 | 另可办 | 撤销 | 算填写 | 算退回 |",
            "|---|---|---|---|---|---|---|:-:|:-:|---|:-:|:-:|:-:|",
        ]
        lines += [_move_row(move, states, record) for move in workflow.transitions.values()]
        lines.append("")
    return "\n".join(lines)


def _move_row(move, states, record) -> str:
    roles = "、".join(str(Role(role).label) for role, held in MATRIX.items() if move.permission in held)
    beside = ACTIONS[move.instead[0]] if move.instead else ""
    cells = [
        move.label,
        f"`{move.action}`",
        "、".join(str(states[state]) for state in move.source),
        "、".join(str(states[state]) for state in move.targets),
        f"`{move.permission}`" if move.permission else "",
        roles,
        "；".join(_limits(move)),
        "✓" if move.needs_reason else "",
        _whose_writers(move, record),
        beside,
        "✓" if move.undoable else "",
        "✓" if move.writes else "",
        "✓" if move.returns else "",
    ]
    return "| " + " | ".join(map(str, cells)) + " |"


def _whose_writers(move, record) -> str:
    """Whether who wrote may not make it, and in what, where that is another record."""
    if not move.decides:
        return ""
    return f"✓（{record.get_field(move.written).related_model._meta.verbose_name}）" if move.written else "✓"


def _limits(move) -> list[str]:
    """For whom, and what else has to hold: said as the refusal says it."""
    limits = [str(move.only[0])] if move.only else []
    return [*limits, f"除外：{move.requires[0]}"] if move.requires else limits


GROUPS = {CHILD: "儿童本人", PARENTS: "父亲、母亲", GRANDPARENTS: "祖父母、外祖父母", GUARDIAN: "照看人"}
KINDS = {
    Kind.TEXT: "文字",
    Kind.NAME: "姓名",
    Kind.ID_NUMBER: "身份证号",
    Kind.PHONE: "电话",
    Kind.REGION: "县级代码",
    Kind.SEALED: "加密文字",
    Kind.CHOICE: "单选",
    Kind.SEVERAL: "多选",
    Kind.YES_NO: "是否",
    Kind.DATE: "日期",
}
MANY_CHOICES = 10  # of a longer list the number is told


def fields_page() -> str:
    """Every field of a child's file: what it is, where it is asked and shown, what sheets call it."""
    lines = [
        "# 档案字段\n",
        MADE,
        "来自 `registry/child/field_table/`。每个字段声明一次，",
        "表单、变更、页面、打印、名单、接口、缺项、走访、演示都读它。",
        "怎样加一个字段，见 [how_to.md](how_to.md)。\n",
        "“标识”是接口、变更和历史里的字段名；“应填”写明缺了算缺项，有条件的写“按情形”。",
    ]
    for group, title in GROUPS.items():
        lines += [
            f"\n## {title}\n",
            "| 标识 | 名称 | 类型 | 选项 | 表单 | 应填 | 另外 | 表头可写作 |",
            "|---|---|---|---|---|---|---|---|",
        ]
        # what holds for the father holds for the mother
        lines += [_field_line(field) for field in fields_of(group[0])]
    return "\n".join(lines) + "\n"


def _field_line(field: Field) -> str:
    entry = field.entry
    names = "、".join(f"`{name}`" for name, each in fields().items() if each.entry is entry)
    headings = "、".join([entry.heading, *entry.synonyms, *entry.whole]).replace("{who}", "（只写称呼）")
    cells = [
        names,
        str(field.own_label),
        KINDS[field.kind],
        _choices(field),
        _place_in_form(field),
        _requirement(field),
    ]
    return "| " + " | ".join([*cells, "；".join(_marks(field)), headings]) + " |"


def _choices(field: Field) -> str:
    choices = field.entry.choices.choices if field.entry.choices else field.stored_column.flatchoices
    labels = [str(label) for value, label in choices if value]
    return f"{len(labels)} 项" if len(labels) > MANY_CHOICES else "、".join(labels)


def _place_in_form(field: Field) -> str:
    question = field.entry.question
    for key, theme, groups in OUTLINE:
        for group, title in groups:
            if (key, group) == (question.step, question.group.format(holder=field.holder)):
                return f"{theme} › {title}" if title else str(theme)
    raise LookupError(field.name)


def _requirement(field: Field) -> str:
    requirement = field.entry.requirement
    if requirement is None:
        return ""
    if requirement.categories:
        return "、".join(str(Category(category).label) for category in requirement.categories)
    return "是" if requirement.when is Requirement.when else "按情形"


def _marks(field: Field) -> list[str]:
    entry = field.entry
    marks = {
        "不晚于今天": entry.past,
        "兄弟姐妹共有": entry.family_wide and field.holder == "child",
        "加密": field.encrypted,
        "遮盖显示": field.sealed,
        "页面上显示": entry.on_page,
        "档案表上打印": bool(entry.print_block),
        "名单列": entry.list_column is not None,
        "名单筛选": entry.list_filter is not None,
        "走访可改": bool(entry.visit_order),
        "接口不读": not entry.readable,
    }
    return [mark for mark, holds in marks.items() if holds]


def _in_chinese(page):
    def made() -> str:
        with translation.override("zh-hans"):
            return page()

    return made


PAGES = {
    "fields.md": _in_chinese(fields_page),
    "indicators.md": _in_chinese(indicators_page),
    "permissions.md": _in_chinese(permissions_page),
    "workflows.md": _in_chinese(workflows_page),
}
