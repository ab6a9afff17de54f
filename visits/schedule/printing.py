"""The month's plan on A4: whom to visit, when and why, with room to write by hand. Its words are Chinese, as on every
paper form."""

import datetime
from itertools import groupby
from typing import NamedTuple

from childwelfare.text.months import after
from orgs.holidays.services import days_off
from orgs.posts.models import Appointment
from registry.family.models import Guardian
from registry.printing.pieces import Block, Cell, Numbers, Sheet, day, heads, in_chinese
from registry.stays.models import Stay
from visits.schedule.due_list import RoundToDo, with_reasons
from visits.schedule.models import VisitDue, VisitRound

COLUMNS = (
    ("姓名", 1), ("年龄 风险 类别", 2), ("住址", 2), ("照看人 电话", 2), ("应访日期", 2), ("事由", 2), ("走访日期", 1),
)  # fmt: skip
NOTES = [
    "应访日期按现在的规则和上一次走访推算，之后的日期以按时走访为前提；走访或规则有变化，以系统里的为准。",
]


class Month(NamedTuple):
    first: datetime.date
    last: datetime.date

    @classmethod
    def of(cls, date: datetime.date) -> "Month":
        first = date.replace(day=1)
        return cls(first, after(first) - datetime.timedelta(days=1))

    @property
    def following(self) -> "Month":
        return self.of(self.last + datetime.timedelta(days=1))


def plan_sheet(post: Appointment, month: Month, *, today: datetime.date, full_numbers: bool = False) -> Sheet:
    """Everybody whom ``post`` has to visit in ``month``, a table a village, the earliest first."""
    with in_chinese():
        rounds = _rounds(post, month)
        dues = _dues(post, month, rounds)
        with_reasons(dues, rounds)
        numbers = Numbers(full_numbers)
        blocks = []
        for village, own in groupby(dues, key=lambda due: due.village):
            rows = [_row(due, month, today, numbers) for due in own]
            blocks.append(Block(f"{village.short_name}（{len(rows)} 人）", [heads(*COLUMNS), *rows]))
        title = f"{month.first.year}年{month.first.month}月走访计划"
        unit = post.unit.path_label.replace(" › ", "")
        signers = ("制表人：", "负责人：")
        notes = [*NOTES, *_holidays(month)]
        return Sheet(title, unit, day(today), "", blocks, notes, signers=signers, seal="")


def _holidays(month: Month) -> list[str]:
    return [
        f"{off.name}放假：{off.since.month}月{off.since.day}日至{off.until.month}月{off.until.day}日。"
        "应访日期在假期里的，请节前去。"
        for off in days_off(month.first, month.last)
    ]


def _rounds(post: Appointment, month: Month) -> list[RoundToDo]:
    """The rounds with days in ``month``, each with the dues of all who are left."""
    rounds = VisitRound.objects.at(post.unit).valid()
    rounds = rounds.filter(since__lte=month.last, until__gte=month.first).order_by("until", "since", "pk")
    left = [(each, list(each.owed().visible_to(post, "log_visit").filter(done=False))) for each in rounds]
    return [RoundToDo(each, len(dues), 0, dues) for each, dues in left]


def _dues(post: Appointment, month: Month, rounds: list[RoundToDo]) -> list[VisitDue]:
    """Open dues of the month, overdue ones among them, and those of children left in a round: with what is printed."""
    in_rounds = {due.pk for todo in rounds for due in todo.dues}
    open_dues = VisitDue.objects.visible_to(post, "log_visit").open()
    wanted = open_dues.filter(due_on__lte=month.last) | open_dues.filter(pk__in=in_rounds)
    dues = list(wanted.select_related("child", "village").order_by("village__code", "village", "due_on", "child_id"))
    children = [due.child_id for due in dues]
    carers = {each.child_id: each for each in Guardian.objects.filter(until=None, child__in=children)}
    stays = {stay.child_id: stay for stay in Stay.objects.in_force().filter(child__in=children)}
    for due in dues:
        due.carer, due.stay = carers.get(due.child_id), stays.get(due.child_id)
    return dues


def days_in(due: VisitDue, month: Month, today: datetime.date) -> list[datetime.date]:
    """When ``due`` is owed in ``month``, from ``today`` on, and the visits after it if each is made in time."""
    days, next_on = [], max(due.due_on, today)
    while next_on <= month.last:
        if next_on >= month.first:
            days.append(next_on)
        next_on += datetime.timedelta(days=due.days)
    return days


def _row(due: VisitDue, month: Month, today: datetime.date, numbers: Numbers) -> list[Cell]:
    child = due.child
    facts = f"{child.age(today)}岁 {child.get_risk_display()} {'、'.join(map(str, child.category_labels))}"
    address = f"暂住：{due.stay.address}" if due.stay else child.address
    texts = (child.name, facts, address, _carer(due, numbers), _when(due, month, today), _why(due, today), "")
    return [Cell(text, span) for text, (_head, span) in zip(texts, COLUMNS, strict=True)]


def _carer(due: VisitDue, numbers: Numbers) -> str:
    if due.stay and due.stay.host_phone:
        return f"{due.stay.host_name} {numbers.phone(due.stay.host_phone)}".strip()
    if due.carer is None:
        return numbers.phone(due.child.phone)
    return f"{due.carer.name}（{due.carer.get_relation_display()}）{numbers.phone(due.carer.phone)}"


def _when(due: VisitDue, month: Month, today: datetime.date) -> str:
    """The days; for who is due in a round alone, its last one."""
    days = [f"{each.month}.{each.day}" for each in days_in(due, month, today)]
    return "、".join(days or [f"{each.until.month}.{each.until.day}前" for each in due.in_rounds[:1]])


def _why(due: VisitDue, today: datetime.date) -> str:
    late = (today - due.due_on).days
    words = [f"逾期{late}天"] if late > 0 else []
    if due.extra:
        words.append(f"加访：{due.extra.reason}")
    return "；".join([*words, *(each.name for each in due.in_rounds)])
