"""What follows here when a child leaves the registry, comes back or moves.

Visits carry the place of their child's file: it says who may read them, so they move along. Dues carry the place of
who owed them, so they stay (docs/decisions/0013).
"""

from django.db.models import Max

from orgs.posts.models import Appointment
from registry.child.models import ChildFile
from registry.guidance.models import Entrustment, Guidance
from registry.periods.models import PastSpell
from registry.stays.models import Stay
from visits.schedule.services.dues import reschedule
from visits.visit.models import Visit, VisitState


def on_leave(sender, child: ChildFile, **_signal) -> None:
    """What was open ends with the file: nobody is late for a child who is gone."""
    reschedule(child)


def on_return(sender, child: ChildFile, **_signal) -> None:
    """Visits are due again from the day of return."""
    reschedule(child)


def on_move(sender, child: ChildFile, **_signal) -> None:
    """The sender's open due ends, the receiver's begins, earlier visits go along."""
    for model in (Visit, Guidance, Entrustment):
        model.objects.filter(child=child).update(**child.place_values())
    reschedule(child)


def on_merge(sender, survivor: ChildFile, other: ChildFile, **_signal) -> None:
    """Visits of both count for the one child from its approval on; the other owes nothing any more."""
    reschedule(survivor)


def on_unmerge(sender, survivor: ChildFile, other: ChildFile, **_signal) -> None:
    """Dues are back as they were; where visits came in since, they are laid out anew."""
    reschedule(survivor)
    reschedule(other)


def on_stay(sender, child: ChildFile, **_signal) -> None:
    """The open due of who had the child ends, the next one's begins; visits stay where the file is."""
    reschedule(child)


def spells_before_moving(post: Appointment):
    """Times of children who were in this post's care and were handed on; see ``log_visit``."""
    return PastSpell.objects.visible_to(post, "log_visit").filter(ended_by="moved")


def stays_over(post: Appointment):
    """Stays of children whom this post's village visited and who are back; see ``log_visit``."""
    return Stay.objects.visible_to(post, "log_visit").filter(begun_on__isnull=False, ended_on__isnull=False)


def last_seen(keys) -> dict:
    """{file: the day of its last accepted visit that met the child} (registry.quality.case.SEEN)."""
    met = Visit.objects.filter(child__in=keys, state=VisitState.ACCEPTED).seen()
    return dict(met.order_by().values_list("child").annotate(day=Max("visited_on")))
