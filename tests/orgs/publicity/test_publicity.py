"""Publicity activities of a village or a station: rules, page, API."""

import datetime
import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from orgs.publicity.models import Publicity
from orgs.publicity.services import MOST_PEOPLE, log_publicity
from tests.builders import a_post, a_unit, a_village, an_upload, sign_in

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def today():
    return timezone.localdate()


def activity(**given):
    return {"held_on": today(), "where": "村部", "topic": "防溺水", "audience": ["children"], "people": 30} | given


def test_an_activity_of_ones_own_unit(village, director):
    pk = uuid.uuid4()
    for _ in range(2):
        log_publicity(by=director, pk=pk, answers=activity())
    log_publicity(by=a_post(village.township), answers=activity(topic="政策宣讲"))
    seen = {unit: Publicity.objects.visible_to(a_post(unit), "view_publicity").count()
            for unit in (village, village.township, village.county, village.city, a_unit(village.county))}  # fmt: skip
    assert list(seen.values()) == [1, 2, 2, 2, 0]
    with pytest.raises(PermissionDenied):
        log_publicity(by=a_post(village.county), answers=activity())


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("held_on", {"held_on": None}),
        ("held_on", {"held_on": timezone.localdate() + 2 * DAY}),
        ("where", {"where": " "}),
        ("where", {"where": "长" * 101}),
        ("topic", {"topic": ""}),
        ("audience", {"audience": ["everybody"]}),
        ("people", {"people": None}),
        ("people", {"people": 0}),
        ("people", {"people": MOST_PEOPLE + 1}),
        ("note", {"note": "长" * 501}),
    ],
)
def test_an_activity_says_what_is_wrong(director, field, given):
    with pytest.raises(ValidationError) as refused:
        log_publicity(by=director, answers=activity(**given))
    assert list(refused.value.message_dict) == [field] and not Publicity.objects.exists()
    if field == "people":
        assert refused.value.message_dict[field] == [f"请填写人数（1 至 {MOST_PEOPLE}）。"]


def test_the_page_keeps_a_photo_for_those_who_may_see_it(client, director):
    sign_in(client, director)
    assert client.post("/publicity/new/", activity(photos=[an_upload()])).status_code == 302
    photo = Publicity.objects.get().photos.get()
    assert "防溺水" in client.get("/publicity/").text
    assert client.get(f"/publicity/photos/{photo.pk}/").status_code == 200
    refused = client.post("/publicity/new/", activity(people="很多"))
    assert refused.status_code == 422 and "防溺水" in refused.text
    broken = client.post("/publicity/new/", activity(photos=[an_upload(content=b"no picture")]))
    assert broken.status_code == 422 and Publicity.objects.count() == 1
    sign_in(client, a_post(a_village()))
    assert client.get(f"/publicity/photos/{photo.pk}/").status_code == 404


def test_the_api_keeps_an_activity(client, director):
    sign_in(client, director)
    sent = activity(held_on=str(today())) | {"id": str(uuid.uuid4())}
    for _ in range(2):
        made = client.post("/api/v1/publicity/", sent, content_type="application/json")
        assert made.status_code == 201
    for wrong in ({"people": "many"}, {"people": 0}, {"audience": []}, {"held_on": "x"}, {"where": None}):
        assert client.post("/api/v1/publicity/", activity(held_on=str(today())) | wrong,
                           content_type="application/json").status_code == 400  # fmt: skip
    assert client.get("/api/v1/publicity/").json()["count"] == 1
