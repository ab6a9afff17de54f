"""What the proposer of a change is told of: that it came back, that it was approved, be it in part."""

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgs.inbox.kinds import About, InboxKind
from registry.changes.models import Change, ChangeField, ChangeState, Verdict


def _to_the_change(about: About) -> str:
    return reverse("change-detail", args=[about.pk])


RETURNED = InboxKind(
    key="change_returned",
    label=gettext_lazy("变更退回"),
    icon="arrow-counterclockwise",
    records=Change.objects.all,
    columns={"child": "child"},
    waits=lambda: Q(state=ChangeState.RETURNED),
    title=lambda about: _("%(name)s的档案变更被退回，请补充") % {"name": about.who},
    url=_to_the_change,
)
APPROVED = InboxKind(
    key="change_approved",
    label=gettext_lazy("变更通过"),
    icon="check-circle",
    records=Change.objects.all,
    columns={"child": "child"},
    # of a part of it, and until that is taken back
    waits=lambda: Q(Exists(ChangeField.objects.filter(change=OuterRef("pk"), verdict=Verdict.APPROVED))),
    title=lambda about: _("%(name)s的档案变更已通过") % {"name": about.who},
    url=_to_the_change,
    news=True,
)
