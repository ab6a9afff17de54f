"""The moves of a submission: a unit sends its figures, the tier above takes or returns them (notice, part 4: figures go
up tier by tier)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from childwelfare.hooks import Registry
from childwelfare.workflow.transitions import Transition, Workflow
from childwelfare.workflow.writers import last_sender
from orgs.posts.models import Appointment
from orgs.units.models import OrgUnit
from reports.snapshots.models import Snapshot
from reports.submissions.models import Submission
from reports.submissions.models import SubmissionState as S
from reports.submissions.people import people_at, works_at

NOT_SENT = (S.DRAFT, S.RETURNED, S.WAIVED)


@dataclass(frozen=True)
class Sending:
    """``seen``: the hash of the sheet on the sender's screen; ``explanations``: {key of a cross-check: why it does not
    hold}."""

    seen: str
    explanations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Approval:
    """``hash``: of the snapshot on the reader's screen."""

    hash: str


@dataclass(frozen=True)
class Return:
    """``remarks``: {key of an indicator: what is wrong with its number}."""

    remarks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Amended:
    """The figures that take the place of the valid ones."""

    snapshot: Snapshot


# functions (submission) → why what was approved is not returned now, in words, or blank: what other concepts say
KEPT_FROM_REOPENING: Registry[Callable[[Submission], str]] = Registry("what keeps a submission from being returned")


def sends(post: Any, submission: Submission) -> bool:
    """The unit itself, or who alone took over from it; where nobody holds the post there, be it vacant or closed for
    good, the next unit above that has people."""
    if submission.unit_id in post.unit.own_keys:
        return True
    return post.unit.level < submission.unit.level and submission.in_office[:1] == [post.unit_id]


def decides(post: Any, submission: Submission) -> bool:
    """The unit above; what it sent itself for one below, the one above it as well."""
    return decides_what(post, submission, sent_in=submission.made_in)


def decides_what(post: Any, submission: Submission, *, sent_in: Appointment | None) -> bool:
    """Whether ``post`` decides what was sent for ``submission`` in the post ``sent_in``. Asks nothing of the database
    where it is of the unit above."""
    if submission.above_id in post.unit.own_keys:
        return True
    return post.unit.level < submission.unit.level and post.unit_id in deciding_units(submission, sent_in=sent_in)


def deciding_units(submission: Submission, *, sent_in: Appointment | None) -> list[int]:
    """The unit above, or the next that has people; the one above that as well, where somebody of it sent this, in
    whatever post: nobody decides her own."""
    above = [pk for pk in submission.in_office if pk != submission.unit.office_id]
    if sent_in is None or not above:
        return above[:1] or [submission.above.office_id]
    from_there = sent_in.unit.office_id == above[0] or works_at(sent_in.person_id, above[0]).exists()
    return above[: 2 if from_there else 1]


def decided_at_last(submission: Submission, post: Appointment) -> OrgUnit:
    """The unit that decides what ``post`` sends for ``submission``: the one above, or who took over from it; of what it
    sends for one below, the next above itself."""
    if submission.unit_id in post.unit.own_keys or submission.parent_id is None:
        return submission.sent_to
    return OrgUnit.objects.get(pk=deciding_units(submission, sent_in=post)[-1])


def who_answers_for(submission: Submission) -> set[Any]:
    """Keys of the persons who sent it last, or hold the post at its unit: nobody lets oneself off, in whatever post."""
    return last_sender(submission) | {post.person_id for post in people_at([submission.unit_id])[submission.unit_id]}


def decides_below(post: Any, submission: Submission) -> bool:
    """As ``decides``, of a unit that lies below: nobody goes on without itself."""
    return submission.parent_id is not None and decides(post, submission)


def above_has_not_sent(submission: Submission) -> bool:
    return submission.parent is None or submission.parent.state in NOT_SENT


def is_not_looked_at(submission: Submission) -> bool:
    return submission.looked_at is None


# the words of a move's ``only`` and its test
BY_ITSELF = (_("本单位，已撤并的由接续的单位；没有人在岗的由上级代报"), sends)
BY_THE_TIER_ABOVE = (_("上一级单位"), decides)
OF_A_UNIT_BELOW = (_("上一级单位"), decides_below)
BEFORE_ABOVE_SENDS = (_("上级已经把汇总表报出，不能再改这一份。确有差错的，请走更正。"), above_has_not_sent)


SUBMISSION = Workflow(
    Transition(
        "submit", _("上报"), NOT_SENT, S.SUBMITTED, "submit_ledger", only=BY_ITSELF, payload=Sending, writes=True,
        requires=BEFORE_ABOVE_SENDS, wrong_state=_("这份表已经报过了。"),
    ),
    Transition(
        "withdraw", pgettext_lazy("submission", "撤回"), (S.SUBMITTED,), S.DRAFT, "submit_ledger", only=BY_ITSELF,
        requires=(_("上级已经在审核，不能撤回了；要改请让上级退回。"), is_not_looked_at), writes=False,
    ),
    Transition(
        "return", _("退回"), (S.SUBMITTED,), S.RETURNED, "decide_ledger", only=BY_THE_TIER_ABOVE, payload=Return,
        needs_reason=True, decides=True, writers=last_sender, returns=True, writes=False,
    ),
    Transition(
        "approve", _("通过"), (S.SUBMITTED,), S.APPROVED, "decide_ledger", only=BY_THE_TIER_ABOVE, payload=Approval,
        decides=True, writers=last_sender, writes=False,
    ),
    Transition(
        "reopen", pgettext_lazy("submission", "退回重报"), (S.APPROVED,), S.RETURNED, "decide_ledger",
        only=BY_THE_TIER_ABOVE, needs_reason=True, decides=True, writers=last_sender, requires=BEFORE_ABOVE_SENDS,
    ),
    Transition(
        "waive", _("注明缺报"), (S.DRAFT, S.RETURNED), S.WAIVED, "decide_ledger", only=OF_A_UNIT_BELOW,
        needs_reason=True, decides=True, writers=who_answers_for, requires=BEFORE_ABOVE_SENDS,
    ),
    Transition(
        "end_waiver", _("恢复上报"), (S.WAIVED,), S.DRAFT, "decide_ledger", only=OF_A_UNIT_BELOW, decides=True,
        writers=who_answers_for, requires=BEFORE_ABOVE_SENDS,
    ),
    # a village that has no child on file and owes no visit says so by itself, when the period is over
    Transition("report_nothing", _("零报告"), (S.DRAFT,), S.APPROVED, "", writes=False),
    # every tier above amended its own sum (reports.amendments); what had no valid figures at the lock has them now
    Transition("amend", _("更正"), tuple(S), S.APPROVED, "", payload=Amended, writes=False),
    model="reports.Submission",
    moves="reports.submissions.moves",
)  # fmt: skip
