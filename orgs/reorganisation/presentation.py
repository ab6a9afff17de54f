"""What the page of a unit tells of its past."""

import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from childwelfare.text.days import short_day
from orgs.units.models import OrgUnit


def history_of(unit: OrgUnit) -> list[dict]:
    """For the page of a unit: its earlier names, what it took over from, what took over from it."""
    told = [
        {"words": _("%(until)s以前叫“%(name)s”") % {"until": _day(each["until"]), "name": each["name"]}, "url": ""}
        for each in unit.earlier_names
    ]
    paths = ("city", "county", "township")
    before = unit.took_over_from.select_related("predecessor", *(f"predecessor__{tier}" for tier in paths))
    after = unit.successions.select_related("successor", *(f"successor__{tier}" for tier in paths))
    for row in before.order_by("on", "pk"):
        told.append(_line(_("%(on)s接续自“%(unit)s”"), row, row.predecessor))
    for row in after.order_by("on", "pk"):
        told.append(_line(_("%(on)s由“%(unit)s”接续"), row, row.successor))
    return told


def _day(written: str) -> str:
    return short_day(datetime.date.fromisoformat(written))


def _line(words: str, row, unit: OrgUnit) -> dict:
    url = reverse("unit-change-detail", args=[row.reorganisation_id])
    return {"words": words % {"on": short_day(row.on), "unit": unit.path_label}, "url": url}
