"""What crossing adds to other concepts."""

from django.utils.translation import gettext_lazy as _

from childwelfare.pages.navigation import NAVIGATION, Entry
from orgs.audit.words import DETAIL_WORDS
from reports.crossing.cells import Cells, words_of
from reports.crossing.dimensions import BY_KEY

NAVIGATION.add(
    Entry("crossing", _("交叉查数"), "funnel", ("view_figures",), group="ledgers"),
    order=405,
)


def _name_of_cells(name: str, value: str) -> str:
    """How the audit trail calls the cells whose children were listed."""
    if name != "cells":
        return ""
    rows, columns, chosen = (value.split(".", 2) + ["", ""])[:3]
    if rows not in BY_KEY or columns not in BY_KEY:
        return ""
    try:
        return words_of(Cells.read(chosen, BY_KEY[rows], BY_KEY[columns]), BY_KEY[rows], BY_KEY[columns])
    except ValueError:
        return ""


DETAIL_WORDS.add(_name_of_cells, order=21)
