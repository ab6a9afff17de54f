"""What of this room stands in the main navigation."""

from django.utils.translation import gettext_lazy as _

from childwelfare.pages.navigation import Entry, register

register(
    Entry(
        "figure-home", _("统计台账"), "file-earmark-spreadsheet", ("view_figures",), 40, phone=True,
        home_for=("county_officer", "city_officer"),
    ),
)  # fmt: skip
