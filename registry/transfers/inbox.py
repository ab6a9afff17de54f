"""What stations are told of: a child that is to be taken in, a transfer of theirs that was turned away."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgs.inbox.kinds import About, InboxKind
from orgs.units.models import OrgUnit
from registry.transfers.models import Transfer, TransferState


def _to_the_transfer(about: About) -> str:
    return reverse("transfer-detail", args=[about.pk])


def _offered(about: About) -> str:
    return _("%(place)s请您这里接收%(name)s的档案") % {"place": OrgUnit(name=about.place).short_name, "name": about.who}


OFFERED = InboxKind(
    key="transfer_offered",
    label=gettext_lazy("请接收转入"),
    icon="arrow-left-right",
    records=Transfer.objects.all,
    columns={"child": "child", "place": "origin__name"},
    waits=lambda: Q(state=TransferState.ASKED),
    title=_offered,
    url=_to_the_transfer,
)
REFUSED = InboxKind(
    key="transfer_refused",
    label=gettext_lazy("转出被退回"),
    icon="arrow-counterclockwise",
    records=Transfer.objects.all,
    columns={"child": "child"},
    title=lambda about: _("%(name)s的转出被对方退回") % {"name": about.who},
    url=_to_the_transfer,
    news=True,
)
