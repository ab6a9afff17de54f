"""What units add to other concepts."""

from django.utils.translation import gettext_lazy as _

from childwelfare.pages.navigation import NAVIGATION, Entry

NAVIGATION.add(
    Entry(
        "unit-list", _("机构与岗位"), "diagram-3", ("manage_units",), phone=True, group="team",
        home_for=("city_admin",),
    ),
    order=600,
)  # fmt: skip
