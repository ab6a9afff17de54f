"""Months as pages ask for them: ``2026-11``."""

import datetime

from django.utils import timezone

from childwelfare.text.days import within_our_time

OFFERED = 12


def read_month(text: str) -> datetime.date:
    """The first day of 2026-11; of this month where it can't be read or has not begun."""
    now = timezone.localdate().replace(day=1)
    try:
        asked = datetime.date.fromisoformat(f"{text}-01")
    except ValueError:
        return now
    return min(now, within_our_time(asked))


def after(first: datetime.date) -> datetime.date:
    """The first day of the next month."""
    return (first + datetime.timedelta(days=31)).replace(day=1)


def lately() -> list[datetime.date]:
    """This month and those before it, newest first."""
    months = [timezone.localdate().replace(day=1)]
    while len(months) < OFFERED:
        months.append((months[-1] - datetime.timedelta(days=1)).replace(day=1))
    return months
