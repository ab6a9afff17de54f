"""The amended sheet of a unit: a village's counted anew, a tier's summed with what was amended below."""

from collections.abc import Mapping

from reports.amendments.models import Amendment
from reports.amendments.models import AmendmentState as S
from reports.snapshots.content import Sheet, sheet_of_sum, told_parts
from reports.snapshots.models import Snapshot
from reports.submissions.models import Submission
from reports.submissions.sheets import approved_of, below_of, sheet_of, waived_of, with_explanations


def amended_sheet(submission: Submission, explanations: Mapping[str, str] | None = None) -> Sheet:
    """What ``submission`` would report by what is known now."""
    if submission.unit.level == 4:
        return sheet_of(submission, explanations)
    parts = amended_parts(submission)
    summed = {each.unit_id for each in parts}
    left_out = waived_of([each for each in below_of(submission) if each.unit_id not in summed])
    return with_explanations(sheet_of_sum(submission.period, submission.unit_then, parts, left_out), explanations or {})


def amended_parts(submission: Submission) -> list[Snapshot]:
    """What ``submission`` would sum: of each unit below what its amendment says that was approved, else what is
    valid."""
    below = below_of(submission)
    passed = Amendment.objects.filter(submission__in=below, state=S.APPROVED).select_related("current__unit")
    amended = {each.submission_id: each.current for each in passed}
    parts = approved_of(each for each in below if each.pk not in amended)
    return parts + [snapshot for snapshot in amended.values() if snapshot]


def says_the_same(sheet: Sheet, valid: Snapshot) -> bool:
    """Whether ``sheet`` says nothing that ``valid`` does not: the same numbers of the same parts, and of a village of
    the same children. Two villages that are amended in opposite directions leave a sum as it was, of other parts."""
    told = valid.told
    if dict(sheet.numbers) != told["values"] or {each["unit"] for each in told["waived"]} != {
        str(each.unit.uid) for each in sheet.waived
    }:
        return False
    if sheet.roster is not None:
        return bool(told["roster"]) and sheet.roster.hash == told["roster"]["hash"]
    return sorted(each.hash for each in sheet.parts) == sorted(told_parts(told))
