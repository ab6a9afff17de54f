"""What the moves of a submission require, and what follows from them."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.text.characters import unprintable_in
from childwelfare.text.cleaning import clean_text
from childwelfare.workflow.outcomes import Attempt, Outcome
from childwelfare.workflow.refusals import Refused, Stale, printed_reason
from orgs.audit.services import record_act
from orgs.inbox.services import Author, notify
from reports.indicators.table import BY_KEY
from reports.periods.deadlines import due_again
from reports.periods.models import ReportingPeriod, moment_due
from reports.snapshots.models import Snapshot, SnapshotKind
from reports.snapshots.services import take
from reports.submissions.before import before_of
from reports.submissions.due_order import hold_line, lift_above
from reports.submissions.models import OPEN_STATES, Submission, SubmissionEvent
from reports.submissions.models import SubmissionState as S
from reports.submissions.sheets import (
    TWICE,
    approved_of,
    below_of,
    contradictions,
    sheet_of,
    twice_in,
    words_of_twice,
)
from reports.submissions.trail import told_of_move
from reports.submissions.workflow import KEPT_FROM_REOPENING, SUBMISSION, Amended, Approval, Return, Sending

# what who sent it is told of, by the move
TOLD = {"return": "ledger_returned", "reopen": "ledger_returned", "approve": "ledger_approved"}
EXPLANATION_LONGEST = REMARK_LONGEST = 300  # characters


@SUBMISSION.hold("return", "reopen", "withdraw", "end_waiver")
def _hold_line(submission: Submission) -> None:
    """After these its unit is to send again, and the days of all above may move with its own."""
    submission.above_it = hold_line(submission)


@SUBMISSION.lock
def _hold(submission: Submission) -> None:
    """Hold the row above before one's own: whether it was sent decides what may be done here, and it reads ours when it
    is sent."""
    rows = Submission.objects.select_for_update(no_key=True, of=("self",)).filter(
        pk__in=[pk for pk in (submission.parent_id, submission.pk) if pk]
    )
    held = {row.pk: row for row in rows.order_by("unit__level")}
    if submission.parent_id:
        submission.parent = held[submission.parent_id]
    # what others write without a move of this row: who looks at it, who moves its day
    for name in ("looked_at", "due_on", "nominal_due_on", "on_time", "first_submitted_at"):
        setattr(submission, name, getattr(held[submission.pk], name))


@SUBMISSION.bar("submit", "withdraw", "return", "approve", "waive", "end_waiver")
def _refuse_locked(submission: Submission) -> str:
    """Asked with the row claimed: who locks the period holds every row first."""
    period = ReportingPeriod.objects.get(pk=submission.period_id)
    submission.period = period
    if period.is_locked:
        return _("%(period)s已经锁定，不能再改。确有差错的请求更正，没有报上的请求补报。") % {"period": period}
    if not period.is_over:
        return _("%(period)s还没有过完，过完以后才能上报。") % {"period": period}
    return ""


@SUBMISSION.bar("reopen")
def _refuse_kept(submission: Submission) -> str:
    return _refuse_locked(submission) or next(filter(None, (why(submission) for why in KEPT_FROM_REOPENING)), "")


@SUBMISSION.outcome("submit")
def _freeze(submission: Submission, attempt: Attempt) -> Outcome:
    """Count, compare with what the sender saw, and take the snapshot."""
    sending = attempt.payload
    assert isinstance(sending, Sending)
    if submission.unit.level < 4:
        _refuse_incomplete(submission)
    explanations = {key: clean_text(text) for key, text in sending.explanations.items()}
    sheet = sheet_of(submission, {key: text for key, text in explanations.items() if text})
    if sheet.seen != sending.seen:
        raise Stale(_("您打开以后，表里的数有变化，请看过新的数再上报。"))
    refuse_unexplained(submission, sheet)
    kind = SnapshotKind.RESUBMISSION if submission.current else SnapshotKind.ORIGINAL
    snapshot = take(sheet, by=attempt.by, kind=kind)
    now = timezone.now()
    columns = {"current": snapshot, "made_by": attempt.by.person, "made_in": attempt.by, "looked_at": None}
    if submission.first_submitted_at is None:
        # what was left out and is sent after all has as long as the others
        day = _day_now(submission) if submission.state == S.WAIVED else submission.due_on
        columns |= {"first_submitted_at": now, "on_time": now <= moment_due(day), "due_on": day}
    return Outcome(columns=columns, facts={"snapshot": snapshot})


def _refuse_incomplete(submission: Submission) -> None:
    below = list(submission.children.select_related("unit"))
    if not below:
        words = {"unit": submission.unit_then.name}
        raise Refused(_("%(unit)s下面没有单位，没有可以汇总的数；请先由市级建立下级单位。") % words)
    open_below = [each.unit.short_name for each in below if each.state in OPEN_STATES]
    waiting = [each.unit.short_name for each in below if each.state == "submitted"]
    said = []
    if open_below:
        said.append(_("%(n)s 个单位还没有上报：%(names)s。") % {"n": len(open_below), "names": _named(open_below)})
    if waiting:
        said.append(_("%(n)s 个单位还没有审核：%(names)s。") % {"n": len(waiting), "names": _named(waiting)})
    if said:
        raise Refused("".join(said) + _("确实收不齐的，可以注明缺报。"))


def _named(names: list[str]) -> str:
    listed = _("、").join(names[:5])
    return _("%(names)s等") % {"names": listed} if len(names) > 5 else listed


def refuse_unexplained(submission: Submission, sheet) -> None:
    """A contradiction is sent with its explanation, or not at all; and nothing else is explained: it is frozen."""
    found, twice = contradictions(sheet, before_of(submission).last), twice_in(sheet)
    asked = {check.key: str(check.words) for check in found} | ({TWICE: words_of_twice(twice)} if twice else {})
    for key, text in sheet.explanations.items():
        if key not in asked:
            raise Refused(_("这份表里没有不平的“%(key)s”，不用说明。") % {"key": clean_text(key)[:40]})
        words = {"which": asked[key], "most": EXPLANATION_LONGEST, "n": len(text)}
        if len(text) > EXPLANATION_LONGEST:
            raise Refused(_("“%(which)s”的说明最多 %(most)s 字，现在有 %(n)s 字。") % words)
        if unprintable_in(text):
            raise Refused(_("“%(which)s”的说明里有印不出来的字，请重新输入。") % words)
    silent = [words for key, words in asked.items() if not sheet.explanations.get(key)]
    if silent:
        raise Refused(_("这些关系不平，请先改对，或逐条写明原因：%(which)s。") % {"which": _("；").join(silent)})


@SUBMISSION.check("return")
def _read_remarks(_submission: Submission, payload: Return | None) -> None:
    for key, text in (payload.remarks if payload else {}).items():
        if key not in BY_KEY:
            raise Refused(_("没有“%(key)s”这一栏。") % {"key": key})
        printed_reason(text)
        if len(text) > REMARK_LONGEST:
            raise Refused(_("说明最多 %(most)s 字，请写短些。") % {"most": REMARK_LONGEST})


@SUBMISSION.outcome("return")
def _give_back(submission: Submission, attempt: Attempt) -> Outcome:
    """With two working days to send it again."""
    remarks = attempt.payload.remarks if attempt.payload else {}
    said = {key: clean_text(text) for key, text in remarks.items() if clean_text(text)}
    due_on = _due_again(submission)
    return Outcome(
        columns={"due_on": due_on, "nominal_due_on": due_on, "looked_at": None},
        facts={"snapshot": submission.current, "remarks": said},
    )


def _day_now(submission: Submission) -> datetime.date:
    """Its last day: those of the period may have moved while it lay above, or was left out; no later than the lock,
    after which nothing is sent."""
    period = submission.period
    return min(max(submission.due_on, period.deadlines.of_level(submission.unit.level)), period.locks_on)


def _due_again(submission: Submission) -> datetime.date:
    day = _day_now(submission)
    return max(day, min(due_again(day), submission.period.locks_on))


@SUBMISSION.outcome("reopen")
def _ask_again(submission: Submission, _attempt: Attempt) -> Outcome:
    """The figures stay valid until others are approved: if the lock comes first, they are not lost."""
    due_on = _due_again(submission)
    columns = {"looked_at": None, "due_on": due_on, "nominal_due_on": due_on}
    return Outcome(columns=columns, facts={"snapshot": submission.approved})


@SUBMISSION.outcome("waive")
def _leave_out(_submission: Submission, _attempt: Attempt) -> Outcome:
    """The sheet above says that nothing of it counts."""
    return Outcome(columns={"approved": None})


@SUBMISSION.outcome("end_waiver")
def _expect_again(submission: Submission, _attempt: Attempt) -> Outcome:
    """It sums up again what is still to come from below."""
    below = submission.children.filter(state__in=OPEN_STATES).aggregate(last=Max("due_on"))["last"]
    day = _day_now(submission)
    return Outcome(columns={"due_on": max(day, below) if below else day})


@SUBMISSION.outcome("approve")
def _make_valid(submission: Submission, attempt: Attempt) -> Outcome:
    """Only what is on the reader's screen."""
    snapshot, approval = submission.current, attempt.payload
    assert snapshot and isinstance(approval, Approval)
    if approval.hash != snapshot.hash:
        raise Stale(_("您打开以后，这份表又报过一次，请看过新的再通过。"))
    refuse_other_parts(snapshot, approved_of(below_of(submission)))
    return Outcome(columns={"approved": snapshot}, facts={"snapshot": snapshot})


def refuse_other_parts(snapshot: Snapshot, valid: Iterable[Snapshot]) -> None:
    """A total is made valid only as the sum of what is valid below (``valid``) at this moment. Raises Stale."""
    if set(snapshot.parts.values_list("part", flat=True)) != {each.pk for each in valid}:
        raise Stale(_("它汇总以后，下级的数有变化，合计对不上了；请退回，重新汇总再报。"))


@SUBMISSION.outcome("amend")
def _put_right(submission: Submission, attempt: Attempt) -> Outcome:
    """``current`` as well, for it is what was sent last; who supplies what was missing at the lock is late."""
    amended = attempt.payload
    assert isinstance(amended, Amended)
    snapshot = amended.snapshot
    columns: dict[str, Any] = {"current": snapshot, "approved": snapshot}
    columns |= {"made_by": snapshot.made_by, "made_in": snapshot.made_in}
    if submission.first_submitted_at is None:
        columns |= {"first_submitted_at": snapshot.made_at, "on_time": False}
    return Outcome(columns=columns, facts={"snapshot": snapshot})


@SUBMISSION.outcome("withdraw")
def _of_what_was_sent(submission: Submission, _attempt: Attempt) -> Outcome:
    """What nobody had returned yet was not reported by it: whether it is on time is settled when it is sent again."""
    was_returned = submission.events.filter(action__in=("return", "reopen")).exists()
    columns: dict[str, Any] = {} if was_returned else {"first_submitted_at": None, "on_time": None}
    columns["due_on"] = _day_now(submission)
    return Outcome(columns=columns, facts={"snapshot": submission.current})


@SUBMISSION.effect("return", "reopen", "withdraw", "end_waiver")
def _give_time_above(submission: Submission, event: SubmissionEvent, _payload: object) -> None:
    """Those above, whose rows are held, sum up what is still to come: they have as long."""
    _tell(submission, event, lift_above(submission, submission.above_it))


@SUBMISSION.effect("submit", "approve", "waive", "report_nothing", "amend")
def _record_move(submission: Submission, event: SubmissionEvent, _payload: object) -> None:
    _tell(submission, event, [])


def _tell(submission: Submission, event: SubmissionEvent, lifted: Iterable[Submission]) -> None:
    """In the trail with the hashes of the figures and of the event: its seals hold them as well."""
    told = told_of_move(submission, event, lifted)
    record_act(event.post, f"{event.action}_ledger", submission, unit=submission.unit, **told)
    if event.action in TOLD and submission.made_in_id:
        sender = Author(submission.made_in_id, "submit_ledger")
        notify(TOLD[event.action], submission, to=sender, key=str(event.pk), by=event.post)
