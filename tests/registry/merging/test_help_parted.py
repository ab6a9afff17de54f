"""What two files had open when they were made one, and what became of it, after they are two again."""

import pytest
from django.utils import timezone

from registry.child.models import ChildFile
from registry.closing.services import close_file
from registry.merging.services.merge import merge_files
from registry.merging.services.unmerge import undo_merge
from registry.needs.models import Need
from registry.needs.services.handling import reopen
from registry.needs.services.recording import record_need
from tests.builders import a_need, a_post, a_village, an_approved_file
from tests.registry.plans.plans import a_running_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def survivor():
    return an_approved_file(a_village(), name="欧阳小满")


@pytest.fixture
def other(survivor):
    return an_approved_file(survivor.village, name="欧阳小满", sex="male")


@pytest.fixture
def director(survivor):
    return a_post(survivor.village)


@pytest.fixture
def clerk(survivor):
    return a_post(survivor.township)


def now(record):
    return type(record).objects.get(pk=record.pk)


def read(need) -> Need:
    return Need.objects.select_related(*Need.PLACES).get(pk=need.pk)


def merged(survivor, other, clerk):
    return merge_files(now(survivor), now(other), by=clerk, seen_versions=(now(survivor).version, now(other).version))


def closed(file, clerk) -> ChildFile:
    return close_file(now(file), by=clerk, seen_version=now(file).version, reason="moved", on=timezone.localdate())


def test_what_ended_with_the_file_it_was_merged_into_goes_on_for_the_other_child(survivor, other, director, clerk):
    need, plan = a_need(other, by=director), a_running_plan(other, director, clerk)
    own = a_need(survivor, by=director, kind="living.food")
    merge = merged(survivor, other, clerk)
    closed(survivor, clerk)
    assert [read(need).state, now(plan).state] == ["ended", "closed"]
    undo_merge(merge, by=clerk)
    assert [now(survivor).state, now(other).state] == ["closed", "approved"]
    assert (read(need).child_id, read(need).state, read(need).outcome) == (other.pk, "open", "")
    assert (now(plan).child_id, now(plan).state, now(plan).closed_on) == (other.pk, "approved", None)
    assert (read(own).child_id, read(own).state) == (survivor.pk, "ended")


def test_a_closed_file_has_nothing_open_when_it_is_parted_again(survivor, other, director, clerk):
    need = a_need(other, by=director)
    closed(other, clerk)
    merge = merged(survivor, other, clerk)
    reopen(read(need), by=director, seen_version=read(need).version, reason="还在")
    late = record_need(now(other), by=director, kind="living.food", words="缺粮")
    undo_merge(merge, by=clerk)
    for each in (need, late):
        assert (read(each).child_id, read(each).state, read(each).outcome) == (other.pk, "ended", "left")
