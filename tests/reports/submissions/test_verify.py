"""Whoever owns the database takes the triggers away and rewrites what was signed: the verification names it."""

import datetime
import json

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection

from childwelfare.security.append_only import trigger_names
from orgs.audit.models import Audit
from reports.snapshots.content import content_hash
from reports.snapshots.models import Snapshot, SnapshotPart, SnapshotRoster
from reports.snapshots.rosters import Roster, seal_roster
from reports.submissions.models import Submission, SubmissionEvent
from tests.reports.submissions.world import a_reporting_county, report_all, row_of

pytestmark = [pytest.mark.django_db, pytest.mark.both]
MORNING = datetime.datetime(2026, 11, 2, 1, tzinfo=datetime.UTC)


@pytest.fixture
def country():
    with time_machine.travel(MORNING, tick=False):
        country = a_reporting_county(children=1)
        country.open()
        report_all(country, upto=2)
        unguarded(Snapshot, SnapshotPart, SubmissionEvent, Audit)
        yield country


def unguarded(*models) -> None:
    """As the owner of the database may; the test's transaction puts the triggers back."""
    with connection.cursor() as cursor:
        for model in models:
            table = model._meta.db_table
            for name in trigger_names(table, connection.vendor):
                cursor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if connection.vendor == "postgresql" else ""))


def rewritten(snapshot: Snapshot, **values) -> str:
    """Other figures in its content; gives the hash that fits them."""
    told = json.loads(snapshot.content)
    told["values"] |= values
    content = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    Snapshot.objects.filter(pk=snapshot.pk).update(content=content)
    return content_hash(content)


def the_figures_alone(country):
    rewritten(row_of(country.villages[0]).approved, registered=9)


def the_figures_with_their_hash(country):
    village = row_of(country.villages[0]).approved
    Snapshot.objects.filter(pk=village.pk).update(hash=rewritten(village, registered=9))


def a_total_with_its_hash(country):
    county = row_of(country.county).approved
    Snapshot.objects.filter(pk=county.pk).update(hash=rewritten(county, registered=9))


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
    Submission.objects.filter(unit=country.villages[0]).update(state="submitted", approved=None)


def which_figures_are_valid(country):
    other = row_of(country.villages[1]).approved
    Submission.objects.filter(unit=country.villages[0]).update(approved=other)


def all_of_it_but_the_trail(country):
    """Everything that hangs together in the tables of reporting is made to fit: figures, roster, hashes, events."""
    village = row_of(country.villages[0])
    told = json.loads(village.approved.content)
    empty = Roster()
    told |= {"values": empty.numbers(), "roster": {"hash": empty.hash, "rows": 0}}
    content = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    Snapshot.objects.filter(pk=village.approved_id).update(content=content, hash=content_hash(content))
    SnapshotRoster.objects.filter(pk=village.approved_id).update(sealed=seal_roster(village.approved, empty).sealed)
    SubmissionEvent.objects.exclude(record=village).delete()
    Submission.objects.exclude(pk=village.pk).update(state="draft", approved=None, current=None)
    SnapshotPart.objects.all().delete()
    SnapshotRoster.objects.exclude(pk=village.approved_id).delete()
    Submission.objects.exclude(pk=village.pk).update(state="draft", approved=None, current=None)
    Snapshot.objects.exclude(pk=village.approved_id).delete()
    last = None
    for event in SubmissionEvent.objects.filter(record=village).select_related("snapshot").order_by("at", "id"):
        event.chain(last)
        SubmissionEvent.objects.filter(pk=event.pk).update(hash=event.hash, previous=event.previous)
        last = event


@pytest.mark.parametrize(
    ("forge", "words"),
    [
        (the_figures_alone, "内容和校验码对不上"),
        (the_figures_with_their_hash, "按名单数出来的和表里的不一样"),
        (a_total_with_its_hash, "合计不等于下级之和"),
        (the_roster, "名单和校验码对不上"),
        (the_sealed_bytes, "名单打不开"),
        (the_roster_is_taken_away, "名单不见了"),
        (what_was_summed, "下级数据被换过"),
        (a_reason_in_the_events, "被改动过"),
        (the_approval_is_taken_out, "状态和经过对不上"),
        (the_state, "状态和经过对不上"),
        (which_figures_are_valid, "有效的数和经过对不上"),
        (all_of_it_but_the_trail, "操作留痕里没有这份上报"),
    ],
)
def test_what_was_forged_is_named(country, forge, words):
    call_command("verify_chain")
    forge(country)
    with pytest.raises(CommandError, match=words):
        call_command("verify_chain")
