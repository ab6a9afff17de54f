"""Ages in whole years. A child born on 29 February has its birthday on 1 March in common years: the later day,
so that nothing a child is entitled to ends a day early."""

import datetime


def birthday(birth_date: datetime.date, years: int) -> datetime.date:
    """The day on which someone turns ``years``."""
    try:
        return birth_date.replace(year=birth_date.year + years)
    except ValueError:
        return datetime.date(birth_date.year + years, 3, 1)


def age_on(birth_date: datetime.date, day: datetime.date) -> int:
    """Whole years of age on ``day``; negative before birth."""
    years = day.year - birth_date.year
    return years if birthday(birth_date, years) <= day else years - 1


def born_after(day: datetime.date, age: int) -> datetime.date:
    """Someone is younger than ``age`` on ``day`` exactly if born after the returned date."""
    try:
        return day.replace(year=day.year - age)
    except ValueError:  # 29 February to a common year
        return datetime.date(day.year - age, 2, 28)
