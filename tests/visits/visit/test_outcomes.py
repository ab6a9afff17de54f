"""A visit that met nobody says what comes next, asks the station where it must act, and is counted as nothing done."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from orgs.review.queue import queue_of
from tests.builders import a_post, a_visit, an_approved_file, answers, sign_in
from tests.visits.visit.test_log_visit import form_of
from visits.oversight.work import work_of
from visits.schedule.due_list import progress
from visits.schedule.models import VisitDue
from visits.visit.codes import NextStep, Outcome
from visits.visit.models import Visit
from visits.visit.questions import ASKED_OF_OUTCOME, NEXT_STEPS
from visits.visit.services.log import log_visit

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
MEASURES = ("due", "in_time", "late", "overdue", "met", "found")
UNMET = [outcome for outcome in Outcome.values if outcome != "seen"]


def today():
    return timezone.localdate()


@pytest.fixture
def child(post):
    return an_approved_file(post.unit, by=post, on=today() - 36 * DAY)


def refused(child, by, **given) -> dict:
    with pytest.raises(ValidationError) as error:
        log_visit(child, by=by, answers=answers(**given), hazards_looked_at=False)
    assert not Visit.objects.exists()
    return error.value.message_dict


@pytest.mark.parametrize("outcome", UNMET)
def test_each_outcome_has_its_own_next_steps_the_natural_one_first(child, post, outcome):
    for step in NextStep.values:
        given = {"outcome": outcome, "next_step": step, "whereabouts": "五组 3 号", "next_on": today() + 3 * DAY}
        if step in NEXT_STEPS[outcome]:
            assert a_visit(child, by=post, **given).next_step == step
        else:
            with pytest.raises(ValidationError) as error:
                a_visit(child, by=post, **given)
            assert str(NEXT_STEPS[outcome][0].label) in error.value.message_dict["next_step"][0]


@pytest.mark.parametrize("outcome", UNMET)
def test_what_is_missing_is_asked_at_its_field(child, post, outcome):
    told = refused(child, post, outcome=outcome, next_step="", whereabouts="")
    assert set(told) == {"next_step", *(["whereabouts"] if outcome in ASKED_OF_OUTCOME else [])}


def test_to_come_again_names_the_day(child, post):
    assert list(refused(child, post, outcome="not_found", next_step="come_again")) == ["next_on"]
    past = refused(child, post, outcome="not_found", next_step="come_again", next_on=today())
    assert list(past) == ["next_on"]


def test_a_child_that_was_met_has_no_such_step(child, post):
    told = refused(child, post, outcome="seen", next_step="come_again")
    assert "next_step" in told


def test_nothing_is_asked_about_a_child_that_was_not_met(child, post):
    visit = a_visit(child, by=post, outcome="not_found")
    assert (visit.care, visit.attendance, visit.hazards) == ("", "", [])


@pytest.mark.parametrize("outcome", UNMET)
def test_it_moves_no_due_day_no_progress_and_no_measure(child, post, outcome):
    clerk, month = a_post(post.unit.township), (today().replace(day=1), today().replace(day=1) + 32 * DAY)

    def counted():
        dues = list(VisitDue.objects.filter(child=child).values_list("since", "due_on", "ended_on"))
        row = next(row for row in work_of(clerk, "accept_visit", *month) if row.unit.pk == post.unit_id)
        return dues, progress(post, today()), [getattr(row, name) for name in MEASURES]

    before = counted()
    visit = a_visit(child, by=post, outcome=outcome, next_on=today() + 2 * DAY)
    assert Visit.objects.not_seen().get() == visit and not Visit.objects.seen().exists()
    assert counted() == before


@pytest.mark.parametrize(
    ("step", "asked"),
    [("come_again", False), ("ask_around", False), ("tell_station", True)],
)
def test_what_asks_the_station_to_act_stands_first_on_its_desk(child, post, step, asked):
    other = an_approved_file(post.unit, by=post, name="李明轩", on=today() - 30 * DAY)
    a_visit(other, by=post, hazards=["water"])
    a_visit(child, by=post, outcome="not_found", next_step=step, next_on=today() + DAY)
    queue = queue_of(a_post(post.unit.township))
    assert (queue[0].record.child == child) is asked
    assert ("请工作站处理" in map(str, queue[0].card.flags)) is asked


def test_list_visit_and_desk_say_it_in_words(client, child, post):
    day = today() + 5 * DAY
    visit = a_visit(child, by=post, outcome="away", next_step="come_again", next_on=day, whereabouts="去了上海")
    words = f"未见到孩子：外出不在，{day.month}月{day.day}日再访"
    sign_in(client, post)
    assert words in client.get("/today/").text and words in client.get(f"/visits/{visit.pk}/").text
    sign_in(client, a_post(post.unit.township))
    page = client.get("/review/").text
    assert words in page and "去了上海" in page


def test_once_the_child_was_met_the_list_forgets_it(client, child, post):
    a_visit(child, by=post, outcome="refused")
    a_visit(child, by=post, next_on=today() + 2 * DAY)
    assert "未见到孩子" not in sign_in(client, post).get("/today/").text


def test_the_page_takes_two_steps_and_says_where_to_go_on(client, child, post):
    sign_in(client, post)
    said = {"pk": form_of()["pk"], "visited_on": today().isoformat(), "method": "home", "outcome": "not_found"}
    page = client.post(f"/children/{child.pk}/visit/", said)
    assert page.status_code == 422 and "请选择下一步" in page.text and not Visit.objects.exists()
    page = client.post(f"/children/{child.pk}/visit/", said | {"next_step": "tell_station"}, follow=True)
    assert "未见到张子涵：没找到人，报告工作站查找" in page.text
    assert f"/alerts/new/?child={child.pk}" in page.text


def test_a_stay_is_registered_by_the_station_from_the_visit(client, child, post):
    visit = a_visit(child, by=post, outcome="away", next_step="stay")
    assert f"/children/{child.pk}/stay/" not in sign_in(client, post).get(f"/visits/{visit.pk}/").text
    sign_in(client, a_post(post.unit.township))
    assert f"/children/{child.pk}/stay/" in client.get(f"/review/visit/{visit.pk}/").text


def test_the_right_address_becomes_a_change_of_the_file(client, child, post):
    sign_in(client, post)
    said = form_of(outcome="wrong_address", next_step="correct_address", whereabouts="四组 22 号")
    page = client.post(f"/children/{child.pk}/visit/", said, follow=True)
    (change,) = Visit.objects.get().noticed.all()
    (field,) = change.fields.all()
    assert (field.name, field.value, change.note) == ("address", "四组 22 号", "走访中发现")
    assert f"/changes/{change.pk}/" in page.text


def test_an_address_too_long_for_a_file_is_said_where_it_was_written(child, post):
    told = refused(child, post, outcome="wrong_address", next_step="correct_address", whereabouts="五" * 121)
    assert list(told) == ["whereabouts"]


def test_the_api_takes_and_gives_the_next_step(client, child, post):
    sign_in(client, post)
    given = {"child": str(child.pk), "visited_on": today().isoformat(), "outcome": "refused", "hazards": []}
    bad = client.post("/api/v1/visits/", given, content_type="application/json")
    assert bad.status_code == 400 and {"next_step", "whereabouts"} <= set(bad.json())
    given |= {"next_step": "together", "whereabouts": "伯父不让进门"}
    made = client.post("/api/v1/visits/", given, content_type="application/json").json()
    assert (made["next_step"], made["flags"]) == ("together", ["station_asked", "not_seen"])
