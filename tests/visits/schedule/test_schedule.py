"""What is due: by risk and rule, from the latest valid visit, whatever the order in which visits arrive."""

import datetime
import itertools
import uuid

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from childwelfare.tables.prepared import Prepared
from registry.child.models import ChildFile
from registry.closing.services import close_file
from tests.builders import a_post, a_visit, an_approved_file, answers
from tests.depth import examples
from visits.schedule.models import VisitDue, VisitRule
from visits.schedule.services.dues import DUES, MET, plan_visits, reschedule
from visits.visit.models import Visit
from visits.visit.services.log import correct_visit
from visits.visit.workflow import VISIT

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def today():
    return timezone.localdate()


@pytest.mark.parametrize(
    ("risk", "days"), [("high", 7), ("raised", 15), ("general", 30), ("watch", 30), ("unknown", 30)]
)
def test_the_default_intervals(village, risk, days):
    child = an_approved_file(village, risk=risk, on=today() - 3 * DAY)
    assert child.dues.get().due_on == child.approved_on + days * DAY


def test_the_most_particular_rule_counts(village):
    child = an_approved_file(village, on=today())
    VisitRule.objects.create(risk="general", days=20)
    VisitRule.objects.create(risk="general", days=10, county=village.county)
    VisitRule.objects.create(risk="general", days=5, category="left_behind")
    VisitRule.objects.create(risk="general", days=3, county=village.county, category="orphan")
    VisitRule.objects.create(risk="general", days=2, county=village.county, until=datetime.date(2020, 1, 1))
    child.dues.all().delete()
    reschedule(child)
    assert child.dues.get().days == 10


@pytest.mark.both
def test_a_visit_ends_what_was_due_and_opens_the_next(village):
    child = an_approved_file(village)
    visit = a_visit(child)
    done, open_one = child.dues.order_by("since")
    assert (done.visit, done.ended_on) == (visit, today())
    assert (open_one.since, open_one.ended_on) == (today(), None)


def test_an_agreed_earlier_day_counts_a_later_one_does_not(village):
    child = an_approved_file(village)
    a_visit(child, next_on=today() + 9 * DAY)
    assert child.dues.open().get().due_on == today() + 9 * DAY
    other = an_approved_file(village)
    a_visit(other, next_on=today() + 90 * DAY)
    assert other.dues.open().get().due_on == today() + 30 * DAY


def test_a_visit_that_met_nobody_is_no_visit_done(village):
    child = an_approved_file(village, on=today() - 40 * DAY)
    a_visit(child, outcome="not_found")
    assert VisitDue.objects.overdue(today()).get().child == child


def test_a_returned_visit_is_due_again_until_it_is_resubmitted(village):
    child = an_approved_file(village, on=today() - 40 * DAY)
    director, clerk = a_post(village), a_post(village.township)
    visit = a_visit(child, by=director)
    VISIT.apply("return", visit, by=clerk, seen_version=1, reason="请补充")
    assert VisitDue.objects.overdue(today()).get().child == child
    VISIT.apply("resubmit", visit, by=director, seen_version=2)
    assert not VisitDue.objects.overdue(today()).exists(), "whoever sends it again, with answers or without"
    assert child.dues.open().get().since == visit.visited_on


def test_a_correction_counts_on_the_day_that_it_says(village):
    child = an_approved_file(village, on=today() - 40 * DAY)
    director, clerk = a_post(village), a_post(village.township)
    visit = a_visit(child, by=director)
    VISIT.apply("return", visit, by=clerk, seen_version=1, reason="日期不对")
    given = answers(visited_on=today() - 2 * DAY)
    correct_visit(Visit.objects.get(), by=director, seen_version=2, answers=given, hazards_looked_at=True)
    done, coming = child.dues.order_by("since")
    assert (done.visit, done.ended_on, coming.since) == (visit, today() - 2 * DAY, today() - 2 * DAY)


@pytest.mark.both
def test_the_overdue_list_is_past_days_only_longest_first(village):
    for days in (30, 31, 45):
        an_approved_file(village, on=today() - days * DAY)
    late = [(today() - due.due_on).days for due in VisitDue.objects.overdue(today())]
    assert late == [15, 1]


@pytest.mark.both
@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(offsets=st.lists(st.integers(0, 25), min_size=1, max_size=4, unique=True), data=st.data())
def test_the_order_of_arrival_does_not_matter(village, offsets, data):
    arrived = data.draw(st.permutations(offsets))
    child, director = an_approved_file(village, on=today() - 28 * DAY), a_post(village)
    for offset in arrived:
        a_visit(child, by=director, visited_on=child.approved_on + offset * DAY, late_reason="手机没电")
    dues = list(child.dues.order_by("since", "pk").values_list("since", "ended_on"))
    days = sorted(child.approved_on + offset * DAY for offset in offsets)
    assert dues == list(zip([child.approved_on, *days], [*days, None], strict=True))
    assert child.dues.filter(visit__isnull=False).count() == len(offsets)


MOVES = st.lists(
    st.tuples(st.sampled_from(["log", "log", "return", "resubmit"]), st.sampled_from([0, 3, 9, 10]), st.integers(0, 3)),
    min_size=2,
    max_size=8,
)


@pytest.mark.both
@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=MOVES)
def test_what_was_laid_out_from_a_day_on_is_what_all_visits_give(village, moves):
    """Same days, promises, visits sent back and sent again with another date: nothing is left to lay out anew."""
    child, director, clerk = an_approved_file(village, on=today() - 28 * DAY), a_post(village), a_post(village.township)
    for what, offset, promised in moves:
        day = child.approved_on + offset * DAY
        said = {"visited_on": day, "next_on": day + promised * DAY if promised else None, "late_reason": "手机没电"}
        if what == "log":
            a_visit(child, by=director, guardian_words=str(uuid.uuid4()), **said)
            continue
        state = {"return": "submitted", "resubmit": "returned"}[what]
        visit = Visit.objects.filter(child=child, state=state).order_by("visited_on", "made_at")[promised:].first()
        if visit is None:
            continue
        if what == "return":
            VISIT.apply("return", visit, by=clerk, seen_version=visit.version, reason="请补充")
        else:
            given = answers(**said)
            correct_visit(visit, by=director, seen_version=visit.version, answers=given, hazards_looked_at=True)
    laid_out = list(child.dues.order_by("since", "pk").values())
    reschedule(child)
    assert list(child.dues.order_by("since", "pk").values()) == laid_out


def test_a_visit_reads_what_ran_that_day_and_not_all_that_was_before(village, monkeypatch):
    child, director = an_approved_file(village, on=today() - 200 * DAY), a_post(village)
    for ago in (150, 100, 50):
        a_visit(child, by=director, visited_on=today() - ago * DAY, late_reason="手机没电")
    read, ask = {DUES: [], MET: []}, Prepared.ask

    def noted(prepared, **given):
        rows = ask(prepared, **given)
        read.get(prepared, []).extend(rows)
        return rows

    monkeypatch.setattr(Prepared, "ask", noted)
    visit = a_visit(child, by=director)
    assert [due.since for due in read[DUES]] == [today() - 50 * DAY]
    assert [met.visited_on for met in read[MET]] == [today() - 50 * DAY, visit.visited_on]


def test_a_visit_on_its_way_while_the_file_was_closed_opens_nothing(village):
    """Read before the closing, written after it: the director's phone and the station's screen at one moment."""
    child, director, clerk = an_approved_file(village, on=today() - 40 * DAY), a_post(village), a_post(village.township)
    a_visit(child, by=director, visited_on=today() - 2 * DAY)
    read_before = ChildFile.objects.get(pk=child.pk)
    close_file(child, by=clerk, seen_version=read_before.version, reason="dead", on=today())
    a_visit(read_before, by=director, visited_on=today() - DAY)
    assert not child.dues.open().exists()
    assert [due.ended_on for due in child.dues.order_by("since")] == [today() - 2 * DAY, today() - DAY, today()]


def test_every_order_of_three_visits_gives_the_same_plan(village):
    child = ChildFile(approved_on=today() - 28 * DAY, risk="general", village_id=1, township_id=1, county_id=1)
    visits = [Visit(visited_on=today() - n * DAY) for n in (20, 10, 1)]
    plans = {
        tuple(
            (due.since, due.due_on, due.ended_on)
            for due in plan_visits(child, sorted(order, key=lambda v: v.visited_on), rules=[])
        )
        for order in itertools.permutations(visits)
    }
    assert len(plans) == 1
