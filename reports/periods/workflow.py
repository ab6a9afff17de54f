"""The move of a reporting period: it is locked, and never opened again."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.workflow.transitions import Transition, Workflow
from reports.periods.models import PeriodState as S
from reports.periods.models import ReportingPeriod


def is_over(period: ReportingPeriod) -> bool:
    """Whether the city's own day has passed: those below had theirs."""
    return timezone.localdate() > period.due_city


PERIOD = Workflow(
    Transition(
        "lock", _("锁定"), (S.OPEN,), S.LOCKED, "manage_periods", place="root",
        requires=(_("市级上报截止以后才能锁定。"), is_over),
    ),
    Transition("lock_in_time", _("到期锁定"), (S.OPEN,), S.LOCKED, ""),
    model="reports.ReportingPeriod",
    moves="reports.periods.moves",
)  # fmt: skip
