"""The assessment system over the API: the same rules as the pages; what can't be read is told by its place."""

import copy
import datetime

import pytest
from django.utils import timezone

from registry.instruments.example import EXAMPLE
from registry.instruments.models import Instrument
from registry.instruments.services import draft_instrument
from tests.builders import a_city, a_county, a_post, a_township, a_village, an_approved_file, an_instrument, sign_in
from tests.registry.instruments.world import an_assessment, answers, counted, with_levels

pytestmark = pytest.mark.django_db
ALL = "/api/v1/instruments/"


@pytest.fixture
def city():
    return a_city()


@pytest.fixture
def officer(city):
    return a_post(city)


@pytest.fixture
def api(client, officer):
    sign_in(client, officer)
    return client


def send(client, method, url, data=None):
    return getattr(client, method)(url, data, content_type="application/json")


def test_a_version_is_drafted_written_tried_out_and_published(api, city, officer):
    old = an_instrument(city)
    village = a_village(a_township(a_county(city)))
    an_assessment(an_approved_file(village), old, given=answers(carer="none", income="poor", conflict="violence"))
    made = send(api, "post", ALL, {"begin_with": "last"})
    assert made.status_code == 201
    assert made.json()["problems"] == []
    url = f"{ALL}{made.json()['id']}/"
    body = {"version": 1, "name": "第二版", "definition": with_levels(raised=18).as_json()}
    saved = send(api, "put", url, body)
    assert (saved.status_code, saved.json()["version"]) == (200, 2)
    assert Instrument.objects.get(state="draft").content == with_levels(raised=18)
    assert send(api, "post", f"{url}try-out/").status_code == 202
    counted(Instrument.objects.get(state="draft"))
    result = api.get(f"{url}try-out/").json()
    assert result["result"] == {"scored": 1, "changed": 1, "worse": 1, "better": 0, "unscored": 0}
    assert result["table"] == [{"level": "general", "level_by_it": "raised", "children": 1}]
    assert [(each["name"], each["changed"]) for each in result["below"]] == [(village.county.name, 1)]
    day = (timezone.localdate() + datetime.timedelta(days=3)).isoformat()
    told = {"version": 2, "since": day, "document": "郑民〔2031〕3号"}
    done = send(api, "post", f"{url}publish/", told)
    assert (done.status_code, done.json()["state"], done.json()["actions"]) == (200, "published", [])
    assert send(api, "post", f"{url}publish/", told).status_code == 409


def test_what_is_wrong_with_a_draft_is_told_by_path(api, officer):
    draft = draft_instrument(by=officer)
    body = {"version": 1, "name": "第二版", "definition": with_levels(watch=1).as_json()}
    saved = send(api, "put", f"{ALL}{draft.pk}/", body).json()
    assert [(each["path"], each["place"]) for each in saved["problems"]] == [(["levels", 3, "least"], "等级 关注")]
    day = (timezone.localdate() + datetime.timedelta(days=3)).isoformat()
    refused = send(api, "post", f"{ALL}{draft.pk}/publish/", {"version": 2, "since": day, "document": "1号"})
    assert refused.status_code == 400
    assert "分数最低的等级要从 0 分起" in refused.content.decode()
    assert send(api, "post", f"{ALL}{draft.pk}/try-out/").status_code == 422


@pytest.mark.parametrize(
    "spoil",
    [
        lambda d: d.pop("levels"),
        lambda d: d.update(colour="red"),
        lambda d: d["dimensions"][0].update(most="many"),
        lambda d: d["dimensions"][0]["indicators"][0]["answers"][0].update(points=None),
        lambda d: d["dimensions"][0]["indicators"][0].update(when=[{"answers": ["full"]}]),
        lambda d: d["words"].update(steps=[["0", "好"]]),
        lambda d: d["words"].update(steps=[[0]]),
        lambda d: d.update(dimensions=[None]),
        lambda d: d.update(levels={}),
        lambda d: d.update(lift=[2, 3]),
        lambda d: d.update(levels=d["levels"] * 20),
    ],
)
def test_what_is_no_definition_is_refused_and_nothing_is_saved(api, officer, spoil):
    draft = draft_instrument(by=officer)
    definition = copy.deepcopy(_as_sent(EXAMPLE.as_json()))
    spoil(definition)
    answer = send(api, "put", f"{ALL}{draft.pk}/", {"version": 1, "name": "坏的", "definition": definition})
    assert answer.status_code == 400
    assert "definition" in answer.json().get("errors", answer.json())
    assert Instrument.objects.get(pk=draft.pk).version == 1


def _as_sent(definition):
    """Lists for tuples, as JSON has them."""
    if isinstance(definition, dict):
        return {key: _as_sent(value) for key, value in definition.items()}
    if isinstance(definition, list | tuple):
        return [_as_sent(each) for each in definition]
    return definition


def test_all_tiers_read_the_one_in_force_and_no_draft(client, city, officer):
    old, draft = an_instrument(city), draft_instrument(by=officer)
    sign_in(client, a_post(a_village(a_township(a_county(city)))))
    assert client.get(f"{ALL}in-force/").json()["id"] == str(old.pk)
    assert [each["id"] for each in client.get(ALL).json()["results"]] == [str(old.pk)]
    assert client.get(f"{ALL}{draft.pk}/").status_code == 404
    assert send(client, "post", ALL, {}).status_code == 403
    sign_in(client, a_post(a_county()))
    assert client.get(f"{ALL}in-force/").status_code == 404


def test_a_draft_is_discarded_once(api, officer):
    draft = draft_instrument(by=officer)
    url = f"{ALL}{draft.pk}/discard/"
    assert send(api, "post", url, {"version": 1}).json()["state"] == "discarded"
    assert send(api, "post", url, {"version": 1}).status_code == 409


def test_nothing_tried_out_is_not_found(api, officer):
    assert api.get(f"{ALL}{draft_instrument(by=officer).pk}/try-out/").status_code == 404


@pytest.mark.parametrize("unit", [lambda v: v, lambda v: v.township, lambda v: v.county])
def test_every_tier_reads_the_version_by_which_it_assesses(client, city, officer, unit):
    """And what it would change below, where that was counted; nobody below writes it."""
    instrument, village = an_instrument(city), a_village(a_township(a_county(city)))
    sign_in(client, a_post(unit(village)))
    assert client.get(f"{ALL}{instrument.pk}/").status_code == 200
    assert client.get(f"{ALL}{instrument.pk}/try-out/").status_code == 404  # never tried out
    assert send(client, "post", f"{ALL}{instrument.pk}/discard/", {"version": 1}).status_code == 403


@pytest.mark.parametrize("step", [[0, "甲" * 61], [99_999, "甲"], [0, None], ["0", "甲"]])
def test_words_of_a_dimension_are_held_to_their_length(api, step):
    draft = send(api, "post", ALL, {"begin_with": "example"}).json()
    definition = copy.deepcopy(draft["definition"])
    definition["words"]["steps"][0] = step
    body = {"version": 1, "name": "x", "definition": definition}
    assert send(api, "put", f"{ALL}{draft['id']}/", body).status_code == 400


@pytest.mark.parametrize("text", ["甲\x00乙", "甲\uffff乙", "甲\ud83d乙"])
def test_what_is_no_character_is_no_word_of_a_dimension(api, text):
    draft = send(api, "post", ALL, {"begin_with": "example"}).json()
    definition = copy.deepcopy(draft["definition"])
    definition["words"]["steps"][0][1] = text
    answer = send(api, "put", f"{ALL}{draft['id']}/", {"version": 1, "name": "x", "definition": definition})
    assert answer.status_code in (200, 400)
    kept = Instrument.objects.get(pk=draft["id"]).definition["words"]["steps"][0][1]
    assert not set(text[1:-1]) & set(kept)
