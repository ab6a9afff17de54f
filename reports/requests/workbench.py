"""What of requests waits for a post: those its unit is asked for and has not answered, those it asked and that are
answered."""

from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from childwelfare.text.days import short_day
from orgs.posts.models import Appointment
from orgs.units.models import Level
from orgs.workbench.kinds import TodoKind, Together, Waiting
from orgs.workbench.notices import Notice
from reports.requests.models import DataAnswer, DataAnswerEvent, DataRequest
from reports.requests.querysets import DataAnswerQuerySet, DataRequestQuerySet
from reports.requests.states import AnswerState, RequestState
from reports.submissions.people import left_to


def to_answer(post: Appointment) -> DataAnswerQuerySet:
    """Of its own unit, and of those below where nobody holds the post, nor at any tier between."""
    expected: DataAnswerQuerySet = DataAnswer.objects.visible_to(post, "submit_ledger").expected()
    own = Q(unit=post.unit_id)
    if post.unit.level == Level.VILLAGE:
        return expected.filter(own)
    in_place = expected.filter(left_to(post.unit))
    return expected.filter(own | Q(pk__in=in_place.values("pk")))


def to_close(post: Appointment) -> DataRequestQuerySet:
    """What its unit asks, and what those below leave to it, once nobody is left to answer: as ``workflow.asks`` says
    who closes one, whoever was told that it is complete."""
    asked: DataRequestQuerySet = DataRequest.objects.visible_to(post, "ask_figures").in_hands_of(post.unit)
    expected = DataAnswer.objects.expected().filter(request=OuterRef("pk"))
    return asked.filter(~Exists(expected), state=RequestState.SENT)


def request_to_answer(post: Appointment) -> Notice | None:
    """Above a director's day: what is due first. One query."""
    if not post.holds("submit_ledger"):
        return None
    row = to_answer(post).select_related("request", "unit").defer("request__figures").order_by("due_on", "pk").first()
    if row is None:
        return None
    words = {"title": row.request.title, "day": short_day(row.due_on)}
    text = _("“%(title)s”请在%(day)s前填好") % words
    if row.state == AnswerState.RETURNED:
        text = _("“%(title)s”被退回，请改好再送") % words
    elif row.days_late is not None:
        text = _("“%(title)s”应在%(day)s前填好，已经逾期") % words
    tone = "warm" if row.due_on <= timezone.localdate() else ""
    tone = "danger" if row.days_late is not None else tone
    return Notice(text, reverse("request-answer", args=[row.pk]), gettext_lazy("填报"), tone)


TO_ANSWER = TodoKind(
    key="data_answer",
    label=gettext_lazy("要数"),
    icon="journal-check",
    waiting=to_answer,
    columns={"since": "request__made_at", "place": "unit__name", "mark": "request__title", "due_on": "due_on"},
    what=lambda row: _("填“%(title)s”") % {"title": row.mark},
    url=lambda row: reverse("request-answer", args=[row.pk]),
    action=gettext_lazy("填报"),
    permission="submit_ledger",
)


def _together(rows: list[Waiting]) -> Together | None:
    if len(rows) < 2:
        return None
    title = _("%(n)s 个要数已经答齐，可以收结") % {"n": len(rows)}
    return Together(rows, title, _("逐个看过再收结"), reverse("request-list"), gettext_lazy("去收结"))


# when the last of them was answered, as far as moves tell: a unit that was closed is awaited no longer without one
_LAST_ANSWER = DataAnswerEvent.objects.filter(record__request=OuterRef("pk")).order_by("-at").values("at")[:1]
TO_CLOSE = TodoKind(
    key="data_complete",
    label=gettext_lazy("要数"),
    icon="journal-check",
    waiting=to_close,
    columns={"since": Coalesce(Subquery(_LAST_ANSWER), "made_at"), "place": "unit__name", "mark": "title"},
    what=lambda row: _("“%(title)s”已经答齐，可以收结") % {"title": row.mark},
    url=lambda row: reverse("request-detail", args=[row.pk]),
    action=gettext_lazy("去收结"),
    permission="ask_figures",
    together=_together,
)
