"""What is told of requests: that a unit is asked, that its last day comes near, that an answer came back; and to who
asked, that all have answered."""

import datetime
from collections.abc import Iterable

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgs.inbox.kinds import About, InboxKind
from orgs.inbox.reminders import DeadlineKind, Due
from orgs.units.models import OrgUnit
from reports.requests.models import OPEN_STATES, AnswerState, DataAnswer, DataRequest, RequestState


def _to_the_answer(about: About) -> str:
    return reverse("request-answer", args=[about.pk])


def _open(*states: str) -> Q:
    return Q(request__state=RequestState.SENT, state__in=states, unit__valid_to=None)


def _not_sent(about: About) -> str:
    return _("%(place)s的“%(title)s”还没有答") % {"place": OrgUnit(name=about.place).short_name, "title": about.mark}


OF_AN_ANSWER = {"place": "unit__name", "mark": "request__title"}
ASKED = InboxKind(
    key="data_asked",
    label=gettext_lazy("要数"),
    icon="journal-check",
    records=DataAnswer.objects.all,
    columns=OF_AN_ANSWER,
    waits=lambda: _open(*OPEN_STATES),
    title=lambda about: _("请填“%(title)s”，已有的数都填好了") % {"title": about.mark},
    url=_to_the_answer,
)
DUE = InboxKind(
    key="data_due",
    label=gettext_lazy("要数期限"),
    icon="clock",
    records=DataAnswer.objects.all,
    columns=OF_AN_ANSWER,
    waits=lambda: _open(*OPEN_STATES),
    title=_not_sent,
    url=_to_the_answer,
)
RETURNED = InboxKind(
    key="data_returned",
    label=gettext_lazy("要数退回"),
    icon="arrow-counterclockwise",
    records=DataAnswer.objects.all,
    columns=OF_AN_ANSWER,
    waits=lambda: _open(AnswerState.RETURNED),
    title=lambda about: _("“%(title)s”被退回，请改好再送") % {"title": about.mark},
    url=_to_the_answer,
)
COMPLETE = InboxKind(
    key="data_complete",
    label=gettext_lazy("要数收齐"),
    icon="check-circle",
    records=DataRequest.objects.all,
    columns={"place": "unit__name", "mark": "title"},
    waits=lambda: Q(state=RequestState.SENT),
    title=lambda about: _("“%(title)s”都答齐了，可以收结") % {"title": about.mark},
    url=lambda about: reverse("request-detail", args=[about.pk]),
)


def not_answered(first: datetime.date, last: datetime.date) -> Iterable[Due]:
    """What is due between ``first`` and ``last`` of requests that are open."""
    rows = DataAnswer.objects.expected().filter(due_on__gte=first, due_on__lte=last)
    for row in rows.select_related("unit", "unit__county").order_by("due_on", "pk"):
        yield Due(about=row, due_on=row.due_on, unit=row.unit)


LAST_DAY = DeadlineKind(key="data_due", open=not_answered, to="submit_ledger", above="ask_figures", head="ask_figures")
