"""Writing the audit trail, sealing it into a hash chain, and verifying the chain.

Sealing takes the rows named in the pending table, not the next ids: an open transaction may hold a lower id that
an id-order sealer would pass over for good.

Each seal carries an HMAC by a key that lies outside the database: who holds the database alone can't seal anew what he
rewrote. That the end was not cut off is told by the anchors (orgs.audit.anchors).
"""

import hashlib
import json
import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from childwelfare.security.keys import chain_keys
from childwelfare.security.sealing import keyed_digest
from orgs.accounts.models import Person
from orgs.audit.models import Audit, AuditChild, AuditPending, AuditSeal
from orgs.posts.models import Appointment
from orgs.units.models import OrgUnit

BATCH = 5000
FIELDS = ("id", "at", "person_id", "post_id", "unit_id", "action", "record", "data")
ADVISORY_LOCK = 77
GENESIS = "0" * 64
PATH_OF_A_FILE = re.compile(r"/(?:api/v1/)?children/([0-9a-f-]{36})/")
See = Callable[[dict[str, Any]], None]
CHILD_KEYS = ("child", "other")  # details that name a child: whose the record is; the other of two files


def record_act(
    post: Appointment | None,
    action: str,
    record: Model | None = None,
    *,
    unit: OrgUnit | None = None,
    person: Person | None = None,
    label: str = "",
    **data: Any,
) -> Audit:
    """Write that ``post`` did ``action`` on ``record``; call it inside the transaction of the act itself.

    ``data`` holds names (fields, states, counts), never values of a record. ``unit`` defaults to where the record
    is, then to the post's own unit. ``label`` names what is no record of the database.
    """
    return record_acts([act_row(post, action, record, unit=unit, person=person, label=label, **data)])[0]


def act_row(
    post: Appointment | None,
    action: str,
    record: Model | None = None,
    *,
    unit: OrgUnit | None = None,
    person: Person | None = None,
    label: str = "",
    **data: Any,
) -> Audit:
    """The row that ``record_act`` writes, not yet written. Of a record that is a child's, a visit, an alert, a change,
    its details name the child: so it is found among all that was done about that child."""
    if child := getattr(record, "child_id", None):
        data.setdefault("child", str(child))
    placed = unit.pk if unit else getattr(record, "village_id", None)  # not .village: it would be fetched
    return Audit(
        at=timezone.now().isoformat(timespec="microseconds"),
        person=post.person if post else person,
        post=post,
        unit_id=placed or (post.unit_id if post else None),
        action=action,
        record=label or label_of(record),
        data=json.dumps(data, ensure_ascii=False, sort_keys=True, default=str) if data else "",
    )


def record_acts(rows: list[Audit]) -> list[Audit]:
    """Write ``rows`` (``act_row``), however many by one insert; they wait to be sealed."""
    with transaction.atomic(savepoint=False):
        Audit.objects.bulk_create(rows)
        AuditPending.objects.bulk_create([AuditPending(audit=row) for row in rows])
    return rows


def label_of(record: Model | None) -> str:
    """How the trail names a record: ``registry.childfile:<uuid>``."""
    if record is None:
        return ""
    return f"{record._meta.label_lower}:{getattr(record, 'uid', None) or record.pk}"


def child_named_in(data: str) -> uuid.UUID | None:
    """The child that the details of a row name; of an act on two files the one that is not the record; of a refusal
    that names none, as the version before wrote them, whose file was asked for."""
    if not any(f'"{key}"' in data for key in (*CHILD_KEYS, "path")):
        return None
    try:
        details = json.loads(data)
        asked = PATH_OF_A_FILE.match(details.get("path", ""))
        named = [details[key] for key in CHILD_KEYS if key in details]
        return uuid.UUID(next(iter(named or ([asked[1]] if asked else []))))
    except (ValueError, TypeError, StopIteration, AttributeError):
        return None


def seal_pending() -> int:
    """Seal every pending row; return how many. Only one sealer works at a time.

    A chain of the time before there was a key gets a row that says so, and with it its first keyed seal.
    """
    last = AuditSeal.objects.order_by("-id").values_list("mac", flat=True).first()
    if last == "" and not AuditPending.objects.exists():
        record_act(None, "key_audit")
    sealed = 0
    while count := _seal_batch():
        sealed += count
    return sealed


def verify_chain(see: See | None = None) -> str | None:
    """The first thing wrong with the chain, in words, or None when it holds.

    ``see`` is called with each row of the trail, {field: value}, once its seal is verified, in the order of sealing;
    with those that still wait for their seal at the end, in the order of writing. Until None is returned they may be
    those of a trail that was rewritten further on.
    """
    try:
        return _problem_of_chain(see or _look_away)
    except (ValueError, TypeError) as error:
        return f"a row or a seal can't be read any more ({error}): it was changed"


def _look_away(_row: dict[str, Any]) -> None:
    pass


def _seals() -> Iterator[tuple[AuditSeal, list[int], dict[int, dict[str, Any]]]]:
    """Each seal in order with the keys of its rows and those of them that are there: a query for many small seals."""
    held: list[tuple[AuditSeal, list[int]]] = []
    size = 0

    def with_rows() -> Iterator[tuple[AuditSeal, list[int], dict[int, dict[str, Any]]]]:
        asked = [number for _seal, ids in held for number in ids]
        rows = {row["id"]: row for row in Audit.objects.filter(pk__in=asked).values(*FIELDS)}
        for seal, ids in held:
            yield seal, ids, rows

    for seal in AuditSeal.objects.order_by("id").iterator():
        ids = [int(number) for number in seal.ids.split(",")]
        if held and size + len(ids) > BATCH:
            yield from with_rows()
            held, size = [], 0
        held.append((seal, ids))
        size += len(ids)
    yield from with_rows()


def _problem_of_chain(see: See) -> str | None:
    previous, keyed = GENESIS, False
    seen: set[int] = set()
    for seal, ids, rows in _seals():
        digests = bytes(seal.digests)
        if seal.previous != previous:
            return f"seal {seal.pk} does not follow the seal before it: one was removed or changed"
        chained = previous
        for position, number in enumerate(ids):
            if number in seen:
                return f"audit row {number} is sealed twice"
            row = rows.get(number)
            if row is None:
                return f"audit row {number} of seal {seal.pk} was removed"
            own = _digest(row)
            if own != digests[32 * position : 32 * position + 32]:
                return f"audit row {number} of seal {seal.pk} was changed"
            chained = hashlib.sha256(bytes.fromhex(chained) + own).hexdigest()
        if chained != seal.hash:
            return f"the hash of seal {seal.pk} does not match its rows"
        if problem := _problem_of_key(seal, keyed):
            return problem
        for number in ids:
            see(rows[number])
        keyed = keyed or bool(seal.mac)
        seen.update(ids)
        previous = seal.hash
    if seen and not keyed:
        return "no seal carries the HMAC of a key: all was sealed anew, or sealing has not run since the upgrade"
    waiting = set(AuditPending.objects.values_list("audit_id", flat=True))
    stray = next((pk for pk in _kept() if pk not in seen and pk not in waiting), None)
    if stray:
        return f"audit row {stray} is neither sealed nor waiting to be"
    for row in Audit.objects.filter(pk__in=waiting - seen).order_by("id").values(*FIELDS):
        see(row)
    return None


def _kept() -> Iterator[int]:
    return Audit.objects.order_by("id").values_list("pk", flat=True).iterator()


def _seal_batch() -> int:
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ADVISORY_LOCK])
                if not cursor.fetchone()[0]:
                    return 0
        pending = list(AuditPending.objects.order_by("audit_id").values_list("audit_id", flat=True)[:BATCH])
        if not pending:
            return 0
        last = AuditSeal.objects.order_by("-id").first()
        previous = chained = last.hash if last else GENESIS
        ids, digests, children = [], bytearray(), []
        for row in Audit.objects.filter(pk__in=pending).order_by("id").values(*FIELDS):
            own = _digest(row)
            chained = hashlib.sha256(bytes.fromhex(chained) + own).hexdigest()
            ids.append(row["id"])
            digests += own
            if child := child_named_in(row["data"]):
                children.append(AuditChild(audit_id=row["id"], child=child))
        AuditChild.objects.bulk_create(children)
        keys = chain_keys()
        seal = AuditSeal(
            ids=",".join(map(str, ids)), digests=bytes(digests), previous=previous, hash=chained, key=max(keys)
        )
        seal.mac = _mac(seal, keys[max(keys)])
        seal.save(force_insert=True)
        AuditPending.objects.filter(pk__in=pending).delete()
    return len(pending)


def _problem_of_key(seal: AuditSeal, keyed: bool) -> str | None:
    """``keyed``: whether a seal before has an HMAC; from then on each must."""
    if not seal.mac:
        return (
            f"seal {seal.pk} carries no HMAC, though seals before it do: it was made without the key" if keyed else None
        )
    key = chain_keys().get(seal.key or 0)
    if key is None:
        return f"seal {seal.pk} was made with key {seal.key}, which is not here (chain-{seal.key}.key)"
    if not constant_time_compare(_mac(seal, key), seal.mac):
        return (
            f"the HMAC of seal {seal.pk} does not fit key {seal.key}: sealed anew without it, or the key is another one"
        )
    return None


def _mac(seal: AuditSeal, key: bytes) -> str:
    return keyed_digest(key, f"seal:{seal.key}:{seal.previous}:{seal.hash}:{seal.ids}")


def _digest(row: dict) -> bytes:
    canonical = json.dumps([row[name] for name in FIELDS], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).digest()
