"""Whether who looks after the child can is asked at the door; the station opens a visit by itself where not."""

import pytest
from django.utils import timezone

from tests.builders import a_visit, an_approved_file, sign_in
from tests.visits.visit.test_log_visit import form_of
from visits.visit.models import Visit
from visits.visit.questions import needed_answers

pytestmark = pytest.mark.django_db


@pytest.fixture
def child(post):
    return an_approved_file(post.unit, by=post)


@pytest.mark.parametrize(
    ("ability", "flags"),
    [("", []), ("able", []), ("struggles", []), ("unable", ["carer_unfit"]), ("negligent", ["carer_unfit"])],
)
def test_who_cannot_or_does_not_care_is_flagged(child, post, ability, flags):
    assert a_visit(child, by=post, carer_ability=ability).flags == flags


def test_the_form_asks_it_of_who_cares_and_the_page_shows_it(client, child, post):
    sign_in(client, post)
    address = f"/children/{child.pk}/visit/"
    form = client.get(address).text
    assert 'data-field="carer_ability" data-show-when="carer=same|parent|other"' in form
    client.post(address, form_of(carer_ability="negligent"))
    visit = Visit.objects.get()
    page = client.get(f"/visits/{visit.pk}/").text
    assert "照看能力" in page and "不尽责" in page and "照看人照看不了或不尽责" in page


def test_nobody_must_answer_it_yet(client, child, post):
    """Phones hold visits that were made before it was asked."""
    sign_in(client, post)
    said = {"child": str(child.pk), "visited_on": timezone.localdate().isoformat()} | needed_answers()
    made = client.post("/api/v1/visits/", said, content_type="application/json")
    assert made.status_code == 201 and made.json()["carer_ability"] == ""
