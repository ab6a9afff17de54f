"""The amended sheet of a unit: a village's counted anew, a tier's summed with what was amended below."""

from collections.abc import Mapping

from reports.amendments.models import Amendment
from reports.amendments.models import AmendmentState as S
from reports.snapshots.content import Sheet, sheet_of_sum
from reports.submissions.models import Submission
from reports.submissions.sheets import approved_of, below_of, sheet_of, waived_of, with_explanations


def amended_sheet(submission: Submission, explanations: Mapping[str, str] | None = None) -> Sheet:
    """What ``submission`` would report by what is known now."""
    if submission.unit.level == 4:
        return sheet_of(submission, explanations)
    below = list(below_of(submission))
    passed = Amendment.objects.filter(submission__in=below, state=S.APPROVED).select_related("current__unit")
    amended = {each.submission_id: each.current for each in passed}
    parts = approved_of(each for each in below if each.pk not in amended)
    parts += [snapshot for snapshot in amended.values() if snapshot]
    return with_explanations(
        sheet_of_sum(submission.period, submission.unit, parts, waived_of(below)), explanations or {}
    )
