"""Which days a file can speak of, and how a day reads on a page and on paper."""

import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

YEARS = range(1900, 2200)  # any other is a slip, and at the ends of the calendar sums of days and zones overflow


def is_of_our_time(value: datetime.date | datetime.datetime) -> bool:
    """Whether a day or a moment that somebody gave can be meant; one that can is a day in every zone."""
    return value.year in YEARS


def within_our_time(day: datetime.date) -> datetime.date:
    """``day``, or the first or last one that can be meant: for a bound of a list."""
    return min(max(day, datetime.date(YEARS[0], 1, 1)), datetime.date(YEARS[-1], 12, 31))


def midnight(day: datetime.date) -> datetime.datetime:
    """The moment at which ``day`` begins here."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


def chinese_date(day: datetime.date) -> str:
    """As official papers write it, whatever the language of the screen."""
    return f"{day.year}年{day.month}月{day.day}日"


def short_day(value: datetime.date | datetime.datetime) -> str:
    """11月19日 of this year, 2024年11月19日 of any other: a day without its year is read as one of this year.

    Of an aware moment its day here.
    """
    if isinstance(value, datetime.datetime):
        value = timezone.localdate(value) if timezone.is_aware(value) else value.date()
    return date_format(value, "MONTH_DAY_FORMAT" if value.year == timezone.localdate().year else "DATE_FORMAT")


def days_left(due_on: datetime.date, today: datetime.date | None = None) -> tuple[str, str]:
    """How far a last day is, in calendar days, and its tone: 还剩 10 天, 今天到期 (warm, as the two days before it),
    逾期 4 天 (danger)."""
    days = (due_on - (today or timezone.localdate())).days
    if days < 0:
        return ngettext("逾期 %(n)s 天", "逾期 %(n)s 天", -days) % {"n": -days}, "danger"
    if days == 0:
        return _("今天到期"), "warm"
    return ngettext("还剩 %(n)s 天", "还剩 %(n)s 天", days) % {"n": days}, "warm" if days <= 2 else ""
