"""The moves of a mandatory report. Made where it was reported from or where the child's file is kept now."""

from django.utils.translation import gettext_lazy as _

from childwelfare.workflow.models import Event
from childwelfare.workflow.transitions import Transition, Workflow
from orgs.audit.services import record_act
from visits.alerts.models import Alert
from visits.alerts.models import AlertState as S


def _record_move(alert: Alert, event: Event) -> None:
    record_act(event.post, f"{event.action}_alert", alert)


ALERT = Workflow(
    Transition(
        "acknowledge",
        _("签收"),
        (S.RAISED, S.HANDLED),
        S.HANDLED,
        "acknowledge_alert",
        also_at="child",
        then=_record_move,
    ),
    Transition("close", _("办结"), (S.HANDLED,), S.CLOSED, "close_alert", also_at="child", then=_record_move),
    Transition(
        # new facts are new to everybody: it waits for its signatures again
        "reopen",
        _("有新情况，重新处置"),
        (S.CLOSED,),
        S.RAISED,
        "raise_alert",
        also_at="child",
        then=_record_move,
    ),
)
