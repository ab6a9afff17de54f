"""Whatever is written, and however late: what a month or a quarter gave on its last day it gives for ever."""

import datetime
from collections import Counter

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from childwelfare.workflow.refusals import Refused
from orgs.units.models import OrgUnit
from registry.categories.services import end_membership, open_membership
from registry.changes.services import approve_change
from registry.child.models import ChildFile
from registry.closing.services import close_file, reopen_file
from registry.status.verify import first_differing
from registry.transfers.services import ask_transfer
from reports.indicators.table import numbers_of
from reports.rollup.late import effect_of
from reports.rollup.models import Figure
from reports.rollup.periods import Period
from reports.rollup.services import roll_up
from reports.rollup.verify import first_wrong
from reports.snapshots.rosters import rosters_of
from tests.builders import a_change, a_post, a_unit, a_village, an_approved_file, answers, fresh
from tests.depth import examples
from visits.schedule.models import VisitRule
from visits.schedule.services.recompute import recompute
from visits.visit.services.log import log_visit
from visits.visit.workflow import VISIT

pytestmark = pytest.mark.django_db
BEGIN, DAY = datetime.date(2026, 8, 20), datetime.timedelta(days=1)
ACTS = ("visit", "visit", "visit", "return", "risk", "category", "end", "close", "reopen", "move", "rule")
UNTIL_OCTOBER = [(9, "end", 0)] * 4
HISTORY = st.lists(st.tuples(st.integers(0, 9), st.sampled_from(ACTS), st.integers(0, 25)), min_size=5, max_size=20)


def at(day: datetime.date) -> time_machine.travel:
    return time_machine.travel(datetime.datetime.combine(day, datetime.time(4), datetime.UTC), tick=False)


class Village:
    """One child and those who write about it, each act as of some days ago."""

    def __init__(self):
        self.here = a_village()
        self.there = a_unit(self.here.township)
        self.clerk, self.second = a_post(self.here.township), a_post(self.here.township)
        self.directors = {unit.pk: a_post(unit) for unit in (self.here, self.there)}
        self.pk = an_approved_file(self.here, on=BEGIN).pk

    def act(self, what: str, ago: int, today: datetime.date) -> None:
        file, clerk = ChildFile.objects.get(pk=self.pk), fresh(self.clerk)
        day = max(today - ago * DAY, file.begun_on)
        getattr(self, f"_{what}")(file, clerk, day)

    def _visit(self, file, _clerk, day):
        said = answers(visited_on=day)
        log_visit(file, by=fresh(self.directors[file.village_id]), answers=said, hazards_looked_at=True)

    def _return(self, file, clerk, _day):
        visit = file.visits.filter(state="submitted").first()
        if visit:
            VISIT.apply("return", visit, by=clerk, seen_version=visit.version, reason="请补充")

    def _risk(self, file, clerk, day):
        change = a_change(file, by=fresh(self.second), risk="high" if day.day % 2 else "general")
        approve_change(change, by=clerk, seen_version=change.version)

    def _category(self, file, clerk, day):
        open_membership(file, "orphan", by=clerk, since=day)

    def _end(self, file, clerk, day):
        held = file.memberships.filter(until=None).order_by("-since").first()
        if held:
            end_membership(held, by=clerk, on=max(day, held.since), reason="parents_back")

    def _close(self, file, clerk, day):
        close_file(file, by=clerk, seen_version=file.version, reason="moved", note="", on=day)

    def _reopen(self, file, clerk, _day):
        reopen_file(file, by=clerk, seen_version=file.version, reason="回来", categories={})

    def _move(self, file, clerk, _day):
        target = self.there if file.village_id == self.here.pk else self.here
        ask_transfer(file, by=clerk, target=target, reason="搬家", seen_version=file.version)

    def _rule(self, file, _clerk, day):
        VisitRule.objects.create(county=file.county, risk="general", days=20 + day.day, since=BEGIN)
        recompute(file.county_id)


@settings(max_examples=examples(12), deadline=None, suppress_health_check=list(HealthCheck))
@given(history=HISTORY)
@example(history=[*UNTIL_OCTOBER, (8, "visit", 9)])  # overdue when September ended, and visited before, as it turns out
@example(history=[*UNTIL_OCTOBER, (8, "rule", 0)])  # by the new rule it was not due yet
@example(history=[*UNTIL_OCTOBER, (8, "close", 20)])
@example(history=[*UNTIL_OCTOBER, (0, "visit", 9), (8, "return", 0)])
def test_months_give_what_they_gave(history):
    with transaction.atomic():
        given_then = _live(history)
        with at(BEGIN + 120 * DAY):
            assert first_differing() is None
            for key, numbers in given_then.items():
                for county in set(Figure.objects.filter(unit__level=2).values_list("unit", flat=True)):
                    roll_up(county, key, force=True)
                assert _figures(key) == numbers, key
                assert first_wrong(Period.of(key)) is None
                _with_what_came_late_it_is_what_is_known_now(Period.of(key))
        transaction.set_rollback(True)


def _with_what_came_late_it_is_what_is_known_now(period: Period) -> None:
    """As a sheet counts it that is sent today."""
    for county in OrgUnit.objects.filter(level=2):
        stored = numbers_of(Figure.objects.get(unit=county, period=period.key).numbers)
        effect = effect_of(county, period)
        now: Counter = Counter()
        for roster in rosters_of(period, county).values():
            now.update(roster.numbers())
        known_now = numbers_of(now)
        for key, number in stored.items():
            assert number + effect.get(key, 0) == (known_now[key] or 0), (period.key, key)


def _live(history) -> dict:
    """Live through ``history``; {period: its figures on its last day}."""
    with at(BEGIN):
        village = Village()
    today, given_then = BEGIN, {}
    for days, what, ago in history:
        for _day in range(days):
            _end_of_day(village, today, given_then)
            today += DAY
        with at(today):
            try:
                with transaction.atomic():
                    village.act(what, ago, today)
            except (Refused, ValidationError, PermissionDenied):
                pass  # not now
    while today < BEGIN + 75 * DAY:
        _end_of_day(village, today, given_then)
        today += DAY
    return given_then


def _end_of_day(village: Village, today: datetime.date, given_then: dict) -> None:
    if (today + DAY).day != 1:
        return
    # in the morning after, as the sweep does it: what was due on the last day could still be done on it
    with at(today + DAY):
        for period in Period.running_now(today):
            if period.last == today:
                roll_up(village.here.county_id, period.key, force=True)
                given_then[period.key] = _figures(period.key)


def _figures(key: str) -> dict:
    return dict(Figure.objects.filter(period=key).values_list("unit", "numbers"))
