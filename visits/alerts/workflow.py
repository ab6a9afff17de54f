"""The moves of a mandatory report. Made where it was reported from or where the child's file is kept now."""

from django.utils.translation import gettext_lazy as _

from childwelfare.workflow.transitions import Transition, Workflow
from visits.alerts.models import AlertState as S

ALERT = Workflow(
    Transition(
        "acknowledge", _("签收"), (S.RAISED, S.HANDLED), S.HANDLED, "acknowledge_alert", also_at="child",
    ),
    Transition("close", _("办结"), (S.HANDLED,), S.CLOSED, "close_alert", also_at="child"),
    # new facts are new to everybody: it waits for its signatures again
    Transition("reopen", _("有新情况，重新处置"), (S.CLOSED,), S.RAISED, "raise_alert", also_at="child"),
    moves="visits.alerts.moves",
)  # fmt: skip
