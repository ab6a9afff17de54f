"""Somebody gets a post and leaves it."""

import datetime

import pytest
from django.utils import timezone

from childwelfare.workflow.refusals import Refused
from orgs.posts.models import Appointment
from orgs.posts.services import appoint, end_appointment
from tests.builders import a_person, a_village

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def test_nobody_is_appointed_to_a_unit_that_is_closed(village):
    village.valid_to = timezone.localdate()
    village.save()
    with pytest.raises(Refused, match="已停用"):
        appoint(a_person(), village, "village_director")
    assert not Appointment.objects.exists()


def test_a_post_that_has_not_begun_ends_on_its_first_day_and_never_before_it(village):
    first = timezone.localdate() + 10 * DAY
    post = appoint(a_person(), village, "village_director", since=first)
    end_appointment(post)
    post.refresh_from_db()
    assert (post.valid_from, post.valid_to) == (first, first)


def test_who_holds_a_post_is_not_appointed_to_it_again_and_may_take_another(village):
    person = a_person()
    appoint(person, village, "village_director")
    with pytest.raises(Refused, match="已在这个岗位上"):
        appoint(person, village, "village_director")
    appoint(person, a_village(), "village_director")
    assert person.appointments.current().count() == 2
