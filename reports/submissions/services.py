"""What people do with a submission, as pages and API call it."""

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.workflow.refusals import Refused
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from reports.submissions.models import Submission, SubmissionEvent
from reports.submissions.models import SubmissionState as S
from reports.submissions.trail import told_of_look
from reports.submissions.workflow import SUBMISSION, Approval, Return, Sending, decides


def submit(
    submission: Submission,
    *,
    by: Appointment,
    seen_version: int,
    seen: str,
    explanations: Mapping[str, str] | None = None,
) -> SubmissionEvent:
    """Send the figures that ``by`` has on the screen (``seen``: the sheet's hash). Raises Refused, Stale,
    PermissionDenied; then nothing is sent."""
    payload = Sending(seen, explanations or {})
    return SUBMISSION.apply("submit", submission, by=by, seen_version=seen_version, payload=payload)


def withdraw(submission: Submission, *, by: Appointment, seen_version: int) -> SubmissionEvent:
    """Take back what nobody above has opened yet."""
    return SUBMISSION.apply("withdraw", submission, by=by, seen_version=seen_version)


def send_back(
    submission: Submission,
    *,
    by: Appointment,
    seen_version: int,
    reason: str,
    remarks: Mapping[str, str] | None = None,
) -> SubmissionEvent:
    """Return it, with what is wrong with single numbers (``remarks``)."""
    payload = Return(remarks or {})
    return SUBMISSION.apply("return", submission, by=by, seen_version=seen_version, reason=reason, payload=payload)


def approve(submission: Submission, *, by: Appointment, seen_version: int, hash: str) -> SubmissionEvent:
    """Make the figures with this ``hash`` the valid ones."""
    return SUBMISSION.apply("approve", submission, by=by, seen_version=seen_version, payload=Approval(hash))


def approve_many(
    asked: list[tuple[Submission, int, str]], *, by: Appointment
) -> tuple[list[Submission], list[tuple[Submission, str]]]:
    """(those approved, those that were not and why) of (submission, version, hash): each by itself, so that one that
    was sent again since keeps back none of the others."""
    done, refused = [], []
    for submission, version, hash in asked:
        try:
            approve(submission, by=by, seen_version=version, hash=hash)
            done.append(submission)
        except Refused as refusal:
            refused.append((submission, str(refusal)))
        except PermissionDenied:  # somebody came into post in between, whose work it is now
            refused.append((submission, _("现在不由您审核")))
    return done, refused


def reopen(submission: Submission, *, by: Appointment, seen_version: int, reason: str) -> SubmissionEvent:
    return SUBMISSION.apply("reopen", submission, by=by, seen_version=seen_version, reason=reason)


def waive(submission: Submission, *, by: Appointment, seen_version: int, reason: str) -> SubmissionEvent:
    """Go on without a unit: its figures are in no sum, and the sheet says so with the reason."""
    return SUBMISSION.apply("waive", submission, by=by, seen_version=seen_version, reason=reason)


def end_waiver(submission: Submission, *, by: Appointment, seen_version: int) -> SubmissionEvent:
    return SUBMISSION.apply("end_waiver", submission, by=by, seen_version=seen_version)


def look_at(submission: Submission, post: Appointment) -> None:
    """The tier above has it before it: from now on it is not withdrawn. Does nothing for any other reader."""
    waits = submission.state == S.SUBMITTED and submission.looked_at is None
    if waits and submission.made_by_id != post.person_id and decides(post, submission):
        now = timezone.now()
        here = Submission.objects.filter(pk=submission.pk, state=S.SUBMITTED, version=submission.version)
        with transaction.atomic():
            if not here.filter(looked_at=None).update(looked_at=now):
                return
            record_act(post, "look_ledger", submission, unit=submission.unit, **told_of_look(submission, now))
        submission.looked_at = now
