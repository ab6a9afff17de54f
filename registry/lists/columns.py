"""The list of files: in which orders it comes, and which columns it can show."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.text.words import Words
from registry.child import codes
from registry.child.models import NEVER, ChildFile


@dataclass(frozen=True)
class Order:
    """An order of the list that is paged by key. ``masked``: tells nothing that masked rows hide."""

    name: str
    label: Words
    column: str
    ascending: bool = False
    empty: datetime.date | None = None
    masked: bool = False


@dataclass(frozen=True)
class Cell:
    text: str
    tone: str = ""


@dataclass(frozen=True)
class Column:
    """A column beside the name. ``reads``: what of the file ``cell`` needs; ``order``: the order it stands for."""

    name: str
    label: Words
    cell: Callable[[ChildFile], Cell]
    reads: tuple[str, ...]
    usual: bool = False
    masked: bool = False
    css: str = ""
    order: str = ""


ORDERS = [
    Order("updated", _("最近更新"), "updated_at", masked=True),
    Order("name", _("姓名（拼音）"), "pinyin", ascending=True),
    Order("youngest", _("年龄从小到大"), "birth_date"),
    Order("oldest", _("年龄从大到小"), "birth_date", ascending=True),
    Order("registered", _("最近建档"), "approved_on", empty=NEVER.value),
]


def _text(value) -> Cell:
    return Cell(str(value) if value not in (None, "") else "—")


COLUMNS = [
    Column("sex", _("性别"), lambda f: _text(f.get_sex_display()), ("sex",), True, True),
    Column("age", _("年龄"), lambda f: _text(f.age()), ("birth_date",), True, True, "num", "youngest"),
    Column(
        "village", _("村（居）"), lambda f: Cell(f"{f.township.short_name} › {f.village.short_name}"),
        ("village", "township"), True, True,
    ),
    Column(
        "category", _("类别"), lambda f: Cell(_("、").join(map(str, f.category_labels))),
        ("category_codes",), True, True,
    ),
    Column(
        "risk", _("风险"), lambda f: Cell(f.get_risk_display(), codes.RISK_TONES.get(f.risk, "")), ("risk",), True, True
    ),
    Column(
        "state", _("状态"), lambda f: Cell(f.get_state_display(), f.STATE_TONES.get(f.state, "outline")),
        ("state",), True, True,
    ),
    Column("file_number", _("档案号"), lambda f: _text(f.file_number), ("file_number",), True, css="small nowrap"),
    Column("birth_date", _("出生日期"), lambda f: _text(f.birth_date), ("birth_date",), css="nowrap", order="youngest"),
    Column("guardian", _("照看人"), lambda f: _text(f.guardian_name), ("guardian_name",)),
    Column("guardianship", _("监护情况"), lambda f: _text(f.get_guardianship_display()), ("guardianship",)),
    Column("schooling", _("就学情况"), lambda f: _text(f.get_schooling_display()), ("schooling",)),
    Column("address", _("现住址"), lambda f: _text(f.address), ("address",)),
    Column(
        "registered", _("建档日期"), lambda f: _text(f.approved_on), ("approved_on",), css="nowrap", order="registered"
    ),
    Column(
        "updated", _("更新日期"), lambda f: _text(timezone.localdate(f.updated_at)), ("updated_at",),
        css="nowrap", order="updated",
    ),
]  # fmt: skip
ALWAYS_READ = ("id", "name", "state", "version", "updated_at", "pinyin", "birth_date", "approved_on", "made_by",
               "city", "county", "township", "village")  # fmt: skip


def order_of(text: str, *, named: bool) -> Order:
    """The order that was asked for, or the usual one."""
    return next((each for each in ORDERS if each.name == text and (named or each.masked)), ORDERS[0])


def columns_for(*, named: bool) -> list[Column]:
    return [each for each in COLUMNS if named or each.masked]


def columns_of(names: list[str], *, named: bool) -> list[Column]:
    """The columns that were asked for, in the list's own order; the usual ones where none was."""
    open_to = columns_for(named=named)
    return [each for each in open_to if each.name in names] or [each for each in open_to if each.usual]
