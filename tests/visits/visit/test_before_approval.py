"""A child who was found and sent to the station is visited on record before its file is approved: the visit is the
director's work and part of the file, while nothing is due and no figure of the registry counts it."""

import datetime
import itertools

import pytest
from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import timezone

from childwelfare.workflow.refusals import Refused
from registry.changes.models import Change
from registry.child.models import ChildFile, FileState
from registry.child.workflow import FILE
from reports.rollup.periods import Period
from reports.rollup.services import count_leaves
from tests.builders import (
    a_file,
    a_post,
    a_report,
    a_stay,
    a_submitted_file,
    a_visit,
    an_approved_file,
    answers,
    sign_in,
)
from tests.visits.phones.test_sync import Phone
from visits.alerts.models import Alert
from visits.oversight.work import work_of
from visits.schedule.models import VisitDue
from visits.visit.models import Visit
from visits.visit.services.log import log_visit
from visits.visit.workflow import VISIT

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def found(director, days: int = 0, **child) -> ChildFile:
    """A child found ``days`` ago, whose file was sent to the station then."""
    file, then = a_submitted_file(director.unit, by=director, **child), timezone.now() - days * DAY
    file.events.create(action="submit", was="draft", now="submitted", person=director.person, post=director, at=then)
    return ChildFile.objects.get(pk=file.pk)


def test_a_visit_counts_as_work_is_due_nothing_and_is_in_no_figure(director):
    today, file = timezone.localdate(), found(director)
    month = Period.of()
    before = count_leaves(month, [file.county_id])
    visit = a_visit(file, by=director)
    assert not VisitDue.objects.exists() and count_leaves(month, [file.county_id]) == before
    clerk = a_post(director.unit.township)
    (work,) = work_of(clerk, "view_visit", today.replace(day=1), today + DAY)
    assert (work.visits, work.met, work.waiting, work.due) == (1, 1, 1, 0)
    VISIT.apply("accept", visit, by=clerk, seen_version=visit.version)
    assert count_leaves(month, [file.county_id]) == before


def test_by_page_and_api_the_file_shows_it(client, director):
    file = found(director)
    sign_in(client, director)
    assert f"/children/{file.pk}/visit/" in client.get(f"/children/{file.pk}/").text
    said = answers() | {"hazard": "no", "visited_on": timezone.localdate().isoformat()}
    page = client.post(f"/children/{file.pk}/visit/", said)
    assert page.status_code == 302, page.context["form"].errors
    given = {"child": str(file.pk), **answers(), "visited_on": said["visited_on"], "hazards": [], "mood": "low"}
    told = client.post("/api/v1/visits/", given, content_type="application/json")
    assert told.status_code == 201, told.json()
    assert Visit.objects.filter(child=file).count() == 2
    assert "走访" in client.get(f"/children/{file.pk}/").text


def test_on_the_day_and_on_the_phone_it_stands_as_awaiting_review(client, director):
    waiting, back = found(director, name="田家豪"), found(director, name="孙一诺")
    FILE.apply("return", back, by=a_post(director.unit.township), seen_version=back.version, reason="缺户口本")
    a_file(director.unit, by=director, name="吴俊杰")  # a draft: nobody knows of it yet
    phone = Phone(client, director)
    page = client.get("/today/")
    assert {due.child for due in page.context["day"].unapproved} == {waiting, back}
    assert f"/children/{waiting.pk}/visit/" in page.text and "还没通过，可先走访" in page.text
    held = {row["name"]: row for row in phone.pull()["files"]}
    assert {name: row["state"]["label"] for name, row in held.items()} == {"田家豪": "待审核", "孙一诺": "已退回"}
    assert all(row["due"] is None for row in held.values())
    assert phone.verdict(phone.item(phone.payload(waiting), schema=2))["verdict"] == "accepted"
    assert phone.verdict(phone.item(phone.payload(back), schema=2))["verdict"] == "accepted"
    assert {row["last"]["visited_on"] for row in phone.pull()["files"]} == {timezone.localdate().isoformat()}


def test_what_a_phone_recorded_while_it_waited_comes_in_after_the_approval(director):
    today, file = timezone.localdate(), found(director, days=5)
    FILE.apply("approve", file, by=a_post(director.unit.township), seen_version=file.version)
    visit = a_visit(file, by=director, visited_on=today - 2 * DAY)
    assert not VisitDue.objects.filter(visit=visit).exists(), "before the registry nothing was due"
    assert file.dues.get().since == today


@pytest.mark.parametrize("days, refused", [(5, False), (6, True)])
def test_no_visit_from_before_the_file_was_sent(director, days, refused):
    file, said = found(director, days=5), {"late_reason": "没有信号"}
    day = timezone.localdate() - days * DAY
    if refused:
        with pytest.raises(ValidationError, match="早于档案送到工作站的日期"):
            a_visit(file, by=director, visited_on=day, **said)
    else:
        a_visit(file, by=director, visited_on=day, **said)
    assert Visit.objects.exists() is not refused


def test_a_draft_is_sent_to_the_station_first(client, director):
    draft = a_file(director.unit, by=director)
    with pytest.raises(Refused, match="还没有送到工作站"):
        a_visit(draft, by=director)
    sign_in(client, director)
    assert "还没有送到工作站" in client.get(f"/children/{draft.pk}/visit/", follow=True).text


@pytest.mark.parametrize("promised, due_in", [(None, 30), (-1, 30), (0, 0), (1, 1), (10, 10), (40, 30)])
def test_the_first_due_counts_from_approval_or_the_day_that_was_promised(director, promised, due_in):
    """Who went early owes the next visit no sooner than who did not; a promise is kept, unless it was past already."""
    today, file = timezone.localdate(), found(director, days=20)
    next_on = None if promised is None else today + promised * DAY
    a_visit(file, by=director, visited_on=today - 2 * DAY, next_on=next_on)
    FILE.apply("approve", file, by=a_post(director.unit.township), seen_version=file.version)
    due = file.dues.get()
    assert (due.since, due.due_on, due.visit) == (today, today + due_in * DAY, None)
    a_visit(ChildFile.objects.get(pk=file.pk), by=director)  # on the day of approval: the first that was due
    assert [each.due_on for each in file.dues.order_by("since", "due_on")] == [due.due_on, today + 30 * DAY]


@pytest.mark.parametrize("before", [True, False], ids=["before the approval", "after it"])
def test_a_visit_of_the_day_of_approval_is_the_first_that_was_due_at_whatever_hour(director, before):
    today, file, clerk = timezone.localdate(), found(director), a_post(director.unit.township)
    if before:
        a_visit(file, by=director)
    FILE.apply("approve", file, by=clerk, seen_version=file.version)
    if not before:
        a_visit(ChildFile.objects.get(pk=file.pk), by=director)
    done, owed = file.dues.order_by("since", F("ended_on").asc(nulls_last=True))  # databases sort none differently
    assert (done.due_on, done.ended_on, done.visit) == (today + 30 * DAY, today, Visit.objects.get())
    assert (owed.since, owed.due_on, owed.visit) == (today, today + 30 * DAY, None)


def test_what_was_promised_before_approval_binds_the_own_village_not_the_host_of_later(director):
    today, file = timezone.localdate(), found(director, days=20)
    a_visit(file, by=director, visited_on=today - 2 * DAY, next_on=today + 10 * DAY)
    FILE.apply("approve", file, by=a_post(director.unit.township), seen_version=file.version)
    ChildFile.objects.filter(pk=file.pk).update(approved_on=today - DAY)
    host = a_stay(file).village
    own, hosts = file.dues.order_by("since")
    assert (own.due_on, own.ended_on, own.visit) == (today + 10 * DAY, today, None)
    assert (hosts.village, hosts.due_on) == (host, today + 30 * DAY)


def test_an_approval_taken_back_keeps_what_was_seen_before_it(director):
    clerk, file = a_post(director.unit.township), found(director)
    visit = a_visit(file, by=director)
    FILE.apply("approve", file, by=clerk, seen_version=file.version)
    FILE.undo(file, by=clerk, seen_version=file.version)
    assert Visit.objects.get() == visit and not file.dues.exists()
    assert a_visit(ChildFile.objects.get(pk=file.pk), by=director, mood="low").child == file


def test_what_was_noticed_is_told_in_words_while_nobody_can_decide_a_change(director):
    file = found(director, address="三组12号")
    changes = {"address": {"base": "三组12号", "value": "五组3号"}}
    visit = log_visit(file, by=director, answers=answers(), hazards_looked_at=True, changes=changes)
    assert "五组3号" in visit.family_change and not Change.objects.exists()


def test_danger_is_reported_for_the_child_by_name(client, director):
    file = found(director, name="田家豪")
    sign_in(client, director)
    assert "田家豪" in client.get(f"/alerts/new/?child={file.pk}").text
    said = a_report(child=str(file.pk), child_words="", called_at=timezone.now().isoformat())
    told = client.post("/api/v1/alerts/", said, content_type="application/json")
    assert told.status_code == 201, told.json()
    assert Alert.objects.get().child == file


def test_brothers_and_sisters_are_met_at_one_door(client, director):
    known = an_approved_file(director.unit, by=director)
    file = found(director)
    ChildFile.objects.filter(pk__in=[known.pk, file.pk]).update(family_uid=file.pk)
    sign_in(client, director)
    form = client.get(f"/children/{known.pk}/visit/").context["form"]
    assert [line.child for line in form.siblings] == [file]


@pytest.mark.both
def test_a_query_and_a_file_say_alike_whose_child_is_visited(village):
    """Over all states, sent or not: what lists find and what a page allows."""
    for state, sent in itertools.product(FileState, (None, timezone.now())):
        file = a_file(village)
        ChildFile.objects.filter(pk=file.pk).update(state=state, submitted_at=sent)
    files = ChildFile.objects.all()
    assert {file for file in files if file.awaits_approval} == set(files.awaiting_approval())
    assert {file for file in files if file.is_to_visit} == set(files.to_visit())
    assert {(file.state, file.submitted_at is not None) for file in files.to_visit()} == {
        ("submitted", True), ("returned", True), ("approved", True), ("approved", False)
    }  # fmt: skip


def test_whether_a_file_was_sent_has_one_source(director):
    file, today = found(director, days=5), timezone.localdate()
    assert file.first_sent_on == today - 5 * DAY, "the first of several times"
    file.submitted_at = None
    assert file.first_sent_on is None and not file.awaits_approval
