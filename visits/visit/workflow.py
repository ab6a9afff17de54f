"""The moves of a visit. Buttons, API actions, docs and the exhaustive test come from this table."""

from django.utils.translation import gettext_lazy as _

from childwelfare.workflow.models import Event
from childwelfare.workflow.transitions import Transition, Workflow
from orgs.audit.services import record_act
from orgs.posts.station_work import COUNTY_INSTEAD
from orgs.stale_figures.services import mark_figures_stale
from registry.quality.services import recount_file
from visits.schedule.services.dues import visit_changed
from visits.visit.models import Visit
from visits.visit.models import VisitState as S


def _record_acceptance(visit: Visit, event: Event) -> None:
    record_act(event.post, "accept_visit", visit)
    recount_file(visit.child)
    mark_figures_stale(visit.county_id, visit.visited_on)


def _record_return(visit: Visit, event: Event) -> None:
    """A visit that was sent back no longer counts: what it had done is due again."""
    record_act(event.post, "return_visit", visit)
    visit_changed(visit.child, visit.visited_on)


def _record_undone_acceptance(visit: Visit, event: Event) -> None:
    record_act(event.post, "undo", visit)
    recount_file(visit.child)
    mark_figures_stale(visit.county_id, visit.visited_on)


def _record_undone_return(visit: Visit, event: Event) -> None:
    record_act(event.post, "undo", visit)
    visit_changed(visit.child, visit.visited_on)


def _count_again(visit: Visit, event: Event) -> None:
    """A visit that was completed counts again, from the day that it says now. It had counted for nothing since it
    was sent back, so the day that it said before has nothing to give up."""
    record_act(event.post, "resubmit_visit", visit)
    visit_changed(visit.child, visit.visited_on)


VISIT = Workflow(
    Transition(
        "accept", _("通过"), (S.SUBMITTED,), S.ACCEPTED, "accept_visit", decides=True,
        then=_record_acceptance, undone=_record_undone_acceptance, instead=COUNTY_INSTEAD,
    ),
    Transition(
        "return", _("退回"), (S.SUBMITTED,), S.RETURNED, "return_visit",
        needs_reason=True, decides=True,
        then=_record_return, undone=_record_undone_return, instead=COUNTY_INSTEAD,
    ),
    Transition("resubmit", _("补充后重报"), (S.RETURNED,), S.SUBMITTED, "log_visit", also_at="host", then=_count_again),
)  # fmt: skip
