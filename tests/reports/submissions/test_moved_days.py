"""Days that move while a sheet is sent or returned: whoever is second reads them as they are by now."""

import dataclasses
import datetime
import threading

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import transaction

from reports.periods.deadlines import Deadlines
from reports.periods.models import ReportingPeriod
from reports.submissions.last_days import move_period
from reports.submissions.locking import lock_in_time
from reports.submissions.opening import open_period, report_nothing
from reports.submissions.services import end_waiver, send_back, waive, withdraw
from tests.builders import a_post, a_village, an_approved_file, fresh, sign_in
from tests.reports.submissions.world import OCTOBER, a_reporting_county, a_worker, row_of, send
from tests.threads import at_once

DAY = datetime.timedelta(days=1)


@pytest.mark.django_db(transaction=True)
def test_a_sheet_that_is_sent_while_its_day_moves_on_is_on_time(settings, tmp_path):
    settings.CWR_ANCHORS = tmp_path / "anchors"
    with time_machine.travel("2026-11-02T01:00:00Z", tick=False) as clock:
        country = a_reporting_county(children=1)
        period, city = country.open(), a_post(country.city)
        village = country.villages[0]
        director = a_worker(village)
        clock.move_to("2026-11-03T01:00:00Z")  # the day after its last one
        later = Deadlines(*(day + 7 * DAY for day in dataclasses.astuple(period.deadlines)))
        moved, go_on = threading.Event(), threading.Event()

        def move():
            with transaction.atomic():
                move_period(period, later, by=fresh(city), seen_version=period.version, reason="培训周")
                moved.set()
                go_on.wait(2)  # the other one waits for the row meanwhile

        def report():
            moved.wait(10)
            send(village, by=director)

        at_once(move, report)
        row = row_of(village)
        assert row.due_on == later.village and row.on_time is True
        call_command("verify_chain")


@pytest.mark.django_db
@pytest.mark.both
def test_what_lay_above_or_was_left_out_while_days_moved_has_as_long_as_the_others():
    with time_machine.travel("2026-11-02T01:00:00Z", tick=False):
        country = a_reporting_county(children=1)
        period, clerk = country.open(), a_post(country.townships[0])
        ReportingPeriod.objects.update(
            version=1234
        )  # however often they were moved before: the key of a message is short
        period.refresh_from_db()
        sent, left_out = country.villages[:2]
        send(sent)
        row = row_of(left_out)
        waive(row, by=fresh(clerk), seen_version=row.version, reason="主任住院")
        later = Deadlines(*(day + 7 * DAY for day in dataclasses.astuple(period.deadlines)))
        move_period(period, later, by=fresh(a_post(country.city)), seen_version=period.version, reason="培训周")
        row = row_of(left_out)
        end_waiver(row, by=fresh(clerk), seen_version=row.version)
        row = row_of(sent)
        send_back(row, by=fresh(clerk), seen_version=row.version, reason="少一户")
        assert row_of(left_out).due_on == later.village
        assert row_of(sent).due_on >= later.village
        third = send(country.villages[2])
        move_period(
            period, dataclasses.replace(later, village=later.village + DAY), by=fresh(a_post(country.city)),
            seen_version=third.period.version, reason="雨",
        )  # fmt: skip
        third = row_of(country.villages[2])
        withdraw(third, by=fresh(a_worker(country.villages[2])), seen_version=third.version)
        assert row_of(country.villages[2]).due_on == later.village + DAY


@pytest.mark.django_db
@pytest.mark.both
def test_what_comes_back_on_the_last_days_is_due_at_the_lock_at_the_latest():
    with time_machine.travel("2026-11-02T01:00:00Z", tick=False) as clock:
        country = a_reporting_county(children=1)
        locks_on = country.open().locks_on
        row, clerk = send(country.villages[0]), a_post(country.townships[0])
        clock.move_to(datetime.datetime.combine(locks_on, datetime.time(2), datetime.UTC))
        send_back(row, by=fresh(clerk), seen_version=row.version, reason="少一户")
        assert row_of(country.villages[0]).due_on == locks_on == row_of(country.townships[0]).due_on


@pytest.mark.django_db
@pytest.mark.both
def test_a_year_that_was_mistyped_is_refused():
    with time_machine.travel("2026-11-02T01:00:00Z", tick=False):
        country = a_reporting_county(children=1)
        period = country.open()
        far = dataclasses.replace(period.deadlines, city=datetime.date(2062, 11, 9), locks=datetime.date(2062, 11, 12))
        with pytest.raises(ValidationError) as refused:
            move_period(period, far, by=a_post(country.city), seen_version=period.version, reason="培训周")
        assert list(refused.value.message_dict) == ["city", "locks"]


@pytest.mark.django_db
@pytest.mark.both
def test_a_day_off_is_refused_at_its_field_with_the_next_working_day(client):
    """The city locks on working days, whoever sets the day: 14 November 2026 is a Saturday."""
    with time_machine.travel("2026-11-02T01:00:00Z", tick=False):
        country = a_reporting_county(children=1)
        period = country.open()
        saturday = datetime.date(2026, 11, 14)
        days = dataclasses.asdict(dataclasses.replace(period.deadlines, locks=saturday))
        sign_in(client, a_post(country.city))
        sent = days | {"version": period.version, "reason": "培训周"}
        page = client.post(f"/ledger/periods/{period.pk}/", sent)
        said = "11月14日是休息日，请改到工作日，下一个工作日是11月16日。"
        assert page.status_code == 422 and page.context["form"].errors == {"locks": [said]}
        address = f"/api/v1/periods/{period.pk}/deadlines/"
        answer = client.post(address, sent, content_type="application/json")
        assert (answer.status_code, answer.json()["locks"]) == (400, [said])
        monday = sent | {"locks": datetime.date(2026, 11, 16)}
        answer = client.post(address, monday, content_type="application/json")
        assert (answer.status_code, answer.json()["locks_on"]) == (200, "2026-11-16")
        assert client.post(address, monday, content_type="application/json").status_code == 409
        lacks = {name: day for name, day in monday.items() if name != "city"}
        assert client.post(address, lacks, content_type="application/json").status_code == 400


@pytest.mark.django_db
@pytest.mark.both
def test_a_village_that_was_left_out_and_asked_again_reports_nothing_by_itself(settings, tmp_path):
    settings.CWR_ANCHORS = tmp_path / "anchors"
    with time_machine.travel("2026-11-02T01:00:00Z", tick=False):
        country = a_reporting_county(children=1)
        empty = a_village(country.townships[0])
        period = country.open()
        clerk = a_post(country.townships[0])
        waive(row_of(empty), by=fresh(clerk), seen_version=1, reason="洪水")
        end_waiver(row_of(empty), by=fresh(clerk), seen_version=2)
        assert report_nothing(period) == 1 and row_of(empty).state == "approved"
        call_command("verify_chain")


@pytest.mark.django_db
@pytest.mark.both
def test_nothing_comes_into_a_month_that_is_locked():
    with time_machine.travel("2026-11-02T01:00:00Z", tick=False):
        country = a_reporting_county(children=1)
        empty = a_village(country.townships[0])
        period = country.open()
        lock_in_time(period)
        assert report_nothing(period) == 0 and row_of(empty).state == "draft"


@pytest.mark.django_db(transaction=True)
def test_a_running_month_that_is_opened_three_times_at_once_is_opened_once():
    with time_machine.travel("2026-10-30T01:00:00Z", tick=False):
        country = a_reporting_county(children=1)
        open_period(country.city, OCTOBER)
        an_approved_file(a_village(country.townships[0]), on=datetime.date(2026, 9, 1))
        at_once(*[lambda: open_period(country.city, OCTOBER)] * 3)
        assert row_of(country.city).period.submissions.count() == 9
