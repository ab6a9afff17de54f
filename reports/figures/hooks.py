"""What figures add to other concepts."""

from django.utils.translation import gettext_lazy as _

from childwelfare.pages.navigation import NAVIGATION, Entry
from orgs.workbench.kinds import LACKS, METERS
from reports.figures.workbench import month_meters, visits_owed

NAVIGATION.add(
    Entry(
        "figure-home", _("统计台账"), "file-earmark-spreadsheet", ("view_figures",), phone=True, group="ledgers"),
    order=400,
)  # fmt: skip
METERS.add(month_meters, order=10)
LACKS.add(visits_owed, order=10)
