"""Holding the file in which a record lies, before the record itself is written."""

import uuid
from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

from registry.child.models import ChildFile


def lock_whole_file(pk: uuid.UUID) -> ChildFile:
    """The file as it stands, of which nothing changes until the transaction ends."""
    return ChildFile.objects.select_for_update().get(pk=pk)


def lock_files_of(records: QuerySet) -> None:
    """The files in which ``records`` lie, in the order of their keys, until the transaction ends: for what writes in
    several, before it writes in the first."""
    keys = records.values("child_id")
    list(ChildFile.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk", flat=True))


def lock_file_of(record: Any, lock: Callable[[uuid.UUID], ChildFile] = lock_whole_file) -> ChildFile:
    """The file in which ``record`` lies, held by ``lock`` until the transaction ends.

    Whoever waits for a file while it is merged, or while a merge is undone, would go on with one in which the record
    no longer lies: then ``record.child`` becomes the other. A merge holds both files, so nothing moves afterwards.
    """
    here = lock(record.child_id)
    while (now := _file_now(record)) != here.pk:
        here = lock(now)
    if record.child_id != here.pk:
        record.child = ChildFile.objects.get(pk=here.pk)
    return here


def _file_now(record: Any) -> uuid.UUID:
    return type(record)._base_manager.values_list("child_id", flat=True).get(pk=record.pk)
