"""Keeping FileIssue true: for one file inside the transaction of each write, by night for a county's files, because
time changes what holds. Both do the same, so the result depends on the files alone, not on who counted last."""

import datetime

from django.db import transaction
from django.utils import timezone

from childwelfare.jobs.services import Progress
from orgs.access.scope import TIERS
from orgs.units.models import OrgUnit
from registry.child.models import ChildFile
from registry.quality.batch import locked_cases
from registry.quality.models import FileIssue
from registry.quality.rules import keys_of

BATCH = 200
PLACE = tuple(f"{tier}_id" for tier in TIERS)


def recount_file(*files: ChildFile, on: datetime.date | None = None) -> None:
    """Look at ``files`` anew. Call it inside the write's transaction, after everything else of it is written."""
    with transaction.atomic():
        _renew([file.pk for file in files], on or timezone.localdate())


def recount_issues(county: OrgUnit, *, on: datetime.date | None = None, progress: Progress | None = None) -> int:
    """Look at every file of ``county`` anew, in batches of one transaction each; returns how many it looked at.

    May run twice, also at once with itself or with a write: each file's row is held while it is looked at.
    """
    day = on or timezone.localdate()
    leftover = FileIssue.objects.within(county).exclude(child__state="approved", child__county=county)
    left = set(leftover.values_list("child_id", flat=True))
    # who comes into the registry meanwhile is looked at by its own write
    keys = sorted(left.union(ChildFile.objects.within(county).in_registry().values_list("pk", flat=True)))
    for first in range(0, len(keys), BATCH):
        with transaction.atomic():
            _renew(keys[first : first + BATCH], day)
        if progress:
            progress(min(first + BATCH, len(keys)), len(keys))
    return len(keys)


def _renew(keys: list, day: datetime.date) -> None:
    """Bring the rows of these files in line with what the rules say; writes only what differs."""
    cases = locked_cases(keys, day)
    known: dict = {}
    for child, rule, pk, village in FileIssue.objects.filter(child__in=keys).values_list(
        "child_id", "rule", "pk", "village_id"
    ):
        known.setdefault(child, {})[rule] = (pk, village)
    gone, new = [], []
    for case in cases:
        file = case.file
        held, wanted = known.get(file.id, {}), keys_of(case)
        gone += [pk for rule, (pk, _village) in held.items() if rule not in wanted]
        new += [_made(file, rule, day) for rule in sorted(wanted - held.keys())]
        if any(village != file.village_id for _pk, village in held.values()):
            FileIssue.objects.filter(child=file.id).update(**{name: getattr(file, name) for name in PLACE})
    if gone:
        FileIssue.objects.filter(pk__in=gone).delete()
    FileIssue.objects.bulk_create(new, ignore_conflicts=True, batch_size=1000)


def _made(file: ChildFile, rule: str, day: datetime.date) -> FileIssue:
    issue = FileIssue(child_id=file.id, rule=rule, since=day)
    issue.place(file)
    return issue
