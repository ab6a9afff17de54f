"""What units are told of amendments: that one is asked for, granted, refused, returned, valid."""

from django.db.models import Q, Value
from django.db.models.functions import Concat
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
    key = about.mark.partition(" ")[0]
    return {"place": OrgUnit(name=about.place).short_name, "month": Period.of(key).label if key else ""}


# {state: what became of it}
ANSWERS = {
    S.EFFECTIVE: gettext_lazy("%(place)s%(month)s的更正已生效"),
    S.REFUSED: gettext_lazy("%(place)s%(month)s的更正没有同意"),
    S.WITHDRAWN: gettext_lazy("%(place)s%(month)s的更正已了结"),
}


def _answer(about: About) -> str:
    state = about.mark.partition(" ")[2]
    words = ANSWERS[S(state)] if state in ANSWERS else gettext_lazy("%(place)s%(month)s的更正")
    return str(words) % _names(about)


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
# a grant asks for work: it is over once that is done, and what comes of it is a message of its own
GRANTED = InboxKind(
    key="amendment_granted",
    label=gettext_lazy("更正报送"),
    icon="pencil-square",
    records=Amendment.objects.all,
    columns=OF_A_UNIT,
    waits=lambda: Q(state=S.OPEN),
    title=lambda about: _("%(place)s%(month)s的更正可以报送了") % _names(about),
    url=_to_the_amendment,
)
ANSWERED = InboxKind(
    key="amendment_answered",
    label=gettext_lazy("更正办理"),
    icon="pencil-square",
    records=Amendment.objects.all,
    columns=OF_A_UNIT | {"mark": Concat("submission__period__key", Value(" "), "state")},
    waits=lambda: Q(state__in=list(ANSWERS)),
    news=True,
    title=_answer,
    url=_to_the_amendment,
)
