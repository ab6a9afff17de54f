"""Two at once on a transfer or a merge. On PostgreSQL alone: SQLite has one writer at a time and hides races."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from childwelfare.workflow.refusals import Refused
from registry.child.models import ChildFile
from registry.closing.services import close_file
from registry.merging.models import Merge
from registry.merging.services.merge import merge_files
from registry.stays.models import Stay
from registry.stays.services import begin_stay, end_stay
from registry.transfers.models import Transfer
from registry.transfers.services import ask_transfer
from registry.transfers.workflow import TRANSFER
from tests.builders import a_post, a_stay, a_village, a_visit, an_approved_file, answers
from tests.threads import at_once, done_or_told
from visits.visit.models import Visit
from visits.visit.services.log import correct_visit
from visits.visit.workflow import VISIT

pytestmark = pytest.mark.django_db(transaction=True)


def asked(file, target):
    by = a_post(file.village.township)
    return ask_transfer(file, by=by, target=target, reason="随父母迁居", seen_version=file.version)


def test_of_two_receivers_one_takes_the_child_in():
    target = a_village()
    file = an_approved_file(a_village())
    transfer = asked(file, target)
    clerks = [a_post(target.township) for _ in range(4)]

    def accept(clerk):
        mine = Transfer.objects.get(pk=transfer.pk)
        return lambda: TRANSFER.apply("accept", mine, by=clerk, seen_version=1)

    outcomes = done_or_told(*(accept(clerk) for clerk in clerks))
    assert sorted(outcomes) == ["done", "told", "told", "told"]
    file.refresh_from_db()
    assert file.village == target and file.past_periods.count() == 1 and file.dues.open().count() == 1


def test_closed_and_asked_for_at_once_one_of_them_holds():
    for _ in range(5):
        file, target = an_approved_file(a_village()), a_village()
        clerk, other = a_post(file.village.township), a_post(file.village.township)
        mine = ChildFile.objects.get(pk=file.pk)

        def close(mine=mine, clerk=clerk):
            close_file(mine, by=clerk, seen_version=mine.version, reason="moved", on=timezone.localdate())

        def ask(file=file, other=other, target=target):
            ask_transfer(file, by=other, target=target, reason="迁居", seen_version=file.version)

        assert sorted(done_or_told(close, ask)) == ["done", "told"]
        file.refresh_from_db()
        assert (file.state == "closed") != file.transfers.open().exists()


def test_asked_twice_at_once_there_is_one_transfer():
    file = an_approved_file(a_village())
    posts, target = [a_post(file.village.township) for _ in range(2)], a_village()

    def ask(post):
        mine = ChildFile.objects.get(pk=file.pk)
        return lambda: ask_transfer(mine, by=post, target=target, reason="迁居", seen_version=mine.version)

    assert sorted(done_or_told(*(ask(post) for post in posts))) == ["done", "told"]
    assert Transfer.objects.count() == 1


def test_two_files_merged_into_each_other_at_once_are_merged_once():
    village = a_village()
    one, other = an_approved_file(village), an_approved_file(village)
    clerks = [a_post(village.township) for _ in range(2)]

    def merge(survivor, gone, clerk):
        return lambda: merge_files(survivor, gone, by=clerk, seen_versions=(survivor.version, gone.version))

    outcomes = done_or_told(merge(one, other, clerks[0]), merge(other, one, clerks[1]))
    assert sorted(outcomes) == ["done", "told"] and Merge.objects.count() == 1


def test_of_two_stays_begun_at_once_there_is_one():
    file = an_approved_file(a_village())
    posts, places = [a_post(file.village.township) for _ in range(2)], [a_village(), a_village()]

    def begin(post, place):
        mine = ChildFile.objects.get(pk=file.pk)
        return lambda: begin_stay(mine, by=post, village=place, since=timezone.localdate(), reason="照看",
                                  seen_version=mine.version)  # fmt: skip

    assert sorted(done_or_told(*map(begin, posts, places))) == ["done", "told"]
    stay = Stay.objects.get()
    assert file.dues.open().get().village == stay.village


def test_ended_and_handed_on_at_once_the_stay_is_over_and_one_village_owes():
    for _ in range(5):
        file, target = an_approved_file(a_village()), a_village()
        stay = a_stay(file, a_village(), days=5)
        transfer = asked(ChildFile.objects.get(pk=file.pk), target)
        clerks = [a_post(stay.township), a_post(target.township)]

        def end(stay=stay, clerk=clerks[0]):
            end_stay(stay, by=clerk, reason="孩子不在这里", seen_version=stay.version)

        def accept(transfer=transfer, clerk=clerks[1]):
            TRANSFER.apply("accept", transfer, by=clerk, seen_version=1)

        ended, accepted = done_or_told(end, accept)
        assert accepted == "done" and ended in ("done", "told")
        stay.refresh_from_db()
        file.refresh_from_db()
        assert stay.ended_on and file.village == target and file.dues.open().get().village == target


def accepted_by(visit, clerk):
    VISIT.apply("accept", visit, by=clerk, seen_version=1)


def accept_visit(visit, clerk, _director):
    VISIT.apply("accept", visit, by=clerk, seen_version=1)


def return_visit(visit, clerk, _director):
    VISIT.apply("return", visit, by=clerk, seen_version=1, reason="请补写照看人")


def undo_visit(visit, clerk, _director):
    VISIT.undo(visit, by=clerk, seen_version=2)


def correct(visit, _clerk, director):
    correct_visit(visit, by=director, seen_version=2, answers=answers(), hazards_looked_at=True)


def sent_back_by(visit, clerk):
    VISIT.apply("return", visit, by=clerk, seen_version=1, reason="请补写照看人")


@pytest.mark.parametrize(
    ("before", "move"),
    [(None, accept_visit), (None, return_visit), (accepted_by, undo_visit), (sent_back_by, undo_visit),
     (sent_back_by, correct)],
)  # fmt: skip
def test_a_visit_moves_and_its_child_is_handed_on_at_once_and_neither_waits_for_the_other(before, move):
    for _ in range(4):
        file, target = an_approved_file(a_village()), a_village()
        director, clerk = a_post(file.village), a_post(file.township)
        visit = a_visit(file, by=director)
        if before:
            before(visit, clerk)
        transfer = asked(ChildFile.objects.get(pk=file.pk), target)
        theirs = a_post(target.township)
        mine = Visit.objects.get(pk=visit.pk)

        def accept(transfer=transfer, theirs=theirs):
            TRANSFER.apply("accept", transfer, by=theirs, seen_version=1)

        def act(mine=mine, clerk=clerk, director=director):
            move(mine, clerk, director)

        moved, accepted = at_once(act, accept, refusals=(Refused, PermissionDenied))
        assert accepted is None and (moved is None or isinstance(moved, Refused | PermissionDenied))
        assert Visit.objects.get(pk=visit.pk).village == target
