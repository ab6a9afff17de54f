"""Taking a snapshot of a sheet, in the transaction of the act that reports it."""

from collections.abc import Sequence

from orgs.posts.models import Appointment
from reports.snapshots.content import Sheet, content_hash
from reports.snapshots.models import Snapshot, SnapshotKind, SnapshotPart, SnapshotRoster
from reports.snapshots.rosters import seal_roster


def take(sheet: Sheet, *, by: Appointment | None, kind: SnapshotKind, supersedes: Snapshot | None = None) -> Snapshot:
    """Freeze ``sheet``; ``by``: who signs it, None where it says that there was nothing to report.

    Call it with the unit's submission claimed: its snapshots are counted. Of two at once the database lets one in.
    """
    seq = Snapshot.objects.filter(period=sheet.period, unit=sheet.unit).count() + 1
    snapshot = _snapshot(sheet, by=by, kind=kind, seq=seq, supersedes=supersedes)
    write([(sheet, snapshot)])
    return snapshot


def first_snapshot(sheet: Sheet, *, by: Appointment | None = None) -> Snapshot:
    """That of a unit which has none of the period yet; not saved."""
    return _snapshot(sheet, by=by, kind=SnapshotKind.ORIGINAL, seq=1, supersedes=None)


def write(taken: Sequence[tuple[Sheet, Snapshot]]) -> None:
    """Save snapshots with their parts and rosters; those of many units in three statements."""
    Snapshot.objects.bulk_create([snapshot for _sheet, snapshot in taken])
    SnapshotPart.objects.bulk_create(
        [SnapshotPart(whole=snapshot, part=part) for sheet, snapshot in taken for part in sheet.parts]
    )
    SnapshotRoster.objects.bulk_create(
        [seal_roster(snapshot, sheet.roster) for sheet, snapshot in taken if sheet.roster is not None], batch_size=500
    )


def _snapshot(
    sheet: Sheet, *, by: Appointment | None, kind: SnapshotKind, seq: int, supersedes: Snapshot | None
) -> Snapshot:
    content = sheet.content()
    return Snapshot(
        period=sheet.period,
        unit=sheet.unit,
        seq=seq,
        kind=kind,
        content=content.decode(),
        hash=content_hash(content),
        supersedes=supersedes,
        made_by=by.person if by else None,
        made_in=by,
    )
