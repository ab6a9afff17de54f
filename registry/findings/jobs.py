"""Background jobs: the findings of a county are made anew, by night and when a person asks for it."""

from celery import shared_task
from celery.schedules import crontab
from django.db import transaction
from django.utils.translation import gettext as _

from childwelfare.jobs import services as jobs
from childwelfare.jobs.models import Job, JobState
from childwelfare.jobs.schedule import schedule
from childwelfare.jobs.services import job
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from orgs.units.models import OrgUnit
from registry.findings.services import recount_findings

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


@shared_task(name="registry.recount_county_findings")
def recount_county_findings(county_id: int) -> None:
    recount_findings(OrgUnit.objects.get(pk=county_id))


@shared_task(name="registry.recount_all_findings")
def recount_all_findings() -> None:
    """Each county on its own: one that fails or gets lost is found again the next night."""
    for county_id in OrgUnit.objects.current_counties():
        recount_county_findings.delay(county_id)


schedule("recount-findings", recount_all_findings, crontab(hour=2, minute=30))
