"""What follows from the moves of a visit. The table is ``visits.visit.workflow``."""

from childwelfare.workflow.models import Event
from childwelfare.workflow.outcomes import Attempt, Outcome
from orgs.audit.services import record_act
from orgs.inbox.services import Author, notify
from orgs.stale_figures.services import mark_figures_stale
from registry.quality.services import recount_file
from visits.schedule.services.dues import lock_file_to_plan, visit_changed
from visits.visit.models import Visit
from visits.visit.recalling import WHY_NOT_RECALLED
from visits.visit.services.observed_changes import withdraw_observed_changes
from visits.visit.workflow import VISIT


@VISIT.lock
def _lock_its_file(visit: Visit) -> None:
    """The file before the visit, as a transfer, which moves both, locks them; the visit lies where its file is."""
    visit.place(lock_file_to_plan(visit))


@VISIT.bar("recall")
def _what_was_built_on_it(visit: Visit) -> str:
    """With the visit claimed: of two at once one sees the other's."""
    return next(filter(None, (why_not(visit) for why_not in WHY_NOT_RECALLED)), "")


@VISIT.outcome("recall")
def _is_taken_back(_visit: Visit, _attempt: Attempt) -> Outcome:
    return Outcome(columns={"taken_back": True})


@VISIT.outcome("resubmit", "accept", "return")
def _is_taken_back_no_more(_visit: Visit, _attempt: Attempt) -> Outcome:
    return Outcome(columns={"taken_back": False})


@VISIT.effect("accept")
def _record_acceptance(visit: Visit, event: Event, _payload: None) -> None:
    record_act(event.post, "accept_visit", visit)
    recount_file(visit.child)
    mark_figures_stale(visit.county_id, visit.visited_on, villages=[visit.village_id])


@VISIT.effect("return")
def _record_return(visit: Visit, event: Event, _payload: None) -> None:
    """A visit that was sent back no longer counts: what it had done is due again."""
    record_act(event.post, "return_visit", visit)
    visit_changed(visit.child, visit.visited_on)
    notify("visit_returned", visit, to=Author(visit.made_in_id, "log_visit"), key=str(event.pk), by=event.post)


@VISIT.effect("recall")
def _record_recall(visit: Visit, event: Event, _payload: None) -> None:
    """As one that was sent back: until it is sent again it counts for nothing, and neither does what it had noticed."""
    record_act(event.post, "recall_visit", visit)
    withdraw_observed_changes(visit, by=event.post)
    visit_changed(visit.child, visit.visited_on)


@VISIT.undo_effect("accept")
def _record_undone_acceptance(visit: Visit, event: Event) -> None:
    record_act(event.post, "undo", visit)
    recount_file(visit.child)
    mark_figures_stale(visit.county_id, visit.visited_on, villages=[visit.village_id])


@VISIT.undo_effect("return")
def _record_undone_return(visit: Visit, event: Event) -> None:
    record_act(event.post, "undo", visit)
    visit_changed(visit.child, visit.visited_on)


@VISIT.effect("resubmit")
def _count_again(visit: Visit, event: Event, _payload: None) -> None:
    """A visit that was completed counts again, from the day that it says now. It had counted for nothing since it
    was sent back, so the day that it said before has nothing to give up."""
    record_act(event.post, "resubmit_visit", visit)
    visit_changed(visit.child, visit.visited_on)
