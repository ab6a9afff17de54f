"""How a table names the unit it is about."""

import re

UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


def full_name(unit) -> str:
    """As a title says it: 郑州市荥阳市, 荥阳市高村乡; the city is named only for itself and its counties."""
    chain = [each for each in unit.chain() if each.level > 1 or unit.level <= 2]
    return "".join(each.short_name for each in chain)


def file_name(subject: str, day) -> str:
    """荥阳市高村乡留守儿童花名册20261125.xlsx; without what file systems refuse."""
    return f"{UNSAFE.sub('', subject)[:100]}{day:%Y%m%d}.xlsx"
