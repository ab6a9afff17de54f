"""What of amendments waits for a post."""

from django.db.models import F, Q, QuerySet
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


def to_decide(post: Appointment) -> QuerySet:
    """Asked for, or sent, by units below of which this is the next above with people; what the unit below, or a
    colleague, did for one that has nobody in post."""
    of_below = Q(submission__in=Submission.objects.decided_by(post.unit_id))
    of_two_below = Q(submission__parent__above__in=post.unit.own_keys, made_in__unit=F("submission__above"))
    of_colleague = Q(made_in__unit=post.unit_id) & ~Q(submission__unit__in=post.unit.own_keys)
    asked = Amendment.objects.visible_to(post, "decide_ledger").filter(of_below | of_two_below | of_colleague)
    return asked.filter(state__in=(S.ASKED, S.SUBMITTED)).exclude(made_by=post.person_id)


def to_send(post: Appointment) -> QuerySet:
    """Granted: the new figures are to be sent, of one's own unit or of one below where nobody is in post."""
    submissions = Submission.objects.sent_by(post.unit_id) | Submission.objects.left_to(post.unit_id)
    return Amendment.objects.visible_to(post, "submit_ledger").filter(submission__in=submissions, state=S.OPEN)


def amendment_to_report(post: Appointment) -> Notice | None:
    """Above a director's day: the amendment that was granted. One query."""
    if not post.holds("submit_ledger"):
        return None
    row = to_send(post).select_related("submission__period").order_by("made_at").first()
    if row is None:
        return None
    text = _("%(month)s更正可以报送了") % {"month": row.submission.period.month.label}
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
