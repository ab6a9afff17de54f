"""The way back from a merge: every row as it was; what came or was changed since stays, and is told."""

import json
import uuid
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.workflow.refusals import Refused, Stale
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from orgs.stale_figures.services import mark_figures_stale
from registry.child.models import ChildFile
from registry.merging.models import Merge
from registry.merging.rows import MERGED
from registry.merging.services.merge import _add_event
from registry.merging.snapshots import assign, follows_file, values_of
from registry.signals import children_unmerged

FILE = ChildFile._meta.label


def undo_merge(merge: Merge, *, by: Appointment) -> list[str]:
    """Make two files of the survivor again. Returns the labels of what was changed since the merge and so stays.

    Raises PermissionDenied, Refused or Stale; then nothing is changed.
    """
    if not (by.may("merge_child", merge.survivor) and by.may("merge_child", merge.other)):
        raise PermissionDenied
    with transaction.atomic():
        merge = Merge.objects.select_for_update().get(pk=merge.pk)
        keys = [merge.survivor_id, merge.other_id]
        list(ChildFile.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
        _refuse_late(merge)
        state = json.loads(merge.snapshot_sealed)
        kept: list[str] = []
        for each in MERGED:
            if each.how == "anew":
                each.model._default_manager.filter(child__in=keys).delete()
        united = [each.model for each in MERGED if each.how != "anew"]
        for model in united:
            _restore(model, state, kept)
        _restore_files(merge, state, kept)
        for model in united:
            _place(model, keys)
        for each in MERGED:
            if each.how == "anew":
                _insert_again(each.model, state["before"][each.model._meta.label])
        merge.refresh_from_db()
        children_unmerged.send(ChildFile, survivor=merge.survivor, other=merge.other, on=timezone.localdate())
        merge.undone_at, merge.undone_by, merge.kept = timezone.now(), by.person, sorted(set(kept))
        merge.save()
        _add_event(
            merge, by, "unmerge", _("与 %(number)s 分开") % {"number": merge.other.file_number or merge.other.name}
        )
        record_act(by, "undo_merge", merge.survivor, other=str(merge.other_id), kept=len(merge.kept))
        first = min(filter(None, (merge.survivor.approved_on, merge.other.approved_on)))
        for county in sorted({merge.survivor.county_id, merge.other.county_id}):
            mark_figures_stale(county, first)
    return merge.kept


def _refuse_late(merge: Merge) -> None:
    if merge.undone_at:
        raise Stale(_("这次合并已经撤销过了。"))
    if merge.survivor.merged_into_id:
        raise Refused(_("留下的档案后来又并入了别的档案，请先撤销那一次合并。"))
    later = Merge.objects.valid().filter(survivor=merge.survivor, made_at__gt=merge.made_at)
    if later.exists():
        raise Refused(_("这份档案后来还合并过，请先撤销后面的那一次。"))


def _restore(model: type[Model], state: dict, kept: list[str]) -> None:
    """First what the merge made goes, then rows go back to their file, then their values; each alone may stay."""
    before, after = (state[when].get(model._meta.label, {}) for when in ("before", "after"))
    now = {str(row.pk): row for row in model._base_manager.filter(pk__in=[*before, *after])}
    for pk in after.keys() - before.keys():
        if pk in now and values_of(now[pk]) == after[pk]:
            now[pk].delete()
        elif pk in now:
            kept.append(str(model._meta.verbose_name))
    for columns in ({"child_id"}, None):
        for pk in before.keys() & after.keys() & now.keys():
            _put_back(now[pk], before[pk], after[pk], columns, kept)
    _insert_again(model, {pk: row for pk, row in before.items() if pk not in after})


def _restore_files(merge: Merge, state: dict, kept: list[str]) -> None:
    """The survivor first: it may have to give a number back."""
    for pk in (str(merge.survivor_id), str(merge.other_id)):
        file = ChildFile.objects.get(pk=pk)
        _put_back(file, state["before"][FILE][pk], state["after"][FILE][pk], None, kept, force=True)


def _put_back(
    row: Model, before: dict, after: dict, columns: set | None, kept: list[str], *, force: bool = False
) -> None:
    """Columns that the merge changed and nobody since get their old value."""
    now, changed = values_of(row), False
    for column, value in before.items():
        if value == after[column] or (columns and column not in columns) or now[column] == value:
            continue
        if now[column] != after[column]:
            kept.append(_label(row, column))
            continue
        assign(row, column, value)
        changed = True
    if not changed and not force:
        return
    if isinstance(row, ChildFile):
        row.version += 1
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        if force:
            raise Refused(_("身份证号已用在别的档案里，不能恢复原样。请先核对号码。")) from None
        row.refresh_from_db()
        kept.append(str(row._meta.verbose_name))


def _insert_again(model: type[Model], rows: dict[str, dict]) -> None:
    """Rows that the merge took away, with the keys they had."""
    files = {}
    for values in rows.values():
        row: Any = model()
        for column, value in values.items():
            assign(row, column, value)
        if follows_file(model):
            if row.child_id not in files:
                files[row.child_id] = ChildFile.objects.get(pk=row.child_id)
            row.place(files[row.child_id])
        row.save(force_insert=True)


def _place(model: type[Model], keys: Iterable[uuid.UUID]) -> None:
    """A row is where its file is, wherever that went meanwhile."""
    if not follows_file(model):
        return
    for file in ChildFile.objects.filter(pk__in=keys):
        model._base_manager.filter(child=file).exclude(village_id=file.village_id).update(**file.place_values())


def _label(row: Model, column: str) -> str:
    field = next(field for field in row._meta.concrete_fields if field.attname == column)
    return str(field.verbose_name)
