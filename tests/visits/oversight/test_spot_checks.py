"""A station calls back about some visits of each director; what was said is laid beside the record."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from childwelfare.workflow.refusals import Refused, Stale
from tests.builders import a_person, a_post, a_unit, a_village, a_visit, an_approved_file, answers, fresh, sign_in
from tests.threads import done_or_told
from visits.oversight.models import SpotCheck
from visits.oversight.services import DAYS_OFF, SHARE, draw_checks, record_check
from visits.visit.models import Visit
from visits.visit.services.log import correct_visit, recall_visit
from visits.visit.workflow import VISIT

pytestmark = pytest.mark.django_db
SAID = {"happened": "yes", "asked_who": "奶奶"}


def month():
    return timezone.localdate().replace(day=1)


def drawn(village, clerk, **visit) -> SpotCheck:
    a_visit(an_approved_file(village), **visit)
    (check,) = draw_checks(clerk, month())
    return check


@pytest.mark.both
def test_of_each_director_one_at_least_and_a_twentieth(village, clerk):
    busy, other = a_post(village), a_post(a_unit(village.township))
    for _number in range(21):
        a_visit(an_approved_file(village), by=busy)
    a_visit(an_approved_file(other.unit), by=other)
    checks = draw_checks(clerk, month())
    assert sorted(check.visit.made_in_id for check in checks) == sorted([busy.pk, busy.pk, other.pk])


@pytest.mark.both
def test_a_visit_takes_part_in_one_draw(village, clerk):
    busy = a_post(village)
    for _number in range(3):
        a_visit(an_approved_file(village), by=busy)
    (check,) = draw_checks(clerk, month())
    assert draw_checks(fresh(clerk), month()) == [] and SpotCheck.objects.get() == check


@pytest.mark.both
def test_drawing_early_keeps_no_visit_out(client, village, clerk):
    """Nor does sending late: what comes after the draw is drawn from in its turn."""
    first = drawn(village, clerk)
    later = a_post(village)
    for _number in range(21):
        a_visit(an_approved_file(village), by=later)
    assert "抽取以后又有 21 次走访送来" in sign_in(client, clerk).get("/visits/checks/").text
    client.post("/visits/checks/draw/", {"month": f"{month():%Y-%m}"})
    checks = SpotCheck.objects.exclude(pk=first.pk)
    assert [check.visit.made_in for check in checks] == [later, later]
    page = client.post("/visits/checks/draw/", {"month": f"{month():%Y-%m}"}, follow=True).text
    assert "每次走访只参加一次抽取" in page and SpotCheck.objects.count() == 3


def test_a_return_that_is_taken_back_keeps_no_visit_out(village, clerk):
    visit, other = (a_visit(an_approved_file(village), by=a_post(village)) for _number in range(2))
    VISIT.apply("return", visit, by=clerk, seen_version=visit.version, reason="请补充")
    (check,) = draw_checks(clerk, month())
    assert check.visit == other
    VISIT.undo(visit, by=fresh(clerk), seen_version=visit.version)
    (check,) = draw_checks(clerk, month())
    assert check.visit == visit


def test_a_visit_that_moves_with_its_child_is_drawn_from_there(village, clerk):
    visit, there = a_visit(an_approved_file(village), by=a_post(village)), a_unit(a_unit(village.county))
    second = a_post(there.township)
    a_visit(an_approved_file(there), by=a_post(there))
    draw_checks(second, month())
    Visit.objects.filter(pk=visit.pk).update(village=there, township=there.township)
    (check,) = draw_checks(fresh(second), month())
    assert check.visit == visit


def test_what_was_sent_back_when_the_others_were_drawn_takes_part_once_it_is_sent_again(village, clerk):
    visit, director = a_visit(an_approved_file(village), by=a_post(village)), a_post(village)
    VISIT.apply("return", visit, by=clerk, seen_version=visit.version, reason="请补充")
    a_visit(an_approved_file(village), by=director)
    (check,) = draw_checks(clerk, month())
    assert check.visit.made_in == director
    correct_visit(visit, by=visit.made_in, seen_version=visit.version, answers=answers(), hazards_looked_at=True)
    (check,) = draw_checks(clerk, month())
    assert check.visit == visit


def test_what_a_colleague_recorded_meanwhile_is_not_recorded_again_and_one_s_words_are_kept(client, village, clerk):
    check, colleague = drawn(village, clerk, by=a_post(village)), a_post(village.township)
    where = f"/visits/checks/{check.pk}/"
    assert "保存" in sign_in(client, clerk).get(where).text
    record_check(check, by=colleague, answers=SAID)
    page = client.post(where, SAID | {"happened": "no", "note": "奶奶说没来过"})
    assert page.status_code == 409 and "这次没有存上" in page.text and "已经由同事回访过了" in page.text
    assert "奶奶说没来过" in page.text and "没有来过" in page.text, "to be copied"
    assert "处要改" not in page.text and "保存</button>" not in page.text and "data-draft=" not in page.text
    assert SpotCheck.objects.get().differences == []


def test_a_county_reads_who_draws_while_nothing_is_drawn(client, village, clerk):
    a_visit(an_approved_file(village))
    page = sign_in(client, a_post(village.county)).get("/visits/checks/").text
    assert "由乡镇（街道）工作站" in page and "checks/draw/" not in page
    page = sign_in(client, clerk).get("/visits/checks/").text
    assert "由乡镇（街道）工作站" not in page and "checks/draw/" in page


def test_the_page_says_what_share_is_drawn(client, clerk):
    assert f"随机抽 {SHARE:.0%}，" in sign_in(client, clerk).get("/visits/checks/").text


@pytest.mark.parametrize(
    ("said", "differences"),
    [
        ({}, []),
        ({"happened": "no"}, ["happened"]),
        ({"said_on": -2}, []),
        ({"said_on": -DAYS_OFF}, []),
        ({"said_on": -DAYS_OFF - 1}, ["visited_on"]),
        ({"said_on": -5}, ["visited_on"]),
        ({"carer": "nobody"}, ["carer"]),
        ({"carer": "same"}, []),
        ({"happened": "unsure"}, []),
    ],
)
def test_what_differs_is_named(village, clerk, said, differences):
    check = drawn(village, clerk)
    said = dict(said)
    if "said_on" in said:
        said["said_on"] = check.visit.visited_on + datetime.timedelta(days=said["said_on"])
    record_check(check, by=clerk, answers=SAID | said)
    check.refresh_from_db()
    assert check.differences == differences and check.asked_on == timezone.localdate()


def test_who_was_not_reached_stays_on_the_list(village, clerk):
    check = drawn(village, clerk)
    record_check(check, by=clerk, answers={"happened": "unreached"})
    check.refresh_from_db()
    assert check.asked_on is None
    record_check(check, by=clerk, answers=SAID)
    with pytest.raises(Stale):
        record_check(check, by=clerk, answers=SAID)


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ({"happened": ""}, "happened"),
        ({"happened": "perhaps"}, "happened"),
        ({"happened": "yes", "asked_who": ""}, "asked_who"),
        (SAID | {"said_on": datetime.date(2999, 1, 1)}, "said_on"),
    ],
)
def test_what_is_missing_is_said_at_its_field(village, clerk, said, at):
    check = drawn(village, clerk)
    with pytest.raises(ValidationError) as error:
        record_check(check, by=clerk, answers=said)
    assert at in error.value.message_dict
    check.refresh_from_db()
    assert not check.happened


def test_who_was_asked_is_named_without_pictures(client, village, clerk):
    check = drawn(village, clerk)
    sign_in(client, clerk)
    page = client.post(f"/visits/checks/{check.pk}/", {"happened": "yes", "asked_who": "奶奶😀"})
    check.refresh_from_db()
    assert "不是能印出来的字" in page.text and not check.asked_who
    client.post(f"/visits/checks/{check.pk}/", {"happened": "yes", "asked_who": "李桂英，奶奶"})
    check.refresh_from_db()
    assert check.asked_who == "李桂英，奶奶"


def test_nobody_checks_her_own_visit_nor_another_station_s(village, clerk):
    check = drawn(village, clerk)
    with pytest.raises(PermissionDenied):
        record_check(check, by=a_post(a_village().township), answers=SAID)
    own = SpotCheck(visit=a_visit(an_approved_file(village), by=clerk), month=month(), drawn_in=clerk)
    own.place(own.visit)
    own.save()
    with pytest.raises(Refused, match="请由同事或县（市、区）回访"):
        record_check(own, by=clerk, answers=SAID)
    with pytest.raises(PermissionDenied):
        draw_checks(a_post(village.county), month())


@pytest.fixture
def completed(village, clerk):
    """A director's visit that the station returned and a clerk wrote anew."""
    visit = a_visit(an_approved_file(village), by=a_post(village))
    VISIT.apply("return", visit, by=a_post(village.township), seen_version=visit.version, reason="请补充")
    said = {"answers": answers(needs="棉衣"), "hazards_looked_at": True}
    return correct_visit(visit, by=clerk, seen_version=visit.version, **said) or visit


def test_who_sent_a_director_s_visit_again_draws_it_as_any_other(completed, clerk):
    (check,) = draw_checks(clerk, month())
    assert check.visit == completed


def test_a_director_who_is_clerk_as_well_does_not_keep_her_visits_from_being_checked(village, clerk):
    """A month is drawn once: what she left out would be checked never."""
    as_director, other = a_post(village, person=clerk.person), a_post(village)
    for director in (as_director, other):
        for _ in range(2):
            a_visit(an_approved_file(village), by=director)
    checks = draw_checks(clerk, month())
    assert {check.visit.made_in for check in checks} == {as_director, other}, "at least one of each director"
    (own,) = [check for check in checks if check.visit.made_in == as_director]
    with pytest.raises(Refused, match="请由同事或县（市、区）回访"):
        record_check(own, by=clerk, answers=SAID)
    record_check(own, by=a_post(village.township), answers=SAID)


@pytest.fixture
def written_alone(village, clerk):
    """A check of a visit that the only clerk of a station made, as the village's director or sent again."""
    a_visit(an_approved_file(village), by=a_post(village, person=clerk.person))
    (check,) = draw_checks(clerk, month())
    return check


def test_what_the_only_clerk_of_a_station_wrote_its_county_calls_back_about(client, written_alone, village, clerk):
    where, county = f"/visits/checks/{written_alone.pk}/", a_post(village.county)
    assert where not in sign_in(client, clerk).get("/visits/checks/").text
    assert client.post(where, SAID).status_code == 422
    assert where in sign_in(client, county).get("/visits/checks/").text
    assert client.get(where).status_code == 200
    assert client.post(where, SAID).status_code == 302
    check = SpotCheck.objects.get()
    assert check.asked_on and check.asked_in == county


def test_what_a_clerk_sent_again_after_it_was_drawn_its_county_calls_back_about(village, clerk):
    visit = a_visit(an_approved_file(village), by=a_post(village))
    (check,) = draw_checks(clerk, month())
    VISIT.apply("return", visit, by=clerk, seen_version=visit.version, reason="请补充")
    correct_visit(visit, by=clerk, seen_version=visit.version, answers=answers(needs="棉衣"), hazards_looked_at=True)
    with pytest.raises(Refused, match="请由同事或县（市、区）回访"):
        record_check(SpotCheck.objects.get(), by=clerk, answers=SAID)
    record_check(SpotCheck.objects.get(), by=a_post(village.county), answers=SAID)
    assert SpotCheck.objects.get(pk=check.pk).asked_on


def test_what_a_director_wrote_the_county_does_not_call_back_about(client, village, clerk):
    check, county = drawn(village, clerk, by=a_post(village)), a_post(village.county)
    where = f"/visits/checks/{check.pk}/"
    page = sign_in(client, county).get("/visits/checks/").text
    assert where not in page and "请由同事" not in page
    assert client.get(where).status_code == 404 and client.post(where, SAID).status_code == 404
    with pytest.raises(PermissionDenied):
        record_check(check, by=county, answers=SAID)
    with pytest.raises(PermissionDenied):
        record_check(check, by=a_post(a_village().county), answers=SAID)


def test_another_county_does_not_call_back_about_what_a_station_wrote(client, written_alone):
    stranger = a_post(a_village().county)
    with pytest.raises(PermissionDenied):
        record_check(written_alone, by=stranger, answers=SAID)
    assert sign_in(client, stranger).get(f"/visits/checks/{written_alone.pk}/").status_code == 404


def test_who_sent_a_director_s_visit_again_does_not_call_back_about_it(client, completed, village, clerk):
    colleague = a_post(village.township)
    (check,) = draw_checks(colleague, month())
    where = f"/visits/checks/{check.pk}/"
    page = sign_in(client, clerk).get("/visits/checks/").text
    assert where not in page and "请由同事或县（市、区）回访" in page
    assert "请由同事或县（市、区）回访" in client.get(where, follow=True).text
    kept = client.post(where, SAID | {"note": "奶奶说来过"})
    assert kept.status_code == 422 and "请由同事或县（市、区）回访" in kept.text and "奶奶说来过" in kept.text
    assert SpotCheck.objects.get().asked_on is None
    assert where in sign_in(client, colleague).get("/visits/checks/").text
    assert client.post(where, SAID).status_code == 302 and SpotCheck.objects.get().asked_on


def test_a_clerk_draws_calls_and_the_county_reads(client, village, clerk):
    a_visit(an_approved_file(village, name="张子涵"), by=a_post(village, person=a_person("王主任")))
    sign_in(client, clerk)
    assert "张子涵" in client.post("/visits/checks/draw/", {"month": f"{month():%Y-%m}"}, follow=True).text
    check = SpotCheck.objects.get()
    assert client.post(f"/visits/checks/{check.pk}/", {"happened": "yes"}).status_code == 422
    page = client.post(f"/visits/checks/{check.pk}/", {"happened": "no", "asked_who": "奶奶"}, follow=True)
    assert "不一致" in page.text
    sign_in(client, a_post(village.county))
    assert "不一致" in client.get("/visits/checks/").text
    sign_in(client, a_post(a_village().county))
    assert "张子涵" not in client.get("/visits/checks/").text


def test_what_the_family_was_asked_about_is_not_taken_back(client, village, clerk):
    director = a_post(village)
    check = drawn(village, clerk, by=director)
    record_check(check, by=clerk, answers=SAID | {"happened": "no"})
    sign_in(client, director)
    assert "recall" not in client.get(f"/visits/{check.visit_id}/").text
    assert client.get(f"/api/v1/visits/{check.visit_id}/").json()["actions"] == []
    page = client.post(f"/visits/{check.visit_id}/recall/", {"version": 1}, follow=True).text
    assert "工作站已经回访过，不能撤回" in page
    assert Visit.objects.get().state == "submitted"


def test_who_was_not_reached_keeps_nobody_from_mending_the_visit(village, clerk):
    director = a_post(village)
    check = drawn(village, clerk, by=director)
    record_check(check, by=clerk, answers={"happened": "unreached"})
    recall_visit(check.visit, by=director, seen_version=check.visit.version)
    assert Visit.objects.get().is_taken_back


def test_a_visit_that_was_taken_back_is_not_asked_about_until_it_is_sent_again(client, village, clerk):
    director = a_post(village)
    check = drawn(village, clerk, by=director)
    visit = check.visit
    recall_visit(visit, by=director, seen_version=visit.version)
    where = f"/visits/checks/{check.pk}/"
    sign_in(client, clerk)
    page = client.get("/visits/checks/").text
    assert "走访已撤回修改" in page and where not in page
    assert "这次走访已撤回修改" in client.get(where, follow=True).text
    kept = client.post(where, SAID | {"note": "奶奶说记不清"})
    assert kept.status_code == 409 and "再送出以后才能记回访结果" in kept.text and "奶奶说记不清" in kept.text
    assert 'type="radio"' not in kept.text and "处要改" not in kept.text
    assert SpotCheck.objects.get().asked_on is None
    correct_visit(visit, by=director, seen_version=visit.version, answers=answers(), hazards_looked_at=True)
    assert where in client.get("/visits/checks/").text
    assert client.post(where, SAID).status_code == 302 and SpotCheck.objects.get().asked_on


def test_a_visit_that_was_sent_back_is_not_asked_about_until_it_is_sent_again(client, village, clerk):
    director = a_post(village)
    check = drawn(village, clerk, by=director)
    visit, where = check.visit, f"/visits/checks/{check.pk}/"
    VISIT.apply("return", visit, by=clerk, seen_version=visit.version, reason="请补充")
    page = sign_in(client, clerk).get("/visits/checks/").text
    assert "走访已退回" in page and where not in page
    assert "这次走访已退回" in client.get(where, follow=True).text
    kept = client.post(where, SAID)
    assert kept.status_code == 409 and "再送出以后才能记回访结果" in kept.text
    assert SpotCheck.objects.get().asked_on is None
    correct_visit(visit, by=director, seen_version=visit.version, answers=answers(), hazards_looked_at=True)
    assert where in client.get("/visits/checks/").text
    assert client.post(where, SAID).status_code == 302 and SpotCheck.objects.get().asked_on


@pytest.mark.django_db(transaction=True)
def test_of_a_result_and_taking_back_at_once_one_is_told(village, clerk):
    director = a_post(village)
    check = drawn(village, clerk, by=director)
    told = done_or_told(
        lambda: record_check(SpotCheck.objects.get(), by=clerk, answers=SAID),
        lambda: recall_visit(Visit.objects.get(), by=director, seen_version=check.visit.version),
    )
    assert sorted(told) != ["done", "done"] and "done" in told
    assert bool(SpotCheck.objects.get().asked_on) != Visit.objects.get().is_taken_back
