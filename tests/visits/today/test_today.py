"""The director's day with a network: who is late, who is next, who has time, and the way there."""

import datetime
import uuid
from urllib.parse import unquote

import pytest
from django.utils import timezone

from registry.changes.services import return_change
from registry.child.models import ChildFile
from registry.child.workflow import FILE
from registry.findings.services.decide import decide_finding
from tests.builders import (
    a_change,
    a_file,
    a_finding,
    a_post,
    a_round,
    a_rule,
    a_stay,
    a_submitted_file,
    a_village,
    a_visit,
    an_alert,
    an_approved_file,
    an_extra_visit,
    answers,
    sign_in,
)
from visits.offline.words import OFFLINE_WORDS
from visits.phones.pull import pull
from visits.today import day as day_module
from visits.visit.services.log import correct_visit
from visits.visit.workflow import VISIT

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.mark.both
def test_everybody_in_care_stands_on_the_day_in_the_order_of_urgency(client, director):
    today = timezone.localdate()
    late = an_approved_file(director.unit, on=today - 40 * DAY)
    soon = an_approved_file(director.unit, on=today - 25 * DAY)
    calm = an_approved_file(director.unit, on=today - 2 * DAY)
    sign_in(client, director)
    shown = client.get("/today/").context["day"]
    assert [[due.child for due in getattr(shown, group)] for group in ("overdue", "week", "rest")] == [
        [late],
        [soon],
        [calm],
    ]


def test_the_day_says_how_many_it_leaves_out(client, director, monkeypatch):
    for _ in range(3):
        an_approved_file(director.unit)
    sign_in(client, director)
    for shown, left_out in ((3, 0), (2, 1)):
        monkeypatch.setattr(day_module, "SHOWN", shown)
        page = client.get("/today/")
        assert (page.context["day"].left_out, page.context["day"].due_here) == (left_out, 3)
        assert (f"另有 {left_out} 人没有列出" in page.text) is bool(left_out)


def test_the_phone_s_map_is_asked_for_the_place_and_never_for_the_child(client, director):
    child = an_approved_file(director.unit, address="三组12号")
    sign_in(client, director)
    link = client.get("/today/").context["day"].week[0].map
    assert link.startswith("geo:0,0?q=") and unquote(link).endswith(f"{director.unit.name}三组12号")
    assert child.name not in unquote(link)


def test_a_category_agreed_to_on_a_finding_moves_the_day_at_once(director):
    a_rule(days=5, category="difficulty", risk="general")
    child = an_approved_file(director.unit)
    assert child.dues.open().get().days == 30
    finding, clerk = a_finding(child, "unregistered", "difficulty"), a_post(director.unit.township)
    decide_finding(
        finding, by=clerk, decision="agree", reason="已核实", seen_version=finding.version, difficulty="poverty"
    )
    assert child.dues.open().get().days == 5


@pytest.fixture
def full_day(director):
    """One of everything that a director's page shows: overdue, asked for, in a round, away, tried in vain; a visit, a
    file and a change that came back; a draft; an open report."""
    here, clerk, long_ago = director.unit, a_post(director.unit.township), timezone.localdate() - 40 * DAY
    files = [an_approved_file(here, name=name, on=long_ago) for name in ("张子涵", "赵梦琪", "李明轩", "郑宇航")]
    a_round(here.county, name="暑期走访")
    an_extra_visit(files[1], by=clerk, reason="奶奶住院")
    a_visit(files[2], by=director, outcome="away")
    a_visit(files[3], by=director)
    a_stay(an_approved_file(a_village(here.township), name="韩子墨", on=long_ago), here, address="五组3号")
    back = a_visit(files[0], by=director, visited_on=timezone.localdate() - DAY)
    VISIT.apply("return", back, by=clerk, seen_version=back.version, reason="照看人电话没写")
    change = a_change(files[0], by=director, address="七组")
    return_change(change, by=clerk, seen_version=change.version, reason="门牌不对")
    file = a_submitted_file(here, by=director, name="田家豪")
    FILE.apply("return", file, by=clerk, seen_version=file.version, reason="缺户口本")
    a_file(here, by=director, name="吴俊杰")
    an_alert(here, file=files[0])
    return files


@pytest.mark.both
def test_everything_of_a_day_stands_on_its_page(client, director, full_day):
    sign_in(client, director)
    page = client.get("/today/")
    day = page.context["day"]
    assert [due.child.name for due in day.overdue][0] == "赵梦琪" and "奶奶住院" in page.text
    assert {due.child.name for due in day.overdue[1:]} == {"张子涵", "李明轩"} and day.asked == []
    assert "外出不在" in page.text and "五组3号" in page.text and "暑期走访" in page.text
    assert (day.visited, day.due_here) == (1, 5)
    assert [(todo.owed, todo.done) for todo in day.rounds] == [(5, 1)]
    left = [each.words for each in page.context["unfinished"]]
    assert [each.split("：")[-1] for each in left[:3]] == ["“照看人电话没写”", "“缺户口本”", "“门牌不对”"]
    assert "走访" in left[0] and "现住址" in left[2] and "吴俊杰的档案还是草稿" in page.text


@pytest.mark.both
def test_the_day_of_more_children_than_are_shown_counts_them_all(client, director, full_day, monkeypatch):
    monkeypatch.setattr("visits.today.day.SHOWN", 3)
    sign_in(client, director)
    day = client.get("/today/").context["day"]
    shown = [*day.asked, *day.overdue, *day.week, *day.rest, *(due for todo in day.rounds for due in todo.rest)]
    assert len(shown) == 3 and (day.visited, day.due_here) == (1, 5)
    assert [(todo.owed, todo.done) for todo in day.rounds] == [(5, 1)]


def test_a_full_day_asks_nineteen_questions_at_most(client, director, full_day, django_assert_max_num_queries):
    sign_in(client, director)
    client.get("/today/")
    with django_assert_max_num_queries(19):
        client.get("/today/")
    for number in range(6):
        an_extra_visit(an_approved_file(director.unit, on=timezone.localdate() - 40 * DAY))
        a_round(director.unit.county, name=f"专项{number}")
    with django_assert_max_num_queries(19):  # two: that the list was read
        client.get("/today/")


def badge_of(page) -> int:
    return next(entry["count"] for entry in page.context["nav"] if entry["url"] == "/today/")


@pytest.mark.both
def test_heading_badge_and_phone_count_the_same_overdue_children(client, director, clerk, monkeypatch):
    """Also those whom the station asked to visit: they stand first among the overdue."""
    today = timezone.localdate()
    an_approved_file(director.unit, on=today - 40 * DAY)
    asked = an_approved_file(director.unit, on=today - 40 * DAY)
    in_time = an_approved_file(director.unit, on=today - 2 * DAY)
    for child in (asked, in_time):
        an_extra_visit(child, by=clerk)
    sign_in(client, director)
    page = client.get("/today/")
    day = page.context["day"]
    assert [due.child for due in day.asked] == [in_time] and day.overdue[0].child == asked
    late = [row for row in pull(director, "").files if row["due"]["due_on"] < today.isoformat()]
    assert len(day.overdue) == day.overdue_here == badge_of(page) == len(late) == 2
    monkeypatch.setattr("visits.today.day.SHOWN", 1)
    page = client.get("/today/")
    assert page.context["day"].overdue_here == badge_of(page) == 2, "also those that are not shown"


@pytest.mark.both
@pytest.mark.parametrize("tier, who", [("township", "工作站"), ("county", "县级指导中心")])
def test_what_came_back_says_who_sent_it_back(client, director, tier, who):
    """The county decides what a station completed."""
    visit = a_visit(an_approved_file(director.unit), by=director)
    clerk = a_post(director.unit.township)
    VISIT.apply("return", visit, by=clerk, seen_version=visit.version, reason="照看人电话没写")
    if tier == "county":
        given = {"answers": answers(hazards=["water"]), "hazards_looked_at": True}
        correct_visit(visit, by=clerk, seen_version=visit.version, **given)
        officer = a_post(director.unit.county)
        VISIT.apply("return", visit, by=officer, seen_version=visit.version, reason="照看人电话没写")
    sign_in(client, director)
    assert [each.title for each in client.get("/today/").context["unfinished"]] == [f"{who}退回走访，请补充"]


def test_what_she_took_back_is_hers_to_mend_and_counts_once_it_is_sent_again(client, director, clerk):
    child = an_approved_file(director.unit, on=timezone.localdate() - 40 * DAY)
    visit = a_visit(child, by=director)
    sign_in(client, director)
    assert "撤回修改" in client.get(f"/visits/{visit.pk}/").text
    answer = client.post(f"/visits/{visit.pk}/recall/", {"version": visit.version})
    assert (
        answer.url == f"/visits/{visit.pk}/edit/" and f"{director.person.name} 撤回修改" in client.get(answer.url).text
    )
    page = client.get("/today/")
    (line,) = page.context["unfinished"]
    assert (line.how, line.title) == ("撤回修改", "撤回的走访，改好再送") and "退回" not in line.words
    assert "工作站退回" not in page.text and "本人退回" not in page.text
    assert [due.child for due in page.context["day"].overdue] == [child], "it counts for nothing meanwhile"
    (row,) = pull(director, "").returned
    assert row["visit"] == str(visit.pk) and row["taken_back"], "the phone has it to mend as well"
    visit.refresh_from_db()
    given = {"answers": answers(hazards=["water"]), "hazards_looked_at": True}
    correct_visit(visit, by=director, seen_version=visit.version, **given)
    assert not client.get("/today/").context["day"].overdue
    VISIT.apply("accept", visit, by=clerk, seen_version=visit.version)
    late = client.post(f"/visits/{visit.pk}/recall/", {"version": visit.version}, follow=True)
    visit.refresh_from_db()
    assert visit.state == "accepted" and "不能撤回" in late.text


@pytest.mark.both
@pytest.mark.parametrize("how", ["recall", "return"])
def test_what_is_to_be_mended_is_said_on_the_child_s_card_on_the_phone_and_above_a_new_form(
    client, director, clerk, how
):
    """Else the child looks unvisited, and the visit is recorded once more."""
    child = an_approved_file(director.unit, name="张子涵", on=timezone.localdate() - 40 * DAY)
    visit = a_visit(child, by=director)
    VISIT.apply(
        how, visit, by=director if how == "recall" else clerk, seen_version=visit.version, reason="照看人电话没写"
    )
    sign_in(client, director)
    words = "有一条撤回修改的走访（" if how == "recall" else "有一条被退回的走访（"
    page = client.get("/today/")
    (due,) = page.context["day"].overdue
    assert due.to_mend == visit and f'<a href="/visits/{visit.pk}/edit/">{words}' in page.text
    (row,) = pull(director, "").files
    assert [why for why in row["due"]["why"] if why.startswith(words)], "the phone says the same"
    form = client.get(f"/children/{child.pk}/visit/").text
    assert words in form and f'href="/visits/{visit.pk}/edit/"' in form
    visit.refresh_from_db()
    correct_visit(visit, by=director, seen_version=visit.version, answers=answers(), hazards_looked_at=True)
    assert words not in client.get("/today/").text
    assert words not in client.get(f"/children/{child.pk}/visit/").text


@pytest.mark.both
def test_what_the_station_is_to_mend_is_not_put_to_the_director(client, director, clerk):
    """She could not open it to mend it."""
    child = an_approved_file(director.unit, name="张子涵", on=timezone.localdate() - 40 * DAY)
    visit = a_visit(child, by=clerk)
    VISIT.apply("recall", visit, by=clerk, seen_version=visit.version)
    sign_in(client, director)
    page = client.get("/today/")
    (due,) = page.context["day"].overdue
    assert due.to_mend is None and f"/visits/{visit.pk}/edit/" not in page.text
    (row,) = pull(director, "").files
    assert not [why for why in row["due"]["why"] if "撤回修改" in why]


def test_of_a_brother_at_the_door_what_is_to_be_mended_is_said_with_his_name(client, director):
    child = an_approved_file(director.unit, name="张子涵")
    brother = an_approved_file(director.unit, name="张子轩")
    ChildFile.objects.update(family_uid=uuid.uuid4())
    visit = a_visit(brother, by=director)
    VISIT.apply("recall", visit, by=director, seen_version=visit.version)
    sign_in(client, director)
    assert "张子轩：有一条撤回修改的走访" in client.get(f"/children/{child.pk}/visit/").text


def test_the_receipt_leads_to_the_visit_where_it_is_taken_back(client, director):
    child = an_approved_file(director.unit)
    sign_in(client, director)
    said = {name: value for name, value in answers().items() if value not in (None, "")}
    said |= {"hazard": "no", "visited_on": timezone.localdate().isoformat()}
    page = client.post(f"/children/{child.pk}/visit/", said, follow=True)
    assert f'href="/visits/{child.visits.get().pk}/"' in page.text and "查看或撤回修改" in page.text


def test_a_file_that_came_back_names_who_sent_it_back(client, director, clerk):
    file = a_submitted_file(director.unit, by=director)
    FILE.apply("return", file, by=clerk, seen_version=file.version, reason="缺户口本")
    sign_in(client, director)
    page = client.get(f"/children/{file.pk}/edit/").text
    assert f"{clerk.person.name} 退回" in page and "工作站退回" not in page


def test_the_phone_names_no_tier_for_what_came_back(client, director):
    """It knows no more than that it came back."""
    sign_in(client, director)
    assert not any("工作站退回" in str(words) for words in OFFLINE_WORDS.values())
    assert "工作站退回" not in client.get("/offline/").text
