"""The cells of a sheet, as the page shows them."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from orgs.units.models import Level
from reports.indicators.cross_checks import CHECKS
from reports.indicators.indicator import Indicator, Numbers
from reports.indicators.templates import LedgerTemplate, Scale, shown
from reports.submissions.models import Submission
from reports.submissions.month import MonthPage
from reports.submissions.month_rows import Relation, Row
from reports.submissions.sheets import TWICE


@dataclass
class Cell:
    """``url``: the list of the children behind the number; ``remark``: what the tier above wrote about it."""

    indicator: Indicator
    number: Any
    url: str = ""
    bad: bool = False
    remark: str = ""


@dataclass
class SheetRow:
    """``row``: None for the sum. ``cells`` is empty where the unit sent nothing that counts."""

    row: Row | None
    cells: list[Cell] = field(default_factory=list)


def sheet_rows(page: MonthPage, template: LedgerTemplate, post, scale: Scale = Scale.ONES) -> list[SheetRow]:
    """A row for each unit below, then the sum; for a village its own alone."""
    lists = post.may("view_child", page.submission) or post.may("list_masked", page.submission)
    rows = []
    for row in page.rows:
        cells = []
        if row.numbers is not None:
            address = _address(row.submission, row.numbers) if lists else ""
            cells = _cells(template, row.numbers, row.bad, address, {}, scale)
        rows.append(SheetRow(row, cells))
    bad = {key for relation in page.relations() if relation.gap for key in relation.check.columns}
    remarks = _last_remarks(page)
    own = page.numbers if page.sheet is None else None
    address = _address(page.submission, own) if lists else ""
    rows.append(SheetRow(None, _cells(template, page.numbers, bad, address, remarks, scale)))
    return rows


def own_relations(page: MonthPage, template: LedgerTemplate) -> list[Relation]:
    """The relations that the printed form of ``template`` names itself: they ask nobody for an explanation."""
    found = []
    for check in template.own_checks:
        gaps = [(row, check.difference(row.numbers)) for row in page.rows if row.numbers is not None]
        rows = [(row, gap) for row, gap in gaps if gap]
        found.append(Relation(check, check.difference(page.numbers), check.sides(page.numbers), rows))
    return found


def _cells(
    template: LedgerTemplate, numbers: Numbers, bad: set[str], address: str, remarks: dict, scale: Scale
) -> list[Cell]:
    cells = []
    for indicator in template.indicators:
        number = numbers[indicator.key]
        url = address.replace("KEY", indicator.key) if number and address else ""
        cells.append(Cell(indicator, shown(number, scale), url, indicator.key in bad, remarks.get(indicator.key, "")))
    return cells


def _address(submission: Submission, numbers: Numbers | None) -> str:
    """Of the list behind a number, with KEY in place of the indicator: what was signed opens what was counted then, by
    the hash of the sheet that says ``numbers``; None where nothing was sent yet, and what is known now is listed."""
    address = f"/figures/{submission.unit.uid}/KEY/?period={submission.period.key}"
    if numbers is None:
        return address
    if submission.unit.level == Level.CITY:  # it would open the rosters of all its villages
        return ""
    sent = (each for each in (submission.approved, submission.current) if each and each.numbers == numbers)
    snapshot = next(sent, None)
    return f"{address}&as=official&sheet={snapshot.hash}" if snapshot else ""


def _last_remarks(page: MonthPage) -> dict[str, str]:
    """What was said when it was returned, while it has not been sent again."""
    if page.submission.state != "returned":
        return {}
    event = page.submission.events.filter(action="return").order_by("at", "id").last()
    remarks: dict[str, str] = event.remarks if event else {}
    return remarks


def explained_in(told: dict) -> list[tuple[str, str]]:
    """(the relation, why it does not hold) of a sheet's content."""
    words = {check.key: str(check.words) for check in CHECKS} | {TWICE: _("有孩子在两个村（居）的表里都有")}
    return [(words.get(key, key), text) for key, text in told["explanations"].items()]
