"""Ages, with one rule for 29 February everywhere."""

import datetime

from hypothesis import given
from hypothesis import strategies as st

from registry.child.ages import age_on, birthday, born_after

DATES = st.dates(datetime.date(2000, 1, 1), datetime.date(2027, 12, 31))


def test_a_child_of_29_february_turns_on_1_march():
    born = datetime.date(2008, 2, 29)
    assert age_on(born, datetime.date(2026, 2, 28)) == 17
    assert age_on(born, datetime.date(2026, 3, 1)) == 18
    assert birthday(born, 16) == datetime.date(2024, 2, 29)


@given(DATES, DATES, st.integers(0, 20))
def test_the_database_bound_says_the_same_as_the_age(born, day, limit):
    if born <= day:
        assert (age_on(born, day) < limit) == (born > born_after(day, limit))
