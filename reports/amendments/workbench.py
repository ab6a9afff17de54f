"""What of amendments waits for a post."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgs.posts.models import Appointment
from orgs.workbench.kinds import TodoKind, Waiting
from orgs.workbench.notices import Notice
from reports.amendments.models import Amendment
from reports.amendments.models import AmendmentState as S
from reports.rollup.periods import Period
from reports.submissions.models import Submission
from reports.submissions.people import decided_at


def to_decide(post: Appointment) -> QuerySet:
    """Asked for, or sent, by units below of which this is the next above with people; what the unit below, or a
    colleague, did for one that has nobody in post."""
    asked = Amendment.objects.visible_to(post, "decide_ledger").filter(decided_at(post.unit_id, "submission__"))
    return asked.filter(state__in=(S.ASKED, S.SUBMITTED)).exclude(made_by=post.person_id)


def to_send(post: Appointment) -> QuerySet:
    """Granted: the new figures are to be sent, of one's own unit or of one below where nobody is in post."""
    submissions = Submission.objects.sent_by(post.unit_id) | Submission.objects.left_to(post.unit_id)
    return Amendment.objects.visible_to(post, "submit_ledger").filter(submission__in=submissions, state=S.OPEN)


def amendment_to_report(post: Appointment) -> Notice | None:
    """Above a director's day: the amendment that was granted. One query."""
    if not post.holds("submit_ledger"):
        return None
    row = to_send(post).select_related("submission__period", "submission__unit").order_by("made_at").first()
    if row is None:
        return None
    submission = row.submission
    place = "" if submission.unit_id == post.unit_id else submission.unit_then.short_name
    text = _("%(month)s更正可以报送了") % {"month": f"{place}{submission.period.month.label}"}
    return Notice(text, reverse("amendment-detail", args=[row.pk]), gettext_lazy("报送更正"), "warm")


COLUMNS = {
    "since": "made_at",
    "place": "submission__unit__name",
    "made_by": "made_by__name",
    "mark": "submission__period__key",
}


def _what(row: Waiting) -> str:
    return _("%(month)s更正") % {"month": Period.of(row.mark).label}


def _url(row: Waiting) -> str:
    return reverse("amendment-detail", args=[row.pk])


TO_DECIDE_AMENDMENT = TodoKind(
    key="amendment", label=gettext_lazy("更正"), icon="pencil-square", waiting=to_decide, columns=COLUMNS, what=_what,
    url=_url, action=gettext_lazy("办理"), permission="decide_ledger", days=2,
)  # fmt: skip
TO_SEND_AMENDMENT = TodoKind(
    key="amendment_open", label=gettext_lazy("更正"), icon="pencil-square", waiting=to_send, columns=COLUMNS,
    what=_what, url=_url, action=gettext_lazy("报送更正"), permission="submit_ledger", days=2,
)  # fmt: skip
