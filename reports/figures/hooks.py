"""What figures add to other concepts."""

from django.utils.translation import gettext_lazy as _

from childwelfare.pages.navigation import NAVIGATION, Entry

NAVIGATION.add(
    Entry(
        "figure-home", _("统计台账"), "file-earmark-spreadsheet", ("view_figures",), phone=True,
        home_for=("county_officer", "city_officer"),
    ),
    order=400,
)  # fmt: skip
