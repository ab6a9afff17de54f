"""Writing fields of an approved file by their flat names, and the rules that the whole must keep."""

import datetime
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.workflow.refusals import Refused, Stale
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from orgs.stale_figures.services import mark_figures_stale
from registry.categories.models import CategoryMembership
from registry.categories.services import end_membership, open_membership, refresh_category_codes
from registry.child import codes
from registry.child.decided_elsewhere import refusals_of
from registry.child.fields import content_of, empty_value, equal, fields, is_category
from registry.child.models import ChildFile
from registry.child.services.files import content_now, duplicate_message, existing_file, note_writer, save_file
from registry.child.services.locking import lock_whole_file
from registry.child.validation import check_categories, check_identity, check_past, check_schooling
from registry.family.models import FamilyMember, Guardian, Kin

IDENTITY = {"id_number", "no_id_reason", "birth_date", "sex"}
SCHOOLING = {"schooling", "out_of_school_since"}


def check_content(file: ChildFile, content: dict, changed: set[str], *, by: Appointment, on: datetime.date) -> None:
    """Hold what ``changed`` against every rule that concerns it, the whole ``content`` in view.

    Raises ValidationError by flat field name; rules that no changed field touches are left alone, so that an old
    contradiction doesn't stop a true correction. Before approval what is not known yet may be missing: sending it
    demands the rest (``registry.child.moves``).
    """
    unfinished = file.approved_on is None
    problems: dict[str, list] = dict(refusals_of(file, changed))

    def gather(check: Callable[[], Any], prefix: str = "") -> None:
        try:
            check()
        except ValidationError as error:
            problems.update({f"{prefix}{name}": found for name, found in error.message_dict.items()})

    if changed & IDENTITY:
        entering = file.approved_on is None
        gather(lambda: check_identity(content, on=on, entering=entering, unfinished=unfinished))
        if "no_id_reason" in changed and content["no_id_reason"] and content["id_number"]:
            problems.setdefault("no_id_reason", []).append(
                _("有身份证号，就没有“没有身份证号的原因”。号码不对的，请清空号码；号码是对的，请不选原因。")
            )
        number = content["id_number"] if "id_number" in changed else ""  # files without one are not each other's
        if number and (other := existing_file(number, except_pk=file.pk)):
            problems.setdefault("id_number", []).append(duplicate_message(other, by=by))
    if "name" in changed and not content["name"]:
        problems["name"] = [_("请填写姓名。")]
    if changed & SCHOOLING and not unfinished:
        gather(lambda: check_schooling(content))
    dates = [field.name for field in fields().values() if field.entry.past and field.name in changed]
    gather(lambda: check_past(content, dates, on=on))
    for name in changed - content.keys():
        problems[name] = [_("没有这一项。")]
    for name in changed & content.keys():
        if is_category(name):
            gather(partial(_check_category, file, name, content, on))
    if any(name.startswith("guardian_") for name in changed):
        gather(lambda: _check_guardian(content, unfinished=unfinished))
    if problems:
        raise ValidationError(problems)


def write_content(file: ChildFile, values: dict, *, by: Appointment, asked_on: datetime.date | None = None) -> None:
    """Write checked ``values`` into the file, its people and its categories; the caller holds the transaction and
    the lock on the file's row. ``asked_on``: as of which day they were checked, today unless it is said."""
    people: dict[str, list] = {}
    child = {}
    for name, value in values.items():
        if is_category(name):
            continue
        field = fields()[name]
        if field.holder == "child":
            child[name] = value
        else:
            people.setdefault(field.holder, []).append((field.column, value))
    if child.get("id_number"):
        child["no_id_reason"] = ""
    for column, value in child.items():
        setattr(file, column, value)
    file.version += 1
    save_file(file, by=by)
    for holder, columns in people.items():
        _write_person(file, holder, columns)
    for name, value in values.items():
        if is_category(name):
            _write_category(file, name[9:], value, by=by, asked_on=asked_on)


def patch_file(
    file: ChildFile, *, by: Appointment, seen_version: int, values: dict, on: datetime.date | None = None
) -> ChildFile:
    """Write only ``values`` (by flat field names) into a draft or returned file. What the file says already leaves no
    trace, moves no version and makes nobody a writer. Raises PermissionDenied, Refused, Stale, or ValidationError by
    field; then nothing is saved."""
    if not by.may("create_child", file):
        raise PermissionDenied
    if not file.editable:
        raise Refused(_("这份档案已提交或已建档，请提出变更（/api/v1/changes/）。"))
    if any(is_category(name) for name in values):
        raise Refused(_("建档前的类别请用完整的表单（PUT）填写。"))
    with transaction.atomic():
        held = lock_whole_file(file.pk)
        if held.version != seen_version or held.state != file.state:
            raise Stale(_("这份档案刚被他人改过。您填的内容还在本页，请打开最新的档案核对后再存。"))
        content = content_of(held)
        check_content(held, content | values, set(values), by=by, on=on or timezone.localdate())
        write_content(held, values, by=by)
        written = content_now(held)
        if altered := sorted(name for name in content if not equal(content[name], written[name])):
            mark_figures_stale(held.county_id, timezone.localdate(), villages=[held.village_id])
            note_writer(held, by)
            record_act(by, "complete_file", held, fields=altered)
        else:
            transaction.set_rollback(True)
    held.refresh_from_db()
    return held


def _write_person(file: ChildFile, holder: str, columns: list) -> None:
    person: Kin
    if holder == "guardian":
        person = file.guardians.current().first() or Guardian(child=file)
    else:
        person = file.family.filter(relation=holder).first() or FamilyMember(
            child=file, relation=holder, life=codes.Life.UNKNOWN
        )
    for column, value in columns:
        setattr(person, column, value if column != "life" else value or codes.Life.UNKNOWN)
    if holder != "guardian" and _says_nothing(person, holder):
        if person.pk:
            person.delete()
        return
    person.save()


def _says_nothing(person: Any, holder: str) -> bool:
    """Of whom nothing is known any more there is no row, as before the first word."""
    columns = [field for field in fields().values() if field.holder == holder and field.column != "life"]
    return person.life == codes.Life.UNKNOWN and all(equal(getattr(person, f.column), empty_value(f)) for f in columns)


def _write_category(
    file: ChildFile, code: str, value: dict | None, *, by: Appointment, asked_on: datetime.date | None
) -> None:
    """Open, correct or end a membership; None takes back one that was opened by mistake just now."""
    held: CategoryMembership | None = file.memberships.filter(category=code, until=None).first()
    if value is None:
        if held:
            held.delete()
            refresh_category_codes(file)
    elif value.get("until"):
        if held:
            end_membership(held, by=by, on=value["until"], reason=value.get("exit_reason", ""))
    elif held:
        held.since, held.difficulty = value["since"], value.get("difficulty", "")
        held.grounds = value.get("grounds", "")
        held.save()
        refresh_category_codes(file)
    elif ended := file.memberships.filter(category=code, since=value["since"], until__isnull=False).last():
        ended.until, ended.exit_reason = None, ""  # an ending that is taken back
        ended.save()
        refresh_category_codes(file)
    else:
        opened = {name: value.get(name) or "" for name in ("grounds", "difficulty")}
        open_membership(file, code, since=value["since"], by=by, asked_on=asked_on, **opened)


def _check_category(file: ChildFile, name: str, content: dict, on: datetime.date) -> None:
    value, code = content[name], name[9:]
    if value is None:
        raise ValidationError({name: [_("类别不能删除；不再属于的，请填写结束日期和原因。")]})
    try:
        if not value.get("until"):
            entering = not file.memberships.filter(category=code, until=None).exists()
            check_categories({code: value}, content["birth_date"], on=on, entering=entering)
        elif value["until"] > on or value["until"] < value["since"]:
            raise ValidationError({name: [_("结束日期应在起始日期之后、今天之前。")]})
        elif value.get("exit_reason") not in codes.ExitReason.values:
            raise ValidationError({name: [_("请选择退出原因。")]})
    except ValidationError as error:
        raise ValidationError({name: error.messages}) from None


def _check_guardian(content: dict, *, unfinished: bool) -> None:
    lacking = {
        f"guardian_{column}": [_("照看人的姓名和关系都要填。")]
        for column in ("name", "relation")
        if not content[f"guardian_{column}"] and not unfinished
    }
    start, end = content["guardian_entrusted_from"], content["guardian_entrusted_to"]
    if start and end and end < start:
        lacking["guardian_entrusted_to"] = [_("委托照护的结束日期早于开始日期。")]
    if lacking:
        raise ValidationError(lacking)
