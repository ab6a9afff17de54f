"""A child in difficulty is taken in again with the type that it had: page and refusal say which that was."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from registry.categories.services import open_membership
from registry.child.models import ChildFile
from registry.closing.services import close_file, reopen_file
from tests.builders import an_approved_file, sign_in

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
WAS = "结案前是“家庭贫困”"


@pytest.fixture
def closed(village, clerk):
    """It was left behind, and in difficulty because its family is poor."""
    today = timezone.localdate()
    file = an_approved_file(village, on=today - 60 * DAY)
    open_membership(file, "difficulty", since=today - 20 * DAY, by=clerk, difficulty="poverty", grounds="入户核实")
    file.refresh_from_db()
    return close_file(file, by=clerk, seen_version=file.version, reason="moved", on=today)


def test_the_form_offers_the_type_of_before_chosen_and_says_it(client, closed, clerk):
    page = sign_in(client, clerk).get(f"/children/{closed.pk}/reopen/")
    form = page.context["form"]
    assert [value for value, _label in form.fields["difficulty"].choices] == [form["difficulty"].value()] == ["poverty"]
    assert WAS in page.text and 'value="guardianship"' not in page.text


def test_sent_as_it_is_offered_the_child_has_its_type_again(client, closed, clerk):
    sent = {"reason": "回来了", "categories": ["left_behind", "difficulty"], "difficulty": "poverty"}
    where = f"/children/{closed.pk}/reopen/"
    assert sign_in(client, clerk).post(where, sent | {"version": closed.version}).status_code == 302
    held = ChildFile.objects.get().memberships.filter(until=None).values_list("category", "difficulty")
    assert dict(held) == {"left_behind": "", "difficulty": "poverty"}


def test_another_type_is_refused_at_its_own_field_by_the_type_of_before(client, closed, clerk):
    given = {"by": clerk, "seen_version": closed.version, "reason": "回来了"}
    with pytest.raises(ValidationError) as caught:
        reopen_file(closed, categories={"difficulty": {"difficulty": "guardianship"}}, **given)
    assert set(caught.value.message_dict) == {"difficulty"} and WAS in str(caught.value)
    sign_in(client, clerk)
    where, sent = f"/children/{closed.pk}/reopen/", {"reason": "回来了", "version": closed.version}
    page = client.post(where, sent | {"categories": ["difficulty"], "difficulty": "guardianship"})
    assert page.status_code == 422 and set(page.context["form"].errors) == {"difficulty"}
    assert WAS in page.context["form"].errors["difficulty"][0]
    body = sent | {"categories": [{"category": "difficulty", "difficulty": "guardianship"}]}
    answer = client.post(f"/api/v1{where}", body, content_type="application/json")
    assert set(answer.json()) == {"difficulty"} and WAS in answer.json()["difficulty"][0]


def test_difficulty_of_no_known_type_is_a_change_for_another_to_decide(client, closed, clerk):
    closed.memberships.filter(category="difficulty").update(difficulty="")
    page = sign_in(client, clerk).get(f"/children/{closed.pk}/reopen/").text
    assert 'value="left_behind"' in page and 'value="difficulty"' not in page and 'name="difficulty"' not in page
    body = {"reason": "回来了", "version": closed.version}
    body["categories"] = [{"category": "difficulty", "difficulty": "poverty"}]
    answer = client.post(f"/api/v1/children/{closed.pk}/reopen/", body, content_type="application/json")
    assert "结案前没有这个类别" in str(answer.json()["categories"])
