"""The moves of a mandatory report. Made where it was reported from or where the child's file is kept now."""

from django.utils.translation import gettext_lazy as _

from childwelfare.workflow.parties import Post, is_maker
from childwelfare.workflow.transitions import Transition, Workflow
from visits.alerts.models import Alert
from visits.alerts.models import AlertState as S


def reported_or_deals_with(post: Post, alert: Alert) -> bool:
    """Who reported it, and whoever deals with it where it was reported or where the child's file is kept."""
    places = [alert, alert.child] if alert.child else [alert]
    return is_maker(post, alert) or any(post.may("handle_alert", place) for place in places)


ALERT = Workflow(
    Transition(
        "acknowledge", _("签收"), (S.RAISED, S.HANDLED), S.HANDLED, "acknowledge_alert", also_at="child",
    ),
    Transition("close", _("办结"), (S.HANDLED,), S.CLOSED, "close_alert", also_at="child", undoable=True),
    # new facts are new to everybody: it waits for its signatures again
    Transition(
        "reopen", _("有新情况，重新处置"), (S.CLOSED,), S.RAISED, "raise_alert", also_at="child",
        only=(_("报告人，或负责处置的"), reported_or_deals_with),
    ),
    model="visits.Alert",
    moves="visits.alerts.moves",
)  # fmt: skip
