"""The list of files: in which orders it comes, and which columns it can show."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.text.words import Words
from registry.child.field_entry import Kind, ListColumn
from registry.child.fields import Field, display, fields
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
    Order("name", _("姓名（拼音）"), "name_order", ascending=True),
    Order("youngest", _("年龄从小到大"), "birth_date"),
    Order("oldest", _("年龄从大到小"), "birth_date", ascending=True),
    Order("registered", _("最近建档"), "approved_on", empty=NEVER.value),
]


def _text(value) -> Cell:
    return Cell(str(value) if value not in (None, "") else "—")


def _field_column(field: Field, shown: ListColumn) -> Column:
    """The column of a field that the file's own row holds; of the guardian's name it holds a copy."""

    def cell(file: ChildFile) -> Cell:
        value = getattr(file, field.name)
        if field.kind != Kind.DATE:  # a list has its dates as digits
            value = display(field.name, value)
        return Cell(_text(value).text, shown.tones.get(getattr(file, field.name), ""))

    return Column(
        shown.name or field.name, shown.label or field.short_label, cell, (field.name,),
        shown.usual, shown.masked, shown.css, shown.sort,
    )  # fmt: skip


# (order, column): what a list shows beside the fields
BESIDE = [
    (20, Column("age", _("年龄"), lambda f: _text(f.age()), ("birth_date",), True, True, "num", "youngest")),
    (30, Column(
        "village", _("村（居）"), lambda f: Cell(f"{f.township.short_name} › {f.village.short_name}"),
        ("village", "township"), True, True,
    )),
    (40, Column(
        "category", _("类别"), lambda f: Cell(_("、").join(map(str, f.category_labels))),
        ("category_codes",), True, True,
    )),
    (60, Column(
        "state", _("状态"), lambda f: Cell(f.get_state_display(), f.STATE_TONES.get(f.state, "outline")),
        ("state",), True, True,
    )),
    (70, Column(
        "file_number", _("档案号"), lambda f: _text(f.file_number), ("file_number",), True, css="small nowrap"
    )),
    (130, Column(
        "registered", _("建档日期"), lambda f: _text(f.approved_on), ("approved_on",), css="nowrap", order="registered"
    )),
    (140, Column(
        "updated", _("更新日期"), lambda f: _text(timezone.localdate(f.updated_at)), ("updated_at",),
        css="nowrap", order="updated",
    )),
]  # fmt: skip


def _columns() -> list[Column]:
    ordered = list(BESIDE)
    for field in fields().values():
        if field.entry.list_column:
            ordered.append((field.entry.list_column.order, _field_column(field, field.entry.list_column)))
    return [column for _order, column in sorted(ordered, key=lambda pair: pair[0])]


COLUMNS = _columns()
ALWAYS_READ = ("id", "name", "state", "taken_back", "version", "updated_at", "name_order", "birth_date", "approved_on",
               "made_by", "category_codes", "city", "county", "township", "village")  # fmt: skip


def order_of(text: str, *, named: bool) -> Order:
    """The order that was asked for, or the usual one."""
    return next((each for each in ORDERS if each.name == text and (named or each.masked)), ORDERS[0])


def columns_for(*, named: bool) -> list[Column]:
    return [each for each in COLUMNS if named or each.masked]


def columns_of(names: list[str], *, named: bool) -> list[Column]:
    """The columns that were asked for, in the list's own order; the usual ones where none was."""
    open_to = columns_for(named=named)
    return [each for each in open_to if each.name in names] or [each for each in open_to if each.usual]
