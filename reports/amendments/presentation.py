"""What amendments say on the page of a month."""

from django.utils.translation import gettext as _

from orgs.posts.models import Appointment
from reports.amendments.holding import hindrance
from reports.amendments.models import UNDER_WAY, Amendment
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
