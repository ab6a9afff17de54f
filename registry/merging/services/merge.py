"""Making one file of two: everything of both is kept, and the way back leads to the exact state before."""

import datetime
from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.security.fields import BlindIndexField
from childwelfare.workflow.refusals import Refused, Stale
from orgs.access.scope import Placed
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from orgs.stale_figures.services import mark_figures_stale
from registry.categories.models import CategoryMembership
from registry.categories.services import refresh_category_codes
from registry.child.codes import ExitReason
from registry.child.fields import is_empty
from registry.child.models import ChildFile, FileState
from registry.child.parts import BodyHealth, Household, Identity, SchoolLife
from registry.child.validation import check_identity
from registry.findings.services import mark_findings_gone
from registry.merging.models import Merge
from registry.merging.rows import MERGED
from registry.merging.snapshots import snapshot, to_text
from registry.signals import children_merged
from registry.stays.models import StayEnd
from registry.stays.services import end_with_file

# what a person may choose from either file; derived columns follow
FIELDS = [
    field.name
    for part in (Identity, Household, SchoolLife, BodyHealth)
    for field in part._meta.local_fields
    if field.editable and not isinstance(field, BlindIndexField) and field.name != "no_id_reason"
] + ["risk"]


def merge_files(
    survivor: ChildFile,
    other: ChildFile,
    *,
    by: Appointment,
    seen_versions: tuple[int, int],
    take: AbstractSet[str] = frozenset(),
    note: str = "",
) -> Merge:
    """Put ``other`` into ``survivor``. ``take``: fields (of FIELDS) whose value in ``other`` shall stand; what the
    survivor lacks is filled from the other by itself.

    Raises PermissionDenied, Refused, Stale, or ValidationError by field; then nothing is changed.
    """
    if not (by.may("merge_child", survivor) and by.may("merge_child", other)):
        raise PermissionDenied
    if unknown := take - set(FIELDS):
        raise ValidationError({"take": [_("没有这些栏目：%(names)s。") % {"names": "、".join(sorted(unknown))}]})
    with transaction.atomic():
        survivor, other = _locked(survivor, other, seen_versions)
        _refuse_unfit(survivor, other)
        before = snapshot([survivor, other])
        today = timezone.localdate()
        for each in MERGED:
            if each.how == "anew":
                each.model._default_manager.filter(child__in=[survivor, other]).delete()
        number = _unite_fields(survivor, other, take)
        _unite_family(survivor, other)
        _unite_guardians(survivor, other, today)
        since = _unite_categories(survivor, other, by, today)
        _close_into(survivor, other, today, bool(number))
        end_with_file(other, by=by, how=StayEnd.MERGED, on=today)
        if number:
            survivor.id_number, survivor.no_id_reason = number, ""
        survivor.version += 1
        survivor.save()
        refresh_category_codes(survivor)
        mark_findings_gone(other.findings)
        _move_rows(survivor, other)
        children_merged.send(ChildFile, survivor=survivor, other=other, on=today)
        sealed = to_text({"before": before, "after": snapshot([survivor, other])})
        merge = Merge.objects.create(
            survivor=survivor,
            other=other,
            note=note.strip()[:200],
            made_by=by.person,
            made_in=by,
            snapshot_sealed=sealed,
        )
        _add_event(merge, by, "merge", _("并入 %(number)s") % {"number": other.file_number or other.name})
        record_act(by, "merge_files", survivor, other=str(other.pk), taken=sorted(take))
        for file in (survivor, other):
            mark_figures_stale(file.county_id, min(since, file.approved_on or today, today))
    return merge


def _locked(survivor: ChildFile, other: ChildFile, seen_versions: Iterable[int]) -> list[ChildFile]:
    if survivor.pk == other.pk:
        raise Refused(_("这是同一份档案，不能与自己合并。"))
    held = {
        file.pk: file
        for file in ChildFile.objects.select_for_update().filter(pk__in=[survivor.pk, other.pk]).order_by("pk")
    }
    files = [held[survivor.pk], held[other.pk]]
    if tuple(file.version for file in files) != tuple(seen_versions):
        raise Stale(_("其中一份档案刚被他人改过，请刷新后再看。"))
    return files


def _refuse_unfit(survivor: ChildFile, other: ChildFile) -> None:
    if survivor.state != FileState.APPROVED:
        raise Refused(_("留下的那份档案须是在册的。"))
    if other.state not in (FileState.APPROVED, FileState.CLOSED) or other.merged_into_id:
        raise Refused(_("被并入的档案须是在册或已结案的，且没有并入过别的档案。"))
    for file in (survivor, other):
        name = {"name": file.name, "number": file.file_number}
        if file.transfers.open().exists():
            raise Refused(_("%(name)s（%(number)s）正在转出，请先办结转出。") % name)
    if other.changes.open().exists():
        raise Refused(_("被并入的档案还有没办结的变更，请先办结。"))


def _unite_fields(survivor: ChildFile, other: ChildFile, take: AbstractSet[str]) -> str:
    """Write what was chosen, and what the survivor lacks. Returns the number that the survivor takes over: its own
    column can be written only when the other file has let it go."""
    chosen = {name for name in FIELDS if name in take or (is_empty(getattr(survivor, name)) and name != "risk")}
    chosen = {name for name in chosen if not is_empty(getattr(other, name))}
    for name in chosen - {"id_number"}:
        setattr(survivor, name, getattr(other, name))
    number = other.id_number if "id_number" in chosen else ""
    if chosen & {"id_number", "birth_date", "sex"}:
        facts = {name: getattr(survivor, name) for name in ("no_id_reason", "birth_date", "sex")}
        assert survivor.approved_on  # it is in the registry
        check_identity(facts | {"id_number": number or survivor.id_number}, on=survivor.approved_on)
    return number


def _unite_family(survivor: ChildFile, other: ChildFile) -> None:
    """People go to the survivor. Of two fathers the survivor's stays, completed from the other's."""
    parents = {member.relation: member for member in survivor.family.filter(relation__in=("father", "mother"))}
    for member in other.family.all():
        own = parents.get(member.relation)
        if own is None:
            member.child = survivor
            member.save()
            continue
        for field in member._meta.concrete_fields:
            if field.editable and field.name not in ("id", "child") and is_empty(getattr(own, field.attname)):
                setattr(own, field.attname, getattr(member, field.attname))
        own.save()


def _unite_guardians(survivor: ChildFile, other: ChildFile, day: datetime.date) -> None:
    """All go to the survivor; of two who guard now, the one who began later still does."""
    mine, theirs = survivor.guardians.current().first(), other.guardians.current().first()
    if mine and theirs:
        ended = mine if (theirs.since or datetime.date.min) > (mine.since or datetime.date.min) else theirs
        ended.until = max(day, ended.since or day)
        ended.save()
    for guardian in other.guardians.all():
        guardian.child = survivor
        guardian.save()


def _unite_categories(survivor: ChildFile, other: ChildFile, by: Appointment, day: datetime.date) -> datetime.date:
    """The survivor holds what either held, overlaps joined. The other's own end, so that what it counted stays.

    Returns the earliest day whose figures this may change.
    """
    earliest = day
    for theirs in list(other.memberships.order_by("since")):
        earliest = min(earliest, theirs.since)
        overlapping = [
            own
            for own in survivor.memberships.filter(category=theirs.category)
            if own.since <= (theirs.until or datetime.date.max) and theirs.since <= (own.until or datetime.date.max)
        ]
        _join(survivor, theirs, overlapping)
        if theirs.until is None:
            theirs.until, theirs.exit_reason = max(day, theirs.since), ExitReason.MERGED
            theirs.decided_by = by.person
            theirs.save()
    return earliest


def _join(survivor: ChildFile, theirs: CategoryMembership, overlapping: list[CategoryMembership]) -> None:
    if not overlapping:
        copy = CategoryMembership(
            child=survivor,
            category=theirs.category,
            since=theirs.since,
            until=theirs.until,
            difficulty=theirs.difficulty,
            grounds=theirs.grounds,
            exit_reason=theirs.exit_reason,
            decided_by=theirs.decided_by,
        )
        copy.place(survivor)
        copy.save()
        return
    first, *rest = overlapping
    first.since = min(theirs.since, *(own.since for own in overlapping), first.since)
    ends = [theirs.until, *(own.until for own in overlapping)]
    first.until = None if None in ends else max(filter(None, ends))
    first.exit_reason = first.exit_reason if first.until else ""
    for own in rest:
        own.delete()
    first.save()


def _close_into(survivor: ChildFile, other: ChildFile, day: datetime.date, handed_over: bool) -> None:
    if other.state == FileState.APPROVED:
        other.state, other.closed_on = FileState.CLOSED, max(day, other.begun_on or day)
    other.close_reason, other.merged_into, other.category_codes = ExitReason.MERGED, survivor, ""
    if handed_over:
        other.id_number = ""  # one file per number: the survivor takes it over
    other.version += 1
    other.save()


def _move_rows(survivor: ChildFile, other: ChildFile) -> None:
    place = survivor.place_values()
    for each in MERGED:
        if each.how == "moved":
            columns = place if issubclass(each.model, Placed) else {}
            each.model._default_manager.filter(child=other).update(child=survivor, **columns)


def _add_event(merge: Merge, by: Appointment, action: str, words: str) -> None:
    for file in (merge.survivor, merge.other):
        file.events.create(action=action, was=file.state, now=file.state, person=by.person, post=by, reason=words)
