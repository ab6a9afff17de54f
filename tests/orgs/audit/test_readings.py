"""What was read is in the trail by what the view declares: who, which record or list, never what was searched for."""

import json

import pytest
from django.db import OperationalError

from orgs.accounts.models import ApiToken
from orgs.audit.models import Audit
from tests.builders import a_paper, a_post, a_stay, a_village, an_approved_file, an_upload, search_for, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(village):
    return a_post(village.township)


@pytest.fixture
def file(village):
    return an_approved_file(village, name="吴俊杰")


def written_by(client, where: str, **asked) -> list[Audit]:
    """What asking for ``where`` leaves in the trail."""
    last = Audit.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    client.get(where, asked)
    return list(Audit.objects.filter(pk__gt=last).order_by("pk"))


@pytest.mark.parametrize("where", ["/children/", "/api/v1/children/"])
def test_of_a_list_the_names_of_its_filters_and_its_rows_are_recorded(client, clerk, file, where):
    sign_in(client, clerk)
    narrowed = "?risk=&page=&吴俊杰=x&state=approved"
    last = Audit.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    if where == "/children/":
        text, led_to = "q", client.post(where, {"q": "吴俊杰", "find": "1"}).url
        client.get(led_to + narrowed.replace("?", "&"))
    else:
        text = "search"
        assert client.post(where + "search/" + narrowed, {"search": "吴俊杰"}).status_code == 400, "no such parameters"
        client.post(where + "search/?risk=&state=approved", {"search": "吴俊杰"})
    (act,) = Audit.objects.filter(pk__gt=last)
    said = json.loads(act.data)
    assert (act.action, act.person, act.record) == ("read_list", clerk.person, "")
    assert (said["filters"], said["rows"]) == (sorted([text, "state"]), 1)
    assert "吴" not in act.data and "approved" not in act.data


def test_each_page_of_a_list_is_recorded(client, clerk, file, village):
    an_approved_file(village)
    sign_in(client, clerk)
    first = client.get("/api/v1/children/", {"page_size": 1}).json()
    assert len(Audit.objects.filter(action="read_list")) == 1
    for where in filter(None, [first.get("next")]):
        client.get(where)
        assert len(Audit.objects.filter(action="read_list")) == 2


def test_a_record_over_the_api_names_itself_its_child_and_its_place(client, clerk, file, village):
    stay = a_stay(file)
    sign_in(client, clerk)
    (act,) = written_by(client, f"/api/v1/stays/{stay.pk}/")
    assert (act.action, act.record) == ("view_stay", f"registry.stay:{stay.pk}")
    assert json.loads(act.data) == {"child": str(file.pk)}


def test_a_way_back_to_another_page_shows_nothing(client, village, file):
    sign_in(client, a_post(village, "village_director"))
    assert written_by(client, f"/children/{file.pk}/edit/") == [], "an approved file is not edited: led to its page"


def test_a_refused_form_shows_its_file_again(client, clerk, file):
    sign_in(client, clerk)
    assert client.post(f"/children/{file.pk}/close/", {"reason": "other"}).status_code == 422
    assert Audit.objects.filter(action="view_file", record=f"registry.childfile:{file.pk}").count() == 1


def test_who_is_not_let_in_reads_nothing(client, file):
    sign_in(client, a_post(a_village().township))
    assert [row.action for row in written_by(client, f"/children/{file.pk}/")] == ["refused"]


def test_thumbnails_of_a_file_are_one_event_for_a_while(client, clerk, file, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    first, second = a_paper(file), a_paper(file, kind="other", upload=an_upload(colour="red"))
    sign_in(client, clerk)
    for paper in (first, second, first):
        assert client.get(f"/children/{file.pk}/papers/{paper.pk}/thumb/").status_code == 200
    act = Audit.objects.get(action="view_thumbnail")
    assert act.record == f"registry.childfile:{file.pk}"
    written_by(client, f"/children/{file.pk}/papers/{first.pk}/")
    assert Audit.objects.filter(action="view_paper").count() == 1, "the paper itself is recorded each time"


def test_what_cannot_be_recorded_is_not_shown(client, clerk, file, monkeypatch):
    def fails(rows):
        raise RuntimeError("no space left")

    monkeypatch.setattr("orgs.audit.readings.record_acts", fails)
    client.raise_request_exception = False
    sign_in(client, clerk)
    page = client.get(f"/children/{file.pk}/")
    assert page.status_code == 500 and "吴俊杰" not in page.text


def test_where_the_database_is_busy_the_reader_is_told_to_try_again(client, clerk, file, monkeypatch):
    def waits(rows):
        raise OperationalError("database is locked")

    monkeypatch.setattr("orgs.audit.readings.record_acts", waits)
    sign_in(client, clerk)
    page = client.get(f"/children/{file.pk}/")
    assert page.status_code == 503 and page["Retry-After"] and "吴俊杰" not in page.text


def test_with_a_token_it_is_its_post_that_reads(client, clerk, file):
    token = ApiToken.objects.issue(clerk)
    assert client.get(f"/api/v1/children/{file.pk}/", headers={"Authorization": f"Token {token}"}).status_code == 200
    act = Audit.objects.get(action="view_file")
    assert (act.post, act.unit, act.record) == (clerk, file.village, f"registry.childfile:{file.pk}")


def test_a_search_without_a_word_reads_nothing(client, clerk, file):
    sign_in(client, clerk)
    assert written_by(client, "/search/") == []
    search_for(client, "/search/", {"q": "吴俊杰"})
    act = Audit.objects.latest("pk")
    assert json.loads(act.data) == {"filters": ["q"], "list": "search", "rows": 1}


def test_a_view_that_shows_what_it_does_not_declare_is_a_mistake(client, clerk, file, monkeypatch):
    monkeypatch.setattr("registry.child.views.detail.child_file.reads", None, raising=True)
    sign_in(client, clerk)
    with pytest.raises(LookupError, match="child-file"):
        client.get(f"/children/{file.pk}/")
