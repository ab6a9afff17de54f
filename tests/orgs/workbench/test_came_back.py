"""What came back and what was sent again: since when it waits, for whom, why; and what of it is told."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from orgs.posts.services import end_appointment
from orgs.review.queue import queue_of
from orgs.workbench.services import bench_of
from orgs.workbench.unfinished import unfinished
from registry.changes.models import Change
from registry.changes.services import amend_change, approve_change, return_change, undo_decision
from registry.child.models import ChildFile
from registry.child.services.files import complete_file
from registry.child.workflow import FILE
from registry.transfers.services import ask_transfer
from registry.transfers.workflow import TRANSFER
from tests.builders import (
    a_change,
    a_person,
    a_post,
    a_submitted_file,
    a_village,
    a_visit,
    an_approved_file,
    answers,
    facts,
    fresh,
    sign_in,
)
from visits.phones.pull import pull
from visits.visit.models import Visit
from visits.visit.services.log import correct_visit
from visits.visit.workflow import VISIT

pytestmark = [pytest.mark.django_db, pytest.mark.both]

MONDAY = datetime.datetime(2026, 11, 16, 2, tzinfo=datetime.UTC)  # 10:00 in Shanghai
DAY = datetime.timedelta(days=1)


@pytest.fixture
def monday():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


@pytest.fixture
def proposer(here):
    return a_post(here, person=a_person("张玉兰"))


@pytest.fixture
def colleague(here):
    """Of the same village."""
    return a_post(here, person=a_person("李秀英"))


def sent_back(record, *, by, reason="请补充"):
    """A visit, file or change, returned."""
    if isinstance(record, Visit):
        VISIT.apply("return", record, by=by, seen_version=record.version, reason=reason)
    elif isinstance(record, ChildFile):
        FILE.apply("return", record, by=by, seen_version=record.version, reason=reason)
    else:
        return_change(record, by=by, seen_version=record.version, reason=reason)
    return record


def sent_again(record, *, by):
    """The returned one, completed and sent."""
    if isinstance(record, Visit):
        said = answers(hazards=["water"], visited_on=record.visited_on)
        correct_visit(record, by=by, seen_version=record.version, answers=said, hazards_looked_at=True)
    elif isinstance(record, ChildFile):
        given = facts(name="郑宇航", address="七组")
        complete_file(record, by=by, seen_version=record.version, **given)
        record.refresh_from_db()
        FILE.apply("submit", record, by=by, seen_version=record.version)
    else:
        amend_change(record, by=by, seen_version=record.version, values={"address": "七组"})
    return record


def made(kind, here, by):
    """One record that waits at the station."""
    if kind == "file":
        return a_submitted_file(here, by=by)
    file = an_approved_file(here)
    return a_visit(file, by=by) if kind == "visit" else a_change(file, by=by, address="五组")


KINDS = pytest.mark.parametrize("kind", ["visit", "file", "change"])


@KINDS
def test_what_came_back_waits_since_it_came_back(here, clerk, proposer, monday, kind):
    record = made(kind, here, proposer)
    monday.shift(10 * DAY)
    sent_back(record, by=clerk)
    monday.shift(DAY)
    if kind == "file":
        ChildFile.objects.get(pk=record.pk).save()  # written by something else: it doesn't wait anew
    (line,) = bench_of(proposer).lines
    assert line.kind.key == f"{kind}_back" and line.age == "1 天" and line.clock.left == "还剩 2 天"


@KINDS
def test_what_was_sent_again_waits_since_it_was_sent_again(here, clerk, proposer, monday, kind):
    record = made(kind, here, proposer)
    monday.shift(10 * DAY)
    sent_back(record, by=clerk)
    monday.shift(DAY)
    sent_again(record, by=proposer)
    monday.shift(DAY)
    (line,) = bench_of(clerk).lines
    assert line.age == "1 天" and line.clock.left == "还剩 5 天"  # over a weekend
    (item,) = queue_of(clerk)
    assert item.card.at == timezone.now() - DAY


def test_a_visit_that_came_back_is_named_by_its_own_day(here, clerk, proposer, monday):
    sent_back(a_visit(an_approved_file(here), by=proposer, visited_on=datetime.date(2026, 11, 14)), by=clerk)
    assert bench_of(proposer).lines[0].what.startswith("11月14日的走访退回")


@KINDS
def test_what_came_back_says_why(here, clerk, proposer, kind):
    sent_back(made(kind, here, proposer), by=clerk, reason="门牌不对")
    assert bench_of(proposer).lines[0].what.endswith("退回：门牌不对")


def test_a_change_that_came_back_says_why_it_came_and_not_what_its_proposer_noted(here, clerk, proposer):
    change = a_change(an_approved_file(here), by=proposer, address="五组")
    change.note = "搬家了"
    change.save()
    sent_back(change, by=clerk, reason="门牌不对")
    assert bench_of(proposer).lines[0].what == "变更退回：门牌不对"


def test_a_return_that_was_taken_back_is_no_reason(here, clerk, proposer, monday):
    """One field comes back, another as well but by mistake: it is passed instead, and then the change is hers."""
    change = a_change(an_approved_file(here), by=proposer, address="五组", school="第二小学")
    return_change(change, by=clerk, seen_version=change.version, reason="门牌不对", names=["address"])
    monday.shift(DAY)
    return_change(change, by=clerk, seen_version=change.version, reason="点错了", names=["school"])
    undo_decision(change, by=clerk, seen_version=change.version)
    approve_change(change, by=clerk, seen_version=change.version)
    (line,) = bench_of(proposer).lines
    assert line.what == "变更退回：门牌不对" and line.age == "0 分钟"


@KINDS
@pytest.mark.parametrize("back", ["return", "pass"])
def test_what_was_taken_back_is_no_news(here, clerk, proposer, kind, back):
    record = made(kind, here, proposer)
    if back == "return":
        sent_back(record, by=clerk)
    elif kind == "change":
        approve_change(record, by=clerk, seen_version=record.version)
    else:
        flow = VISIT if kind == "visit" else FILE
        flow.apply("accept" if kind == "visit" else "approve", record, by=clerk, seen_version=record.version)
    assert len(bench_of(proposer).news) == 1
    if kind == "change":
        undo_decision(record, by=clerk, seen_version=record.version)
    else:
        flow = VISIT if kind == "visit" else FILE
        flow.undo(record, by=clerk, seen_version=record.version)
    assert bench_of(proposer).news == []
    sent_back(record, by=clerk, reason="门牌不对")
    assert ["门牌不对" in each.note for each in bench_of(proposer).news] == [True], "what was done since is"


@KINDS
def test_who_completed_what_comes_back_again_has_it_and_is_told(here, clerk, proposer, colleague, monday, kind):
    record = sent_back(made(kind, here, proposer), by=clerk, reason="第一次")
    assert bench_of(colleague).lines == [] and bench_of(colleague).news == []
    monday.shift(DAY)
    sent_again(record, by=colleague)
    monday.shift(DAY)
    sent_back(record, by=clerk, reason="第二次")
    for post, times in ((colleague, 1), (proposer, 2)):
        assert [line.kind.key for line in bench_of(post).lines] == [f"{kind}_back"]
        assert len(bench_of(post).news) == times and "第二次" in bench_of(post).news[0].note
    assert bench_of(a_post(here)).lines == []


@KINDS
def test_who_completed_something_and_went_elsewhere_is_told_no_more_of_it(here, clerk, proposer, colleague, kind):
    record = sent_back(made(kind, here, proposer), by=clerk)
    sent_again(record, by=colleague)
    sent_back(record, by=clerk)
    elsewhere = a_post(a_village(), person=colleague.person)
    assert bench_of(elsewhere).lines == [] and bench_of(elsewhere).news == []


def test_the_api_tells_no_reason_of_a_return_that_was_taken_back(client, here, clerk, proposer):
    visit = sent_back(a_visit(an_approved_file(here), by=proposer), by=clerk, reason="点错了")
    sign_in(client, proposer)
    page = f"/api/v1/visits/{visit.pk}/"
    assert client.get(page).json()["reason"] == "点错了"
    VISIT.undo(visit, by=clerk, seen_version=visit.version)
    assert client.get(page).json()["reason"] == ""


@pytest.mark.both
def test_a_change_that_came_back_in_part_waits_since_nothing_of_it_waits_any_more(here, clerk):
    """One field is sent back, the other is decided two weeks later: only then is it with its proposer."""
    change = a_change(an_approved_file(here), by=clerk, address="五组", school="第二小学")
    colleague = a_post(here.township)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        return_change(change, by=colleague, seen_version=change.version, reason="门牌不对", names=["address"])
        clock.shift(datetime.timedelta(days=14))
        change = Change.objects.get()
        approve_change(change, by=colleague, seen_version=change.version)
        line = next(line for line in bench_of(clerk).lines if line.kind.key == "change_back")
        assert abs(line.since - timezone.now()) < datetime.timedelta(seconds=1)


@pytest.mark.parametrize("kind", ["file", "visit", "change"])
def test_what_came_back_to_who_has_left_is_asked_of_her_colleagues(here, kind):
    """While she is there it is hers alone."""
    gone, colleague = (a_post(here.township, person=a_person(name)) for name in ("张玉兰", "李秀英"))
    officer, child = a_post(here.county), an_approved_file(here)
    make = {
        "file": lambda: a_submitted_file(here, by=gone),
        "visit": lambda: a_visit(child, by=gone),
        "change": lambda: a_change(child, by=gone, address="九组"),
    }
    sent_back(make[kind](), by=officer)
    assert came_back(gone) == [f"{kind}_back"] and came_back(colleague) == []
    end_appointment(gone)
    assert came_back(colleague) == [f"{kind}_back"]


@pytest.mark.parametrize("kind", ["file", "visit", "change"])
def test_what_a_station_wrote_comes_back_to_it_and_not_to_the_director(client, here, kind):
    """It says so on the desk, and what is left below counts no more."""
    clerk, director, officer, child = a_post(here.township), a_post(here), a_post(here.county), an_approved_file(here)
    make = {
        "file": lambda: a_submitted_file(here, by=clerk),
        "visit": lambda: a_visit(child, by=clerk),
        "change": lambda: a_change(child, by=clerk, address="九组"),
    }
    sent_back(make[kind](), by=officer)
    assert unfinished(fresh(director)) == [] and pull(fresh(director)).returned == []
    assert came_back(clerk) == [f"{kind}_back"]
    left = [lack.text for below in bench_of(fresh(clerk)).below for lack in below.lacks]
    assert not [text for text in left if "退回" in text]


def test_what_another_station_wrote_is_asked_of_the_director_who_has_the_child_now(here):
    """That station can't reach it any more: an address that waits comes back with every acceptance."""
    child, clerk, there = an_approved_file(here), a_post(here.township), a_village()
    change = a_change(child, by=clerk, address="九组")
    transfer = ask_transfer(child, by=clerk, target=there, reason="随父母迁居", seen_version=child.version)
    TRANSFER.apply("accept", transfer, by=a_post(there.township), seen_version=1)
    director, station = a_post(there), a_post(there.township)
    assert [each.pk for each in unfinished(fresh(director))] == [change.pk]
    left = [lack.text for below in bench_of(fresh(station)).below for lack in below.lacks]
    assert "退回未改 1" in left


def came_back(post) -> list[str]:
    kinds = [line.kind.key for line in bench_of(fresh(post)).lines]
    return [key for key in kinds if key.endswith("_back")]
