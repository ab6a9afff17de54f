"""Making one file of two: everything of both is kept, and how both were before, so that ``unmerge`` can undo it."""

import datetime
from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.security.fields import BlindIndexField
from childwelfare.text.cleaning import check_length
from childwelfare.text.language import kept_for_others
from childwelfare.workflow.refusals import Refused, Stale
from orgs.access.scope import Placed
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from orgs.stale_figures.services import mark_figures_stale
from registry.categories.models import CategoryMembership
from registry.categories.services import refresh_category_codes
from registry.child.codes import UNASSESSED, ExitReason
from registry.child.fields import is_empty
from registry.child.models import ChildFile, FileState
from registry.child.parts import BodyHealth, Household, Identity, SchoolLife
from registry.child.validation import check_identity
from registry.findings.services.recount import mark_findings_gone
from registry.merging.models import Merge
from registry.merging.rows import MERGED, WHY_NOT_MERGED
from registry.merging.snapshots import snapshot, to_text
from registry.signals import children_merged
from registry.stays.models import StayEnd
from registry.stays.services import end_with_file


def _choosable_fields() -> list[str]:
    """What a person may choose from either file. Blind indexes follow their field, the reason for having no number
    follows the number."""
    names = []
    for part in (Identity, Household, SchoolLife, BodyHealth):
        for field in part._meta.local_fields:
            derived = isinstance(field, BlindIndexField) or field.name == "no_id_reason"
            if field.editable and not derived:
                names.append(field.name)
    return [*names, "risk"]


FIELDS = _choosable_fields()
NOTE_LIMIT = 200  # characters


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
    unknown = take - set(FIELDS)
    if unknown:
        raise ValidationError({"take": [_("没有这些栏目：%(names)s。") % {"names": "、".join(sorted(unknown))}]})
    try:
        note = check_length(note, NOTE_LIMIT)
    except ValidationError as error:
        raise ValidationError({"note": error.messages}) from None
    with transaction.atomic():
        survivor, other = _locked(survivor, other, seen_versions)
        _refuse_unfit(survivor, other)
        # before anything is touched: the way back compares this with the snapshot at the end
        before = snapshot([survivor, other])
        today = timezone.localdate()
        for each in MERGED:
            if each.how == "anew":
                each.model._default_manager.filter(child__in=[survivor, other]).delete()
        # the rows that mean something are united first, one by one; the rest is then moved as it is
        number = _unite_fields(survivor, other, take)
        _unite_family(survivor, other)
        _unite_guardians(survivor, other, today)
        since = _unite_categories(survivor, other, by, today)
        _close_into(survivor, other, today, bool(number))
        end_with_file(other, by=by, how=StayEnd.MERGED, on=today)
        if number:  # only now, when the other file has let it go: one file a number
            survivor.id_number, survivor.no_id_reason = number, ""
        survivor.version += 1
        survivor.save()
        refresh_category_codes(survivor)
        mark_findings_gone(other.findings)
        _move_rows(survivor, other)
        # before the signal, whose receivers mark one of them: always in the same order
        for file in sorted((survivor, other), key=lambda each: each.county_id or 0):
            mark_figures_stale(file.county_id, min(since, file.approved_on or today, today))
        children_merged.send(ChildFile, survivor=survivor, other=other, on=today)
        sealed = to_text({"before": before, "after": snapshot([survivor, other])})
        merge = Merge.objects.create(
            survivor=survivor,
            other=other,
            note=note,
            made_by=by.person,
            made_in=by,
            snapshot_sealed=sealed,
        )
        with kept_for_others():
            said = _("并入 %(number)s") % {"number": other.file_number or other.name}
        add_event_to_both(merge, by, "merge", said)
        record_act(by, "merge_files", survivor, other=str(other.pk), taken=sorted(take))
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
        raise Stale(_("其中一份档案刚被他人改过，请重新打开再看。"))
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
    for why in WHY_NOT_MERGED:
        if words := why(survivor, other):
            raise Refused(words)


def _lacks(file: ChildFile, name: str) -> bool:
    value = getattr(file, name)
    return is_empty(value) or (name == "risk" and value == UNASSESSED)


def _unite_fields(survivor: ChildFile, other: ChildFile, take: AbstractSet[str]) -> str:
    """Write what was chosen, and what the survivor lacks. Returns the number that the survivor takes over: its own
    column can be written only when the other file has let it go."""
    chosen = {name for name in FIELDS if name in take or _lacks(survivor, name)}
    chosen = {name for name in chosen if not _lacks(other, name)}
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
    """All go to the survivor; of two who guard now, the one who began later still does.

    The later one, since the files were kept apart: whoever wrote the newer guardian down knew of the change, whoever
    kept the older one had not heard of it. On the same day, or where neither day is known, the survivor's stays, as
    with all else that differs.
    """
    mine, theirs = survivor.guardians.current().first(), other.guardians.current().first()
    if mine and theirs:
        # a day that nobody wrote down counts as the earliest
        theirs_is_newer = (theirs.since or datetime.date.min) > (mine.since or datetime.date.min)
        ended = mine if theirs_is_newer else theirs
        # not before it began, where the beginning lies ahead
        ended.until = max(day, ended.since or day)
        # before the rows move below: a file has one guardian at a time, and the database holds to it
        ended.save()
    for guardian in other.guardians.all():
        guardian.child = survivor
        guardian.save()


def _unite_categories(survivor: ChildFile, other: ChildFile, by: Appointment, day: datetime.date) -> datetime.date:
    """The survivor holds what either held, overlaps joined. The other's own end, so that what it counted stays.

    The other's periods are not moved but copied: its file was counted until today, and a past month that is counted
    again must find in it what it found before. From today on the other is closed, and the survivor alone counts.

    Returns the earliest day whose figures this may change.
    """
    earliest = day
    # a list, for the loop writes these rows; in order, so that one joined by an earlier period is met grown
    for theirs in list(other.memberships.order_by("since")):
        earliest = min(earliest, theirs.since)
        _join(survivor, theirs, _overlapping(survivor, theirs))
        # after the join, which reads whether the period is still open
        if theirs.until is None:
            theirs.until, theirs.exit_reason = max(day, theirs.since), ExitReason.MERGED
            theirs.decided_by = by.person
            theirs.save()
    return earliest


def _overlapping(survivor: ChildFile, theirs: CategoryMembership) -> list[CategoryMembership]:
    """The survivor's periods of the same category that share a day with ``theirs``; one without an end goes on."""
    found = []
    for own in survivor.memberships.filter(category=theirs.category):
        own_begins_in_time = own.since <= (theirs.until or datetime.date.max)
        theirs_begins_in_time = theirs.since <= (own.until or datetime.date.max)
        if own_begins_in_time and theirs_begins_in_time:
            found.append(own)
    return found


def _join(survivor: ChildFile, theirs: CategoryMembership, overlapping: list[CategoryMembership]) -> None:
    """Add the period ``theirs`` to the survivor's: on its own, or as one with those that it overlaps.

    A child holds a category once at a time: two periods that share a day would count it twice. So the first of the
    survivor's is widened over all of them, and the others, which lie within it now, go.
    """
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
    # what else it says (grounds, difficulty, who decided) stays the survivor's: it is the file that goes on
    first, *rest = overlapping
    joined = [theirs, *overlapping]
    first.since = min(period.since for period in joined)
    ends = [period.until for period in joined if period.until is not None]
    one_goes_on = len(ends) < len(joined)
    first.until = None if one_goes_on else max(ends)
    if one_goes_on:
        first.exit_reason = ""  # the period that had ended goes on now
    # before the first is widened over them
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


def add_event_to_both(merge: Merge, by: Appointment, action: str, words: str) -> None:
    """A line in the history of each of the two files: whoever opens either finds what became of it."""
    for file in (merge.survivor, merge.other):
        file.events.create(action=action, was=file.state, now=file.state, person=by.person, post=by, reason=words)
