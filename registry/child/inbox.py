"""What the maker of a file is told of: that it came back, that it was approved."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgs.inbox.kinds import About, InboxKind
from registry.child.models import ChildFile, FileState


def _to_the_file(about: About) -> str:
    """Where it is completed, while it is to be."""
    return reverse("child-edit" if about.is_open else "child-file", args=[about.pk])


RETURNED = InboxKind(
    key="file_returned",
    label=gettext_lazy("档案退回"),
    icon="arrow-counterclockwise",
    records=ChildFile.objects.all,
    columns={"child": ""},
    waits=lambda: Q(state=FileState.RETURNED),
    title=lambda about: _("%(name)s的档案被退回，请补充") % {"name": about.who},
    url=_to_the_file,
)
APPROVED = InboxKind(
    key="file_approved",
    label=gettext_lazy("已建档"),
    icon="check-circle",
    records=ChildFile.objects.all,
    columns={"child": ""},
    waits=lambda: Q(approved_on__isnull=False),  # until the approval is taken back
    news=True,
    title=lambda about: _("%(name)s的档案已通过，正式建档") % {"name": about.who},
    url=lambda about: reverse("child-file", args=[about.pk]),
)
