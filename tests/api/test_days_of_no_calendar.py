"""A day or a number that can be read but is none of our time: refused or left out in words, wherever it comes in."""

import pytest
from django.utils import timezone
from rest_framework import serializers

from childwelfare.api.bodies import OnlyItsFields
from tests.builders import a_post, an_approved_file, answers, sign_in
from tests.routes import routes

pytestmark = pytest.mark.django_db
ODD = ("0001-01-01", "9999-12-31")
MOMENTS = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-01-01T00:00:00+23:00", "0001-01-01")


@pytest.fixture
def client(client):
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("moment", MOMENTS)
def test_what_changed_since_such_a_moment_is_refused_or_answered(client, clerk, moment):
    sign_in(client, clerk)
    assert client.get("/api/v1/children/", {"updated_since": moment}).status_code in (200, 400)


@pytest.mark.parametrize("day", ODD)
def test_a_page_asked_for_such_a_day_is_shown(client, village, day):
    sign_in(client, a_post(village.city, "auditor"))
    for where in ("/audit/", "/audit/table.csv"):
        assert client.get(where, {"since": day, "until": day}).status_code == 200, where
    sign_in(client, a_post(village.county))
    for where in ("/visits/work/", "/visits/plan/", "/visits/checks/", "/figures/"):
        assert client.get(where, {"month": day[:7]}, follow=True).status_code < 500, where


@pytest.mark.exhaustive
@pytest.mark.usefixtures("no_frame")
@pytest.mark.parametrize("day", ODD)
def test_every_list_of_a_page_is_shown(client, village, day):
    """As the newest and the oldest of a list, by what its filters and pages may be called."""
    names = ("page", "before", "since", "until", "month", "on", "day", "from", "to", "updated_since")
    asked = dict.fromkeys(names, day)
    for tier in ("village", "township", "county"):
        sign_in(client, a_post(getattr(village, tier)))
        for path, _name, view in routes():
            if "<" not in path and "(" not in path and not hasattr(view, "cls"):
                assert client.get("/" + path, asked).status_code < 500, path


@pytest.mark.parametrize("moment", [moment for moment in MOMENTS if "2026" not in moment])
def test_a_report_of_danger_at_such_a_moment_is_refused_at_its_field(client, director, moment):
    file = an_approved_file(director.unit)
    sign_in(client, director)
    for name in ("called_at", "found_at"):
        report = {"child": str(file.pk), "situations": ["abandoned"], "call": "busy", name: moment}
        answer = client.post("/api/v1/alerts/", report, content_type="application/json")
        assert answer.status_code == 400 and list(answer.json()) == [name], answer.text


@pytest.mark.parametrize("far", [10**30, -(10**30), 1e40])
def test_a_place_beyond_every_number_is_refused_at_its_field(client, director, far):
    file = an_approved_file(director.unit)
    sign_in(client, director)
    visit = answers() | {"child": str(file.pk), "visited_on": timezone.localdate().isoformat()}
    for name in ("latitude", "longitude"):
        answer = client.post("/api/v1/visits/", visit | {name: far}, content_type="application/json")
        assert answer.status_code == 400 and name in answer.json(), answer.text


def test_a_date_of_another_age_is_refused_with_a_word(client):
    from django.core.exceptions import ValidationError

    from childwelfare.text.cleaning import clean_date

    for text in ("1899-12-31", "2200-01-01", *ODD):
        with pytest.raises(ValidationError, match="年份不对"):
            clean_date(text)
    assert clean_date("1900-01-01").year == 1900 and clean_date("2199-12-31").year == 2199


def bodies(kind=OnlyItsFields):
    for each in kind.__subclasses__():
        yield from bodies(each)
        if not issubclass(each, serializers.ModelSerializer) or hasattr(each, "Meta"):
            yield each


def test_each_date_that_the_api_reads_asks_whether_it_can_be_meant():
    asked = 0
    for body in bodies():
        for field in body().fields.values():
            if field.read_only or not isinstance(field, serializers.DateField):
                continue
            asked += 1
            for day in (*ODD, "2200-01-01"):
                with pytest.raises(serializers.ValidationError, match="年份不对"):
                    field.run_validation(day)
    assert asked


@pytest.mark.parametrize("words", ["\u200b", "\uffff", " \u200d "])
def test_words_of_which_nothing_is_left_find_nobody(client, director, words):
    an_approved_file(director.unit)
    sign_in(client, director)
    found = client.post("/api/v1/children/search/", {"search": words}, content_type="application/json")
    assert found.status_code == 400 or found.json()["count"] == 0
    at = client.post("/children/", {"q": words, "find": "1"})
    page = client.get(at.url) if at.status_code == 302 else at
    assert page.text.count("row-link") == 0 or "?s=" not in at.url
