"""What a paper form is made of: titled blocks of rows, twelve columns wide; boxes that are ticked; dates as written.

The words of a paper form are Chinese whatever language the screen speaks: a form is built within ``in_chinese()``.
"""

import re
from dataclasses import dataclass, field

import segno
from django.utils import translation
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe

from registry.child import codes
from registry.child.field_entry import Kind
from registry.child.fields import Field
from registry.child.id_number import masked, masked_phone
from registry.child.models import ChildFile, FileState
from registry.child.record_fields import RecordFields

COLUMNS = 12
DEAD = "—"  # for relatives who have died, as the notes on the 2016 form say


@dataclass(frozen=True)
class Cell:
    text: str
    span: int
    head: bool = False


@dataclass
class Block:
    """A table; ``title`` stands above it."""

    title: str
    rows: list[list[Cell]] = field(default_factory=list)


@dataclass
class Sheet:
    """One form of one child."""

    title: str
    unit: str
    day: str
    number: str
    blocks: list[Block]
    notes: list[str] = field(default_factory=list)
    signers: tuple[str, ...] = ("单位负责人：", "复核人：", "填表人：")
    seal: str = "填报单位（盖章）"
    standing: str = ""  # what it lacks to be an official form (``standing_of``)

    @property
    def head_line(self) -> tuple[str, str]:
        return f"填报单位：{self.unit}", f"填报日期：{self.day}"

    @property
    def qr(self) -> SafeString:
        """The file number as an SVG, and nothing else: the paper may be seen by anybody. Empty before approval."""
        if not self.number:
            return SafeString("")
        code = segno.make(self.number, error="m", micro=False)
        return mark_safe(code.svg_inline(scale=2, border=2))  # noqa: S308 (made here, of a number made here)


# nobody takes the paper for a form of the registry
STANDING = {
    FileState.DRAFT: "草稿，未送审",
    FileState.SUBMITTED: "待审核，未建档",
    FileState.RETURNED: "已退回，未建档",
}


def standing_of(file: ChildFile) -> str:
    """草稿，未送审: of a file that nobody approved; blank of one that somebody did."""
    return "撤回修改，未建档" if file.is_taken_back else STANDING.get(FileState(file.state), "")


def in_chinese():
    return translation.override("zh-hans")


def row(*pairs: tuple[str, str, int], label: int = 2) -> list[Cell]:
    """A row of (label, value, columns of the value); each label takes ``label`` columns."""
    return [cell for name, value, span in pairs for cell in (Cell(name, label, head=True), Cell(value, span))]


def heads(*pairs: tuple[str, int]) -> list[Cell]:
    return [Cell(text, span, head=True) for text, span in pairs]


def tick(choices, chosen) -> str:
    """All ``choices``, pairs of (value, label), with a box each, those in ``chosen`` (one value or several) ticked:
    ☑健康 □残疾 □患病."""
    chosen = [chosen] if isinstance(chosen, str) else chosen
    return " ".join(f"{'☑' if value in chosen else '□'}{label}" for value, label in choices)


def _options(field: Field):
    several = field.entry.choices
    return several.choices if several else field.stored_column.flatchoices


def yes_no(answer: bool | None, yes: str = "是", no: str = "否") -> str:
    """Two boxes; neither is ticked while the answer is not known."""
    return f"{'☑' if answer is True else '□'}{yes} {'☑' if answer is False else '□'}{no}"


def day(value) -> str:
    return date_format(value, "DATE_FORMAT") if value else ""


def span_of(start, end) -> str:
    return f"{day(start)}至{day(end) or '今'}" if start or end else ""


class Numbers:
    """Writes ID and phone numbers: masked, unless ``full``."""

    def __init__(self, full: bool = False):
        self.full = full

    def identity(self, number: str) -> str:
        return number if self.full else masked(number)

    def phone(self, number: str) -> str:
        return number if self.full else masked_phone(number)

    def of_field(self, field: Field, number: str) -> str:
        return self.identity(number) if field.kind == Kind.ID_NUMBER else self.phone(number)


class PaperFields(RecordFields):
    """The fields of one person as a paper form names them; ``block`` is that of the entries' ``print_block``."""

    def __init__(self, holder: str, record, numbers: Numbers):
        super().__init__(holder, record, numbers.of_field)

    def pair(self, column: str, span: int, text: str | None = None, *, label: str = "") -> tuple[str, str, int]:
        """(label, value, columns of the value) for ``row``: the field's own where nothing else is given."""
        value = self.text(column)
        return label or self.label(column), value if text is None else text, span

    def boxes(self, column: str, span: int) -> tuple[str, str, int]:
        """As ``pair``, with all choices and a box each."""
        return self.label(column), tick(_options(self.by_column[column]), getattr(self.record, column)), span

    def other_rows(self, block: str, *, filled: bool = False, whose: str = "") -> list[list[Cell]]:
        """The fields of the block that the layout doesn't name, a row each."""
        columns = self.others(lambda field: field.entry.print_block == block, filled=filled)
        return [row((whose + self.label(column), self.text(column), COLUMNS - 2)) for column in columns]


_PLACE = re.compile(r"^(?:\S{2,8}?(?:省|自治区))?\S{1,9}?(?:市|自治州|州|盟|地区)")


def to_the_city(place: str) -> str:
    """A work place down to province and city, as the 2016 form asks: 广东省深圳市龙华区 → 广东省深圳市."""
    found = _PLACE.match(place)
    return found[0] if found else place


def unit_of(file) -> str:
    """The unit that fills in: 荥阳市高村乡刘沟村."""
    return file.village.path_label.replace(" › ", "")


def unit_of_maker(record) -> str:
    """The unit that made ``record``, wherever the child is kept by now."""
    return record.made_in.unit.path_label.replace(" › ", "")


def is_dead(person) -> bool:
    return person is not None and person.life == codes.Life.DEAD
