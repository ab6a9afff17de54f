"""Making a file and completing it before approval."""

import datetime
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.workflow.history import moment_of_next_event
from childwelfare.workflow.refusals import Refused, Stale
from childwelfare.workflow.writers import WRITES
from childwelfare.workflow.writing import claim, created_once, first_sending, has_values
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from orgs.units.models import OrgUnit
from registry.categories.services import set_categories
from registry.child.fields import columns_of_the_past, content_of
from registry.child.models import ChildFile
from registry.child.validation import check_categories, check_identity, check_past, check_schooling
from registry.child.workflow import FILE
from registry.family.models import FamilyMember, Guardian


def make_file(
    *,
    by: Appointment,
    village: OrgUnit,
    child: dict,
    categories: dict[str, dict],
    family: Sequence[dict] = (),
    guardian: dict | None = None,
    pk: uuid.UUID | None = None,
    sibling: ChildFile | None = None,
    on: datetime.date | None = None,
    unfinished: bool = False,
) -> ChildFile:
    """Make a draft in ``village``; ``sibling`` is the file of a brother or sister, whose family it joins.

    ``unfinished``: it is put by with what is known so far, and sending it demands the rest (``registry.child.moves``).

    ``child``, ``family`` and ``guardian`` hold cleaned field values; ``categories`` is {category: {since, difficulty,
    grounds}}. ``pk`` comes from the form: sent twice, the file of the first sending is returned. Raises
    PermissionDenied, Refused, or ValidationError by field; then nothing is saved.
    """
    if not by.may("create_child", village) or village.level != 4:
        raise PermissionDenied
    if village.valid_to:
        raise Refused(_("“%(village)s”已停用，请选择现在的村（居）。") % {"village": village.path_label})
    pk = pk or uuid.uuid4()
    earlier = ChildFile.objects.filter(pk=pk, made_by=by.person)
    day = on or timezone.localdate()
    child = _check_all(child, categories, family, guardian, day, unfinished=unfinished)

    def says(first: ChildFile) -> bool:
        return first.village_id == village.pk and _says_file(first, child, categories, family, guardian)

    if same := first_sending(earlier, says=says):
        return same
    _refuse_duplicate(child["id_number"], by=by, except_pk=pk)
    file = ChildFile(pk=pk, made_by=by.person, made_in=by, **child)
    file.place(village)
    with created_once(earlier, says=says, refusal=_("这次没有存上，请刷新页面后再填一次。")) as sending:
        if sibling:
            file.family_uid = _family_of(sibling, by)
        save_file(file, by=by)
        file.events.create(action="make", was="", now=file.state, person=by.person, post=by)
        _write_people(file, family, guardian)
        set_categories(file, categories, by=by, on=day)
        record_act(by, "make_file", file, fields=sorted(name for name, value in child.items() if value))
    return sending.first or file


def _says_file(
    first: ChildFile, child: dict, categories: dict[str, dict], family: Sequence[dict], guardian: dict | None
) -> bool:
    """Whether ``first`` says what is sent again."""
    members: dict[str, Any] = {member.relation: member for member in first.family.all()}
    held = {membership.category: membership for membership in first.memberships.all() if membership.until is None}
    pairs = [(first, child), (first.guardians.current().first(), guardian or {})]
    pairs += [(members.pop(kin["relation"], None), kin) for kin in family]
    pairs += [(held.pop(category, None), given) for category, given in categories.items()]
    if members or held:  # somebody, or a category, was left out
        return False
    return all(has_values(**sent)(record) if record else not any(sent.values()) for record, sent in pairs)


def _family_of(sibling: ChildFile, by: Appointment) -> uuid.UUID:
    """The mark of the sibling's family; given now if the sibling was the only child so far."""
    if not by.may("view_child", sibling):
        raise PermissionDenied
    ChildFile.objects.filter(pk=sibling.pk, family_uid=None).update(family_uid=uuid.uuid4(), updated_at=timezone.now())
    sibling.refresh_from_db(fields=["family_uid"])
    assert sibling.family_uid  # given above
    return sibling.family_uid


def complete_file(
    file: ChildFile,
    *,
    by: Appointment,
    seen_version: int,
    child: dict,
    categories: dict[str, dict],
    family: Sequence[dict] = (),
    guardian: dict | None = None,
    on: datetime.date | None = None,
    unfinished: bool = False,
) -> ChildFile:
    """Write a draft or returned file anew; ``unfinished`` as for ``make_file``. What says the same as the file leaves
    no trace, moves no version and makes nobody a writer.

    Raises Stale when somebody else wrote it since ``seen_version``."""
    if not by.may("create_child", file):
        raise PermissionDenied
    if not file.editable:
        raise Stale(_("这份档案已提交或已建档，不能直接修改；这次填的没有存上，请打开档案核对。"))
    written = _("这份档案刚被他人改过。您填的内容还在本页，请打开最新的档案核对后再存。")
    if 0 < seen_version < file.version:  # before its content: it may have faults that are no longer to be mended
        raise Stale(written)
    day = on or timezone.localdate()
    child = _check_all(child, categories, family, guardian, day, unfinished=unfinished)
    _refuse_duplicate(child["id_number"], by=by, except_pk=file.pk)
    with transaction.atomic():
        claim(file, seen_version, message=written, state=file.state)
        file.refresh_from_db()
        before = content_now(file)
        changed = [name for name, value in child.items() if getattr(file, name) != value]
        for name in changed:
            setattr(file, name, child[name])
        save_file(file, by=by)
        _write_people(file, family, guardian)
        set_categories(file, categories, by=by, on=day)
        if changed or content_now(file) != before:
            note_writer(file, by)
            record_act(by, "complete_file", file, fields=sorted(changed))
        else:
            transaction.set_rollback(True)
    file.refresh_from_db()
    return file


def content_now(file: ChildFile) -> dict:
    """What the database holds of ``file``: to tell, before and after it is written, whether that altered anything."""
    return content_of(ChildFile.objects.get(pk=file.pk))


def recall_file(file: ChildFile, *, by: Appointment, seen_version: int) -> ChildFile:
    """Take back what the station has not decided yet, to mend it (``complete_file``) and send it again. Raises as a
    move does."""
    FILE.apply("recall", file, by=by, seen_version=seen_version)
    return file


def note_writer(file: ChildFile, by: Appointment) -> None:
    """Leave in a draft's events that ``by`` wrote in it, who may then not decide it; once while nobody else did."""
    last = file.events.last()
    if last and last.person_id == by.person_id and last.action in WRITES:
        return
    at = moment_of_next_event(file, last)
    file.events.create(action="complete", was=file.state, now=file.state, person=by.person, post=by, at=at)


def existing_file(number: str, *, except_pk: uuid.UUID | None = None) -> ChildFile | None:
    """The file that holds this ID number anywhere in the database: its existence, never its content, may be told."""
    held = ChildFile.objects.with_id_number(number).select_related("county", "township")
    return (held.exclude(pk=except_pk) if except_pk else held).first()


def duplicate_message(other: ChildFile, *, by: Appointment) -> str:
    """Says that a file exists and whom to ask, and shows it only to who may see it."""
    if by.may("view_child", other):
        return _("这个身份证号已有档案：%(name)s，%(place)s。请打开那份档案，不要重复建档。") % {
            "name": other.name,
            "place": other.village.path_label,
        }
    return _("这个身份证号已在别处建档，由%(unit)s管理。请与%(centre)s联系办理转入，不要重复建档。") % {
        "unit": other.county.name,
        "centre": other.county.centre_name,
    }


def _check_all(
    child: dict,
    categories: dict,
    family: Sequence[dict],
    guardian: dict | None,
    day: datetime.date,
    *,
    unfinished: bool,
) -> dict:
    """All rules of the whole file at once, so that every field gets its message."""
    problems: dict[str, list] = {}

    def gather(check: Callable[[], Any]) -> Any:
        try:
            return check()
        except ValidationError as error:
            problems.update(error.message_dict)
            return None

    completed = gather(lambda: check_identity(child, on=day, unfinished=unfinished)) or child
    gather(lambda: check_categories(categories, completed.get("birth_date"), on=day, unfinished=unfinished))
    gather(lambda: check_past(completed, columns_of_the_past("child"), on=day))
    if not unfinished:
        gather(lambda: check_schooling(completed))
    # the API takes a parent's columns of grandparents too
    people = [("guardian", "guardian", guardian or {}), *((kin["relation"], "father", kin) for kin in family)]
    for prefix, holder, person in people:
        try:
            check_past(person, columns_of_the_past(holder), on=day)
        except ValidationError as error:
            problems.update({f"{prefix}_{name}": found for name, found in error.message_dict.items()})
    if problems:
        raise ValidationError(problems)
    return completed


def _refuse_duplicate(number: str, *, by: Appointment, except_pk: uuid.UUID | None = None) -> None:
    if number and (other := existing_file(number, except_pk=except_pk)):
        raise ValidationError({"id_number": [duplicate_message(other, by=by)]})


def refuse_closed_village(file: ChildFile) -> None:
    """A file comes into no village that is none any more."""
    if file.village.valid_to:
        raise Refused(
            _("“%(village)s”已停用，请先在“待安置”里选定现在归哪个村（居）。") % {"village": file.village.path_label}
        )


def save_file(file: ChildFile, *, by: Appointment) -> None:
    """Save, and say whose the number is if it came in beside us."""
    try:
        with transaction.atomic():
            file.save()
    except IntegrityError:  # the same number came in beside us, or the same form did, which ``make_file`` settles
        if file.id_number and (other := existing_file(file.id_number, except_pk=file.pk)):
            raise ValidationError({"id_number": [duplicate_message(other, by=by)]}) from None
        raise


def _write_people(file: ChildFile, family: Sequence[dict], guardian: dict | None) -> None:
    known = {member.relation: member for member in file.family.all()}
    for given in family:
        member = known.get(given["relation"]) or FamilyMember(child=file)
        _write(member, given)
    held = file.guardians.current().first()
    if guardian and (held or any(guardian.values())):
        _write(held or Guardian(child=file), guardian)


def _write(record: Model, values: dict) -> None:
    for name, value in values.items():
        setattr(record, name, value)
    record.save()
