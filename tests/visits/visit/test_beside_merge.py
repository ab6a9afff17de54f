"""What was read of a file before it was merged is not lost and not written to the wrong one; whoever made a visit is
asked to complete it wherever its file lies now."""

import datetime
import uuid

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from childwelfare.workflow.refusals import Refused
from orgs.units.models import OrgUnit
from registry.changes.services import approve_change, undo_decision
from registry.child.models import ChildFile
from registry.child.services.locking import lock_file_of
from registry.merging.services.merge import merge_files
from registry.merging.services.unmerge import undo_merge
from registry.transfers.services import ask_transfer
from registry.transfers.workflow import TRANSFER
from tests.builders import (
    a_paper,
    a_post,
    a_report,
    a_stay,
    a_township,
    a_village,
    a_visit,
    an_approved_file,
    an_entrustment,
    an_extra_visit,
    answers,
    sign_in,
)
from tests.visits.visit.test_log_visit import a_photo
from visits.alerts.models import Alert
from visits.alerts.services.raising import raise_alert
from visits.phones.pull import pull
from visits.schedule.models import VisitDue
from visits.schedule.services.dues import reschedule
from visits.schedule.services.extra_visits import withdraw_extra
from visits.visit.models import COMPLETED_LATELY, Visit
from visits.visit.services.log import correct_visit, log_visit
from visits.visit.workflow import VISIT

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def clerk(post):
    return a_post(post.unit.township)


def merge(survivor: ChildFile, other: ChildFile, by):
    survivor, other = ChildFile.objects.get(pk=survivor.pk), ChildFile.objects.get(pk=other.pk)
    return merge_files(survivor, other, by=by, seen_versions=(survivor.version, other.version))


def hand_on(child: ChildFile, target) -> None:
    here = ChildFile.objects.get(pk=child.pk)
    transfer = ask_transfer(here, by=a_post(here.township), target=target, reason="搬走", seen_version=here.version)
    TRANSFER.apply("accept", transfer, by=a_post(target.township), seen_version=transfer.version)


def sent_back(visit: Visit, by) -> Visit:
    visit = Visit.objects.get(pk=visit.pk)
    VISIT.apply("return", visit, by=by, seen_version=visit.version, reason="请补照看人电话")
    return Visit.objects.get(pk=visit.pk)


def completed(visit: Visit, by, words="补上了") -> Visit:
    visit = Visit.objects.get(pk=visit.pk)
    given = answers(visited_on=visit.visited_on, late_reason="下雨路断", guardian_words=words)
    return correct_visit(visit, by=by, seen_version=visit.version, answers=given, hazards_looked_at=True)


def dues(child: ChildFile) -> list:
    found = VisitDue.objects.filter(child=child).order_by("since", "pk")
    return list(found.values_list("since", "due_on", "ended_on", "visit"))


def read(visit: Visit) -> Visit:
    """As a page reads it before somebody else merges its file."""
    return Visit.objects.select_related("child").get(pk=visit.pk)


@pytest.mark.parametrize("act", ["return", "undo", "accept", "resubmit"])
@pytest.mark.parametrize("unmerged", [False, True])
def test_a_visit_moved_by_who_read_it_before_a_merge_counts_where_it_lies_now(post, clerk, act, unmerged):
    old, survivor = (an_approved_file(post.unit, by=post) for _each in range(2))
    visit = a_visit(old, by=post)
    if act in ("undo", "resubmit"):
        sent_back(visit, clerk)
    if unmerged:
        made = merge(survivor, old, clerk)
    stale = read(visit)
    if unmerged:
        undo_merge(made, by=clerk)
    else:
        merge(survivor, old, clerk)
    if act == "undo":
        VISIT.undo(stale, by=clerk, seen_version=stale.version)
    elif act == "resubmit":
        given = {"answers": answers(guardian_words="新"), "hazards_looked_at": True}
        correct_visit(stale, by=post, seen_version=stale.version, **given)
    else:
        VISIT.apply(act, stale, by=clerk, seen_version=stale.version, reason="请补充")
    lies = old if unmerged else survivor
    assert Visit.objects.get().child == lies == stale.child
    planned = dues(lies)
    reschedule(lies)
    assert dues(lies) == planned, "what is due followed by itself"
    if not unmerged:
        assert not VisitDue.objects.filter(child=old).exists(), "of the merged file nothing is due"


def test_a_visit_that_was_asked_for_is_withdrawn_where_it_lies_now(post, clerk):
    old, survivor = (an_approved_file(post.unit, by=post, on=timezone.localdate()) for _each in range(2))
    extra = an_extra_visit(old, by=clerk)
    merge(survivor, old, clerk)
    withdraw_extra(extra, by=clerk, reason="已经见到孩子")
    planned = dues(survivor)
    reschedule(ChildFile.objects.get(pk=survivor.pk))
    assert dues(survivor) == planned


@pytest.mark.parametrize("make", [a_paper, an_entrustment])
def test_whoever_waited_for_a_merge_holds_the_file_in_which_the_record_lies(post, clerk, make):
    old, survivor = (an_approved_file(post.unit, by=post) for _each in range(2))
    record = make(old, by=clerk)
    merge(survivor, old, clerk)
    assert lock_file_of(record) == survivor == record.child


@pytest.fixture(params=["handed on, then merged", "merged across villages", "as host, then merged"])
def elsewhere(request, post):
    """(a visit that ``post`` made and that came back, the director of the village that keeps its file now)."""
    there = a_village(a_township(post.unit.county))
    new, clerk, officer = a_post(there), a_post(there.township), a_post(post.unit.county)
    survivor = an_approved_file(there, by=new)
    if request.param == "as host, then merged":
        child = an_approved_file(there, by=new)
        a_stay(child, post.unit)
    else:
        child = an_approved_file(post.unit, by=post)
    visit = a_visit(child, by=post)
    if request.param == "handed on, then merged":
        hand_on(child, there)
    merge(survivor, child, officer)
    return sent_back(visit, clerk), new


def asked_of(client, post, visit) -> bool:
    sign_in(client, post)
    on_page = f"/visits/{visit.pk}/edit/" in client.get("/today/").text
    assert on_page == (str(visit.pk) in [row["visit"] for row in pull(post).returned]), "page and phone agree"
    return on_page


@pytest.mark.both
def test_a_visit_that_came_back_is_asked_of_who_made_it(client, post, elsewhere):
    visit, new = elsewhere
    assert asked_of(client, post, visit) and not asked_of(client, new, visit)
    sign_in(client, post)
    assert client.get(f"/visits/{visit.pk}/edit/").status_code == 200
    assert completed(visit, post).state == "submitted"
    assert client.get(f"/visits/{visit.pk}/").status_code == 200


def test_who_completed_it_reads_it_for_a_while(post, elsewhere):
    visit, _new = elsewhere
    completed(visit, post)
    assert visit in Visit.objects.completed_from_elsewhere(post, "log_visit")
    with time_machine.travel(timezone.now() + COMPLETED_LATELY + DAY):
        found = list(Visit.objects.completed_from_elsewhere(post, "log_visit"))
    assert found == []


def test_a_place_that_was_dissolved_is_asked_no_more(client, post, elsewhere):
    """Then the village that keeps the file completes what its station asks for."""
    visit, new = elsewhere
    OrgUnit.objects.filter(pk=post.unit_id).update(valid_to=timezone.localdate())
    assert asked_of(client, new, visit)
    assert completed(visit, new).state == "submitted"


def test_nobody_of_a_third_place_completes_it(post, elsewhere):
    visit, _new = elsewhere
    other = a_post(a_village())
    assert not Visit.objects.open_to(other, "log_visit").filter(pk=visit.pk)
    with pytest.raises(PermissionDenied):
        completed(visit, other)


def test_a_visit_of_before_the_merge_is_kept_with_the_other_file(client, post):
    """By who had the child, or had a file of it: on the page, and from a phone that has not heard of the merge."""
    there = a_village(a_township(post.unit.county))
    child, survivor = an_approved_file(post.unit, by=post), an_approved_file(there)
    merge(survivor, child, a_post(post.unit.county))
    sign_in(client, post)
    page = client.get(f"/children/{child.pk}/visit/")
    assert page.status_code == 200 and "只能补记" in page.text
    assert survivor.name not in page.text and f"{survivor.name[0]}*" in page.text, "the other place's child"
    given = answers(visited_on=timezone.localdate() - DAY)
    made = log_visit(ChildFile.objects.get(pk=child.pk), by=post, answers=given, hazards_looked_at=True)
    assert (made.child, made.village) == (survivor, there)
    tomorrow = timezone.localdate() + DAY
    with time_machine.travel(timezone.now() + DAY), pytest.raises(Refused, match="已并入"):
        given = answers(visited_on=tomorrow)
        log_visit(ChildFile.objects.get(pk=child.pk), by=post, answers=given, hazards_looked_at=True, pk=uuid.uuid4())


def test_danger_that_a_phone_reports_of_a_merged_file_stands_with_the_other(post, clerk):
    old, survivor = (an_approved_file(post.unit, by=post) for _each in range(2))
    merge(survivor, old, clerk)
    key, report = uuid.uuid4(), a_report(child=str(old.pk), child_words="")
    alert = raise_alert(by=post, answers=report, pk=key)
    assert alert.child == survivor
    assert raise_alert(by=post, answers=report, pk=key) == alert and Alert.objects.count() == 1


def test_a_photo_that_comes_too_late_for_a_correction_is_told(client, post, clerk):
    """The correction sent again with a photo, after it was accepted: no other record is promised."""
    visit = sent_back(a_visit(an_approved_file(post.unit, by=post), by=post), clerk)
    said = {name: value for name, value in answers().items() if value not in (None, "")}
    sent = said | {"hazard": "no", "version": str(visit.version)}
    sign_in(client, post)
    assert client.post(f"/visits/{visit.pk}/edit/", sent).status_code == 302
    visit.refresh_from_db()
    VISIT.apply("accept", visit, by=clerk, seen_version=visit.version)
    again = client.post(f"/visits/{visit.pk}/edit/", sent | {"photos": [a_photo()]})
    assert again.status_code == 409 and "照片没有存上" in again.text and "再提交一次" not in again.text


@pytest.mark.parametrize("key", ["the same key", "a new key"])
def test_a_photo_added_to_a_late_visit_joins_it(client, post, key):
    """As in her own village, after the child was handed on."""
    child, there = an_approved_file(post.unit, by=post), a_village()
    hand_on(child, there)
    sign_in(client, post)
    said = {name: value for name, value in answers().items() if value not in (None, "")} | {"hazard": "no"}
    sent, url = said | {"pk": str(uuid.uuid4())}, f"/children/{child.pk}/visit/"
    assert client.post(url, sent).status_code == 302
    again = sent if key == "the same key" else sent | {"pk": str(uuid.uuid4())}
    assert client.post(url, again | {"photos": [a_photo()]}).status_code == 302
    assert Visit.objects.count() == 1 and Visit.objects.get().photos.count() == 1


@pytest.mark.parametrize("way", ["handed on", "merged"])
def test_a_late_visit_to_a_child_who_is_back_as_a_guest_is_kept(post, way):
    there = a_village(a_township(post.unit.county))
    child = an_approved_file(post.unit, by=post)
    if way == "handed on":
        hand_on(child, there)
    else:
        survivor = an_approved_file(there)
        merge(survivor, child, a_post(post.unit.county))
        child = survivor
    a_stay(ChildFile.objects.get(pk=child.pk), post.unit)
    given = answers(visited_on=timezone.localdate() - 2 * DAY)
    visit = log_visit(ChildFile.objects.get(pk=child.pk), by=post, answers=given, hazards_looked_at=True)
    assert visit.village == there


@pytest.mark.both
@pytest.mark.parametrize("merges", [1, 2])
def test_what_was_sent_for_a_merged_file_is_given_back_when_the_merge_is_undone(client, post, clerk, merges):
    """A visit and a report of danger: they were about the child that was no child of the other file."""
    mistaken = an_approved_file(post.unit, by=post)
    other = mistaken
    for _each in range(merges):
        survivor = an_approved_file(post.unit, by=post)
        last, other = merge(survivor, other, clerk), survivor
    key = uuid.uuid4()
    visit = log_visit(ChildFile.objects.get(pk=mistaken.pk), by=post, answers=answers(), hazards_looked_at=True, pk=key)
    alert = raise_alert(by=post, answers=a_report(child=str(mistaken.pk), child_words=""))
    assert visit.child == survivor == alert.child
    undo_merge(last, by=clerk)
    for record in (visit, alert):
        record.refresh_from_db()
        assert record.child == ChildFile.objects.get(pk=mistaken.pk).survivor
    assert (visit.sent_for is None) == (merges == 1)
    assert not VisitDue.objects.filter(child=survivor, visit=visit).exists()
    for file in (survivor, visit.child):
        planned = dues(file)
        reschedule(ChildFile.objects.get(pk=file.pk))
        assert dues(file) == planned
    again = log_visit(ChildFile.objects.get(pk=mistaken.pk), by=post, answers=answers(), hazards_looked_at=True, pk=key)
    assert again == visit


@pytest.mark.parametrize("correcting", [False, True])
def test_a_form_that_was_opened_before_a_merge_goes_through_with_what_was_noticed(client, post, clerk, correcting):
    old, survivor = (an_approved_file(post.unit, by=post, address="三组") for _each in range(2))
    sign_in(client, post)
    url = f"/children/{old.pk}/visit/"
    said = {name: value for name, value in answers().items() if value not in (None, "")} | {"hazard": "no"}
    if correcting:
        visit = sent_back(a_visit(old, by=post), clerk)
        url, said = f"/visits/{visit.pk}/edit/", said | {"version": str(visit.version)}
    form = client.get(url).context["form"]
    merge(survivor, old, clerk)
    shown = {name: form[name].value() for name in form.fields if name.startswith("changes-")}
    noticed = {name: value for name, value in shown.items() if value not in (None, "")}
    noticed |= {"noticed": "yes", "base": form["base"].value(), "changes-address": "九组"}
    answer = client.post(url, said | noticed)
    assert answer.status_code == 302, answer.context and answer.context["form"].errors
    change = Visit.objects.get().noticed.get()
    assert change.child == survivor and [field.value for field in change.fields.all()] == ["九组"]


@pytest.mark.parametrize("decided", [False, True])
@pytest.mark.parametrize("came", ["sent for the merged file", "completed after the merge"])
def test_what_was_noticed_goes_back_with_its_visit_when_the_merge_is_undone(post, clerk, came, decided):
    """Approved after it, it would stand in another child's file."""
    mistaken, survivor = (an_approved_file(post.unit, by=post, address="三组") for _each in range(2))
    noticed = {"address": {"base": "三组", "value": "九组"}}
    visit = sent_back(a_visit(mistaken, by=post), clerk) if came == "completed after the merge" else None
    made = merge(survivor, mistaken, clerk)
    given = {"answers": answers(), "hazards_looked_at": True, "changes": noticed}
    if visit is None:
        visit = log_visit(ChildFile.objects.get(pk=mistaken.pk), by=post, **given)
    else:
        visit = Visit.objects.get()
        correct_visit(visit, by=post, seen_version=visit.version, **given)
    change = visit.noticed.get()
    assert change.child == survivor
    if decided:
        approve_change(change, by=clerk, seen_version=change.version, names=["address"])
    kept = undo_merge(made, by=clerk)
    change.refresh_from_db()
    visit.refresh_from_db()
    assert visit.child == mistaken
    if decided:
        assert change.child == survivor and "档案变更" in kept, "it is told"
    else:
        assert change.child == mistaken and kept == []
        approve_change(change, by=clerk, seen_version=change.version, names=["address"])
        files = {file.pk: file.address for file in ChildFile.objects.all()}
        assert files == {mistaken.pk: "九组", survivor.pk: "三组"}


def test_what_was_approved_in_part_is_named_and_waits_again_with_its_child(post, clerk):
    mistaken, survivor = (an_approved_file(post.unit, by=post, address="三组") for _each in range(2))
    made = merge(survivor, mistaken, clerk)
    noticed = {"address": {"base": "三组", "value": "九组"}, "school": {"base": survivor.school, "value": "刘沟小学"}}
    given = {"answers": answers(), "hazards_looked_at": True, "changes": noticed}
    change = log_visit(ChildFile.objects.get(pk=mistaken.pk), by=post, **given).noticed.get()
    approve_change(change, by=clerk, seen_version=change.version, names=["address"])
    assert undo_merge(made, by=clerk) == ["档案变更"]
    change.refresh_from_db()
    assert change.child == mistaken and {field.verdict for field in change.fields.all()} == {"pending"}
    with pytest.raises(Refused):
        undo_decision(change, by=clerk, seen_version=change.version)
    approve_change(change, by=clerk, seen_version=change.version)
    file = ChildFile.objects.get(pk=mistaken.pk)
    assert (file.address, file.school) == ("九组", "刘沟小学")
