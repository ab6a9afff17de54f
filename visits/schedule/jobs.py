"""Long work of this room that a person asks for."""

from django.utils.translation import gettext as _

from childwelfare import jobs
from childwelfare.jobs import job
from childwelfare.models import Job
from orgs.models import Appointment, Level, OrgUnit

KIND = "recompute_dues"


@job(KIND)
def recompute_dues(record, progress) -> None:
    """Let open dues follow the rules: of the county ``params["county"]``, of all where it is None."""
    from visits.services.recompute import recompute

    counties = [record.params["county"]] if record.params["county"] else current_counties()
    for number, county in enumerate(counties, start=1):
        recompute(county)
        progress(number, len(counties))


def current_counties() -> list[int]:
    return list(OrgUnit.objects.current().filter(level=Level.COUNTY).values_list("pk", flat=True))


def order_recompute(*, by: Appointment, county: OrgUnit | None) -> Job:
    """Call it inside the transaction of the change of rules: the job begins when that is committed."""
    return jobs.start(KIND, title=_("按新规则重排应访日期"), post=by, county=county.pk if county else None)


def recomputes_of(post: Appointment):
    """The jobs of the post's own county, or of the city, newest first."""
    county = None if post.unit.level == 1 else post.unit.county_id
    return Job.objects.filter(kind=KIND, params__county=county).order_by("-created_at")
