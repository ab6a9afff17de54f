"""Whatever is asked, answered, closed, changed, visited or merged, in whatever order: a child is never lost, never kept
in two villages, and owed by one."""

import datetime
from contextlib import suppress

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from childwelfare.workflow.refusals import Refused
from registry.changes.models import Change
from registry.changes.services import approve_change
from registry.child.models import ChildFile
from registry.closing.services import close_file, reopen_file
from registry.merging.services.merge import merge_files
from registry.merging.services.unmerge import undo_merge
from registry.status.models import ChildStatus, counting_on
from registry.stays.models import may_open
from registry.stays.services import begin_stay, end_stay
from registry.transfers.models import Transfer
from registry.transfers.services import ask_transfer
from registry.transfers.workflow import TRANSFER
from tests.builders import a_change, a_post, a_unit, a_village, a_visit, an_approved_file
from tests.depth import examples

pytestmark = [pytest.mark.django_db, pytest.mark.both]
DAY = datetime.timedelta(days=1)
ACTS = ("ask", "accept", "refuse", "withdraw", "close", "reopen", "change", "approve", "visit", "stay", "back", "merge",
        "undo")  # fmt: skip


class World:
    """One child with a second file of it, three villages of two townships and one beyond the county."""

    def __init__(self, here):
        self.places = [here, a_unit(here.township), a_unit(a_unit(here.county)), a_village()]
        self.directors = {place.pk: a_post(place) for place in self.places}
        self.clerks = {place.township_id: a_post(place.township) for place in self.places}
        self.proposer = a_post(here.township)
        self.file = an_approved_file(here, on=timezone.localdate() - 60 * DAY)
        self.twin = an_approved_file(here, on=timezone.localdate() - 40 * DAY)
        self.officers = {place.county_id: a_post(place.county) for place in self.places}

    def do(self, act: str, number: int) -> None:
        file = ChildFile.objects.get(pk=self.file.pk)
        getattr(self, act)(file, self.clerks[file.township_id], self.places[number], file.transfers.open().first())

    def ask(self, file, clerk, place, transfer):
        ask_transfer(file, by=clerk, target=place, reason="迁居", seen_version=file.version)

    def accept(self, file, clerk, place, transfer):
        self._answer(transfer, "accept")

    def refuse(self, file, clerk, place, transfer):
        self._answer(transfer, "refuse")

    def withdraw(self, file, clerk, place, transfer):
        self._answer(transfer, "withdraw")

    def _answer(self, transfer, action):
        if transfer:
            side = transfer.origin if action == "withdraw" else transfer.target
            by = self.clerks[side.township_id]
            TRANSFER.apply(action, transfer, by=by, seen_version=transfer.version, reason="x")

    def close(self, file, clerk, place, transfer):
        close_file(file, by=clerk, seen_version=file.version, reason="moved", on=timezone.localdate())

    def reopen(self, file, clerk, place, transfer):
        categories = {"left_behind": {}}
        reopen_file(file, by=clerk, seen_version=file.version, reason="回来", categories=categories)

    def change(self, file, clerk, place, transfer):
        a_change(file, by=self.directors[file.village_id], address=f"{len(file.address) + 1}组")

    def approve(self, file, clerk, place, transfer):
        if change := Change.objects.open().filter(child=file).first():
            approve_change(change, by=clerk, seen_version=change.version)

    def visit(self, file, clerk, place, transfer):
        owing = file.dues.open().first()
        a_visit(file, by=self.directors[(owing or file).village_id])

    def stay(self, file, clerk, place, transfer):
        begin_stay(file, by=clerk, village=place, since=timezone.localdate(), reason="照看", seen_version=file.version)

    def back(self, file, clerk, place, transfer):
        if stay := file.stays.open().first():
            end_stay(stay, by=clerk, reason="回家", seen_version=stay.version)

    def merge(self, file, clerk, place, transfer):
        twin = ChildFile.objects.get(pk=self.twin.pk)
        merge_files(file, twin, by=self.officers[file.county_id], seen_versions=(file.version, twin.version))

    def undo(self, file, clerk, place, transfer):
        if merge := file.merges.valid().first():
            undo_merge(merge, by=self.officers[file.county_id])


@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 3)), min_size=4, max_size=12))
def test_at_any_moment_a_child_is_kept_once_and_owed_by_one(here, acts):
    world = World(here)
    for act, number in acts:
        with suppress(Refused, ValidationError, PermissionDenied):
            world.do(act, number)
        for file in ChildFile.objects.filter(pk__in=[world.file.pk, world.twin.pk]):
            kept_once_and_owed_by_one(world, file)


def kept_once_and_owed_by_one(world: World, file: ChildFile) -> None:
    keepers = {pk for pk, post in world.directors.items() if post.may("view_child", file)}
    assert keepers == {file.village_id}, "one village keeps the file, and it is never lost"
    for row in (*file.memberships.all(), *file.changes.all(), *file.visits.all()):
        assert (row.village_id, row.county_id) == (file.village_id, file.county_id)
    dues = list(file.dues.open())
    assert len(dues) == (file.state == "approved")
    assert all(may_open(world.directors[due.village_id], "log_visit", file) for due in dues)
    assert file.transfers.open().count() <= 1 and file.stays.open().count() <= 1
    if file.state != "approved":
        assert not file.transfers.open().exists() and not file.stays.open().exists()
    counted = ChildStatus.objects.known().filter(counting_on(timezone.localdate()), child=file)
    assert counted.count() == (file.state == "approved")
    moves = Transfer.objects.filter(child=file, state="accepted").count()
    assert file.events.filter(action="move").count() == moves
