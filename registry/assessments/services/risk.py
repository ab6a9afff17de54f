"""The level that a file says: that of the newest assessment in force, and before the first one an estimate."""

from django.utils import timezone
from django.utils.translation import gettext as _

from orgs.posts.models import Appointment
from orgs.stale_figures.services import mark_figures_stale
from registry.assessments.models import Assessment
from registry.child.models import ChildFile
from registry.child.services.write_fields import write_content
from registry.signals import child_changed


def level_held(file: ChildFile) -> Assessment | None:
    """The assessment whose level the file says; None where it is an estimate, or not assessed."""
    return Assessment.objects.filter(child=file).setting_level().newest_first().first()


def follow_level(file: ChildFile, *, by: Appointment, estimate: str) -> None:
    """Write the level in force into ``file``, and tell who goes by it: how often it is visited, its status, its
    figures. ``estimate``: what it says where no assessment is in force. Called inside the transaction that holds the
    file."""
    held = level_held(file)
    level = held.level if held else estimate
    if not level or level == file.risk:
        return
    today = timezone.localdate()
    write_content(file, {"risk": level}, by=by)
    mark_figures_stale(file.county_id, today, villages=[file.village_id])
    child_changed.send(ChildFile, child=file, names={"risk"}, on=today)


def refuse_assessed_risk(file: ChildFile) -> dict[str, list[str]]:
    """{field: why it is not altered by hand}: the level of an assessed child comes from assessments alone."""
    if not Assessment.objects.filter(child=file).setting_level().exists():
        return {}
    return {"risk": [_("风险等级由评估得出，请做一次评估。")]}
