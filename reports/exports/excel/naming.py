"""How a table names the unit it is about."""

import re

from registry.child.codes import Category
from reports.indicators.templates import SUMMARY

SUBJECTS: dict[str, str] = {
    Category.ORPHAN: "孤儿",
    Category.DE_FACTO: "事实无人抚养儿童",
    Category.DIFFICULTY: "困境儿童",
    Category.LEFT_BEHIND: "留守儿童",
    Category.MIGRANT: "流动儿童",
}
NOT_IN_SHEETS = re.compile(r"[\\/*?:\[\]']")
UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


def full_name(unit) -> str:
    """As a title says it: 郑州市荥阳市, 荥阳市高村乡; the city is named only for itself and its counties."""
    chain = [each for each in unit.chain() if each.level > 1 or unit.level <= 2]
    return "".join(each.short_name for each in chain)


def file_name(subject: str, day, suffix: str = ".xlsx") -> str:
    """荥阳市高村乡留守儿童花名册20261125.xlsx; without what file systems refuse."""
    return f"{UNSAFE.sub('', subject)[:100]}{day:%Y%m%d}{suffix}"


def sheet_name(about: str, taken: set[str]) -> str:
    """Of a sheet in a workbook: without what spreadsheets refuse, told from those ``taken``, which it joins."""
    base = NOT_IN_SHEETS.sub("", about)[:25] or "表"
    name, number = base, 1
    while name in taken:
        number += 1
        name = f"{base}（{number}）"
    taken.add(name)
    return name


def roster_title(unit, category: str) -> str:
    """荥阳市高村乡留守儿童花名册."""
    return f"{full_name(unit)}{SUBJECTS.get(category, '困境儿童、留守儿童')}花名册"


def summary_title(unit, template=SUMMARY) -> str:
    return f"{full_name(unit)}{template.title}"
