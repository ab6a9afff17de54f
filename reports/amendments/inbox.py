"""What units are told of amendments: that one is asked for, granted, refused, returned, valid."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgs.inbox.kinds import About, InboxKind
from orgs.units.models import OrgUnit
from reports.amendments.models import Amendment
from reports.amendments.models import AmendmentState as S
from reports.rollup.periods import Period


def _to_the_amendment(about: About) -> str:
    return reverse("amendment-detail", args=[about.pk])


def _names(about: About) -> dict[str, str]:
    return {"place": OrgUnit(name=about.place).short_name, "month": Period.of(about.mark).label if about.mark else ""}


OF_A_UNIT = {"place": "submission__unit__name", "mark": "submission__period__key"}
ASKED = InboxKind(
    key="amendment_asked",
    label=gettext_lazy("请求更正"),
    icon="pencil-square",
    records=Amendment.objects.all,
    columns=OF_A_UNIT,
    waits=lambda: Q(state=S.ASKED),
    title=lambda about: _("%(place)s请求更正%(month)s的上报数") % _names(about),
    url=_to_the_amendment,
)
ANSWERED = InboxKind(
    key="amendment_answered",
    label=gettext_lazy("更正办理"),
    icon="pencil-square",
    records=Amendment.objects.all,
    columns=OF_A_UNIT,
    waits=lambda: Q(state__in=(S.OPEN, S.REFUSED, S.WITHDRAWN, S.EFFECTIVE)),
    title=lambda about: _("%(place)s%(month)s的更正有新的进展") % _names(about),
    url=_to_the_amendment,
)
