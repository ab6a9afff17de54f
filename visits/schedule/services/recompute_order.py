"""Ordering the background job by which open dues follow changed rules. The job itself: ``visits.schedule.jobs``."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from childwelfare.jobs import services as jobs
from childwelfare.jobs.models import Job
from orgs.posts.models import Appointment
from orgs.units.models import OrgUnit

KIND = "recompute_dues"


def order_recompute(*, by: Appointment, county: OrgUnit | None) -> Job:
    """Call it inside the transaction of the change of rules: the job begins when that is committed."""
    return jobs.start(KIND, title=_("按新规则重排应访日期"), post=by, county=county.pk if county else None)


def recomputes_of(post: Appointment) -> QuerySet[Job]:
    """The jobs of the post's own county, or of the city, newest first."""
    county = None if post.unit.level == 1 else post.unit.county_id  # as ``order_recompute`` kept it: None for the city
    return Job.objects.filter(kind=KIND, params__county=county).order_by("-created_at")
