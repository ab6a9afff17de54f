"""What phones send in one evening: each item taken over by itself, beside plain inserts of the same rows."""

import datetime
import hashlib
import json
import statistics
import threading
import time
import uuid

DIRECTORS, EACH = 3_000, 10  # of the whole city in one hour: 8.4 items a second
THREADS = 4


def main(children: int = 30_000) -> None:
    """Print items/s, p50 and p95 in ms an item: many at once, and one at a time beside plain inserts of the same rows;
    ours ÷ plain (wanted: at most 6); what was lost or came twice, which must be nothing."""
    from django.db import connection

    from benchmarks._world import fill
    from visits.phones.models import SyncItem
    from visits.visit.models import Visit

    fill(max(children, DIRECTORS))
    number = min(DIRECTORS, children // EACH)
    work, few = _work(number), _work(60)
    before = Visit.objects.count()
    start = time.perf_counter()
    taken = _in_threads(work)
    spent = time.perf_counter() - start
    kept, new = SyncItem.objects.count(), Visit.objects.count() - before
    alone, plain = [], []
    for sender, items in few:  # turn by turn: whatever else the machine does, it does to both
        alone += _taken(sender, items)
        plain += _plain(sender, items)
    print(f"{connection.vendor}, {number:,} directors × {EACH} visits: {len(taken) - new} lost, {kept - new} twice\n")
    print("| | items/s | ms p50 | ms p95 |")
    print("|---|--:|--:|--:|")
    for name, seconds, whole in (
        (f"ours, {THREADS} at once", taken, spent),
        ("ours, one at a time", alone, sum(alone)),
        ("plain inserts, one at a time", plain, sum(plain)),
    ):
        print(f"| {name} | {len(seconds) / whole:.0f} | {_p50(seconds):.1f} | {_p95(seconds):.1f} |")
    rate, p50, p95 = sum(alone) / sum(plain), _p50(alone) / _p50(plain), _p95(alone) / _p95(plain)
    print(f"\nours ÷ plain, one at a time: {rate:.1f} by items/s, {p50:.1f} by p50, {p95:.1f} by p95")


def _work(number: int) -> list:
    """(sender, items) of each director: EACH of its village's children, none of whom it visited today."""
    from orgs.accounts.models import Person
    from orgs.posts.models import Appointment
    from orgs.posts.services import appoint
    from orgs.units.models import OrgUnit
    from registry.child.models import ChildFile
    from visits.phones.services.sync import Sender

    today, work = datetime.date.today(), []
    for village in OrgUnit.objects.filter(level=4, pk__in=ChildFile.objects.values("village")).order_by("?")[:number]:
        person = Person.objects.create(username=f"bench-{uuid.uuid4()}", name="主任", password="!")
        post = appoint(person, village, "village_director", since=today - datetime.timedelta(days=900))
        post = Appointment.objects.with_unit().get(pk=post.pk)
        files = ChildFile.objects.filter(village=village, approved_on__lt=today).exclude(visits__visited_on=today)
        files = files.values_list("pk", flat=True)[:EACH]
        work.append((Sender(person, post, "phone", "1"), [_item(pk, today) for pk in files]))
    return work


def _item(child, today) -> dict:
    from django.utils import timezone

    from visits.visit.questions import needed_answers

    said = {"child": str(child), "nonce": uuid.uuid4().hex, "visited_on": today.isoformat(), "guardian_words": "都好"}
    text = json.dumps(said | needed_answers())
    digest = hashlib.sha256(text.encode()).hexdigest()
    return {
        "id": uuid.uuid4(),
        "kind": "visit",
        "schema": 1,
        "made_at": timezone.now(),
        "hash": digest,
        "payload": text,
    }


def _p50(seconds: list[float]) -> float:
    return 1000 * statistics.median(seconds)


def _p95(seconds: list[float]) -> float:
    return 1000 * statistics.quantiles(seconds, n=20)[-1]


def _taken(sender, items: list[dict]) -> list[float]:
    from visits.phones.services.sync import receive_item

    seconds = []
    for item in items:
        start = time.perf_counter()
        answer = receive_item(item, sender)
        seconds.append(time.perf_counter() - start)
        assert answer.verdict == "accepted", answer
    return seconds


def _in_threads(work: list) -> list[float]:
    from django.db import connection

    seconds, todo = [], list(work)

    def send():
        try:
            while todo:
                seconds.extend(_taken(*todo.pop()))
        finally:
            connection.close()

    running = [threading.Thread(target=send) for _ in range(THREADS)]
    [thread.start() for thread in running]
    [thread.join() for thread in running]
    return seconds


def _plain(sender, items: list[dict]) -> list[float]:
    """Seconds to insert, item by item, copies of all rows that the ``items`` made, with every index, foreign key
    and trigger: the visit, its event, the dues that it ended and opened, the trail's two rows and the item itself."""
    from django.db import connection, transaction

    from orgs.audit.models import Audit, AuditPending
    from visits.phones.models import SyncItem
    from visits.schedule.models import VisitDue
    from visits.visit.models import Visit

    sets = []
    for item in SyncItem.objects.filter(pk__in=[item["id"] for item in items]):
        visit = Visit.objects.get(pk=item.record)
        opened, ended = VisitDue.objects.filter(child=visit.child_id).order_by("-since", "-pk")[:2]
        event, audit = visit.events.get(), Audit.objects.filter(person=sender.person).first()
        opened.ended_on = opened.due_on  # a child has one open due
        visit.pk, item.pk = uuid.uuid4(), uuid.uuid4()
        event.record = ended.visit = visit
        rows = [visit, event, ended, opened, audit, AuditPending(audit_id=-(item.pk.int >> 66)), item]
        sets.append([_statement(row) for row in rows])
    seconds = []
    with connection.cursor() as cursor:
        for statements in sets:
            start = time.perf_counter()
            with transaction.atomic():
                for sql, values in statements:
                    cursor.execute(sql, values)
            seconds.append(time.perf_counter() - start)
    return seconds


def _statement(row) -> tuple[str, list]:
    """An INSERT of ``row``, under the next number where that is its key."""
    from django.db import connection, models

    columns, values = [], []
    for field in row._meta.concrete_fields:
        if isinstance(field, models.AutoField):
            continue
        columns.append(f'"{field.column}"')
        values.append(field.get_db_prep_save(field.pre_save(row, False), connection))
    marks = ", ".join(["%s"] * len(columns))
    return f'INSERT INTO "{row._meta.db_table}" ({", ".join(columns)}) VALUES ({marks})', values
