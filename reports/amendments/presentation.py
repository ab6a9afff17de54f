"""What amendments say on the page of a month."""

from orgs.posts.models import Appointment
from reports.amendments.models import Amendment
from reports.amendments.services import hindrance, may_ask
from reports.submissions.models import Submission


def amendments_of(submission: Submission, post: Appointment) -> dict:
    """Those of the submission, and whether ``post`` may ask for another. One query."""
    found = list(
        Amendment.objects.filter(submission=submission)
        .select_related("current__supersedes")
        .order_by("-made_at", "-id")
    )
    is_free = all(each.state in ("effective", "refused") for each in found)
    may_amend = is_free and may_ask(post, submission) and not hindrance(submission)
    return {"amendments": found, "may_amend": may_amend}
