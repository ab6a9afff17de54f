"""What units are told of reporting: that a sheet came back or was approved, and that its last day comes near."""

import datetime
from collections.abc import Iterable

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgs.inbox.kinds import About, InboxKind
from orgs.inbox.reminders import DeadlineKind, Due
from orgs.units.models import OrgUnit
from reports.periods.models import PeriodState
from reports.rollup.periods import Period
from reports.submissions.models import OPEN_STATES, Submission, SubmissionState


def _to_the_month(about: About) -> str:
    return reverse("submission-detail", args=[about.pk])


def _month(about: About) -> str:
    return Period.of(about.mark).label if about.mark else ""


def _not_sent(about: About) -> str:
    place = OrgUnit(name=about.place).short_name
    return _("%(place)s的%(month)s月报还没有报") % {"place": place, "month": _month(about)}


OF_A_UNIT = {"place": "unit__name", "mark": "period__key"}
RETURNED = InboxKind(
    key="ledger_returned",
    label=gettext_lazy("月报退回"),
    icon="arrow-counterclockwise",
    records=Submission.objects.all,
    columns=OF_A_UNIT,
    waits=lambda: Q(state=SubmissionState.RETURNED),
    title=lambda about: _("%(month)s月报被退回，请改好再报") % {"month": _month(about)},
    url=_to_the_month,
)
APPROVED = InboxKind(
    key="ledger_approved",
    label=gettext_lazy("月报通过"),
    icon="check-circle",
    records=Submission.objects.all,
    columns=OF_A_UNIT,
    waits=lambda: Q(state=SubmissionState.APPROVED),
    title=lambda about: _("%(month)s月报已通过") % {"month": _month(about)},
    url=_to_the_month,
)
DUE = InboxKind(
    key="ledger_due",
    label=gettext_lazy("月报期限"),
    icon="clock",
    records=Submission.objects.all,
    columns=OF_A_UNIT,
    waits=lambda: Q(state__in=OPEN_STATES),
    title=_not_sent,
    url=_to_the_month,
)


def not_sent(first: datetime.date, last: datetime.date) -> Iterable[Due]:
    """What is due between ``first`` and ``last`` of months that are over and not locked. The unit above is the one that
    approves, not a stand-in."""
    rows = Submission.objects.filter(state__in=OPEN_STATES, due_on__gte=first, due_on__lte=last)
    rows = rows.filter(period__state=PeriodState.OPEN, period__as_of__lt=timezone.localdate())
    for row in rows.select_related("unit", "unit__county").order_by("due_on", "pk"):
        yield Due(about=row, due_on=row.due_on, unit=row.unit)


LAST_DAY = DeadlineKind(
    key="ledger_due", open=not_sent, to="submit_ledger", above="decide_ledger", head="decide_ledger"
)
