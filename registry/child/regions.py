"""Names of the six-digit regions at the head of ID numbers, current and abolished (data/id_regions.csv.gz, whose
sources stand in data/README.md). A code that is not among them is a reason to look again, never a refusal."""

import csv
import gzip
from functools import cache

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

TABLE = settings.ROOT / "data" / "id_regions.csv.gz"
DEMO_HEAD = "410199"  # of the demo's and the tests' people; never issued to anybody
PERMITS = {
    "810000": gettext_lazy("香港居民居住证"),
    "820000": gettext_lazy("澳门居民居住证"),
    "830000": gettext_lazy("台湾居民居住证"),
}


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


def doubt_about(number: str) -> str:
    """What is doubtful about the six digits at the head of an ID number, for who wrote it and who reviews it; "" where
    nothing is. Heads of the regions' own level of provinces are given to nobody, but for the permits of residents of
    Hong Kong, Macau and Taiwan."""
    head = number[:6]
    if len(number) != 18 or head == DEMO_HEAD or head in PERMITS:
        return ""
    if head not in _table():
        text = _("身份证号前六位“%(head)s”不在行政区划代码表里（现行和已撤销的都没有）。请对照证件再核一遍。")
        return text % {"head": head}
    if _table()[head][2] == "province":
        words = {"head": head, "name": _table()[head][1]}
        return _("身份证号前六位“%(head)s”是%(name)s的省级代码，没有这样的号码。请对照证件再核一遍。") % words
    return ""


@cache
def counties_of(province_head: str) -> list[tuple[str, str]]:
    """(code, name) of every county of a province (its first two digits) that the list knows."""
    return [(code, region_name(code)) for code in sorted(_table()) if code[:2] == province_head and is_county(code)]
