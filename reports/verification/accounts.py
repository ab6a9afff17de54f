"""How a submission stands by the audit trail."""

import datetime
from dataclasses import dataclass, field

from reports.snapshots.models import SnapshotKind
from reports.submissions.models import Submission, SubmissionEvent
from reports.submissions.models import SubmissionState as S

Sender = tuple[int | None, int | None]  # keys of person and post


@dataclass(frozen=True)
class Telling:
    """That figures were sent: what the trail says of a snapshot."""

    hash: str
    kind: SnapshotKind
    by: Sender
    at: datetime.datetime
    supersedes: str = ""


@dataclass
class Account:
    """How a submission stands by the trail. ``nominal``: the day that it was given before a holiday made another of it;
    ``looked``: since when the tier above has it before it, blank for not; each None where the trail of an earlier
    version, which did not keep it, leaves that open. ``valid``, ``current``: hashes, blank for none; ``due``: the day
    on which it is due by what was done last, more than one where the trail of an earlier version leaves it open;
    ``first``: when it was sent first, as ``on_time`` goes by; ``by``: who sent ``current``; ``seen``: how many of its
    events the trail told so far."""

    submission: Submission
    events: list[SubmissionEvent]
    due: set[datetime.date]
    state: str = S.DRAFT
    valid: str = ""
    current: str = ""
    on_time: bool | None = None
    first: datetime.datetime | None = None
    by: Sender = (None, None)
    seen: int = 0
    nominal: str | None = ""
    looked: str | None = ""
    told: list[Telling] = field(default_factory=list)
