"""What keeps a submission from being amended, and how it is held while that is asked."""

from django.utils.translation import gettext as _

from reports.amendments.models import Amendment
from reports.periods.models import ReportingPeriod
from reports.submissions.models import Submission
from reports.submissions.models import SubmissionState as S
from reports.submissions.workflow import above_has_not_sent


def held(submission: Submission) -> Submission:
    """``submission`` as it is now, with the one above it, both held until the transaction ends, as every move of theirs
    holds them; and its period, so that amendments of one period are made one after the other."""
    ReportingPeriod.objects.select_for_update(no_key=True).get(pk=submission.period_id)
    rows = Submission.objects.select_for_update(no_key=True, of=("self",)).with_all()
    keys = [pk for pk in (submission.parent_id, submission.pk) if pk]
    found = {row.pk: row for row in rows.filter(pk__in=keys).order_by("unit__level")}
    own = found[submission.pk]
    if own.parent_id:
        own.parent = found[own.parent_id]
    return own


def hindrance(submission: Submission) -> str:
    """Why what ``submission`` reported can't be amended, or blank. In a locked period nothing keeps it: what has no
    valid figures there is supplied."""
    if submission.is_locked:
        return ""
    if submission.state != S.APPROVED:
        return _("还没有有效的上报数，不用更正。")
    if submission.parent and above_has_not_sent(submission):
        return _("上级还没有报出，请上级退回重报即可，不用更正。")
    if submission.parent and submission.parent.state == S.SUBMITTED:
        return _("上级的汇总表正在审核，请先由它的上级退回，再退回重报。")
    return ""


def obstacle(submission: Submission) -> str:
    """Why no step of an amendment of ``submission`` is made now, or blank: in an open period it was approved when the
    amendment was asked for, or followed from below, and no sum above is being decided that would hold the old figures.
    """
    if submission.is_locked:
        return ""
    if submission.state != S.APPROVED:
        return _("这份表正在重报，改好再报即可，不用更正。")
    if submission.parent and submission.parent.state == S.SUBMITTED:
        return _("上级的汇总表正在审核，等它办完再办这份更正。")
    return ""


def what_keeps_it(submission: Submission) -> str:
    """Why it is not returned after its approval now: an amendment of it, or of a unit below, would be left without what
    it amends."""
    concerned = Amendment.objects.under_way().filter(submission__in=[submission.pk, *_below(submission)])
    if not concerned.exists():
        return ""
    return _("它或它下级还有更正没有办完，请先办完或撤回，再退回重报。")


def _below(submission: Submission) -> list:
    return list(submission.children.values_list("pk", flat=True))
