"""Who may send a visit that was made before the child left: who worked there on that day."""

import datetime

import pytest
from django.utils import timezone

from childwelfare.workflow.refusals import Refused
from registry.stays.models import Stay
from tests.builders import a_post, a_stay, a_unit, a_visit, an_approved_file

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def test_of_a_stay_that_is_over_a_director_sends_no_visit_from_before_her_own_post(village):
    today, host = timezone.localdate(), a_unit(village.township)
    file = an_approved_file(village, on=today - 60 * DAY)
    a_stay(file, host, days=20)
    Stay.objects.update(ended_on=today - 3 * DAY, ended_by="home")
    late = {"visited_on": today - 10 * DAY, "late_reason": "没有信号"}
    with pytest.raises(Refused, match="临时居住已于"):
        a_visit(file, by=a_post(host, since=today - 9 * DAY), **late)
    assert a_visit(file, by=a_post(host, since=today - 10 * DAY), **late).due.village == host
