"""What the workbench adds to other concepts."""

from django.utils.translation import gettext_lazy as _

from childwelfare.pages.navigation import NAVIGATION, Entry
from orgs.workbench.kinds import LACKS
from orgs.workbench.left_below import left_unfinished

NAVIGATION.add(
    Entry(
        "workbench", _("工作台"), "house", ("view_figures",), phone=True,
        roles=("township_clerk", "county_officer", "city_officer"),
        home_for=("township_clerk", "county_officer", "city_officer"),
    ),
    order=90,
)  # fmt: skip
LACKS.add(left_unfinished, order=20)
