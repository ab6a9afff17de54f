"""A county says how often children are visited; what is owed follows, what was owed stays."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from childwelfare.jobs import services as jobs
from childwelfare.jobs.models import Job
from childwelfare.workflow.refusals import Refused
from orgs.audit.models import Audit
from orgs.stale_figures.keys import days_of
from orgs.stale_figures.models import CountyMonth
from registry.child.models import ChildFile
from tests.builders import (
    a_city,
    a_county,
    a_post,
    a_rule,
    a_township,
    a_unit,
    a_village,
    a_visit,
    an_approved_file,
    an_extra_visit,
    sign_in,
)
from tests.depth import examples
from visits.schedule.jobs import follow_rules, recompute_county
from visits.schedule.models import VisitDue, VisitRule
from visits.schedule.services.dues import reschedule
from visits.schedule.services.recompute import recompute
from visits.schedule.services.rules import add_rule, end_rule

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
TYPED = {"document": "荥民〔2026〕3号", "risk": "general", "category": "all", "days": "10", "until": "", "looked": ""}


def today():
    return timezone.localdate()


def added(by, **given):
    given = {"risk": "general", "days": 10, "since": today(), "document": "荥民〔2026〕3号"} | given
    return add_rule(by=by, **given)


def do_the_jobs():
    for job in Job.objects.filter(state="queued"):
        assert jobs.run(job.pk)


def test_a_county_reads_what_a_rule_moves_before_it_saves_it(client, village, officer):
    for days in (2, 15, 25):
        an_approved_file(village, on=today() - days * DAY)
    an_approved_file(village, risk="high", on=today())
    an_approved_file(a_village(), on=today())
    sign_in(client, officer)
    page = client.post("/visits/rules/new/", TYPED | {"since": today().isoformat()})
    assert "2 名儿童的应访日期会变" in page.text and "提前 2 人" in page.text
    assert not VisitRule.objects.exists() and not VisitDue.objects.overdue(today()).exists()
    looked = page.context["form"]["looked"].value()
    page = client.post("/visits/rules/new/", TYPED | {"since": today().isoformat(), "looked": looked}, follow=True)
    assert "荥民〔2026〕3号" in page.text and "每 10 天一次" in page.text
    do_the_jobs()
    assert not VisitDue.objects.overdue(today()).exists(), "nobody becomes late by a rule"
    assert Audit.objects.filter(action="add_visit_rule").exists()


def test_what_was_altered_after_looking_is_shown_anew(client, officer):
    sign_in(client, officer)
    since = today().isoformat()
    page = client.post("/visits/rules/new/", TYPED | {"since": since})
    looked = page.context["form"]["looked"].value()
    page = client.post("/visits/rules/new/", TYPED | {"since": since, "looked": looked, "days": "11"})
    assert page.status_code == 200 and not VisitRule.objects.exists()


def test_the_open_due_takes_the_new_interval_past_ones_keep_theirs(village, officer):
    child = an_approved_file(village, on=today() - 20 * DAY)
    a_visit(child, visited_on=today() - 5 * DAY, late_reason="没有信号")
    added(officer)
    do_the_jobs()
    past, now = child.dues.order_by("since")
    assert (past.days, now.days, now.due_on) == (30, 10, today() + 10 * DAY)


def test_a_visit_that_arrives_late_leaves_past_intervals_as_they_were(village, officer):
    child = an_approved_file(village, on=today() - 20 * DAY)
    a_visit(child, visited_on=today() - 5 * DAY, late_reason="没有信号")
    added(officer)
    do_the_jobs()
    a_visit(child, visited_on=today() - 12 * DAY, late_reason="没有信号")
    assert [due.days for due in child.dues.order_by("since")] == [30, 30, 10]


def test_a_rule_to_come_begins_on_its_day(village, officer, monkeypatch):
    monkeypatch.setattr(recompute_county, "delay", recompute_county)
    child = an_approved_file(village, on=today())
    rule = added(officer, since=today() + 3 * DAY)
    do_the_jobs()
    assert child.dues.get().days == 30
    VisitRule.objects.filter(pk=rule.pk).update(since=today())
    follow_rules()
    assert child.dues.get().days == 10


def test_an_ended_rule_gives_way_to_what_holds_without_it(village, officer):
    child = an_approved_file(village, on=today())
    rule = a_rule(village.county)
    recompute(village.county_id)
    assert child.dues.get().days == 20
    end_rule(rule, by=officer, until=today())
    do_the_jobs()
    assert child.dues.get().days == 30


def test_rules_are_ended_once_and_never_for_days_past(officer, village):
    rule = a_rule(village.county)
    for until in (None, rule.since - DAY, today() - DAY):
        with pytest.raises(ValidationError):
            end_rule(rule, by=officer, until=until)
    end_rule(rule, by=officer, until=today())
    with pytest.raises(Refused, match="已经停止"):
        end_rule(rule, by=officer, until=today() + DAY)


def test_a_rule_written_by_mistake_is_ended_on_the_day_it_begins(village, officer):
    child = an_approved_file(village, on=today())
    end_rule(added(officer), by=officer, until=today())
    do_the_jobs()
    assert child.dues.get().days == 30


@pytest.mark.both
def test_a_place_says_one_thing_at_a_time(officer):
    first = added(officer)
    with pytest.raises(ValidationError, match="荥民〔2026〕3号"):
        added(officer, days=12, since=today() + 9 * DAY)
    added(officer, days=12, category="orphan")
    end_rule(first, by=officer, until=today() + 9 * DAY)
    added(officer, days=12, since=today() + 9 * DAY)


@pytest.mark.parametrize(
    ("name", "value"), [("days", 0), ("days", 366), ("days", None), ("since", None), ("document", " "), ("risk", "x")]
)
def test_what_is_wrong_is_said_at_its_field(officer, name, value):
    with pytest.raises(ValidationError) as refused:
        added(officer, **{name: value})
    assert list(refused.value.message_dict) == [name]


def test_the_city_writes_general_rules_a_county_its_own(village, officer):
    assert added(a_post(village.city)).county is None
    assert added(officer).county == village.county
    for post in (a_post(village.township), a_post(village)):
        with pytest.raises(PermissionDenied):
            added(post)


def test_nobody_ends_another_places_rule(client, village, officer):
    city = added(a_post(village.city))
    other = a_rule(a_county())
    sign_in(client, officer)
    for rule in (city, other):
        client.post(f"/visits/rules/{rule.pk}/end/", {"until": today().isoformat()})
        with pytest.raises(PermissionDenied):
            end_rule(rule, by=officer, until=today())
        rule.refresh_from_db()
        assert rule.until is None
    assert "测民〔2020〕1号" not in client.get("/visits/rules/").text


def test_director_and_station_read_the_rules(client, village):
    a_rule(village.county)
    for post in (a_post(village), a_post(village.township)):
        page = sign_in(client, post).get("/visits/rules/")
        assert "测民〔2020〕1号" in page.text and "增加规则" not in page.text


def test_the_citys_rule_reaches_every_county_that_says_nothing_itself():
    city = a_city()
    one, other = a_village(a_township(a_county(city))), a_village(a_township(a_county(city)))
    children = [an_approved_file(place, on=today()) for place in (one, other)]
    a_rule(other.county, days=25)
    recompute(other.county_id)
    added(a_post(city))
    do_the_jobs()
    assert [child.dues.get().days for child in children] == [10, 25]


@pytest.mark.both
def test_figures_of_the_months_that_changed_are_counted_anew(village):
    child = an_approved_file(village, on=today() - 95 * DAY)
    for month in {f"{today() - n * DAY:%Y-%m}" for n in range(0, 100, 10)}:
        CountyMonth.objects.get_or_create(county=village.county, period=month)
    a_rule(village.county, days=60)
    before = dict(CountyMonth.objects.values_list("period", "wanted"))
    recompute(village.county_id)
    first = child.approved_on + 30 * DAY
    after = dict(CountyMonth.objects.values_list("period", "wanted"))
    assert {month for month in after if after[month] > before[month]} == {m for m in after if days_of(m)[2] >= first}


RULES = st.lists(
    st.tuples(
        st.sampled_from(["high", "general"]),
        st.sampled_from(["", "orphan", "left_behind", "difficulty"]),
        st.booleans(),
        st.integers(1, 60),
        st.sampled_from([-400, -10, 0, 5]),
        st.sampled_from([None, 1, 20]),
    ),
    max_size=6,
)
CHILDREN = st.lists(
    st.tuples(
        st.sampled_from(["high", "general"]),
        st.sampled_from(["orphan", "left_behind", "orphan,left_behind", "difficulty,left_behind", ""]),
        st.sampled_from([None, 1, 4, 9]),
        st.sampled_from([None, 2, 50]),
        st.booleans(),
    ),
    min_size=1,
    max_size=4,
)


@pytest.mark.both
@settings(max_examples=examples(30), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rules=RULES, children=CHILDREN)
def test_set_by_set_gives_what_child_by_child_gives(village, rules, children):
    VisitRule.objects.all().delete()
    director, clerk = a_post(village), a_post(village.township)
    files = []
    for risk, held, visited, promised, asked in children:
        file = an_approved_file(village, on=today() - 20 * DAY, risk=risk, by=director, clerk=clerk)
        ChildFile.objects.filter(pk=file.pk).update(category_codes=held)
        if visited is not None:
            day = today() - visited * DAY
            next_on = day + promised * DAY if promised else None
            a_visit(file, by=director, visited_on=day, next_on=next_on, late_reason="没有信号")
        if asked:
            an_extra_visit(file, by=clerk)
        files.append(file.pk)
    for risk, category, own, days, since, length in rules:
        begins = today() + since * DAY
        until = begins + length * DAY if length else None
        county = village.county if own else None
        a_rule(county, risk=risk, category=category, days=days, since=begins, until=until)
    recompute(village.county_id)
    said = _open_dues(files)
    assert recompute(village.county_id) == 0
    for file in ChildFile.objects.filter(pk__in=files):
        reschedule(file)
    assert _open_dues(files) == said


def _open_dues(files):
    dues = VisitDue.objects.open().filter(child__in=files)
    return sorted(dues.values_list("child_id", "since", "days", "due_on"))


def test_over_the_api(client, village, officer):
    sign_in(client, officer)
    given = {"risk": "high", "days": 5, "since": today().isoformat(), "document": "荥民〔2026〕3号"}
    made = client.post("/api/v1/visit-rules/", given, content_type="application/json")
    assert made.status_code == 201 and made.json()["actions"] == ["end"]
    again = client.post("/api/v1/visit-rules/", given, content_type="application/json")
    assert again.status_code == 400 and "since" in again.json()
    address = f"/api/v1/visit-rules/{made.json()['id']}/end/"
    ended = client.post(address, {"until": today().isoformat()}, content_type="application/json")
    assert ended.status_code == 200 and ended.json()["actions"] == []
    assert client.get("/api/v1/visit-rules/").json()["results"][0]["days"] == 5
    sign_in(client, a_post(a_unit(a_unit(a_county()))))
    assert client.get("/api/v1/visit-rules/").json()["results"] == []


def test_what_a_colleague_ended_meanwhile_can_not_be_ended_again(client, village, officer):
    rule = a_rule(village.county)
    end_rule(rule, by=officer, until=today())
    sent = {"until": today() + DAY}
    page = sign_in(client, officer).post(f"/visits/rules/{rule.pk}/end/", sent)
    assert page.status_code == 422 and "已经停止施行" in page.text and str(today() + DAY) in page.text
    assert "处要改" not in page.text and "看看影响多少儿童" not in page.text
