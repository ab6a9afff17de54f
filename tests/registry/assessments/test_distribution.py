"""How children are distributed over the levels, unit by unit: 未评估 apart, and who is due again."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from registry.assessments.distribution import distribution_of
from registry.assessments.models import AssessmentDue
from registry.assessments.services.dues import plan_next
from registry.child.models import ChildFile
from tests.builders import (
    a_city,
    a_county,
    a_post,
    a_township,
    a_village,
    an_alert,
    an_approved_file,
    an_instrument,
    sign_in,
)
from tests.registry.instruments.world import an_assessment
from visits.alerts.models import Alert

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def today():
    return timezone.localdate()


@pytest.fixture
def city():
    return a_city()


@pytest.fixture
def villages(city):
    return [a_village(a_township(a_county(city))) for _ in range(2)]


def of_level(village, level):
    file = an_approved_file(village, name="欧阳小满")
    ChildFile.objects.filter(pk=file.pk).update(risk=level)
    return file


def assessed(file, instrument, **given):
    made = an_assessment(file, instrument, **given)
    plan_next(ChildFile.objects.get(pk=file.pk))
    return made


def test_who_was_not_assessed_is_a_value_of_its_own(city, villages):
    instrument = an_instrument(city)
    for level in ("high", "general"):
        an_assessment(of_level(villages[0], level), instrument, level=level)
    of_level(villages[1], "high")  # a first estimate is no assessment
    whole, rows = distribution_of(city, on=today())
    assert whole.levels == {"high": 1, "general": 1, "unknown": 1}
    assert {row.unit.pk: (row.children, row.assessed) for row in rows} == {
        villages[0].county_id: (2, 2), villages[1].county_id: (1, 0),
    }  # fmt: skip


def test_due_and_overdue_are_of_the_newest_assessment(city, villages):
    instrument = an_instrument(city)
    late, soon, new = (of_level(villages[0], "high") for _ in range(3))
    assessed(late, instrument, next_on=today() - DAY)
    assessed(soon, instrument, next_on=today())
    assessed(new, instrument, assessed_on=today() - 90 * DAY, next_on=today() - DAY)
    newest = assessed(new, instrument, next_on=today() + 90 * DAY)
    assessed(new, instrument, next_on=today() - DAY, state="returned")
    assessed(new, instrument, next_on=today() - DAY, second_of=newest)
    for unit in (city, villages[0].county, villages[0].township, villages[0]):
        whole, _rows = distribution_of(unit, on=today())
        assert (whole.due, whole.overdue) == (1, 1)


def test_who_is_to_be_assessed_after_an_urgent_report_is_overdue_here_as_on_the_list(city, villages):
    file = of_level(villages[0], "high")
    assessed(file, an_instrument(city), next_on=today() + 90 * DAY)
    alert = an_alert(file=file)
    Alert.objects.filter(pk=alert.pk).update(state="closed", outcome="with_guardian", closed_at=timezone.now())
    plan_next(ChildFile.objects.get(pk=file.pk))
    on = today() + 20 * DAY
    whole, _rows = distribution_of(city, on=on)
    assert (whole.due, whole.overdue) == (0, 1) and AssessmentDue.objects.unsent().overdue(on).count() == 1


def test_who_was_assessed_again_and_waits_for_the_station_is_asked_of_nobody(city, villages):
    instrument = an_instrument(city)
    file = of_level(villages[0], "high")
    assessed(file, instrument, assessed_on=today() - 40 * DAY, next_on=today() - DAY)
    assessed(file, instrument, state="submitted")
    whole, _rows = distribution_of(city, on=today())
    assert (whole.due, whole.overdue) == (0, 0)


@pytest.mark.parametrize(("days", "counted"), [(-1, (0, 1)), (0, (1, 0)), (29, (1, 0)), (30, (0, 0))])
def test_it_is_due_from_thirty_days_before_and_overdue_from_the_day_after(city, villages, days, counted):
    assessed(of_level(villages[0], "high"), an_instrument(city), next_on=today() + days * DAY)
    whole, _rows = distribution_of(city, on=today())
    assert (whole.due, whole.overdue) == counted


def test_it_costs_the_same_whatever_lies_below(city, villages, django_assert_num_queries):
    with django_assert_num_queries(3):
        distribution_of(city, on=today())
    for _ in range(3):
        of_level(a_village(a_township(a_county(city))), "watch")
    with django_assert_num_queries(3):
        distribution_of(city, on=today())


@pytest.mark.parametrize("tier", ["city", "county", "township", "village"])
def test_each_tier_reads_its_own_without_a_name(client, villages, tier):
    of_level(villages[0], "high")
    sign_in(client, a_post(getattr(villages[0], tier)))
    page = client.get(reverse("assessment-distribution"))
    assert page.status_code == 200
    assert "欧阳小满" not in page.content.decode()


def test_one_opens_what_lies_below_and_nothing_else(client, villages):
    sign_in(client, a_post(villages[0].county))
    here, there = (
        reverse("assessment-distribution-unit", args=[unit.uid]) for unit in (villages[0].township, villages[1].county)
    )
    assert client.get(here).status_code == 200
    assert client.get(there).status_code == 404
