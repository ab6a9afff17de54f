"""What the moves of an agreement require and what follows from them. The table is ``registry.guidance.workflow``."""

from typing import Any

from django.utils.translation import gettext as _

from childwelfare.workflow.outcomes import Attempt, Outcome
from childwelfare.workflow.refusals import Stale
from orgs.audit.services import record_act
from registry.child.models import ChildFile, FileState
from registry.child.services.locking import lock_file_of, lock_whole_file
from registry.guidance.models import Entrustment, EntrustmentEvent
from registry.guidance.workflow import ENTRUSTMENT, End, Notice
from registry.papers.services import add_paper


@ENTRUSTMENT.lock
def _lock_file(agreement: Entrustment) -> None:
    here = lock_file_of(agreement)
    refuse_unregistered(here)
    agreement.child = here


@ENTRUSTMENT.outcome("end")
def _end(_agreement: Entrustment, attempt: Attempt) -> Outcome:
    return Outcome(columns={"ended_on": attempt.payload.on, "end_reason": attempt.reason})


@ENTRUSTMENT.effect("notify")
def _write_notice(agreement: Entrustment, event: EntrustmentEvent, notice: Notice) -> None:
    days = {"school_told_on": notice.school_told_on, "village_told_on": notice.village_told_on}
    told: dict[str, Any] = {name: day for name, day in days.items() if day}
    if notice.upload:
        told["paper"] = add_paper(agreement.child, by=event.post, upload=notice.upload, kind="custody_agreement")
    for name, value in told.items():
        setattr(agreement, name, value)
    agreement.save(update_fields=list(told))
    record_act(event.post, "notify_entrustment", agreement, fields=sorted(told))


@ENTRUSTMENT.effect("end")
def _record_end(agreement: Entrustment, event: EntrustmentEvent, _end: End) -> None:
    written = ["end_reason", "ended_on"]
    record_act(event.post, "end_entrustment", agreement, fields=written)


def lock_registered(file: ChildFile) -> ChildFile:
    """The file as it stands, of which nothing changes until the transaction ends. Raises Stale where it was closed
    since it was read."""
    here = lock_whole_file(file.pk)
    refuse_unregistered(here)
    return here


def refuse_unregistered(file: ChildFile) -> None:
    """Raises Stale for a file that is not in the registry."""
    if file.state != FileState.APPROVED:
        raise Stale(_("%(name)s的档案不在册，不能登记指导监护。") % {"name": file.name})
