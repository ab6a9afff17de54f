"""The city writes down by which day each tier reports."""

import pytest

from orgs.audit.models import Audit
from reports.periods.deadlines import DEFAULT_DAYS
from reports.periods.models import DeadlineRule
from reports.periods.services import set_days
from tests.builders import a_city, a_post, fresh
from tests.threads import done_or_told


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_who_write_the_first_days_at_once_one_is_told():
    city = a_city()
    officers = [a_post(city), a_post(city)]
    answers = done_or_told(
        *[lambda by=by: set_days(city, DEFAULT_DAYS, by=fresh(by), seen_version=0) for by in officers]
    )
    assert sorted(answers) == ["done", "told"]
    assert DeadlineRule.objects.get().version == 1
    assert Audit.objects.filter(action="set_deadlines").count() == 1
