"""Special rounds: every child in them once, whatever the rule says; who is gone is due nowhere."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from childwelfare.workflow.refusals import Stale
from orgs.audit.models import Audit
from registry.child.models import ChildFile
from tests.builders import (
    a_county,
    a_post,
    a_round,
    a_stay,
    a_township,
    a_unit,
    a_village,
    a_visit,
    an_approved_file,
    sign_in,
)
from visits.schedule.due_list import rounds_for
from visits.schedule.models import VisitRound
from visits.schedule.services.rounds import add_round, progress_of, settle_rounds, withdraw_round
from visits.visit.workflow import VISIT

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def today():
    return timezone.localdate()


def to_do(post):
    return [(todo.round.name, todo.done, todo.owed) for todo in rounds_for(post, "log_visit", today())]


def test_a_county_arranges_a_round_and_the_director_reads_it_on_her_list(client, village, director):
    child = an_approved_file(village, on=today())
    sign_in(client, a_post(village.county))
    typed = {"name": "暑期走访", "since": today().isoformat(), "until": (today() + 40 * DAY).isoformat()}
    page = client.post("/visits/rounds/new/", typed, follow=True)
    assert "暑期走访" in page.text and "进行中" in page.text
    assert Audit.objects.filter(action="add_visit_round").exists()
    page = sign_in(client, director).get("/today/")
    assert "暑期走访" in page.text and "已走访 0 / 1 人" in page.text and child.name in page.text
    assert "暑期走访" in client.get("/visits/rounds/").text


def test_a_visit_in_its_days_does_it_one_before_does_not(village, director):
    a_round(village.county, since=today() - 7 * DAY)
    early, done = an_approved_file(village), an_approved_file(village)
    a_visit(early, by=director, visited_on=today() - 8 * DAY, late_reason="没有信号")
    assert to_do(director) == [("暑期走访", 0, 2)]
    a_visit(done, by=director, visited_on=today() - 7 * DAY, late_reason="没有信号")
    assert to_do(director) == [("暑期走访", 1, 2)]


def test_who_was_not_met_and_what_was_sent_back_is_still_to_do(village, director):
    a_round(village.county)
    a_visit(an_approved_file(village), by=director, outcome="away")
    visit = a_visit(an_approved_file(village), by=director)
    VISIT.apply("return", visit, by=a_post(village.township), seen_version=1, reason="请补充")
    assert to_do(director) == [("暑期走访", 0, 2)]


@pytest.mark.both
def test_only_the_categories_it_names(village, director):
    an_approved_file(village)
    orphan = an_approved_file(village)
    ChildFile.objects.filter(pk=orphan.pk).update(category_codes="orphan,left_behind")
    a_round(village.county, categories=["orphan", "difficulty"])
    assert to_do(director) == [("暑期走访", 0, 1)]


def test_a_child_who_stays_elsewhere_is_visited_there(village, director):
    a_round(village.county)
    host = a_post(a_village(village.township))
    a_stay(an_approved_file(village), host.unit)
    assert (to_do(director), to_do(host)) == ([], [("暑期走访", 0, 1)])


def test_before_its_first_day_and_long_after_its_last_nobody_reads_of_it(village, director):
    an_approved_file(village)
    a_round(village.county, since=today() + DAY, until=today() + 9 * DAY)
    a_round(village.county, since=today() - 40 * DAY, until=today() - 15 * DAY)
    assert to_do(director) == []
    a_round(village.county, name="春节走访", since=today() - 40 * DAY, until=today() - 14 * DAY)
    assert to_do(director) == [("春节走访", 0, 1)]


def test_another_countys_round_is_neither_owed_nor_seen(client, village, director):
    an_approved_file(village)
    other = a_round(a_county())
    assert to_do(director) == []
    assert sign_in(client, director).get(f"/visits/rounds/{other.pk}/").status_code == 404


@pytest.mark.both
def test_progress_of_each_unit_and_names_for_who_may_read_them(client, village):
    city = village.city
    beside = a_village(village.township)
    there = a_village(a_township(a_county(city)))
    made = a_round(city)
    first, second, third = an_approved_file(village, name="张一"), an_approved_file(beside, name="李二"), None
    third = an_approved_file(there, name="王三")
    a_visit(first)
    own, below = progress_of(made, city)
    assert (own.done, own.owed) == (1, 3)
    assert {(row.unit, row.done, row.owed) for row in below} == {(village.county, 1, 2), (there.county, 0, 1)}
    page = sign_in(client, a_post(village.township)).get(f"/visits/rounds/{made.pk}/").text
    assert second.name in page and first.name not in page and third.name not in page
    page = sign_in(client, a_post(city)).get(f"/visits/rounds/{made.pk}/").text
    assert village.county.short_name in page and second.name not in page


def test_taken_back_it_is_owed_by_nobody(client, village, director):
    an_approved_file(village)
    officer = a_post(village.county)
    made = a_round(village.county)
    sign_in(client, officer)
    client.post(f"/visits/rounds/{made.pk}/withdraw/", {"reason": "学校延期放假"})
    assert to_do(director) == []
    assert "学校延期放假" in client.get(f"/visits/rounds/{made.pk}/").text
    with pytest.raises(Stale):
        withdraw_round(made, by=officer, reason="再取消")


def test_who_may_arrange_and_take_back(village, director):
    given = {"name": "暑期走访", "since": today(), "until": today()}
    for post in (director, a_post(village.township)):
        with pytest.raises(PermissionDenied):
            add_round(by=post, **given)
    made = add_round(by=a_post(village.city), **given)
    with pytest.raises(PermissionDenied):
        withdraw_round(made, by=a_post(village.county), reason="不去")


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("name", {"name": " "}),
        ("since", {"since": None}),
        ("until", {"until": None}),
        ("until", {"until": today() - DAY}),
        ("until", {"since": today() + 3 * DAY, "until": today() + 2 * DAY}),
        ("until", {"until": today() + 120 * DAY}),
        ("categories", {"categories": ["cats"]}),
    ],
)
def test_what_is_wrong_is_said_at_its_field(village, field, given):
    with pytest.raises(ValidationError) as refused:
        add_round(by=a_post(village.county), **{"name": "暑期走访", "since": today(), "until": today()} | given)
    assert list(refused.value.message_dict) == [field]
    assert not VisitRound.objects.exists()


def test_over_the_api(client, village):
    an_approved_file(village)
    sign_in(client, a_post(village.county))
    given = {"id": "0b0f2f5e-7d0e-4f53-9a53-0d3f4f1e2a10", "name": "暑期走访", "since": today().isoformat(),
             "until": (today() + 9 * DAY).isoformat(), "categories": ["left_behind"]}  # fmt: skip
    answers = [client.post("/api/v1/visit-rounds/", given, content_type="application/json") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201] and VisitRound.objects.count() == 1
    one = client.get(f"/api/v1/visit-rounds/{given['id']}/").json()
    assert (one["progress"]["owed"], one["below"][0]["name"]) == (1, village.township.name)
    gone = client.post(
        f"/api/v1/visit-rounds/{given['id']}/withdraw/", {"reason": "改期"}, content_type="application/json"
    )
    assert gone.json()["withdrawn_on"] == today().isoformat()
    assert client.get(f"/api/v1/visit-rounds/?on={today()}").json()["results"] == []
    sign_in(client, a_post(a_unit(a_unit(a_county()))))
    assert client.get("/api/v1/visit-rounds/").json()["results"] == []


@pytest.mark.both
def test_two_weeks_after_its_last_day_a_round_is_counted_for_good(client, village, director):
    seen, missed = an_approved_file(village, on=today() - 60 * DAY), an_approved_file(village, on=today() - 60 * DAY)
    a_visit(seen, visited_on=today() - 40 * DAY, late_reason="补录")
    made = a_round(village.county, since=today() - 50 * DAY, until=today() - 14 * DAY)
    assert settle_rounds() == 0
    assert settle_rounds(today() + DAY) == 1 and settle_rounds(today() + DAY) == 0
    made.refresh_from_db()
    a_visit(missed, visited_on=today() - 20 * DAY, late_reason="补录")
    an_approved_file(village)
    for unit in (village.county, village.township, village):
        own, _below = progress_of(made, unit)
        assert (own.owed, own.done) == (2, 1)
    county = a_post(village.county)
    page = sign_in(client, county).get(f"/visits/rounds/{made.pk}/")
    assert "定稿，以后不再变化" in page.text
    with pytest.raises(PermissionDenied):
        withdraw_round(made, by=county, reason="不办了")


def test_a_round_that_was_taken_back_is_never_settled(village):
    a_round(village.county, since=today() - 50 * DAY, until=today() - 20 * DAY, withdrawn_on=today() - 30 * DAY)
    assert settle_rounds() == 0
