"""The rows of a unit's month, and the relations between its columns."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from childwelfare.text.words import Words
from orgs.posts.models import Appointment
from reports.indicators.cross_checks import Check
from reports.indicators.indicator import Numbers
from reports.submissions.before import Before
from reports.submissions.models import OPEN_STATES, Submission
from reports.submissions.models import SubmissionState as S


@dataclass
class Row:
    """A unit below. ``numbers``: what it sent, None where nothing is there; only ``counts`` is in the sum. ``off``: the
    relations that do not hold in it; ``why``: what it wrote about them; ``before``: its own of the month before, with
    what orders of this month made of it."""

    submission: Submission
    people: list[Appointment]
    numbers: Numbers | None = None
    before: Before = field(default_factory=Before)
    off: list[tuple[Check, int]] = field(default_factory=list)
    reason: str = ""

    @property
    def counts(self) -> bool:
        return self.submission.counts

    @property
    def waits(self) -> bool:
        return self.submission.state == S.SUBMITTED and not self.submission.is_locked

    @property
    def is_behind(self) -> bool:
        return self.submission.state in OPEN_STATES and not self.submission.is_locked

    @property
    def is_waived(self) -> bool:
        return self.submission.state == S.WAIVED and not self.counts

    @property
    def missed_the_lock(self) -> bool:
        """Nothing of it was valid when the period was locked: it may be supplied."""
        return self.submission.is_locked and not self.counts and not self.is_waived

    @property
    def bad(self) -> set[str]:
        return {key for check, _gap in self.off for key in check.columns}

    @property
    def marks(self) -> list[str]:
        """What stands beside its name: how many its figures leave out; while it waits, that it explains something."""
        sent = self.submission.shown if self.numbers else None
        if sent is None:
            return []
        left_out = len(sent.left_out)
        said = [_("缺报 %(n)s") % {"n": left_out}] if left_out else []
        return [*said, _("有说明")] if self.waits and sent.told["explanations"] else said

    @property
    def explained(self) -> dict[str, str]:
        sent = self.submission.shown
        told: dict[str, str] = sent.told["explanations"] if sent and self.numbers else {}
        return told

    @property
    def unexplained(self) -> list[tuple[Check, int]]:
        return [(check, gap) for check, gap in self.off if check.key not in self.explained]

    @property
    def last(self) -> Numbers | None:
        """What it reported for the month before."""
        return self.before.reported

    @property
    def change(self) -> int | None:
        """Of the children in the registry, against the month before, as orders carried that over."""
        now, before = (self.numbers or {}).get("registered"), (self.before.last.carried or {}).get("registered")
        return None if now is None or before is None else now - before


@dataclass
class Relation:
    """One cross-check of the whole sheet: ``gap`` of its sum; ``rows``: the units in which it does not hold;
    ``compared``: in words what was compared with what, where an order of the month has its part in that."""

    check: Check
    gap: int
    sides: tuple[int, int] | None
    rows: list[tuple[Row, int]]
    compared: str = ""
    typed: str = ""  # how it was explained: a moment ago, or when the sheet was sent last

    @property
    def words(self) -> Words:
        return self.check.words

    @property
    def holds(self) -> bool:
        return not self.gap and not self.rows
