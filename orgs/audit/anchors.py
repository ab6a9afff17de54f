"""The daily anchors of the audit trail: how far its chain was, written outside the database and under a key.

Who holds the database alone can cut the chain's end off or empty the whole trail; what is left still hangs together. An
anchor says that there was more. A line each in a file of CWR_HOME/anchors; print it or have it mailed, so that it also
lies where the machine's operator cannot reach it.
"""

import fcntl
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import Sum
from django.db.models.functions import Length
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.security.keys import chain_keys
from childwelfare.security.sealing import keyed_digest
from orgs.accounts.models import Person
from orgs.audit.models import Audit, AuditSeal
from orgs.audit.services import See, record_act, seal_pending, verify_chain

DIGEST_SIZE = 32  # bytes a row in ``AuditSeal.digests``


@dataclass(frozen=True)
class Anchor:
    """``seal``: the chain's last link at that moment, with its ``hash``; ``rows``: how many were sealed until then, the
    last one of them ``last``. ``mac``: of all the others, by the key of number ``key``."""

    at: str
    seal: int
    last: int
    rows: int
    hash: str
    key: int
    mac: str = ""

    def line(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)

    def expected_mac(self, key: bytes) -> str:
        told = asdict(self)
        del told["mac"]
        return keyed_digest(key, "anchor:" + json.dumps(told, sort_keys=True))


def anchor_file() -> Path:
    return Path(settings.CWR_ANCHORS) / "audit.jsonl"


def write_anchor() -> Anchor | None:
    """Seal what waits, write down how far the chain is, mail it where an address is set. None for an empty trail."""
    seal_pending()
    last = AuditSeal.objects.order_by("-id").first()
    if last is None:
        return None
    size = AuditSeal.objects.filter(pk__lte=last.pk).aggregate(size=Sum(Length("digests")))["size"]
    keys = chain_keys()
    anchor = Anchor(
        at=timezone.now().isoformat(timespec="seconds"),
        seal=last.pk,
        last=max(int(number) for number in last.ids.split(",")),
        rows=size // DIGEST_SIZE,
        hash=last.hash,
        key=max(keys),
    )
    anchor = Anchor(**asdict(anchor) | {"mac": anchor.expected_mac(keys[anchor.key])})
    _append(anchor)
    record_act(None, "anchor_audit", seal=anchor.seal, rows=anchor.rows)
    if settings.CWR_ANCHOR_EMAILS:
        send_mail(_("操作留痕的每日凭据"), anchor.line(), None, settings.CWR_ANCHOR_EMAILS)
    return anchor


def known_anchors() -> list[Anchor]:
    """The anchors in the file, in their order. Raises ValueError for a line that is none."""
    if not anchor_file().exists():
        return []
    return [anchor_of(line) for line in anchor_file().read_text().splitlines() if line.strip()]


def anchor_of(line: str) -> Anchor:
    """The anchor that a line tells of, be it from the file, a print or a mail. Raises ValueError."""
    try:
        return Anchor(**json.loads(line))
    except TypeError as error:
        raise ValueError(str(error)) from error


def problems_of_trail(
    printed: Iterable[Anchor] = (), *, see: See | None = None, anchor_expected: bool = True
) -> list[str]:
    """All that is wrong with the trail: with its chain, and against every anchor on file and those ``printed``.

    ``see``: is shown every row (``verify_chain``). ``anchor_expected``: whether it is wrong that there is no anchor.
    """
    found = [problem] if (problem := verify_chain(see)) else []
    if not Audit.objects.exists() and Person.objects.exists():
        found.append("the trail is empty, though there are accounts: everything was removed")
    try:
        filed = known_anchors()
    except ValueError as error:
        return [*found, f"{anchor_file()} holds a line that is no anchor: {error}"]
    if not filed and anchor_expected:
        found.append(
            f"no anchor in {anchor_file()}: whether the end of the trail was cut off can't be told. The daily job"
            " writes one, and so does manage.py audit_anchor; if there was one before, it was removed"
        )
    anchors = [*filed, *printed]
    hashes = dict(AuditSeal.objects.filter(pk__in={each.seal for each in anchors}).values_list("pk", "hash"))
    for anchor in anchors:
        if problem := _problem_of(anchor, hashes):
            found.append(problem)
    return found + _anchors_that_were_removed({each.seal for each in filed})


def _problem_of(anchor: Anchor, hashes: dict[int, str]) -> str | None:
    key = chain_keys().get(anchor.key)
    if key is None:
        return f"the anchor of {anchor.at} was made with key {anchor.key}, which is not here"
    if anchor.expected_mac(key) != anchor.mac:
        return f"the anchor of {anchor.at} does not fit key {anchor.key}: it was changed, or the key is another one"
    if anchor.seal not in hashes:
        return (
            f"the trail is shorter than the anchor of {anchor.at} says: seal {anchor.seal}, with the last of"
            f" {anchor.rows} rows, is gone"
        )
    if hashes[anchor.seal] != anchor.hash:
        return (
            f"rows until the anchor of {anchor.at} were rewritten and sealed anew: seal {anchor.seal} has another hash"
        )
    return None


def _anchors_that_were_removed(filed: set[int]) -> list[str]:
    """What the trail tells of anchors that the file lacks."""
    told = set()
    for pk, data in Audit.objects.filter(action="anchor_audit").values_list("pk", "data"):
        try:
            told.add(int(json.loads(data)["seal"]))
        except (ValueError, TypeError, LookupError):
            return [f"audit row {pk} tells of an anchor and can't be read: it was changed"]
    return [f"the anchor of seal {seal} is not in {anchor_file()}: it was removed" for seal in sorted(told - filed)]


def _append(anchor: Anchor) -> None:
    """One line more; several workers share the folder."""
    anchor_file().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(anchor_file(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(handle, "a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write(anchor.line() + "\n")
        file.flush()
        os.fsync(file.fileno())
