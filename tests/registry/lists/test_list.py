"""The list of files: narrowed by declared filters, saved under a name, ordered, and drafts submitted together."""

import datetime
import uuid

import pytest
from django.core.exceptions import ImproperlyConfigured, PermissionDenied, ValidationError
from django.utils import timezone

from childwelfare.hooks import KeyedRegistry
from childwelfare.workflow.refusals import Refused
from registry.child.codes import Category
from registry.child.models import ChildFile
from registry.child.services.files import complete_file
from registry.closing.services import close_file
from registry.lists import filters
from registry.lists.filters import FILTERS, Filter, read_filters
from registry.lists.models import SavedView
from registry.lists.services.bulk import submit_many
from registry.lists.services.saved_views import MAX_VIEWS, save_view
from tests.builders import (
    a_file,
    a_post,
    a_submitted_file,
    a_unit,
    a_village,
    an_approved_file,
    facts,
    fresh,
    search_for,
    sign_in,
)

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def names(post, **asked) -> set[str]:
    narrowing = read_filters(post, asked)
    assert not narrowing.untold, narrowing.untold
    return set(narrowing.apply(ChildFile.objects.visible_to(post, "view_child")).values_list("name", flat=True))


def born(years: int, days: int = 0) -> datetime.date:
    return TODAY().replace(year=TODAY().year - years) + datetime.timedelta(days)


# Filters


@pytest.mark.both
def test_each_filter_narrows_to_what_it_says(village, clerk):
    a_file(village, name="张甲", sex="male", guardianship="poor", schooling="kindergarten", id_number="",
           birth_date=born(4))  # fmt: skip
    a_file(village, name="张乙", risk="high", categories={"orphan": {"since": datetime.date(2024, 3, 1)}})
    an_approved_file(village, name="张丙", on=datetime.date(2026, 3, 1))
    assert names(clerk, sex="male") == names(clerk, guardianship="poor") == names(clerk, no_id="1") == {"张甲"}
    assert names(clerk, schooling="kindergarten") == names(clerk, age="0-5") == {"张甲"}
    assert names(clerk, category="orphan") == names(clerk, risk="high") == {"张乙"}
    assert names(clerk, state="approved") == {"张丙"}
    assert names(clerk, **{"from": "2026-03-01", "to": "2026年3月1日"}) == {"张丙"}
    assert names(clerk, **{"from": "2026-03-02"}) == names(clerk, to="2026-02-28") == set()
    assert names(clerk, sex="female", state="draft") == {"张乙"}


@pytest.mark.both
@pytest.mark.parametrize(
    ("birth", "band"),
    [((6, 1), "0-5"), ((6, 0), "6-13"), ((14, 1), "6-13"), ((14, 0), "14-15"), ((16, 0), "16-17"), ((18, 0), "18-")],
)
def test_a_birthday_moves_a_child_into_the_next_band(village, clerk, birth, band):
    file = a_file(village, id_number="")
    ChildFile.objects.filter(pk=file.pk).update(birth_date=born(*birth))
    assert [each for each in ("0-5", "6-13", "14-15", "16-17", "18-") if names(clerk, age=each)] == [band]


@pytest.mark.both
def test_closed_in_a_year_or_month(village, clerk):
    file = an_approved_file(village, name="张甲")
    close_file(file, by=clerk, seen_version=file.version, reason="moved", on=TODAY(), note="迁往外省")
    assert names(clerk, closed=f"{TODAY():%Y-%m}") == names(clerk, closed=f"{TODAY():%Y}") == {"张甲"}
    assert names(clerk, closed=f"{TODAY().year - 1}") == set()


def test_units_are_those_in_scope(village, clerk):
    other = a_unit(village.township)
    a_file(village, name="张甲")
    a_file(other, name="张乙")
    assert names(clerk, village=str(other.uid)) == names(clerk, unit=str(other.uid)) == {"张乙"}
    assert names(clerk, unit=str(village.township.uid)) == {"张甲", "张乙"}
    for far in (a_village().uid, uuid.uuid4(), "x"):
        narrowing = read_filters(clerk, {"unit": str(far)})
        assert narrowing.untold and not narrowing.chosen


def test_villages_to_choose_from_are_the_posts_own_or_of_the_chosen_township(village, clerk):
    def offered(post, **asked):
        return {value for value, _ in FILTERS["village"].choices(post, asked)}

    county = a_post(village.county)
    assert offered(clerk) == {str(village.uid)} and offered(a_post(village)) == set() == offered(county)
    assert offered(county, township=str(village.township.uid)) == {str(village.uid)}
    assert offered(county, township=str(a_village().township.uid)) == set()


@pytest.mark.parametrize(
    "asked",
    [{"risk": "worst"}, {"from": "2026-02-30"}, {"age": "1-2"}, {"no_id": "maybe"}, {"closed": "2026-13"},
     {"closed": "0000"}, {"closed": "9999"}, {"village": "x"}, {"state": "张" * 200}, {"category": "\x00"}],
)  # fmt: skip
def test_what_cannot_be_read_narrows_nothing_and_is_told(client, village, clerk, asked):
    a_file(village, name="张甲")
    sign_in(client, clerk)
    page = client.get("/children/", asked)
    assert page.status_code == 200 and "张甲" in page.text and "没有起作用" in page.text


def test_what_narrows_stands_above_the_list_and_can_be_taken_away(client, village, clerk):
    a_file(village, name="张甲")
    sign_in(client, clerk)
    page = search_for(client, "/children/", {"q": "张", "risk": "general", "sex": "female"})
    key = page.wsgi_request.GET["s"]
    assert f'href="?s={key}&amp;sex=female"' in page.text and "全部清除" in page.text
    assert [chip["label"] for chip in page.context["chips"]] == ["张", "一般", "女"]


def test_rooms_above_register_theirs(village, clerk, monkeypatch):
    monkeypatch.setattr(filters, "FILTERS", KeyedRegistry("filters of this test", key="name"))
    a_file(village, name="张甲")
    filters.FILTERS.add(
        Filter("issue", "数据问题", lambda files, value: files.none(), lambda post, asked: [("twin", "重复")])
    )
    assert names(clerk, issue="twin") == set()
    with pytest.raises(ImproperlyConfigured):
        filters.FILTERS.add(Filter("issue", "again", lambda files, value: files))


def test_the_city_narrows_only_by_what_its_rows_show_and_does_not_search(client, village):
    an_approved_file(village, name="欧阳子涵")
    sign_in(client, a_post(village.city))
    for asked in ({"q": "欧阳"}, {"q": "刘"}, {"guardianship": "poor"}, {"no_id": "1"}, {"sort": "name"}):
        page = search_for(client, "/children/", asked)
        assert "欧***" in page.text and "欧阳子涵" not in page.text and page.context["asked"].order.name == "updated"
    assert "欧***" not in client.get("/children/", {"risk": "high"}).text
    page = client.get("/children/?col=guardian&col=address&col=file_number")
    assert "李桂英" not in page.text and "照看人" not in page.text
    assert client.get("/api/v1/children/", {"guardianship": "poor"}).status_code == 403


def test_the_api_narrows_by_the_same_filters(client, village, clerk):
    a_file(village, name="张甲", risk="high")
    a_file(village, name="张乙")
    sign_in(client, clerk)
    rows = client.get("/api/v1/children/", {"risk": "high", "age": "6-13", "village": str(village.uid)}).json()
    assert "results" in rows, rows
    assert [row["name"] for row in rows["results"]] == ["张甲"]
    for wrong in ({"risk": "worst"}, {"from": "2026-02-30"}, {"unit": "x"}):
        assert client.get("/api/v1/children/", wrong).status_code == 400


# Orders and columns


def ordered(client, order: str) -> list[str]:
    seen, cursor = [], ""
    while True:
        page = client.get("/children/", {"sort": order, "page": cursor}).context["page"]
        seen += [file.name for file in page]
        cursor = page.older
        if not cursor:
            return seen


@pytest.mark.both
def test_each_order_shows_every_file_once(client, village, clerk, monkeypatch):
    monkeypatch.setattr("childwelfare.tables.keyset.page_of.__defaults__", ("", 2))
    given = [("张甲", 9), ("王乙", 7), ("阿丙", 12), ("王乙", 4), ("刘丁", 7)]
    for name, years in given:
        a_file(village, name=name, birth_date=born(years), id_number="")
    an_approved_file(village, name="赵戊", birth_date=born(3), id_number="", on=datetime.date(2026, 1, 5))
    sign_in(client, clerk)
    assert ordered(client, "name") == ["阿丙", "刘丁", "王乙", "王乙", "张甲", "赵戊"]
    assert ordered(client, "oldest")[0] == "阿丙" and ordered(client, "youngest")[:2] == ["赵戊", "王乙"]
    assert ordered(client, "oldest") == ordered(client, "youngest")[::-1]
    registered = ordered(client, "registered")
    assert registered[0] == "赵戊" and len(registered) == 6, "drafts have no such day and are not lost"


@pytest.mark.both
def test_names_in_order_keep_each_surname_together(client, village, clerk):
    for name in ("李娜", "林一", "李一", "刘洋", "林子", "黎明"):
        a_file(village, name=name)
    sign_in(client, clerk)
    assert ordered(client, "name") == ["李娜", "李一", "黎明", "林一", "林子", "刘洋"]


@pytest.mark.both
def test_back_and_forth_in_every_order(client, village, clerk, monkeypatch):
    monkeypatch.setattr("childwelfare.tables.keyset.page_of.__defaults__", ("", 2))
    for number in range(5):
        a_file(village, name=f"王{'甲乙丙丁戊'[number]}", birth_date=born(3 + number), id_number="")
    sign_in(client, clerk)
    for order in ("updated", "name", "youngest", "oldest", "registered"):
        first = client.get("/children/", {"sort": order}).context["page"]
        second = client.get("/children/", {"sort": order, "page": first.older}).context["page"]
        again = client.get("/children/", {"sort": order, "page": second.newer}).context["page"]
        assert [f.pk for f in again] == [f.pk for f in first] and again.newer == "", order
        assert client.get("/children/", {"sort": order, "page": "rubbish"}).status_code == 200


def test_a_cursor_of_another_order_gives_the_first_page(client, village, clerk):
    for _ in range(51):
        a_file(village, id_number="")
    sign_in(client, clerk)
    cursor = client.get("/children/", {"sort": "name"}).context["page"].older
    assert cursor
    for order in ("updated", "youngest", "registered"):
        assert len(client.get("/children/", {"sort": order, "page": cursor}).context["page"]) == 50


def test_columns_are_chosen_in_the_address(client, village, clerk):
    a_file(village, name="张甲", address="三组")
    sign_in(client, clerk)
    usual = client.get("/children/").text
    assert "三组" not in usual and 'data-label="性别"' in usual
    chosen = client.get("/children/?col=address&col=guardian&col=nonsense").text
    assert "三组" in chosen and "李桂英" in chosen and 'data-label="性别"' not in chosen


# Saved lists


def test_a_saved_list_keeps_conditions_order_and_columns_but_no_name(client, village, clerk):
    sign_in(client, clerk)
    query = "q=张子涵&risk=high&age=6-13&sort=name&col=address&wrong=1&state=none"
    answer = client.post("/children/views/save/", {"name": " 高风险 ", "query": query, "shared": "1"})
    assert answer.status_code == 302
    view = SavedView.objects.get()
    assert (view.name, view.query) == ("高风险", "risk=high&age=6-13&sort=name&col=address")
    page = client.get(f"/children/?{view.query}")
    assert 'aria-current="page">高风险' in page.text and page.context["to_save"] == ""


def test_a_shared_list_is_seen_in_its_own_unit_alone(client, village, clerk):
    save_view(by=clerk, name="共用的", query=[("risk", "high")], shared=True)
    save_view(by=clerk, name="自己的", query=[("risk", "raised")])
    beside, below, elsewhere = a_post(village.township), a_post(village), a_post(a_village().township)
    for post, sees in ((clerk, {"共用的", "自己的"}), (beside, {"共用的"}), (below, set()), (elsewhere, set())):
        sign_in(client, post)
        assert {view.name for view in client.get("/children/").context["views"]} == sees


def test_a_list_shared_by_somebody_shows_what_its_reader_may_see(client, village):
    here, there = a_unit(village.township), village
    a_file(here, name="张甲")
    a_file(there, name="张乙")
    save_view(by=a_post(here), name="共用的", query=[("unit", str(there.uid))], shared=True)
    sign_in(client, a_post(here))
    page = client.get("/children/?" + SavedView.objects.get().query)
    assert "张乙" not in page.text and "没有起作用" in page.text


def test_only_its_maker_deletes_it(client, village, clerk):
    view = save_view(by=clerk, name="共用的", query=[("risk", "high")], shared=True)
    sign_in(client, a_post(village.township))
    assert client.post(f"/children/views/{view.pk}/delete/").status_code == 404 and SavedView.objects.exists()
    sign_in(client, clerk)
    assert client.post(f"/children/views/{view.pk}/delete/").status_code == 302 and not SavedView.objects.exists()


@pytest.mark.both
def test_names_are_needed_once_and_thirty_are_the_most(clerk):
    for wrong in ("", "   ", "长" * 21):
        with pytest.raises(ValidationError):
            save_view(by=clerk, name=wrong, query=[("risk", "high")])
    with pytest.raises(Refused, match="没有筛选"):
        save_view(by=clerk, name="空的", query=[])
    for number in range(MAX_VIEWS):
        save_view(by=clerk, name=f"名单{number}", query=[("risk", "high")])
    with pytest.raises(Refused, match="30"):
        save_view(by=clerk, name="再一个", query=[("risk", "high")])
    SavedView.objects.filter(name="名单0").delete()
    with pytest.raises(ValidationError, match="名单1"):
        save_view(by=clerk, name="名单1", query=[("risk", "high")])


def test_who_sees_no_list_saves_none(village):
    with pytest.raises(PermissionDenied):
        save_view(by=a_post(village.city, "auditor"), name="我的", query=[("risk", "high")])


# Submitting several at once


def test_ticked_drafts_are_asked_for_by_name_and_then_submitted(client, village):
    director = a_post(village)
    drafts = [a_file(village, by=director, name=name) for name in ("张甲", "张乙", "张丙")]
    sign_in(client, director)
    page = client.get("/children/")
    assert page.text.count('name="file"') == 3
    ticked = {"file": [f"{file.pk}:{file.version}" for file in drafts[:2]], "query": "sort=name"}
    question = client.post("/children/submit/", ticked)
    assert "送出 2 份" in question.text and "张甲" in question.text and "张丙" not in question.text
    assert not ChildFile.objects.filter(state="submitted").exists()
    answer = client.post("/children/submit/", ticked | {"sure": "1"}, follow=True)
    assert "已送出 2 份" in answer.text and answer.redirect_chain[-1][0] == "/children/?sort=name"
    assert set(ChildFile.objects.filter(state="submitted").values_list("name", flat=True)) == {"张甲", "张乙"}


def test_what_changed_meanwhile_or_lacks_something_is_left_and_named(village):  # D20
    director = a_post(village)
    good, changed, lacking, sent = (a_file(village, by=director, name=f"张{c}") for c in "甲乙丙丁")
    seen = {file.pk: file.version for file in (good, changed, lacking, sent)}
    other = facts(name="张乙", address="五组", id_number=changed.id_number)
    complete_file(changed, by=director, seen_version=1, **other)
    lacking.guardians.update(name="")
    ChildFile.objects.filter(pk=sent.pk).update(state="submitted")
    outcome = submit_many(seen, by=fresh(director))
    assert [file.name for file in outcome.done] == ["张甲"]
    refused = dict(outcome.refused)
    assert set(refused) == {"张乙", "张丙", "张丁"} and "监护人" in refused["张丙"]
    assert ChildFile.objects.get(pk=changed.pk).state == "draft"


def test_files_of_others_are_not_submitted_and_not_named(client, village):
    far = a_file(a_village(), name="远处的")
    sign_in(client, a_post(village))
    posted = {"file": [f"{far.pk}:1"]}
    question = client.post("/children/submit/", posted)
    assert "远处的" not in question.text and "1 份已不在" in question.text
    client.post("/children/submit/", posted | {"sure": "1"})
    far.refresh_from_db()
    assert far.state == "draft"


@pytest.mark.parametrize("posted", [{}, {"file": ["x", "1:2", "::"]}, {"file": [f"{uuid.uuid4()}:1"] * 3}])
def test_bad_ticks_break_nothing(client, village, posted):
    sign_in(client, a_post(village))
    for sure in ({}, {"sure": "1"}):
        assert client.post("/children/submit/", posted | sure, follow=True).status_code == 200


def test_more_than_a_page_is_refused(clerk):
    with pytest.raises(Refused, match="50"):
        submit_many({uuid.uuid4(): 1 for _ in range(51)}, by=clerk)


def test_the_county_has_nothing_to_tick(client, village):
    a_file(village)
    a_submitted_file(village)
    sign_in(client, a_post(village.county))
    assert 'name="file"' not in client.get("/children/").text
    assert client.post("/children/submit/", {}).status_code == 403


def test_a_narrowed_list_costs_few_queries(client, village, clerk, django_assert_max_num_queries):
    for _ in range(6):
        a_file(village, risk="high")
    save_view(by=clerk, name="高风险", query=[("risk", "high")])
    sign_in(client, clerk)
    asked = {"risk": "high", "village": str(village.uid), "sort": "name", "col": ["guardian", "address", "village"]}
    with django_assert_max_num_queries(12):
        assert client.get("/children/", asked).text.count("row-link") == 6
    found = client.post("/children/", {"q": "00001234", "find": "1"}).url
    with django_assert_max_num_queries(15):  # a long end of a number: its candidates and their carers are opened
        assert client.get(found).text.count("row-link") == 6


def test_all_categories_can_be_asked_for():
    assert {value for value, _ in FILTERS["category"].choices(None, {})} == set(Category.values)
