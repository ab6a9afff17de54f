"""Ctrl K: children, units, people and pages, each within what the post may see."""

import pytest

from orgs.audit.models import Audit
from orgs.search.sources import SOURCES, Hit, Source
from orgs.units.models import OrgUnit
from tests.builders import a_file, a_person, a_post, a_village, an_approved_file, search_for, sign_in

pytestmark = pytest.mark.django_db


def found(client, text: str, **headers) -> dict[str, list[str]]:
    page = search_for(client, "/search/", {"q": text}, **headers)
    assert page.status_code == 200
    return {each.source.key: [str(hit.title) for hit in each.hits] for each in page.context["found"]}


@pytest.mark.both
@pytest.mark.parametrize("text", ["吴俊", "wujunjie", "wjj"])
def test_a_child_is_found_by_name_and_letters_and_opens(client, here, clerk, text):
    file = an_approved_file(here, name="吴俊杰")
    sign_in(client, clerk)
    assert [name[:3] for name in found(client, text)["children"]] == ["吴俊杰"]
    assert f"/children/{file.pk}/" in search_for(client, "/search/", {"q": text}).text


@pytest.mark.both
def test_nobody_finds_a_neighbour_s_child_unit_or_colleague(client, here, clerk):
    there = a_village()
    an_approved_file(there, name="吴俊杰")
    a_post(there, person=a_person("吴秀兰"))
    sign_in(client, clerk)
    assert found(client, "吴") == {}
    assert "units" not in found(client, there.name)


@pytest.mark.both
def test_the_city_finds_masked_names_without_a_way_in(client, here):
    file = an_approved_file(here, name="吴俊杰")
    sign_in(client, a_post(here.city))
    page = search_for(client, "/search/", {"q": "吴俊杰"})
    assert "吴**" in page.text and "俊杰" not in page.text.replace("“吴俊杰”", "").replace('value="吴俊杰"', "")
    assert str(file.pk) not in page.text


@pytest.mark.both
def test_the_city_does_not_find_drafts(client, here):
    a_file(here, name="吴俊杰")
    sign_in(client, a_post(here.city))
    assert "children" not in found(client, "吴俊")


@pytest.mark.both
def test_a_colleague_is_found_with_the_number_to_call(client, here, clerk):
    director = a_post(here, person=a_person("田素芬"))
    director.person.phone = "037155501234"
    director.person.save()
    sign_in(client, clerk)
    page = search_for(client, "/search/", {"q": "田素"})
    assert "田素芬" in page.text and "037155501234" in page.text


@pytest.mark.both
@pytest.mark.parametrize("text", ["统计", "tjtz", "tongji"])
def test_a_page_is_found_by_its_name_or_letters(client, clerk, text):
    sign_in(client, clerk)
    assert found(client, text)["pages"] == ["统计台账"]


def test_a_page_that_is_not_open_to_the_post_is_not_found(client, director):
    sign_in(client, director)
    assert "pages" not in found(client, "操作留痕")


def test_units_are_found_by_any_part_of_their_name(client, here, clerk):
    sign_in(client, clerk)
    assert here.short_name in found(client, here.name[1:4])["units"]


def test_units_are_found_by_full_width_letters_and_people_with_blanks_in_their_name(client, here, clerk):
    OrgUnit.objects.filter(pk=here.pk).update(pinyin="liugoucun")
    a_post(here, person=a_person("田素芬"))
    sign_in(client, clerk)
    assert here.short_name in found(client, "ＬｉｕＧｏｕ")["units"]
    assert found(client, "田 素芬")["people"] == ["田素芬"]


@pytest.mark.both
@pytest.mark.parametrize("text", ["", "   ", "%", "\x00", "'", "９" * 300, "𡐤", "<script>alert(1)</script>"])
def test_odd_texts_find_nothing_and_break_nothing(client, here, clerk, text):
    an_approved_file(here)
    sign_in(client, clerk)
    assert found(client, text) == {}
    assert "<script>alert" not in search_for(client, "/search/", {"q": text}).text


def test_the_box_gets_the_results_alone_and_what_was_typed_is_not_recorded(client, here, clerk):
    an_approved_file(here, name="吴俊杰")
    sign_in(client, clerk)
    box = search_for(client, "/search/", {"q": "吴"}, headers={"HX-Request": "true"})
    assert "吴俊杰" in box.text and "<html" not in box.text and "no-store" in box["Cache-Control"]
    act = Audit.objects.latest("pk")
    assert (act.action, act.data) == ("read_list", '{"filters": ["q"], "list": "search", "rows": 1}')


def test_everybody_is_asked_to_sign_in_first(client):
    assert client.post("/search/", {"q": "吴", "find": "1"}).url == "/accounts/login/?next=/search/"


def test_a_new_source_costs_an_entry(client, clerk, monkeypatch):
    source = Source(key="homes", label="儿童之家", icon="house", find=lambda post, text: [Hit(title=f"{text}之家")])
    monkeypatch.setitem(SOURCES, "homes", source)
    sign_in(client, clerk)
    assert found(client, "高村")["homes"] == ["高村之家"]


def test_a_search_asks_few_questions(client, here, clerk, django_assert_max_num_queries):
    for _ in range(8):
        a_post(here, person=a_person("吴秀兰"))
        an_approved_file(here, name="吴俊杰")
    sign_in(client, clerk)
    found(client, "吴")
    with django_assert_max_num_queries(10):  # two: that it was read
        found(client, "吴", headers={"HX-Request": "true"})
