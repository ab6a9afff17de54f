"""What amendments say on the page of a month, and one of those that it takes in."""

from django.db.models import Q
from django.utils.translation import gettext as _

from orgs.posts.models import Appointment
from orgs.units.models import Level
from reports.amendments.holding import hindrance
from reports.amendments.models import UNDER_WAY, Amendment
from reports.amendments.models import AmendmentState as S
from reports.amendments.services import may_ask
from reports.submissions.models import Submission


def amendments_of(submission: Submission, post: Appointment) -> dict:
    """Those of the submission, and whether ``post`` may ask for another. One query."""
    found = list(
        Amendment.objects.filter(submission=submission)
        .select_related("current__supersedes")
        .order_by("-made_at", "-id")
    )
    is_free = not any(each.state in UNDER_WAY for each in found)
    may_amend = is_free and not hindrance(submission) and may_ask(post, submission)
    return {"amendments": found, "may_amend": may_amend, "amend_words": words_of_asking(submission)}


def words_of_asking(submission: Submission) -> str:
    return _("请求更正") if submission.approved_id else _("请求补报")


def taken_in(amendment: Amendment) -> list[Amendment]:
    """Those below that are in its sum, or will be, for who sees the amendment: each says there why it was needed."""
    if amendment.unit.level == Level.VILLAGE:
        return []
    summed = Q(state=S.APPROVED)
    if amendment.current:
        summed |= Q(current__wholes__whole=amendment.current)
    below = Amendment.objects.with_all().filter(summed, submission__parent=amendment.submission_id)
    return list(below.order_by("made_at", "pk"))
