"""Whatever happens to the child's file, its place or the people in office: no need disappears."""

import datetime

import pytest
from django.utils import timezone

from orgs.posts.ending import concerns_of
from orgs.posts.models import Appointment
from orgs.posts.services import appoint, end_appointment
from orgs.reorganisation.rules import Part
from registry.child.left_open import LEFT_OPEN
from registry.child.models import ChildFile
from registry.closing.services import close_file, reopen_file, undo_act
from registry.merging.services.merge import merge_files
from registry.merging.services.unmerge import undo_merge
from registry.needs.models import Need, NeedState
from registry.needs.services import handling
from registry.needs.services.following import release_left
from registry.transfers.services import ask_transfer
from tests.builders import a_need, a_post, a_unit, a_village, an_approved_file, fresh
from tests.orgs.reorganisation.world import ordered
from tests.registry.needs.needs import read, told

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def today():
    return timezone.localdate()


@pytest.fixture
def director(file):
    return a_post(file.village)


@pytest.fixture
def clerk(file):
    return a_post(file.township)


def close(file, clerk):
    now = ChildFile.objects.get(pk=file.pk)
    return close_file(now, by=clerk, seen_version=now.version, reason="moved", on=today())


# --- closing


def test_a_closing_ends_what_is_open_and_leaves_it_listed(file, director, clerk):
    need, other = a_need(file, by=director), a_need(file, by=director, kind="living.food")
    handling.settle(read(other), by=director, seen_version=1, outcome="met", satisfaction="satisfied")
    close(file, clerk)
    ended = read(need)
    assert (ended.state, ended.outcome, ended.events.last().person_id) == (NeedState.ENDED, "left", clerk.person_id)
    assert read(other).outcome == "met"
    assert Need.objects.open_to(director).filter(child=file).count() == 2


def test_taking_the_closing_back_gives_them_back_as_they_were(file, director, clerk):
    need = a_need(file, by=director, days=4)
    close(file, clerk)
    undo_act(ChildFile.objects.get(pk=file.pk), by=clerk, seen_version=ChildFile.objects.get(pk=file.pk).version)
    now = read(need)
    assert (now.state, now.outcome, now.owner_id, now.due_on) == ("open", "", director.pk, today() + 4 * DAY)


def test_what_was_left_says_so_before_and_after(file, director, clerk):
    a_need(file, by=director)
    before = [each for left_open in LEFT_OPEN for each in left_open(ChildFile.objects.get(pk=file.pk))]
    close(file, clerk)
    after = [each for left_open in LEFT_OPEN for each in left_open(ChildFile.objects.get(pk=file.pk))]
    assert [str(each.label) for each in before] == [str(each.label) for each in after] == ["需求“情绪”"]
    assert before[0].becomes != after[0].becomes


def test_a_file_that_comes_back_may_take_its_needs_up_again(file, director, clerk):
    need = a_need(file, by=director)
    close(file, clerk)
    with pytest.raises(Exception, match="不在册"):
        handling.reopen(read(need), by=director, seen_version=2, reason="又在册了")
    closed = ChildFile.objects.get(pk=file.pk)
    held = {"left_behind": {"since": today()}}
    reopen_file(closed, by=clerk, seen_version=closed.version, reason="孩子回来了", categories=held)
    assert read(need).state == "ended"
    handling.reopen(read(need), by=director, seen_version=2, reason="又在册了")
    assert read(need).state == "open"


# --- places


def test_a_child_that_goes_elsewhere_takes_its_needs_along(file, director, clerk):
    own, station = a_need(file, by=director, days=3), a_need(file, by=clerk, kind="living.food")
    target = a_unit(file.township)
    there = a_post(target)
    asked = ChildFile.objects.get(pk=file.pk)
    ask_transfer(asked, by=clerk, target=target, reason="搬家", seen_version=asked.version)
    moved = read(own)
    assert (moved.village_id, moved.holder_id, moved.owner_id) == (target.pk, target.pk, None)
    assert moved.due_on == today() + 3 * DAY
    assert moved.events.last().action == "follow_child"
    assert told(there) == ["need_came"]
    kept = read(station)
    assert (kept.holder_id, kept.owner_id) == (file.township_id, clerk.pk)
    assert kept.events.last().action == "record"


# --- two files of one child


def test_a_merge_and_its_undoing_lose_no_need(file, director, clerk):
    other = an_approved_file(a_unit(file.township), name="欧阳小满")
    its_director = a_post(other.village)
    first, second = a_need(file, by=director), a_need(other, by=its_director)
    county = a_post(file.county)
    files = [ChildFile.objects.get(pk=each.pk) for each in (file, other)]
    merge = merge_files(*files, by=clerk, seen_versions=(files[0].version, files[1].version))
    came = read(second)
    assert (came.child_id, came.village_id, came.holder_id, came.state) == (
        file.pk,
        file.village_id,
        file.village_id,
        "open",
    )
    assert came.events.last().action == "follow_child"
    assert read(first).holder_id == file.village_id
    undo_merge(merge, by=clerk)
    back = read(second)
    assert (back.child_id, back.village_id, back.holder_id) == (other.pk, other.village_id, other.village_id)
    assert back.events.last().holder_id == other.village_id
    assert Need.objects.open().count() == 2
    assert county


# --- people in office


def test_a_post_that_ends_leaves_its_needs_with_its_colleagues(file, director):
    colleague, need = a_post(file.village), a_need(file, by=director)
    assert "还有 1 条需求在他手上" in " ".join(concerns_of(director))
    end_appointment(director)
    now = read(need)
    assert (now.holder_id, now.owner_id) == (file.village_id, None)
    assert told(colleague) == ["need_without_owner"]


def test_where_nobody_is_left_its_needs_go_to_the_tier_above(file, director, clerk):
    need = a_need(file, by=director)
    for post in Appointment.objects.current().filter(unit=file.village):
        end_appointment(fresh(post))
    now = read(need)
    assert (now.holder_id, now.owner_id, now.events.last().action) == (file.township_id, None, "release")
    assert "need_without_owner" in told(clerk)


def test_where_nobody_is_above_either_they_go_to_who_is(file, director):
    need, county = a_need(file, by=director), a_post(file.county)
    Appointment.objects.filter(unit=file.township).update(valid_to=today())
    for post in Appointment.objects.current().filter(unit=file.village):
        end_appointment(fresh(post))
    assert read(need).holder_id == file.county_id
    assert "need_without_owner" in told(county)


def test_a_post_that_ends_later_lets_go_when_its_day_has_come(file, director, clerk):
    need = a_need(file, by=director)
    end_appointment(director, on=today() + DAY)
    assert read(need).owner_id == director.pk
    Appointment.objects.filter(unit=file.village).update(valid_to=today())
    assert release_left() == 2  # its owner, and then that nobody is there
    assert read(need).holder_id == file.township_id
    assert release_left() == 0
    assert "need_without_owner" in told(clerk)


def test_a_closed_account_lets_go_as_well(file, director):
    need = a_need(file, by=director)
    a_post(file.village)
    director.person.is_active = False
    director.person.save()
    assert release_left() == 1
    assert (read(need).holder_id, read(need).owner_id) == (file.village_id, None)


def test_who_comes_after_a_vacancy_finds_the_station_has_them(file, director, clerk):
    need = a_need(file, by=director)
    for post in Appointment.objects.current().filter(unit=file.village):
        end_appointment(fresh(post))
    newcomer = appoint(a_post(a_village()).person, file.village, "village_director")
    assert not Need.objects.held_by(fresh(newcomer)).exists()
    assert Need.objects.held_by(clerk).get() == need


# --- units


def test_a_village_that_is_merged_into_another_takes_its_needs_along(file, director, clerk):
    need, target = a_need(file, by=director), a_unit(file.township)
    there = a_post(target)
    ordered("merge", Part(file.village, target=target), on=today())
    now = read(need)
    assert (now.state, now.village_id, now.holder_id) == ("open", target.pk, target.pk)
    assert Need.objects.held_by(fresh(there)).get() == need


def test_a_station_that_is_moved_keeps_what_it_holds(file, clerk):
    need, zone = a_need(file, by=clerk), a_unit(file.city)
    ordered("move", Part(file.township, parent=zone), on=today())
    now = read(need)
    assert now.state == "open"
    assert now.county_id == zone.pk
    assert now.holder_id == now.township_id
    post = Appointment.objects.current().get(unit=now.township, person=clerk.person)
    assert Need.objects.held_by(fresh(post)).get() == need
