"""What a child counted as on a day stays what it was known to be then, whatever is written later."""

import datetime

import pytest
import time_machine
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from registry.categories.models import CategoryMembership
from registry.categories.services import end_membership, open_membership
from registry.changes.services import approve_change, undo_decision
from registry.child.models import ChildFile
from registry.closing.services import close_file, reopen_file, undo_act
from registry.status.models import CATEGORY_BITS, ChildStatus, counting_on, entering, leaving
from registry.status.services import refresh_status
from registry.transfers.services import ask_transfer
from tests.builders import a_change, a_post, a_unit, a_village, an_approved_file, fresh, write_statuses
from tests.depth import examples

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
TODAY = datetime.date(2026, 11, 10)
LAST = datetime.date(2026, 10, 31)
NOON = datetime.datetime(2026, 11, 10, 12, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def village():
    return a_village()


@pytest.fixture
def file(village):
    """In the registry since the first of September."""
    return an_approved_file(village, on=datetime.date(2026, 9, 1))


@pytest.fixture
def clerk(village):
    return a_post(village.township)


def status(file, day, known=None) -> ChildStatus | None:
    found = list(ChildStatus.objects.filter(child=file).known(known).filter(counting_on(day)))
    assert len(found) <= 1, "a child counts once"
    return found[0] if found else None


def approve(file, clerk, **values):
    change = a_change(file, **values)
    approve_change(change, by=fresh(clerk), seen_version=change.version)
    return change


@pytest.mark.both
def test_what_is_altered_today_counts_from_today(file, clerk):
    approve(file, clerk, schooling="junior")
    assert (status(file, TODAY - DAY).schooling, status(file, TODAY).schooling) == ("primary", "junior")
    assert status(file, LAST, known=LAST).schooling == "primary"
    assert not ChildStatus.objects.exclude(known_until=None).exists(), "nothing that was known is overtaken"


def test_twice_in_a_day_the_last_word_counts_and_leaves_one_row(file, clerk):
    approve(file, clerk, schooling="junior")
    approve(file, clerk, schooling="senior")
    assert status(file, TODAY).schooling == "senior" and ChildStatus.objects.count() == 2


def test_an_approval_that_is_taken_back_leaves_it_as_it_was(file, clerk):
    before = list(ChildStatus.objects.values())
    change = approve(file, clerk, schooling="junior")
    undo_decision(change, by=fresh(clerk), seen_version=change.version)
    assert list(ChildStatus.objects.values()) == before


@pytest.mark.both
def test_a_category_that_began_earlier_is_known_from_today(file, clerk):
    open_membership(file, "orphan", by=fresh(clerk), since=LAST - 10 * DAY)
    assert status(file, LAST).holds("orphan") and status(file, LAST - 10 * DAY).holds("orphan")
    assert not status(file, LAST - 11 * DAY).holds("orphan")
    assert not status(file, LAST, known=LAST).holds("orphan"), "nobody knew"
    assert not status(file, LAST, known=TODAY - DAY).holds("orphan")
    assert status(file, LAST, known=TODAY).holds("orphan")


def test_a_category_that_ended_earlier_likewise(file, clerk):
    (held,) = CategoryMembership.objects.filter(child=file)
    end_membership(held, by=fresh(clerk), on=LAST - DAY, reason="other")
    assert not status(file, LAST).categories & CATEGORY_BITS[held.category]
    assert status(file, LAST, known=LAST).holds(held.category)


@pytest.mark.both
def test_who_was_closed_as_of_an_earlier_day_was_counted_until_it_was_known(file, clerk):
    close_file(file, by=fresh(clerk), seen_version=file.version, reason="moved", note="", on=LAST - DAY)
    assert status(file, LAST, known=LAST) and status(file, LAST) is None
    assert ChildStatus.objects.known(TODAY).filter(leaving(LAST - 30 * DAY, LAST)).count() == 1
    assert not ChildStatus.objects.known(LAST).filter(leaving(LAST - 30 * DAY, LAST)).exists()


def test_a_closing_that_is_taken_back_never_was(file, clerk):
    before = list(ChildStatus.objects.values())
    close_file(file, by=fresh(clerk), seen_version=file.version, reason="moved", note="", on=TODAY)
    assert status(file, TODAY) is None
    file.refresh_from_db()
    undo_act(file, by=fresh(clerk), seen_version=file.version)
    assert list(ChildStatus.objects.values()) == before


def test_who_came_again_counts_again(file, clerk):
    close_file(file, by=fresh(clerk), seen_version=file.version, reason="moved", note="", on=TODAY - 3 * DAY)
    file.refresh_from_db()
    categories = {"left_behind": {"since": TODAY}}
    reopen_file(file, by=fresh(clerk), seen_version=file.version, reason="回来了", categories=categories)
    assert [bool(status(file, TODAY - n * DAY)) for n in (4, 3, 1, 0)] == [True, False, False, True]
    assert ChildStatus.objects.known().filter(entering(TODAY, TODAY)).count() == 1


@pytest.mark.both
def test_who_moved_counted_there_until_then(file, clerk):
    target = a_unit(file.township)
    ask_transfer(file, by=fresh(clerk), target=target, reason="搬家", seen_version=file.version)
    assert status(file, TODAY).village == target and status(file, TODAY).enters
    assert status(file, TODAY - DAY).village == file.village and status(file, TODAY - DAY).leaves


def test_writing_it_again_alters_nothing(file):
    before = list(ChildStatus.objects.values())
    refresh_status(file)
    assert list(ChildStatus.objects.values()) == before


class Knowledge(RuleBasedStateMachine):
    """Days pass; facts of today and of earlier days are written. What was known at the end of each day is kept, and
    asked for again at the end."""

    @initialize()
    def begin(self):
        self.day = datetime.date(2026, 9, 1)
        self.file = an_approved_file(a_village(), on=self.day)
        self.first = self.day
        self.seen: dict[tuple, tuple] = {}

    @rule(days=st.integers(1, 20))
    def days_pass(self, days):
        self._look()
        self.day += days * DAY

    @rule(value=st.sampled_from(["primary", "junior", "dropped_out"]))
    def schooling_is_altered(self, value):
        ChildFile.objects.filter(pk=self.file.pk).update(schooling=value)
        self._refresh()

    @rule(ago=st.integers(0, 40), category=st.sampled_from(["orphan", "migrant"]))
    def a_category_began(self, ago, category):
        since = max(self.day - ago * DAY, self.first)
        held = CategoryMembership.objects.filter(child=self.file, category=category)
        if held.filter(until=None).exists() or held.filter(until__gt=since).exists():
            return
        membership = CategoryMembership(child=self.file, category=category, since=since)
        membership.place(self.file)
        membership.save()
        self._refresh()

    @rule(ago=st.integers(0, 40))
    def a_category_ended(self, ago):
        open_one = CategoryMembership.objects.filter(child=self.file, until=None).first()
        if open_one:
            open_one.until = max(self.day - ago * DAY, open_one.since)
            open_one.save()
            self._refresh()

    @rule(ago=st.integers(0, 40))
    def it_was_closed(self, ago):
        ChildFile.objects.filter(pk=self.file.pk, closed_on=None).update(
            closed_on=max(self.day - ago * DAY, self.first)
        )
        self._refresh()

    @rule()
    def the_closing_was_an_error(self):
        ChildFile.objects.filter(pk=self.file.pk).update(closed_on=None)
        self._refresh()

    @invariant()
    def at_most_one_at_a_time(self):
        if hasattr(self, "day"):
            self._look()

    def _refresh(self):
        refresh_status(self.file, today=self.day)

    def _look(self):
        """Note what is known now of every day so far, and that what was noted before is still given."""
        for ago in range(0, 60, 7):
            day = self.day - ago * DAY
            self.seen[self.day, day] = self._told(day, None)

    def _told(self, day, known):
        found = status(self.file, day, known)
        return (found.schooling, found.categories) if found else None

    def teardown(self):
        for (known, day), told in getattr(self, "seen", {}).items():
            assert self._told(day, known) == told, (known, day)


def test_what_was_known_on_any_day_is_told_for_ever(transactional_db):
    run_state_machine_as_test(
        Knowledge, settings=settings(max_examples=examples(20), deadline=None, suppress_health_check=list(HealthCheck))
    )


def test_rows_that_no_service_wrote_are_brought_in_as_known_in_time(file):
    write_statuses(file)
    assert status(file, LAST, known=LAST) and status(file, LAST).known_from <= LAST
