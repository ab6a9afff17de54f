"""Who sent an assessment reads who confirms it and who after that; she is told of each confirmation once, and truly."""

import pytest
from django.urls import reverse

from orgs.inbox.models import Message
from registry.assessments.models import Assessment
from registry.assessments.waiting import sent_in_words, waits_for
from registry.assessments.workflow import ASSESSMENT
from tests.builders import HIGH, a_post, a_small_instrument, a_village, an_approved_file, an_assessment, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def file():
    file = an_approved_file(a_village(), name="张子涵", risk="unknown")
    a_small_instrument(file.city)
    return file


@pytest.fixture
def director(file):
    return a_post(file.village)


def move(action, assessment, by):
    ASSESSMENT.apply(action, assessment, by=by, seen_version=assessment.version)


def titles(client, post) -> str:
    sign_in(client, post)
    return client.get("/inbox/").content.decode()


def test_of_a_high_level_station_and_county_are_named(file, director):
    station, county = file.township.centre_name, file.county.short_name
    high = an_assessment(file, by=director, answers=HIGH)
    assert waits_for(high) == f"等{station}确认，高等级的确认后还要{county}确认"
    assert sent_in_words(high).startswith("张子涵的评估已送出，等")
    move("confirm", high, a_post(file.township))
    assert waits_for(high) == f"工作站已确认，还要{county}确认"
    move("sign", high, a_post(file.county))
    assert waits_for(high) == ""


def test_of_a_low_level_the_station_alone(file, director):
    low = an_assessment(file, by=director, answers={"hazards": ["water"]})
    assert waits_for(low) == f"等{file.township.centre_name}确认"


def test_what_the_station_wrote_somebody_else_confirms(file):
    own = an_assessment(file, by=a_post(file.township), answers=HIGH)
    assert waits_for(own) == f"等{file.township.centre_name}的另一位工作人员，或{file.county.short_name}确认"


def test_the_page_says_it_and_the_api(client, file, director):
    high = an_assessment(file, by=director, answers=HIGH)
    sign_in(client, director)
    assert waits_for(high) in client.get(reverse("assessment-detail", args=[high.pk])).content.decode()
    body = {"child": str(file.pk), "occasion": "regular", "assessed_on": str(high.assessed_on),
            "screen": {"harm": "no", "alone": "no"},
            "answers": {"duty": "good", "conflict": "no", "hazards": [], "mood": "good"}}  # fmt: skip
    answer = client.post("/api/v1/assessments/", body, content_type="application/json").json()
    assert answer["message"] == sent_in_words(Assessment.objects.get(pk=answer["id"]))


def test_each_confirmation_is_told_once_and_says_whether_the_county_still_signs(client, file, director):
    high = an_assessment(file, by=director, answers=HIGH)
    move("confirm", high, a_post(file.township))
    assert "张子涵的评估工作站已确认，还要县级确认" in titles(client, director)
    move("sign", high, a_post(file.county))
    told = Message.objects.filter(recipient=director, kind__startswith="assessment_c")
    assert sorted(told.values_list("kind", flat=True)) == ["assessment_checked", "assessment_confirmed"]
    assert "张子涵的评估已确认" in titles(client, director)


def test_where_nobody_signs_it_is_confirmed_at_once(file, director):
    move("confirm", an_assessment(file, by=director), a_post(file.township))
    told = Message.objects.filter(recipient=director, kind__startswith="assessment_c")
    assert list(told.values_list("kind", flat=True)) == ["assessment_confirmed"]


def test_the_clerk_who_confirms_reads_that_the_county_still_signs(client, file, director):
    high = an_assessment(file, by=director, answers=HIGH)
    sign_in(client, a_post(file.township))
    link = reverse("review-decide", args=["assessment", high.pk, "confirm"])
    said = client.post(link, {"version": high.version}, follow=True).content.decode()
    assert f"还要{file.county.short_name}确认。" in said
