"""Keeping the dated status of assessments, needs and plans in step with them, and the marks of figures with it."""

import datetime
import uuid

from django.utils import timezone

from orgs.stale_figures.services import mark_figures_stale
from registry.child.models import ChildFile
from registry.help_status.models import HelpStatus
from registry.help_status.values import COLUMNS, Standing, standing_of, standings_of
from registry.status.services import refresh_status


def refresh_help_status(child: uuid.UUID) -> bool:
    """Write what the assessments, needs and plans of ``child`` (the key of its file) count as from today on, and what
    the child itself counts as by them; where that changes figures, mark them. Returns whether it did.

    Call it inside the transaction that altered any of them, which holds the file.
    """
    today = timezone.localdate()
    file = ChildFile.objects.get(pk=child)
    villages = _write(file, today)
    if refresh_status(file, today=today):
        villages.add((file.county_id, file.village_id))
    for county in sorted({county for county, _village in villages if county}):
        mark_figures_stale(county, villages=sorted(village for where, village in villages if where == county))
    return bool(villages)


def refresh_child_status(child: uuid.UUID) -> None:
    """As above, where no more than the child's own last days may have changed."""
    file = ChildFile.objects.get(pk=child)
    if refresh_status(file) and file.county_id:
        mark_figures_stale(file.county_id, villages=[file.village_id])


def _write(file: ChildFile, today: datetime.date) -> set[tuple[int | None, int]]:
    """(county, village) of every row that was ended or begun: of one that a move ends, the place that it leaves."""
    place = file.place_values()
    left = {(each.kind, each.record): each for each in standings_of(file)}
    touched: set[tuple[int | None, int]] = set()
    ended: list[HelpStatus] = []
    for row in HelpStatus.objects.filter(child=file, until=None):
        stays = left.get((row.kind, row.record)) == standing_of(row)
        if stays and row.place_values() == place:
            del left[row.kind, row.record]
            continue
        touched.add((row.county_id, row.village_id))
        ended.append(row)
    _end(ended, today)
    HelpStatus.objects.bulk_create([row_of(file, each, since=today) for each in left.values()])
    if left:
        touched.add((file.county_id, file.village_id))
    return touched


def _end(rows: list[HelpStatus], today: datetime.date) -> None:
    """They counted until yesterday; what was written today nobody has counted for good."""
    of_today = [row.pk for row in rows if row.since >= today]
    if of_today:
        HelpStatus.objects.filter(pk__in=of_today).delete()
    before = [row.pk for row in rows if row.since < today]
    if before:
        HelpStatus.objects.filter(pk__in=before).update(until=today)


def row_of(file: ChildFile, standing: Standing, *, since: datetime.date) -> HelpStatus:
    """Not saved yet."""
    columns = {name: getattr(standing, name) for name in COLUMNS}
    row = HelpStatus(child=file, kind=standing.kind, record=standing.record, since=since, **columns)
    row.place(file)
    return row
