"""Whoever owns the database takes the triggers away and rewrites what was signed: the verification names it, from the
audit trail, whose seals he can't renew."""

import dataclasses
import datetime
import json
import re
from collections.abc import Callable

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from childwelfare.security.append_only import trigger_names
from orgs.audit.models import Audit, AuditSeal
from orgs.units.models import OrgUnit
from registry.categories.services import open_membership
from registry.child.models import ChildFile
from reports.amendments import services as amendments
from reports.amendments.models import Amendment, AmendmentEvent
from reports.amendments.sheets import amended_sheet
from reports.periods.deadlines import Deadlines
from reports.periods.models import PeriodEvent, ReportingPeriod
from reports.snapshots.content import content_hash
from reports.snapshots.models import Snapshot, SnapshotPart, SnapshotRoster
from reports.snapshots.rosters import Roster, seal_roster
from reports.submissions.last_days import move_period
from reports.submissions.locking import lock_in_time
from reports.submissions.models import Submission, SubmissionEvent
from reports.submissions.opening import report_nothing
from reports.submissions.services import look_at, send_back, waive
from reports.verification.services import one_moment
from tests.builders import a_city, a_village, an_approved_file, fresh
from tests.reports.submissions.world import (
    NOVEMBER,
    SINCE,
    a_reporting_county,
    a_worker,
    pass_on,
    row_of,
    send,
)
from tests.threads import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.both]
MORNING = datetime.datetime(2026, 11, 2, 1, tzinfo=datetime.UTC)
LATE = datetime.date(2026, 10, 20)
DAY = datetime.timedelta(days=1)


@pytest.fixture
def country(settings, tmp_path):
    """October went up to the city: a village sent twice, one had nothing to report, one was left out; it was locked,
    and a village amended its sheet. Of November, whose days somebody moved, nothing was sent but one village's."""
    settings.CWR_ANCHORS = tmp_path / "anchors"
    with time_machine.travel(MORNING, tick=False) as clock:
        country = a_reporting_county(children=1)
        country.villages.append(a_village(country.townships[1]))
        period = country.open()
        report_nothing(period)
        first, waived = country.villages[0], country.villages[3]
        waive(row_of(waived), by=a_worker(waived.township), seen_version=1, reason="洪水")
        sent = send(first)
        send_back(sent, by=a_worker(first.township), seen_version=sent.version, reason="少一户")
        an_approved_file(first, on=SINCE)
        for level in (4, 3, 2, 1):
            for row in Submission.objects.filter(unit__level=level, state__in=("draft", "returned")):
                send(row.unit)
                pass_on(row.unit)
        lock_in_time(ReportingPeriod.objects.get())
        amend_everywhere(country)
        clock.shift(datetime.timedelta(days=30))
        period = country.open(NOVEMBER)
        later = Deadlines(*(day + 7 * DAY for day in dataclasses.astuple(period.deadlines)))
        move_period(period, later, by=a_worker(country.city), seen_version=period.version, reason="培训周")
        look_at(send(country.villages[1], NOVEMBER), a_worker(country.townships[0]))
        call_command("audit_anchor")
        unguarded(Snapshot, SnapshotPart, SubmissionEvent, AmendmentEvent, PeriodEvent, Audit, AuditSeal)
        yield country


def amend_everywhere(country) -> None:
    """A late orphan of the first village, up to the city."""
    village = country.villages[0]
    clerk = a_worker(village.township)
    open_membership(ChildFile.objects.filter(village=village).first(), "orphan", by=clerk, since=LATE)
    amendments.ask(row_of(village), by=a_worker(village), reason="漏记", document="荥民〔2026〕31号")
    amendment = Amendment.objects.with_all().get()
    amendments.open_amendment(amendment, by=fresh(clerk), seen_version=1)
    for unit in (village, village.township, village.county, village.city):
        under_way = Amendment.objects.with_all().get(submission__unit=unit)
        seen = amended_sheet(under_way.submission).seen
        amendments.submit(under_way, by=a_worker(unit), seen_version=under_way.version, seen=seen)
        under_way = Amendment.objects.with_all().get(submission__unit=unit)
        decider = a_worker(under_way.submission.above)
        hash = under_way.current.hash
        amendments.approve(under_way, by=decider, seen_version=under_way.version, hash=hash)


def unguarded(*models) -> None:
    """As the owner of the database may; the test's transaction puts the triggers back."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for model in models:
            table = model._meta.db_table
            for name in trigger_names(table, connection.vendor):
                cursor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if connection.vendor == "postgresql" else ""))


def canonical(told: dict) -> str:
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def rewritten(snapshot: Snapshot, **values) -> str:
    """Other figures in its content; gives the hash that fits them."""
    told = json.loads(snapshot.content)
    told["values"] |= values
    Snapshot.objects.filter(pk=snapshot.pk).update(content=canonical(told))
    return content_hash(canonical(told))


def chained_anew(row: Submission) -> None:
    last = None
    for event in SubmissionEvent.objects.filter(record=row).select_related("snapshot").order_by("at", "id"):
        event.chain(last)
        SubmissionEvent.objects.filter(pk=event.pk).update(hash=event.hash, previous=event.previous)
        last = event


def changed(model, **columns):
    """A forgery: all rows of ``model`` say something else."""

    def forge(_country):
        model.objects.update(**columns)

    return forge


def the_figures_alone(country):
    rewritten(row_of(country.villages[0]).approved, registered=9)


def the_figures_with_their_hash(country):
    village = row_of(country.villages[0]).approved
    Snapshot.objects.filter(pk=village.pk).update(hash=rewritten(village, registered=9))


def a_total_with_its_hash(country):
    city = row_of(country.city).approved
    Snapshot.objects.filter(pk=city.pk).update(hash=rewritten(city, registered=9))


def the_roster(country):
    village = row_of(country.villages[0]).approved
    SnapshotRoster.objects.filter(pk=village.pk).update(sealed=seal_roster(village, Roster()).sealed)


def the_sealed_bytes(country):
    SnapshotRoster.objects.filter(pk=row_of(country.villages[0]).approved.pk).update(sealed=b"x" * 60)


def the_roster_is_taken_away(country):
    SnapshotRoster.objects.filter(pk=row_of(country.villages[0]).approved.pk).delete()


def what_was_summed(country):
    SnapshotPart.objects.filter(whole=row_of(country.county).approved).first().delete()


def a_reason_in_the_events(country):
    SubmissionEvent.objects.filter(action="approve").update(reason="改过")


def the_approval_is_taken_out(country):
    SubmissionEvent.objects.filter(record=row_of(country.villages[0]), action="approve").delete()


def the_state(country):
    Submission.objects.filter(period__key="2026-10", unit=country.villages[0]).update(state="submitted")


def which_figures_are_valid(country):
    other = row_of(country.villages[1]).approved
    Submission.objects.filter(period__key="2026-10", unit=country.villages[0]).update(approved=other)


def all_of_one_village(country):
    """Figures, roster, hashes and events of one village are made to fit each other."""
    village = row_of(country.villages[1], NOVEMBER)
    told = json.loads(village.current.content)
    empty = Roster()
    told |= {"values": empty.numbers(), "roster": {"hash": empty.hash, "rows": 0}}
    content = canonical(told)
    Snapshot.objects.filter(pk=village.current_id).update(content=content, hash=content_hash(content))
    SnapshotRoster.objects.filter(pk=village.current_id).update(sealed=seal_roster(village.current, empty).sealed)
    chained_anew(village)


def any_figure_by_a_part_that_says_nothing(country):
    """A village without a roster sums one part without figures, signed by nobody; all hashes are made anew upwards."""
    units = [country.villages[2], country.townships[1], country.county, country.city]
    rows = [row_of(unit) for unit in units]
    told = json.loads(rows[0].approved.content) | {"values": {}, "roster": None}
    dummy = Snapshot.objects.create(
        period=rows[0].period, unit=rows[0].unit, seq=9, kind="original", content=canonical(told),
        hash=content_hash(canonical(told)),
    )  # fmt: skip
    SnapshotPart.objects.create(whole=rows[0].approved, part=dummy)
    hashes = {}
    for row in rows:
        snapshot = row.approved
        told = json.loads(snapshot.content)
        told["values"]["registered"] += 98
        for part in told["parts"]:
            part["hash"] = hashes.get(part["hash"], part["hash"])
        told["parts"].sort(key=lambda part: (part["hash"], part["unit"]))
        if row is rows[0]:
            told |= {"roster": None, "parts": [{"unit": "x", "name": "x", "hash": dummy.hash}]}
        content = canonical(told)
        hashes[snapshot.hash] = content_hash(content)
        Snapshot.objects.filter(pk=snapshot.pk).update(content=content, hash=content_hash(content), made_by=None)
        chained_anew(row)


def a_part_of_which_a_figure_was_taken_out(country):
    village = row_of(country.villages[1]).approved
    told = json.loads(village.content)
    del told["values"]["orphan"]
    content = canonical(told)
    Snapshot.objects.filter(pk=village.pk).update(content=content, hash=content_hash(content))


def a_content_that_is_no_sheet(country):
    village = row_of(country.villages[1]).approved
    told = {"unit": {"uid": str(village.unit.uid), "level": 4}, "period": "2026-10", "roster": None, "parts": [7]}
    content = canonical(told)
    Snapshot.objects.filter(pk=village.pk).update(content=content, hash=content_hash(content))


def the_amendment_is_undone(country):
    """Every tier has its old figures back, and nothing tells of the new ones."""
    for row in Submission.objects.filter(approved__kind="amendment").select_related("approved"):
        SubmissionEvent.objects.filter(record=row, action="amend").delete()
        Submission.objects.filter(pk=row.pk).update(approved=row.approved.supersedes_id)


def the_returned_sheet_is_valid(country):
    row = row_of(country.villages[0])
    first = Snapshot.objects.get(unit=row.unit, seq=1)
    SubmissionEvent.objects.filter(record=row, action__in=("approve", "amend")).update(snapshot=first)
    chained_anew(row)
    Submission.objects.filter(pk=row.pk).update(approved=first)


def a_period_is_opened_again_for_changes(country):
    ReportingPeriod.objects.filter(state="locked").update(state="open")


def a_day_of_the_period(country):
    ReportingPeriod.objects.update(locks_on=datetime.date(2099, 1, 1))


def a_village_is_not_expected(country):
    Submission.objects.filter(period__key=NOVEMBER, unit=country.villages[2]).delete()


def a_village_that_had_nothing(country):
    row = row_of(country.villages[4])
    SubmissionEvent.objects.filter(record=row).delete()
    row.delete()


def a_village_lies_elsewhere(country):
    other = row_of(country.townships[1])
    Submission.objects.filter(period__key="2026-10", unit=country.villages[0]).update(parent=other)


def a_whole_month(country):
    of_november = {"period__key": NOVEMBER}
    Submission.objects.filter(**of_november).update(parent=None, current=None, state="draft")
    SubmissionEvent.objects.filter(record__period__key=NOVEMBER).delete()
    SnapshotRoster.objects.filter(snapshot__period__key=NOVEMBER).delete()
    Snapshot.objects.filter(**of_november).delete()
    Submission.objects.filter(**of_november).delete()
    PeriodEvent.objects.filter(record__key=NOVEMBER).delete()
    ReportingPeriod.objects.filter(key=NOVEMBER).delete()


def an_amendment_is_taken_away(country):
    Amendment.objects.filter(submission__unit=country.villages[0]).update(state="refused", effective_at=None)


def an_amendment_is_lost(country):
    lost = Amendment.objects.filter(submission__unit=country.villages[0])
    AmendmentEvent.objects.filter(record__in=lost).delete()
    lost.delete()


def the_reason_of_an_amendment(country):
    Amendment.objects.filter(submission__unit=country.villages[0]).update(reason="县里要求")


def what_was_said_with_it(country):
    asked = AmendmentEvent.objects.filter(record__submission__unit=country.villages[0], action="ask_amendment")
    asked.update(reason="")


def whose_figures_they_are(country):
    one, other = country.villages[:2]
    for unit, name in ((one, other.name), (other, one.name)):
        OrgUnit.objects.filter(pk=unit.pk).update(name=name)


def when_amendments_were_made(country):
    for event in AmendmentEvent.objects.all():
        AmendmentEvent.objects.filter(pk=event.pk).update(at=event.at - datetime.timedelta(days=20))


def what_amendments_were_about(country):
    AmendmentEvent.objects.update(snapshot=None)


def when_it_was_locked(country):
    PeriodEvent.objects.exclude(action="open").update(at=LONG_AGO)


def who_locked_it(country):
    PeriodEvent.objects.exclude(action="open").update(person=row_of(country.city).made_by)


def a_row_of_the_trail(country):
    Audit.objects.filter(action="amend_ledger").update(action="view_file")


def a_row_of_the_trail_without_a_seal(country):
    Audit.objects.create(at="2026-11-02T00:00:00+00:00", action="approve_ledger")


def nobody_looked_yet(country):
    """So that its sender may withdraw what is being checked."""
    assert row_of(country.villages[1], NOVEMBER).looked_at
    Submission.objects.update(looked_at=None)


def a_draft(country):
    """Of November, whose days moved by a week."""
    return Submission.objects.filter(period__key=NOVEMBER, unit=country.villages[0])


def the_old_day_of_a_draft(country):
    """It was told that it has longer, and is late."""
    a_draft(country).update(due_on=row_of(country.villages[0], NOVEMBER).due_on - 7 * DAY)


def the_old_day_and_it_is_sent(country):
    """So that the program itself seals what was forged."""
    the_old_day_of_a_draft(country)
    send(country.villages[0], NOVEMBER)


def another_day_and_it_is_left_out(country):
    a_draft(country).update(nominal_due_on=LATE)
    row = row_of(country.villages[0], NOVEMBER)
    waive(row, by=a_worker(row.above), seen_version=row.version, reason="洪水")


def another_day_and_it_is_returned(country):
    the_sent = row_of(country.villages[1], NOVEMBER)
    Submission.objects.filter(pk=the_sent.parent_id).update(due_on=LATE)
    send_back(the_sent, by=a_worker(the_sent.above), seen_version=the_sent.version, reason="少一户")


def a_later_day_of_a_draft(country):
    a_draft(country).update(due_on=row_of(country.villages[0], NOVEMBER).due_on + DAY)


def the_old_day_of_a_station(country):
    station = row_of(country.townships[1], NOVEMBER)
    Submission.objects.filter(pk=station.pk).update(due_on=station.due_on - 7 * DAY)


def the_day_of_a_locked_row(country):
    row = row_of(country.villages[1])
    Submission.objects.filter(pk=row.pk).update(due_on=row.due_on + DAY)


def a_draft_was_on_time(country):
    a_draft(country).update(on_time=True)


def a_draft_was_sent(country):
    a_draft(country).update(first_submitted_at=MORNING)


def a_draft_had_a_day_of_its_own(country):
    row = row_of(country.villages[0], NOVEMBER)
    a_draft(country).update(nominal_due_on=row.due_on)


LONG_AGO = datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)
FORGERIES: list[tuple[Callable, str]] = [
    (the_figures_alone, "内容和校验码对不上"),
    (the_figures_with_their_hash, "按名单数出来的和表里的不一样"),
    (a_total_with_its_hash, "合计不等于下级之和"),
    (a_part_of_which_a_figure_was_taken_out, "按名单数出来的和表里的不一样"),
    (any_figure_by_a_part_that_says_nothing, "村的数要有名单"),
    (a_content_that_is_no_sheet, "内容和校验码对不上"),
    (the_roster, "名单和校验码对不上"),
    (the_sealed_bytes, "名单打不开"),
    (the_roster_is_taken_away, "名单不见了"),
    (what_was_summed, "下级数据被换过"),
    (a_reason_in_the_events, "被改动过"),
    (the_approval_is_taken_out, "经过和留痕对不上"),
    (all_of_one_village, "经过和留痕对不上"),
    (the_state, "状态和留痕对不上"),
    (which_figures_are_valid, "有效的数和留痕对不上"),
    (the_amendment_is_undone, "经过和留痕对不上"),
    (the_returned_sheet_is_valid, "经过和留痕对不上"),
    (changed(Submission, on_time=True, due_on=LATE), "截止日期或是否按时"),
    (the_old_day_of_a_draft, "截止日期或是否按时"),
    (the_old_day_and_it_is_sent, "截止日期或是否按时.*submit_ledger"),
    (another_day_and_it_is_left_out, "原定的截止日期.*waive_ledger"),
    (another_day_and_it_is_returned, "截止日期或是否按时"),
    (a_later_day_of_a_draft, "截止日期或是否按时"),
    (the_old_day_of_a_station, "截止日期或是否按时"),
    (the_day_of_a_locked_row, "截止日期或是否按时"),
    (a_draft_was_on_time, "截止日期或是否按时"),
    (a_draft_was_sent, "首次上报的时间"),
    (a_draft_had_a_day_of_its_own, "原定的截止日期"),
    (changed(Submission, first_submitted_at=LONG_AGO), "首次上报的时间"),
    (changed(Submission, made_by=None), "谁报的和留痕对不上"),
    (changed(Snapshot, kind="amendment"), "哪一种"),
    (changed(Snapshot, made_at=LONG_AGO), "何时报的"),
    (changed(Snapshot, made_by=None), "谁报的"),
    (a_period_is_opened_again_for_changes, "填报期的状态和留痕对不上"),
    (a_day_of_the_period, "期限和留痕对不上"),
    (changed(ReportingPeriod, days={"village": 20}), "期限的规则"),
    (changed(ReportingPeriod, by_hand=["locks"]), "期限的规则"),
    (changed(Submission, nominal_due_on=LATE), "原定的截止日期"),
    (changed(Submission, looked_at=LONG_AGO), "上级何时开始审核"),
    (nobody_looked_yet, "上级何时开始审核"),
    (a_village_is_not_expected, "应报的单位和留痕对不上"),
    (a_village_that_had_nothing, "不是下级单位的数"),
    (a_village_lies_elsewhere, "上下级关系|不是下级单位的数"),
    (a_whole_month, "留痕里有这一期，这里没有了"),
    (an_amendment_is_taken_away, "更正的状态和留痕对不上"),
    (the_reason_of_an_amendment, "更正的原因和留痕对不上"),
    (what_was_said_with_it, "更正的经过和留痕对不上"),
    (whose_figures_they_are, "单位的名称和当时签的不一样"),
    (when_amendments_were_made, "更正的经过和留痕对不上"),
    (what_amendments_were_about, "更正的经过和留痕对不上"),
    (changed(Amendment, made_at=datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)), "请求更正的时间和留痕对不上"),
    (when_it_was_locked, "填报期的经过和留痕对不上"),
    (who_locked_it, "填报期的经过和留痕对不上"),
    (an_amendment_is_lost, "留痕里有这份更正，这里没有"),
    (a_row_of_the_trail, "操作留痕不可信.*was changed"),
    (a_row_of_the_trail_without_a_seal, "操作留痕不可信.*neither sealed"),
]


def said_after(forge: Callable, country) -> str:
    """What the verification says of a forgery, which is taken back again; blank where it finds nothing."""
    with transaction.atomic():
        forge(country)
        try:
            call_command("verify_chain")
        except CommandError as error:
            return str(error)
        finally:
            transaction.set_rollback(True)
    return ""


def test_whatever_the_owner_of_the_database_forges_is_named(country, capsys):
    call_command("verify_chain")
    assert capsys.readouterr().out.count("全部一致") == 2
    passed_or_misnamed = {}
    for forge, words in FORGERIES:
        said = said_after(forge, country)
        if not re.search(words, said):
            passed_or_misnamed[forge, words] = said
    assert not passed_or_misnamed
    call_command("verify_chain")


def test_a_month_that_nobody_reported_on_is_no_proof_of_anything(country):
    with pytest.raises(CommandError, match="没有“2026-9”这一期；有：2026-10、2026-11"):
        call_command("verify_chain", period="2026-9")


def test_reading_a_month_takes_as_many_questions_for_two_villages_as_for_five(country, django_assert_max_num_queries):
    """Of 3,500 units none is asked for by itself."""
    with django_assert_max_num_queries(40):
        call_command("verify_chain", period="2026-10")


@pytest.mark.django_db(transaction=True)
def test_people_go_on_while_it_is_verified_and_what_they_do_meanwhile_is_not_seen():
    if connection.vendor == "sqlite":  # the tests' database lies in memory, where every reader keeps writers waiting
        with CaptureQueriesContext(connection) as asked, one_moment():
            assert asked.captured_queries[0]["sql"] == "BEGIN DEFERRED"
        return
    city = a_city()
    with one_moment():
        named = OrgUnit.objects.get(pk=city.pk).name
        at_once(lambda: OrgUnit.objects.filter(pk=city.pk).update(name="改名市"))
        assert OrgUnit.objects.get(pk=city.pk).name == named
    assert OrgUnit.objects.get(pk=city.pk).name == "改名市"
