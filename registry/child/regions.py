"""Names of the six-digit regions at the head of ID numbers, current and abolished (data/id_regions.csv.gz, whose
sources stand in data/README.md). A code that is not among them is a reason to look again, never a refusal."""

import csv
import gzip
from functools import cache

from django.conf import settings
from django.utils.translation import gettext_lazy as _

TABLE = settings.ROOT / "data" / "id_regions.csv.gz"
PERMITS = {"810000": _("香港居民居住证"), "820000": _("澳门居民居住证"), "830000": _("台湾居民居住证")}


@cache
def _table() -> dict[str, tuple[str, str, str]]:
    """{code: (province, name, level)}."""
    with gzip.open(TABLE, "rt", encoding="utf-8", newline="") as rows:
        return {row["code"]: (row["province"], row["name"], row["level"]) for row in csv.DictReader(rows)}


def is_county(code: str) -> bool:
    """Whether ``code`` names a county, now or once."""
    return _table().get(code, ("", "", ""))[2] == "county"


def region_name(code: str) -> str:
    """河南省郑州市荥阳市; "" for a code that nobody gave."""
    if code in PERMITS:
        return str(PERMITS[code])
    if code not in _table():
        return ""
    parts = [_table().get(f"{code[:2]}0000"), _table().get(f"{code[:4]}00"), _table()[code]]
    names = [part[1] for part in parts if part]
    return "".join(dict.fromkeys(names))


@cache
def counties_of(province_head: str) -> list[tuple[str, str]]:
    """(code, name) of every county of a province (its first two digits) that the list knows."""
    return [(code, region_name(code)) for code in sorted(_table()) if code[:2] == province_head and is_county(code)]
