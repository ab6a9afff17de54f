"""What figures add to other concepts."""

from django.utils.translation import gettext_lazy as _

from childwelfare.pages.navigation import NAVIGATION, Entry
from orgs.audit.words import DETAIL_WORDS
from orgs.workbench.kinds import LACKS, METERS
from reports.figures.workbench import month_meters, visits_owed
from reports.indicators.table import BY_KEY

NAVIGATION.add(
    Entry(
        "figure-home", _("统计台账"), "file-earmark-spreadsheet", ("view_figures",), phone=True, group="ledgers"),
    order=400,
)  # fmt: skip


def _name_of_indicator(name: str, value: str) -> str:
    """How the audit trail calls the column whose children were listed."""
    return str(BY_KEY[value].label) if name == "indicator" and value in BY_KEY else ""


DETAIL_WORDS.add(_name_of_indicator, order=20)
METERS.add(month_meters, order=10)
LACKS.add(visits_owed, order=10)
