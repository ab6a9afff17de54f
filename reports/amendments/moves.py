"""What the moves of an amendment require, and what follows from them. Amendments of one period are made one after the
other: they are rare, and each may concern every tier above."""

from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.text.cleaning import clean_text
from childwelfare.workflow.outcomes import Attempt, Outcome
from childwelfare.workflow.refusals import Refused, Stale
from orgs.audit.services import record_act
from orgs.inbox.services import Author, notify
from orgs.posts.models import Appointment
from reports.amendments.holding import held, obstacle
from reports.amendments.models import Amendment, AmendmentEvent
from reports.amendments.models import AmendmentState as S
from reports.amendments.sheets import amended_parts, amended_sheet, says_the_same
from reports.amendments.trail import told_of
from reports.amendments.workflow import AMENDMENT, Approval, Sending
from reports.snapshots.models import Snapshot, SnapshotKind
from reports.snapshots.services import take
from reports.submissions.models import Submission
from reports.submissions.moves import refuse_other_parts, refuse_unexplained
from reports.submissions.sheets import approved_of, below_of
from reports.submissions.workflow import SUBMISSION, Amended

# of which kind who asked for it, or sent it, is told, by the move
TOLD = {
    "open_amendment": "amendment_granted",
    "return_amendment": "amendment_granted",
    "open_from_below": "amendment_granted",
    "sum_anew": "amendment_granted",
    "refuse_amendment": "amendment_answered",
    "take_effect": "amendment_answered",
    "fall_with_above": "amendment_answered",
    "drop_amendment": "amendment_answered",
}


@AMENDMENT.lock
def _hold(amendment: Amendment) -> None:
    amendment.submission = held(amendment.submission)


@AMENDMENT.bar("open_amendment", "submit_amendment", "approve_amendment")
def _refuse_hindered(amendment: Amendment) -> str:
    """Asked at every step with the rows held; whatever it says, the amendment can be ended."""
    return obstacle(amendment.submission)


@AMENDMENT.outcome("submit_amendment")
def _freeze(amendment: Amendment, attempt: Attempt) -> Outcome:
    sending, submission = attempt.payload, amendment.submission
    assert isinstance(sending, Sending)
    explanations = {key: clean_text(text) for key, text in sending.explanations.items()}
    sheet = amended_sheet(submission, {key: text for key, text in explanations.items() if text})
    if sheet.seen != sending.seen:
        raise Stale(_("您打开以后，表里的数有变化，请看过新的数再上报。"))
    valid = submission.approved
    if valid and says_the_same(sheet, valid):
        raise Refused(_("和有效的数一样，没有可以更正的；请先把档案或走访改对。不用更正了的，请撤回。"))
    if not valid and submission.unit.level < 4 and not sheet.parts:
        raise Refused(_("下级还没有有效的数，没有可以汇总的；请下级先补报。"))
    refuse_unexplained(submission, sheet)
    snapshot = take(sheet, by=attempt.by, kind=SnapshotKind.AMENDMENT, supersedes=valid)
    columns = {"current": snapshot, "made_by": attempt.by.person, "made_in": attempt.by}
    return Outcome(columns=columns, facts={"snapshot": snapshot})


@AMENDMENT.outcome("approve_amendment")
def _as_seen(amendment: Amendment, attempt: Attempt) -> Outcome:
    approval, current = attempt.payload, amendment.current
    assert current and isinstance(approval, Approval)
    if approval.hash != current.hash:
        raise Stale(_("您打开以后，这份更正又报过一次，请看过新的再通过。"))
    _refuse_overtaken(amendment.submission, current)
    if amendment.submission.unit.level < 4:
        refuse_other_parts(current, amended_parts(amendment.submission))
    return Outcome(facts={"snapshot": current})


def _refuse_overtaken(submission: Submission, amended: Snapshot) -> None:
    """Raises Stale where other figures became valid than those that ``amended`` was to take the place of."""
    if submission.approved_id != amended.supersedes_id:
        raise Stale(_("报送这份更正以后，有效的数已经变了；请退回，重新报送。"))


@AMENDMENT.outcome("take_effect")
def _since_now(amendment: Amendment, _attempt: Attempt) -> Outcome:
    return Outcome(columns={"effective_at": timezone.now()}, facts={"snapshot": amendment.current})


@AMENDMENT.effect("approve_amendment")
def _carry_up(amendment: Amendment, event: AmendmentEvent, _payload: object) -> None:
    """The tier above amends its own sum; where it has not sent one yet, the figures are valid at once."""
    _record(amendment, event)
    above = amendment.submission.parent
    if above is None or not (above.is_locked or above.counts):
        _make_valid(amendment, by=event.post)
    else:
        amend_above(above, amendment, by=event.post)


def amend_above(above: Submission, amendment: Amendment, *, by: Appointment) -> None:
    """See that ``above`` has an amendment open that takes in ``amendment``. It names the same document; why each unit
    amended is read at the unit."""
    under_way = Amendment.objects.with_all().filter(submission=above).under_way().first()
    if under_way and under_way.state == S.SUBMITTED:
        AMENDMENT.follow("sum_anew", under_way, by=by)
    if under_way and under_way.state == S.ASKED:
        AMENDMENT.follow("open_from_below", under_way, by=by)
    if under_way:
        return
    made = Amendment.objects.create(
        submission=above, state=S.OPEN, document=amendment.document, made_by=by.person, made_in=by
    )
    # who approved below opened it; the figures are written by whoever sends them
    event = made.events.create(action="carry_up", was="", now=S.OPEN, person=by.person, post=by)
    record_act(by, "carry_up", made, unit=above.unit, **told_of(made, event))


def _make_valid(amendment: Amendment, *, by: Appointment) -> None:
    """The top has amended its sum: it and all that it took in are valid from now on, in one transaction."""
    AMENDMENT.follow("take_effect", amendment, by=by)
    assert amendment.current
    submission = Submission.objects.with_all().get(pk=amendment.submission_id)
    _refuse_overtaken(submission, amendment.current)
    SUBMISSION.follow("amend", submission, by=by, payload=Amended(amendment.current))
    parts = Snapshot.objects.filter(wholes__whole=amendment.current)
    below = Amendment.objects.with_all().filter(state=S.APPROVED, current__in=parts, submission__parent=submission)
    for each in below:
        _make_valid(each, by=by)
    if submission.unit.level < 4:
        refuse_other_parts(amendment.current, approved_of(below_of(submission)))
    # approved below while this one was on its way: the next amendment takes it in
    left = Amendment.objects.with_all().filter(state=S.APPROVED, submission__parent=submission).first()
    if left:
        amend_above(submission, left, by=by)


@AMENDMENT.effect("refuse_amendment", "withdraw_amendment", "fall_with_above", "drop_amendment")
def _end_with_it(amendment: Amendment, event: AmendmentEvent, _payload: object) -> None:
    """What was approved below is ended too, for nothing is left in which it could become valid; and what followed from
    this one alone above."""
    _record(amendment, event)
    approved = Amendment.objects.with_all().filter(state=S.APPROVED)
    for each in approved.filter(submission__parent=amendment.submission_id):
        AMENDMENT.follow("fall_with_above", each, by=event.post, reason=event.reason)
    above = amendment.submission.parent_id
    followed = Amendment.objects.with_all().filter(submission=above, state=S.OPEN, events__action="carry_up").first()
    if above and followed and not approved.filter(submission__parent=above).exists():
        AMENDMENT.follow("drop_amendment", followed, by=event.post)


@AMENDMENT.effect(
    "open_amendment", "submit_amendment", "return_amendment", "sum_anew", "open_from_below", "take_effect"
)
def _record_move(amendment: Amendment, event: AmendmentEvent, _payload: object) -> None:
    _record(amendment, event)


def _record(amendment: Amendment, event: AmendmentEvent) -> None:
    record_act(event.post, event.action, amendment, unit=amendment.unit, **told_of(amendment, event))
    if kind := TOLD.get(event.action):
        asker = Author(amendment.made_in_id, "submit_ledger")
        notify(kind, amendment, to=asker, key=str(event.pk), by=event.post)
