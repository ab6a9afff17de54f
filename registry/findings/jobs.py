"""Long work of this room that a person asks for."""

from django.db import transaction
from django.utils.translation import gettext as _

from childwelfare import jobs
from childwelfare.jobs import job
from childwelfare.models import Job
from childwelfare.models.job import JobState
from orgs.models import Appointment, OrgUnit
from orgs.services.audit import record_act
from registry.services.findings import recount_findings

KIND = "recount_findings"


@job(KIND)
def recount(record, progress) -> None:
    """Find anew over the files of the county ``params["county"]``."""
    recount_findings(OrgUnit.objects.get(pk=record.params["county"]), progress=progress)


def recounts_of(post: Appointment):
    """The recounts of the post's own county, newest first."""
    return Job.objects.filter(kind=KIND, params__county=post.unit.county_id).order_by("-created_at")


def order_recount(*, by: Appointment) -> Job:
    """Have the findings of the post's county made anew; one that is under way is answered instead."""
    with transaction.atomic():
        waiting = recounts_of(by).filter(state__in=[JobState.QUEUED, JobState.RUNNING]).first()
        if waiting:
            return waiting
        record = jobs.start(KIND, title=_("重新核对在册儿童"), post=by, county=by.unit.county_id)
        record_act(by, "recount_findings", unit=by.unit.county)
    return record
