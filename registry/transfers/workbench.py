"""Transfers on the workbench: children who are to be taken in, and the answers to what was asked."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgs.posts.models import Appointment
from orgs.workbench.kinds import NewsKind, TodoKind
from registry.transfers.models import Transfer, TransferEvent


def to_take_in(post: Appointment):
    return Transfer.arriving.visible_to(post, "accept_transfer").open()


TO_TAKE_IN = TodoKind(
    key="transfer",
    label=gettext_lazy("转入"),
    icon="arrow-left-right",
    waiting=to_take_in,
    columns={
        "since": "made_at",
        "child": "child",
        "place": "target__name",
        "made_by": "made_by__name",
        "words": "origin__township__name",
        "mark": "origin__county__name",
    },
    what=lambda row: _("等着接收，来自%(place)s") % {"place": f"{row.mark}{row.words}"},
    url=lambda row: reverse("transfer-detail", args=[row.pk]),
    action=gettext_lazy("去接收"),
    days=5,  # working days; this installation's own measure
)
ANSWERS = NewsKind(
    key="transfer",
    events=lambda post: TransferEvent.objects.filter(record__made_by=post.person_id),
    titles={"accept": gettext_lazy("转出已被接收"), "refuse": gettext_lazy("转出被退回")},
    columns={"child": "record__child"},
    url=lambda news: reverse("transfer-detail", args=[news.pk]),
)
