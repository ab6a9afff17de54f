"""The day on which the next visit is agreed: it can be meant, wherever it is written."""

import datetime

import pytest
from django.utils import timezone

from tests.builders import a_post, a_village, an_approved_file, answers, sign_in
from tests.visits.visit.test_log_visit import form_of
from visits.visit.models import Visit
from visits.visit.questions import AGREED_WITHIN_DAYS

pytestmark = pytest.mark.django_db


def in_days(days: int | str) -> str:
    """That many days from today; a day itself stays one."""
    if isinstance(days, str):
        return days
    return (timezone.localdate() + datetime.timedelta(days=days)).isoformat()


each_too_far = pytest.mark.parametrize("day", ["9999-12-31", "2199-12-31", AGREED_WITHIN_DAYS + 1, 3650])


@pytest.fixture
def post():
    return a_post(a_village())


@pytest.fixture
def child(post):
    return an_approved_file(post.unit, by=post)


@each_too_far
def test_the_api_refuses_a_day_too_far_off_at_its_field(client, child, post, day):
    sign_in(client, post)
    visit = answers() | {"child": str(child.pk), "visited_on": in_days(0), "next_on": in_days(day)}
    answer = client.post("/api/v1/visits/", visit, content_type="application/json")
    assert answer.status_code == 400 and list(answer.json()) == ["next_on"], answer.text
    answer = client.post("/api/v1/visits/", visit | {"next_on": in_days(AGREED_WITHIN_DAYS)}, "application/json")
    assert answer.status_code == 201, answer.text


@each_too_far
def test_the_page_refuses_it_at_its_field_and_its_calendar_does_not_offer_it(client, child, post, day):
    sign_in(client, post)
    where = f"/children/{child.pk}/visit/"
    assert f'max="{in_days(AGREED_WITHIN_DAYS)}"' in client.get(where).text
    page = client.post(where, form_of(visited_on=in_days(0)) | {"next_on": in_days(day)})
    assert page.status_code == 422 and list(page.context["form"].errors) == ["next_on"]
    assert not Visit.objects.exists()
