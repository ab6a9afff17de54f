"""Figures of help, lived through by the services: each is recounted plainly, and a month that is over keeps its own."""

import datetime
from collections import Counter

import pytest
import time_machine
from django.urls import reverse

from registry.assessments.workflow import ASSESSMENT
from registry.closing.services import close_file
from registry.help_status.models import HelpStatus
from registry.help_status.verify import first_help_differing
from registry.needs.models import Need
from registry.needs.services.escalation import escalate
from registry.needs.services.handling import pass_up, reopen, settle, undo_settle, void
from registry.needs.services.recording import record_need
from registry.plans.services.goals import end_goal
from registry.plans.workflow import PLAN
from registry.status.verify import first_differing
from registry.transfers.services import ask_transfer
from reports.crossing.kept import KeptRows
from reports.crossing.source import LiveRows
from reports.indicators.table import BREAKDOWNS, INDICATORS, numbers_of
from reports.indicators.templates import TEMPLATES, broken_in
from reports.rollup.models import Figure
from reports.rollup.periods import Period
from reports.rollup.services import roll_up
from reports.rollup.verify import first_wrong
from tests.builders import a_plan, a_post, a_unit, a_village, an_approved_file, an_assessment, fresh, sign_in

pytestmark = pytest.mark.django_db
OCTOBER, NOVEMBER = "2026-10", "2026-11"


def at(month: int, day: int, hour: int = 4):
    return time_machine.travel(datetime.datetime(2026, month, day, hour, tzinfo=datetime.UTC), tick=False)


@pytest.fixture
def village():
    with at(9, 1):
        return a_village()


@pytest.fixture
def director(village):
    with at(9, 1):
        return a_post(village)


@pytest.fixture
def clerk(village):
    with at(9, 1):
        return a_post(village.township)


@pytest.fixture
def file(village, director, clerk):
    return an_approved_file(village, by=director, clerk=clerk, on=datetime.date(2026, 9, 1))


def figures(unit, key) -> dict:
    """Of a help ledger, those that are not zero; counted anew, and recounted by the rows behind each figure."""
    assert roll_up(unit.county_id, key, force=True)
    assert first_wrong(Period.of(key)) is None
    assert first_help_differing() is None and first_differing() is None
    numbers = numbers_of(Figure.objects.get(unit=unit, period=key).numbers)
    for each in BREAKDOWNS:
        parts = sum(numbers[part] for part in each.parts)
        assert parts == numbers[each.whole] or each.several, each
    assert broken_in(TEMPLATES["help"], numbers) == []
    period = Period.of(key)
    for indicator in INDICATORS:
        assert indicator.rows(period).within(unit).count() == numbers[indicator.key] or indicator.fact.overtaken
    wanted = ("assess", "need", "plans_", "goals_")
    return {name: number for name, number in numbers.items() if number and name.startswith(wanted)}


def need(file, by, kind="mind.mood", **given) -> Need:
    return record_need(file, by=fresh(by), kind=kind, words="夜里睡不好", anyway=True, **given)


def settled(found: Need, by, outcome="met", satisfaction="satisfied") -> None:
    words = "" if outcome == "met" else "还差一些"
    found.refresh_from_db()
    settle(found, by=fresh(by), seen_version=found.version, outcome=outcome, words=words, satisfaction=satisfaction)


def confirmed(file, clerk, director, **given):
    found = an_assessment(file, by=fresh(director), **given)
    ASSESSMENT.apply("confirm", found, by=fresh(clerk), seen_version=found.version)
    return found


def test_a_child_nobody_looked_at_is_one_of_the_values(village, file):
    with at(10, 15):
        assert figures(village, OCTOBER) == {"assessment_never": 1, "needing_none": 1}


def test_a_need_counts_when_it_is_recorded_while_it_is_open_and_when_it_is_settled(village, file, director):
    with at(10, 20):
        need(file, director, due_on=datetime.date(2026, 10, 25), found_on=datetime.date(2026, 9, 3))
    open_in_october = {
        "assessment_never": 1, "needing_overdue": 1, "needs_found": 1, "needs_open": 1, "needs_overdue": 1,
        "needs_open_mind": 1, "needs_overdue_mind": 1, "needs_held_village": 1,
    }  # fmt: skip
    with at(10, 31):
        assert figures(village, OCTOBER) == open_in_october
    with at(11, 1):
        settled(Need.objects.get(), director, "partly", "not")
        assert figures(village, OCTOBER) == open_in_october
        assert figures(village, NOVEMBER) == {
            "assessment_never": 1, "needing_none": 1, "needs_settled": 1, "needs_settled_partly": 1,
            "needs_satisfaction_not": 1,
        }  # fmt: skip
        assert figures(village.county, OCTOBER) == open_in_october
    with at(11, 2):
        found = Need.objects.get()
        reopen(found, by=fresh(director), seen_version=found.version, reason="又发作了")
        november = figures(village, NOVEMBER)
        assert november["needs_open"] == 1 and "needs_settled" not in november
    with at(12, 3):
        settled(Need.objects.get(), director)
        assert figures(village, OCTOBER) == open_in_october
        assert figures(village, NOVEMBER)["needs_open"] == 1
        assert figures(village, "2026-12")["needs_settled_met"] == 1


def test_the_last_day_itself_still_runs(village, file, director):
    with at(10, 20):
        need(file, director, due_on=datetime.date(2026, 10, 25))
    for day, told in ((25, "needing_open"), (26, "needing_overdue")):
        with at(10, day):
            assert told in figures(village, OCTOBER)


def test_a_settling_taken_back_at_once_was_none(village, file, director):
    with at(10, 20):
        found = need(file, director)
        settled(found, director)
        assert figures(village, OCTOBER)["needs_settled"] == 1
        undo_settle(found, by=fresh(director), seen_version=found.version)
        october = figures(village, OCTOBER)
        assert "needs_settled" not in october and october["needs_open"] == 1


def test_a_need_recorded_by_mistake_counts_nowhere_but_in_the_month_that_was_over(village, file, director, clerk):
    with at(10, 20):
        found = need(file, director)
        october = figures(village, OCTOBER)
    with at(11, 3):
        void(found, by=fresh(clerk), seen_version=found.version, reason="写错孩子了")
        assert figures(village, OCTOBER) == october
        assert figures(village, NOVEMBER) == {"assessment_never": 1, "needing_none": 1}


def test_who_holds_a_need_and_what_went_up_by_itself(village, file, director, clerk):
    with at(10, 5):
        passed = need(file, director, "health.treatment")
        need(file, director, urgency="urgent")
        a_post(village.county)
        pass_up(passed, by=fresh(director), seen_version=passed.version, reason="村里办不了")
    with at(10, 30):
        escalate()
        october = figures(village, OCTOBER)
        assert october["needs_raised"] >= 1 and october["needs_open"] == 2
        assert "needs_held_village" not in october
    with at(11, 10):
        assert figures(village, OCTOBER) == october


def test_what_a_closed_file_had_open_ended_with_it(village, file, director, clerk):
    with at(10, 5):
        need(file, director)
    with at(10, 20):
        close_file(
            file, by=fresh(clerk), seen_version=file.version, reason="moved", note="", on=datetime.date(2026, 10, 20)
        )
        assert figures(village, OCTOBER) == {
            "needs_found": 1, "needs_settled": 1, "needs_settled_left": 1,
            "needs_satisfaction_not_asked": 1,
        }  # fmt: skip


def test_a_child_that_moves_takes_what_is_open_along_and_leaves_the_month_before(village, file, director, clerk):
    with at(10, 5):
        there = a_unit(village.township)
        a_post(there)
        need(file, director)
        october = figures(village, OCTOBER)
    with at(11, 5):
        file.refresh_from_db()
        ask_transfer(file, by=fresh(clerk), target=there, reason="搬家", seen_version=file.version)
        assert figures(village, OCTOBER) == october and figures(village, NOVEMBER) == {}
        assert figures(there, NOVEMBER)["needs_open_mind"] == 1


def test_an_assessment_counts_when_it_is_confirmed(village, file, director, clerk):
    with at(10, 30):
        found = an_assessment(file, by=fresh(director))
        waiting = figures(village, OCTOBER)
        assert waiting == {"assessment_never": 1, "needing_none": 1, "assessments_waiting": 1}
    with at(11, 1):
        ASSESSMENT.apply("confirm", found, by=fresh(clerk), seen_version=found.version)
        assert figures(village, OCTOBER) == waiting
        november = figures(village, NOVEMBER)
        assert november["assessment_in_time"] == november["assessed"] == november[f"assessed_{found.level}"] == 1
        ASSESSMENT.undo(found, by=fresh(clerk), seen_version=found.version)
        assert figures(village, NOVEMBER) == waiting
    with at(11, 2):
        ASSESSMENT.apply("confirm", found, by=fresh(clerk), seen_version=found.version)
    with time_machine.travel(datetime.datetime(2028, 1, 5, 4, tzinfo=datetime.UTC), tick=False):
        assert figures(village, "2027-12")["assessment_overdue"] == 1
        assert figures(village, NOVEMBER) == november


def test_plans_and_goals(village, file, director, clerk):
    with at(10, 5):
        plan = a_plan(file, by=fresh(director), lines=[
            {"goal": "睡得好", "measure": "每周辅导", "who": "张红梅", "by_on": datetime.date(2026, 10, 20)},
            {"goal": "补助到位", "measure": "报名单", "who": "王老师", "by_on": datetime.date(2026, 12, 20)},
        ])  # fmt: skip
        assert "plans_running" not in figures(village, OCTOBER)
        PLAN.apply("approve", plan, by=fresh(clerk), seen_version=plan.version)
    with at(10, 31):
        october = figures(village, OCTOBER)
        assert (october["plans_running"], october["goals_overdue"]) == (1, 1)
    with at(11, 3):
        end_goal(
            plan, plan.goals.first(), by=fresh(director), seen_version=plan.version, state="done", result="睡得好了",
            done_on=datetime.date(2026, 10, 15),
        )  # fmt: skip
        assert figures(village, OCTOBER) == october and "goals_overdue" not in figures(village, NOVEMBER)


def test_each_act_marks_its_village_alone(village, file, director):
    with at(10, 20):
        figures(village, OCTOBER)
        need(file, director)
        assert roll_up(village.county_id, OCTOBER)  # without being forced
        assert Figure.objects.get(unit=village, period=OCTOBER).numbers["needs_open"] == 1


def test_the_list_behind_a_figure_names_the_child_to_who_may_know_it(client, village, file, director):
    with at(10, 20):
        need(file, director)
        figures(village, OCTOBER)
        for unit, named in ((village.county, True), (village.city, False)):
            sign_in(client, a_post(unit))
            page = client.get(reverse("figure-list", args=[unit.uid, "needs_open"]), {"period": OCTOBER})
            text = page.content.decode()
            assert page.status_code == 200 and (file.name in text) == named and "心理健康" in text
            assert (reverse("need-detail", args=[Need.objects.get().pk]) in text) == named


def test_children_are_crossed_by_assessment_and_need(village, file, director, clerk):
    with at(10, 20):
        an_approved_file(village, by=fresh(director), clerk=fresh(clerk), name="刘欣怡")
        need(file, director)
        confirmed(file, clerk, director)
        figures(village, OCTOBER)
        source = LiveRows(village.county, Period.of(OCTOBER))
        crossed = {(one, two): number for one, two, number in source.groups("d_assessed", "d_need")}
        assert crossed == {("in_time", "open"): 1, ("never", "none"): 1}
        kept = KeptRows(village.county, Period.of(OCTOBER))
        assert Counter(kept.groups("d_assessed", "d_need")) == Counter(source.groups("d_assessed", "d_need"))


def test_what_was_written_and_put_right_on_one_day_leaves_one_row(file, director):
    with at(10, 20):
        found = need(file, director)
        settled(found, director)
    assert HelpStatus.objects.count() == 1
