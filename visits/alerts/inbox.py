"""What the tier is told of to which a report was passed on, for nobody had signed."""

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
