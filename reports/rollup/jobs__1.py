"""Long work of this room that a person asks for."""

from childwelfare.jobs import job
from orgs.models import OrgUnit
from reports.services.rollup import roll_up


@job("rollup")
def recount(record, progress) -> None:
    """Count a month of the counties under ``params["unit"]`` anew, one after the other."""
    unit = OrgUnit.objects.get(pk=record.params["unit"])
    counties = [unit.county_id]
    if unit.level == 1:
        counties = list(unit.children.current().in_order().values_list("pk", flat=True))
    progress(0, len(counties))
    for done, county in enumerate(counties, start=1):
        roll_up(county, record.params["month"], force=True)
        progress(done, len(counties))
