"""What those are told of who deal with reports: one for which nobody signed, and news of one that is open."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgs.inbox.kinds import InboxKind
from orgs.units.models import OrgUnit
from visits.alerts.models import Alert, AlertState

ESCALATED = InboxKind(
    key="alert_escalated",
    label=gettext_lazy("紧急报告升级"),
    icon="exclamation-triangle",
    records=Alert.objects.all,
    columns={"place": "village__name"},
    waits=lambda: Q(state=AlertState.RAISED),
    title=lambda about: (
        _("%(place)s的紧急报告无人签收，已升级到您这里") % {"place": OrgUnit(name=about.place).short_name}
    ),
    url=lambda about: reverse("alert-detail", args=[about.pk]),
    urgent=True,
)
NEWS = InboxKind(
    key="alert_news",
    label=gettext_lazy("紧急报告有新情况"),
    icon="exclamation-triangle",
    records=Alert.objects.all,
    columns={"place": "village__name"},
    waits=lambda: ~Q(state=AlertState.CLOSED),
    title=lambda about: _("%(place)s的紧急报告有新情况") % {"place": OrgUnit(name=about.place).short_name},
    url=lambda about: reverse("alert-detail", args=[about.pk]),
    urgent=True,
)
