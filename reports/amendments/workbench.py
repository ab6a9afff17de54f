"""What of amendments waits for a post."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgs.posts.models import Appointment
from orgs.workbench.kinds import TodoKind, Waiting
from reports.amendments.models import Amendment
from reports.amendments.models import AmendmentState as S
from reports.rollup.periods import Period


def to_decide(post: Appointment) -> QuerySet:
    """Asked for, or sent, by units below."""
    asked = Amendment.objects.visible_to(post, "decide_ledger").filter(submission__above=post.unit_id)
    return asked.filter(state__in=(S.ASKED, S.SUBMITTED)).exclude(made_by=post.person_id)


def to_send(post: Appointment) -> QuerySet:
    """Granted: the new figures are to be sent."""
    return Amendment.objects.visible_to(post, "submit_ledger").filter(submission__unit=post.unit_id, state=S.OPEN)


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
