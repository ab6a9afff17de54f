"""How a pair of files that may be of one child reads, on pages and over the API."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from orgs.units.models import OrgUnit
from registry.child.models import ChildFile, FileState
from registry.twins.services import Twin, Twins


@dataclass(frozen=True)
class PairLine:
    """One thing that both say, or one of them; ``differ``: not the same."""

    label: str
    mine: str
    theirs: str

    @property
    def differ(self) -> bool:
        return self.mine != self.theirs


def lines_of(mine: ChildFile, theirs: ChildFile) -> list[PairLine]:
    """The two side by side. Of the numbers only whether there is one."""
    return [PairLine(label, *pair) for label, *pair in zip(_labels(), _values(mine), _values(theirs), strict=True)]


def _labels() -> list[str]:
    return [
        _("姓名"), _("性别"), _("出生日期"), _("身份证号"), _("住在"), _("照看人"), _("状态"), _("档案号"),
    ]  # fmt: skip


def _values(file: ChildFile) -> list[str]:
    number = _("有") if file.id_index else str(file.get_no_id_reason_display() or _("没有"))
    return [
        file.name,
        str(file.get_sex_display()),
        date_format(file.birth_date, "DATE_FORMAT"),
        number,
        f"{file.village.path_label}{file.address and f' {file.address}'}",
        file.guardian_name,
        str(file.get_state_display()),
        file.file_number,
    ]


def elsewhere_words(county: OrgUnit, city: int | None) -> str:
    """What is told of a file that the reader may not open: that there is one, and whom to ask; no name, no date, no
    place below the county (docs/security.md)."""
    words = {"centre": county.centre_name, "county": county.name}
    if county.city_id != city:
        return _("%(county)s已有一份相似的档案，请向%(centre)s工作人员核实。") % words
    return _("市内已有一份相似的档案（%(county)s），请向%(centre)s工作人员核实。") % words


def elsewhere_lines(twins: Twins, near: OrgUnit | ChildFile) -> list[str]:
    """A line for each county in which there is such a file; ``near``: where the child is registered."""
    lines = []
    for county in twins.elsewhere:
        if county.pk == near.county_id:
            text = _("县内已有一份相似的档案，请向%(centre)s工作人员核实。")
            lines.append(text % {"centre": county.centre_name})
        else:
            lines.append(elsewhere_words(county, near.city_id))
    return lines


@dataclass(frozen=True)
class ShownTwin:
    """A twin with what its card shows. ``lines`` are blank where there is no file yet to put beside it."""

    twin: Twin
    lines: list[PairLine]
    problem: str = ""
    typed: str = ""
    may_take_back: bool = False

    @property
    def may_be_merged(self) -> bool:
        """Whether the other file is one that the merge room takes."""
        return self.twin.file.state in (FileState.APPROVED, FileState.CLOSED)


def shown(file: ChildFile, twins: list[Twin]) -> list[ShownTwin]:
    return [ShownTwin(twin, lines_of(file, twin.file)) for twin in twins]
