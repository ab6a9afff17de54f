"""What a month that was open before days followed the calendar of days off gets by the update (migration 0011)."""

import dataclasses
import datetime
from importlib import import_module

import pytest
import time_machine
from django.apps import apps
from django.core.management import call_command

from orgs.holidays.services import add_holiday
from reports.periods.deadlines import DEFAULT_DAYS
from reports.periods.models import DeadlineRule, ReportingPeriod
from reports.periods.services import set_days
from reports.submissions.last_days import move_period
from reports.submissions.locking import lock_in_time
from tests.builders import a_post, fresh
from tests.reports.submissions.world import OCTOBER, a_reporting_county

pytestmark = [pytest.mark.django_db, pytest.mark.both]
DAY = datetime.timedelta(days=1)
OWN = DEFAULT_DAYS | {"village": 4, "township": 6, "county": 8, "city": 10, "locks": 14}


def test_an_open_month_gets_the_rule_it_was_opened_by_and_the_days_that_somebody_moved(settings, tmp_path):
    settings.CWR_ANCHORS = tmp_path / "anchors"
    with time_machine.travel("2026-11-02T01:00:00Z", tick=False) as clock:
        plain, ruled, seeded = (a_reporting_county(children=1) for _ in range(3))
        writers = {place.city.pk: a_post(place.city) for place in (plain, ruled, seeded)}
        set_days(ruled.city, OWN, by=fresh(writers[ruled.city.pk]), seen_version=0)
        DeadlineRule.objects.create(root=seeded.city, **OWN)  # as an import leaves it, which tells nothing
        locked = plain.open("2026-09")
        lock_in_time(locked)
        clock.shift(DAY)
        for place in (plain, ruled, seeded):
            place.open()
        clock.shift(DAY)
        set_days(plain.city, OWN, by=fresh(writers[plain.city.pk]), seen_version=0)  # for the months to come
        period = ReportingPeriod.objects.get(root=plain.city, key=OCTOBER)
        for name in ("county", "locks"):
            told = getattr(period.deadlines, name)
            later = dataclasses.replace(period.deadlines, **{name: told + 4 * DAY})
            if name == "county":
                later = dataclasses.replace(later, county=told + DAY)
            by = fresh(writers[plain.city.pk])
            move_period(period, later, by=by, seen_version=period.version, reason="培训周")
            period.refresh_from_db()
        ReportingPeriod.objects.update(days={}, by_hand=[])  # as the version before left them
        import_module("reports.migrations.0011_last_days_follow_holidays").tell_open_periods_their_days(apps, None)
        got = {each.root_id: (each.days, each.by_hand) for each in ReportingPeriod.objects.filter(key=OCTOBER)}
        assert got == {
            plain.city.pk: (DEFAULT_DAYS, ["county", "locks"]), ruled.city.pk: (OWN, []), seeded.city.pk: (OWN, []),
        }  # fmt: skip
        locked.refresh_from_db()
        assert (locked.days, locked.by_hand) == ({}, []), "it moves no more"
        ReportingPeriod.objects.filter(pk=locked.pk).update(days=DEFAULT_DAYS)
        call_command("verify_chain")
        before = ReportingPeriod.objects.get(pk=period.pk).deadlines
        off = {
            "name": "抗洪假",
            "document": "9号",
            "since": datetime.date(2026, 12, 21),
            "until": datetime.date(2026, 12, 21),
        }
        add_holiday(by=fresh(writers[plain.city.pk]), **off)
        assert ReportingPeriod.objects.get(pk=period.pk).deadlines == before, "a holiday of another month moves nothing"
