"""How a day reads on a page and on paper."""

import datetime

from django.utils import timezone
from django.utils.formats import date_format


def short_day(value: datetime.date | datetime.datetime) -> str:
    """11月19日 of this year, 2024年11月19日 of any other: a day without its year is read as one of this year.

    Of an aware moment its day here.
    """
    if isinstance(value, datetime.datetime):
        value = timezone.localdate(value) if timezone.is_aware(value) else value.date()
    return date_format(value, "MONTH_DAY_FORMAT" if value.year == timezone.localdate().year else "DATE_FORMAT")
