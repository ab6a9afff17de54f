"""The way back from a merge, at any time: every row as it was, but for what came or was changed since.

Three states of each row are compared, column by column: before the merge, after it (both in its snapshot), and now.

====================  =====================================================================================
after the merge, now  what undoing does
====================  =====================================================================================
equal                 the merge's own work, and nobody's since: the value before it is put back
different             somebody wrote it meanwhile: it stays, and its label is among those that are returned
====================  =====================================================================================

Rows that came since belong to the survivor and stay there, but for those that were sent for the other file
(``sent_for``). Rows derived from others (``how="anew"`` of
``registry.merging.rows``), such as what is due, are dropped and planned again by their own concept.
"""

import json
import uuid
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.text.language import kept_for_others
from childwelfare.workflow.refusals import Refused, Stale
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from orgs.stale_figures.services import mark_figures_stale
from registry.child.models import ChildFile, FileState
from registry.child.services.locking import lock_whole_file
from registry.merging.models import Merge
from registry.merging.rows import MERGED, Merged
from registry.merging.services.merge import add_event_to_both
from registry.merging.snapshots import assign, follows_file, values_of
from registry.signals import children_unmerged, closing_undone

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
        # the merged one before the survivor, as whoever follows the merge from the one to the other
        for key in (merge.other_id, merge.survivor_id):
            lock_whole_file(key)
        _refuse_overtaken(merge)
        state = json.loads(merge.snapshot_sealed)
        kept: list[str] = []
        for each in MERGED:
            if each.how == "anew":
                each.model._default_manager.filter(child__in=keys).delete()
        # the files come last: saving a guardian writes columns of its file too
        united = [each.model for each in MERGED if each.how != "anew"]
        for model in united:
            _restore(model, state, kept)
        _restore_files(merge, state, kept)
        for each in MERGED:
            if each.sent_for:
                _give_back(each, merge)
        for model in united:
            _place(model, keys)
        for each in MERGED:
            if each.how == "anew":
                _insert_again(each.model, state["before"][each.model._meta.label])
        merge.refresh_from_db()
        # before the signal, whose receivers mark one of them: always in the same order
        first = min(filter(None, (merge.survivor.approved_on, merge.other.approved_on)))
        for county in sorted({merge.survivor.county_id, merge.other.county_id}):
            mark_figures_stale(county, first)
        files = {"survivor": merge.survivor, "other": merge.other}
        if merge.other.state == FileState.APPROVED and merge.survivor.state != FileState.APPROVED:
            # closed since they were one: what ended with that goes on for the child that was not meant
            closing_undone.send(ChildFile, child=merge.other, by=by, since=merge.made_at)
        children_unmerged.send(ChildFile, **files, on=timezone.localdate(), by=by, kept=kept)
        merge.undone_at, merge.undone_by, merge.kept = timezone.now(), by.person, sorted(set(kept))
        merge.save()
        with kept_for_others():
            said = _("与 %(number)s 分开") % {"number": merge.other.file_number or merge.other.name}
        add_event_to_both(merge, by, "unmerge", said)
        record_act(by, "undo_merge", merge.survivor, other=str(merge.other_id), kept=len(merge.kept))
    return merge.kept


def _refuse_overtaken(merge: Merge) -> None:
    """Merges are undone in the opposite order: the snapshot of an earlier one knows nothing of what a later brought."""
    if merge.undone_at:
        raise Stale(_("这次合并已经撤销过了。"))
    if merge.survivor.merged_into_id:
        raise Refused(_("留下的档案后来又并入了别的档案，请先撤销那一次合并。"))
    later = Merge.objects.valid().filter(survivor=merge.survivor, made_at__gt=merge.made_at)
    if later.exists():
        raise Refused(_("这份档案后来还合并过，请先撤销后面的那一次。"))


def _restore(model: type[Model], state: dict, kept: list[str]) -> None:
    """Put the rows of one model back. What can't be, because somebody has built on it, adds its label to ``kept``.

    In an order in which no step breaks a rule of the database that the state before kept (one guardian at a time, a
    category once at a time): what the merge made goes first; then every row returns to its own file; only then rows
    get their old values, for a period opened again beside the other file's would be one too many; and what the merge
    took away comes last, when its place is free.
    """
    before, after = (state[when].get(model._meta.label, {}) for when in ("before", "after"))
    now = {str(row.pk): row for row in model._base_manager.filter(pk__in=[*before, *after])}
    for pk in after.keys() - before.keys():
        if pk in now and values_of(now[pk]) == after[pk]:
            now[pk].delete()
        elif pk in now:  # somebody went on writing in it: it is their work by now
            kept.append(str(model._meta.verbose_name))
    # a row that was deleted since (not in ``now``) stays deleted: that was decided with the one file in view
    lasting = before.keys() & after.keys() & now.keys()
    for columns in ({"child_id"}, None):
        for pk in lasting:
            _put_back(now[pk], before[pk], after[pk], columns, kept)
    _insert_again(model, {pk: row for pk, row in before.items() if pk not in after})


def _give_back(each: Merged, merge: Merge) -> None:
    """Rows that came since, and were sent for the other file or one that had been merged into it before."""
    other = ChildFile.objects.get(pk=merge.other_id)
    rows = each.model._base_manager.filter(child=merge.survivor_id, **{f"{each.sent_for}__in": other.with_merged()})
    rows.update(child=other)
    each.model._base_manager.filter(child=other, **{each.sent_for: other}).update(**{each.sent_for: None})


def _restore_files(merge: Merge, state: dict, kept: list[str]) -> None:
    """The survivor first: it may have to give a number back."""
    for pk in (str(merge.survivor_id), str(merge.other_id)):
        file = ChildFile.objects.get(pk=pk)
        _put_back(file, state["before"][FILE][pk], state["after"][FILE][pk], None, kept, force=True)


def _put_back(
    row: Model, before: dict, after: dict, columns: set | None, kept: list[str], *, force: bool = False
) -> None:
    """Columns that the merge changed and nobody since get their old value; ``columns`` limits it to some of them.

    ``force``: the row is saved in any case, and one that can't be is refused instead of left as it is. So it is with
    the two files, whose version must grow for screens that show them, and without which nothing else fits.
    """
    now, changed = values_of(row), False
    for column, value in before.items():
        wanted = columns is None or column in columns
        changed_by_merge = value != after[column]
        already_back = now[column] == value
        if not wanted or not changed_by_merge or already_back:
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
        with transaction.atomic():  # a savepoint: PostgreSQL goes on after the error
            row.save()
    except IntegrityError:
        if force:
            raise Refused(_("身份证号已用在别的档案里，不能恢复原样。请先核对号码。")) from None
        # something came since that leaves no room for it, such as a new guardian: this one row stays as it is
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
