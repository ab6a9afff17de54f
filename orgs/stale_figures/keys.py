"""The keys of the periods that figures speak of: ``"2026-10"``, ``"2026Q4"``, ``"2026"``."""

import calendar
import datetime
import re

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    MONTH = "month", _("月")
    QUARTER = "quarter", _("季度")
    YEAR = "year", _("年")


MONTHS = {Kind.MONTH: 1, Kind.QUARTER: 3, Kind.YEAR: 12}
FORMS = {
    Kind.MONTH: re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])"),
    Kind.QUARTER: re.compile(r"(20[0-9]{2})Q([1-4])"),
    Kind.YEAR: re.compile(r"(20[0-9]{2})()"),
}


def key_of(kind: Kind, day: datetime.date) -> str:
    """The period of ``kind`` that ``day`` lies in."""
    if kind == Kind.YEAR:
        return f"{day.year}"
    return f"{day.year}Q{(day.month + 2) // 3}" if kind == Kind.QUARTER else f"{day:%Y-%m}"


def keys_of(day: datetime.date) -> list[str]:
    """Its month, quarter and year."""
    return [key_of(kind, day) for kind in Kind]


def keys_since(day: datetime.date, today: datetime.date) -> set[str]:
    """All periods that had not ended before ``day``, until those of ``today``."""
    found = set(keys_of(today))
    while day <= today:
        found.update(keys_of(day))
        day = day.replace(day=1) + datetime.timedelta(days=31)
    return found


def days_of(key: str) -> tuple[Kind, datetime.date, datetime.date]:
    """(kind, first day, last day); ValueError for what is no key."""
    for kind, form in FORMS.items():
        if found := form.fullmatch(key):
            year, number = int(found[1]), int(found[2] or 1)
            month = (number - 1) * MONTHS[kind] + 1
            last = month + MONTHS[kind] - 1
            days = calendar.monthrange(year, last)[1]
            return kind, datetime.date(year, month, 1), datetime.date(year, last, days)
    raise ValueError(key)
