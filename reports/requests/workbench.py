"""What of requests waits for a post: those its unit is asked for and has not answered."""

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from childwelfare.text.days import short_day
from orgs.posts.models import Appointment
from orgs.units.models import Level
from orgs.workbench.kinds import TodoKind
from orgs.workbench.notices import Notice
from reports.requests.models import DataAnswer
from reports.requests.querysets import DataAnswerQuerySet
from reports.requests.states import AnswerState
from reports.submissions.people import left_to


def to_answer(post: Appointment) -> DataAnswerQuerySet:
    """Of its own unit, and of those below where nobody holds the post, nor at any tier between."""
    expected: DataAnswerQuerySet = DataAnswer.objects.visible_to(post, "submit_ledger").expected()
    own = Q(unit=post.unit_id)
    if post.unit.level == Level.VILLAGE:
        return expected.filter(own)
    in_place = expected.filter(left_to(post.unit))
    return expected.filter(own | Q(pk__in=in_place.values("pk")))


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
