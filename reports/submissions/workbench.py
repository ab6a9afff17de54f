"""What of a month waits for a post: its own figures to be sent, those from below to be checked."""

from django.db.models import Q, QuerySet, Value
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
from reports.periods.models import PeriodState
from reports.rollup.periods import Period
from reports.submissions.models import OPEN_STATES, Submission
from reports.submissions.models import SubmissionState as S


def to_send(post: Appointment) -> QuerySet:
    """The unit's own and those of units that it took over from, of months that are over and not locked, once nothing
    below is missing: before that it waits for others. What it sends for units where nobody is in post stands beside."""
    waiting = Submission.objects.visible_to(post, "submit_ledger").filter(
        state__in=OPEN_STATES, period__state=PeriodState.OPEN, period__as_of__lt=timezone.localdate()
    )
    own = waiting.filter(unit__in=post.unit.own_keys)
    if post.unit.level == Level.VILLAGE:
        return own
    unfinished = Submission.objects.filter(state__in=(*OPEN_STATES, S.SUBMITTED)).exclude(parent=None)
    ready = own.exclude(pk__in=unfinished.values("parent")).filter(children__isnull=False)
    in_place = waiting.left_to(post.unit_id)
    return waiting.filter(Q(pk__in=ready.values("pk")) | Q(pk__in=in_place.values("pk")))


def to_decide(post: Appointment) -> QuerySet:
    """What is sent by units below of which this is the next above with people, and what those that are next sent for
    others; the city's own, for somebody else than who sent it."""
    sent = Submission.objects.visible_to(post, "decide_ledger").filter(
        state=S.SUBMITTED, period__state=PeriodState.OPEN
    )
    return sent.decided_by(post.unit_id).exclude(made_by=post.person_id)


def month_to_report(post: Appointment) -> Notice | None:
    """Above a director's day: the month that is over and not sent yet. One query."""
    if not post.holds("submit_ledger"):
        return None
    rows = to_send(post).select_related("period", "unit").order_by("period__key")
    row = min(rows, key=lambda each: (each.period.key, each.unit_id != post.unit_id), default=None)
    if row is None:
        return None
    place = "" if row.unit_id == post.unit_id else row.unit_then.short_name
    words = {"month": f"{place}{row.period.month.label}", "day": short_day(row.due_on)}
    is_late = row.days_late is not None
    text = _("%(month)s月报请在%(day)s前上报") % words
    if row.state == S.RETURNED:
        text = _("%(month)s月报被退回，请改好再报") % words
    elif is_late:
        text = _("%(month)s月报应在%(day)s前上报，已经逾期") % words
    tone = "danger" if is_late else "warm" if row.due_on <= timezone.localdate() else ""
    return Notice(text, reverse("submission-detail", args=[row.pk]), gettext_lazy("核对上报"), tone)


def _together(rows: list[Waiting]) -> Together | None:
    """Those of one month are looked at side by side, on the sheet of the unit above."""
    months = {row.mark for row in rows}
    if len(rows) < 2 or len(months) > 1:
        return None
    title = _("%(n)s 个单位的%(month)s月报") % {"n": len(rows), "month": Period.of(rows[0].mark).label}
    return Together(rows, title, _("在汇总表上一起看，一起通过"), reverse("submission-home"), gettext_lazy("一起看"))


def _what(row: Waiting) -> str:
    return _("%(month)s月报") % {"month": Period.of(row.mark).label}


COLUMNS = {
    "since_day": "period__as_of",
    "place": Coalesce("unit__name", Value("")),
    "mark": "period__key",
    "due_on": "due_on",
}
TO_SEND = TodoKind(
    key="ledger",
    label=gettext_lazy("上报"),
    icon="file-earmark-spreadsheet",
    waiting=to_send,
    columns=COLUMNS,
    what=_what,
    url=lambda row: reverse("submission-detail", args=[row.pk]),
    action=gettext_lazy("核对上报"),
    permission="submit_ledger",
)
TO_DECIDE = TodoKind(
    key="ledger_sent",
    label=gettext_lazy("月报审核"),
    icon="clipboard-check",
    waiting=to_decide,
    columns={"since": "first_submitted_at", "place": "unit__name", "mark": "period__key", "made_by": "made_by__name"},
    what=_what,
    url=lambda row: reverse("submission-detail", args=[row.pk]),
    action=gettext_lazy("审核"),
    permission="decide_ledger",
    days=2,
    together=_together,
)
