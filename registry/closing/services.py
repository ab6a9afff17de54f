"""Closing a file, and taking it into the registry again. Nothing is deleted; both stay in the events."""

import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from childwelfare.text.days import short_day
from childwelfare.text.language import kept_for_others
from childwelfare.workflow.refusals import Refused
from childwelfare.workflow.transitions import UNDO_WITHIN
from orgs.posts.models import Appointment
from registry.categories.services import open_membership
from registry.changes.services import withdraw_with_file
from registry.child.codes import Category, Difficulty, ExitReason
from registry.child.models import ChildFile, FileState
from registry.child.validation import check_categories, is_too_old_for
from registry.child.workflow import FILE, Entering, Leaving

UNDOABLE = ("close", "reopen")
# whoever holds one of them somewhere may try
UNDONE_BY = tuple(dict.fromkeys(name for action in UNDOABLE for name in FILE.permissions(action)))
# what a person may choose; a merge closes its second file itself
CLOSE_REASONS = [choice for choice in ExitReason.choices if choice[0] != ExitReason.MERGED]
NOT_HELD_BEFORE = gettext_lazy("结案前没有这个类别，请先重新在册，再提出变更。")
ANOTHER_TYPE = gettext_lazy("结案前是“%(label)s”。请按它重新在册，再提出变更。")


def close_file(
    file: ChildFile,
    *,
    by: Appointment,
    seen_version: int,
    reason: str,
    on: datetime.date | None = None,
    note: str = "",
) -> ChildFile:
    """End the child's time in the registry from ``on`` (the first day it is no longer in it).

    Every reason but an entry error needs its day; "other" needs a note. Raises PermissionDenied, Refused, Stale, or
    ValidationError by field (reason, on, note); then nothing is changed.
    """
    if not by.may("close_child", file):
        raise PermissionDenied
    FILE.refuse_moved_since("close", file, seen_version=seen_version)
    today = timezone.localdate()
    if on is None and reason == ExitReason.ENTRY_ERROR:
        on = today
    problems: dict[str, list] = {}
    if reason not in dict(CLOSE_REASONS):
        problems["reason"] = [_("请选择结案原因。")]
    if on is None:
        problems["on"] = [_("请填写结案日期：从哪一天起不再在册。")]
    elif on > today:
        problems["on"] = [_("结案日期在今天之后，请核对。")]
    elif file.begun_on and on < file.begun_on:
        text = _("结案日期早于在册日期 %(day)s，请核对。")
        problems["on"] = [text % {"day": short_day(file.begun_on)}]
    if reason == ExitReason.OTHER and not note.strip():
        problems["note"] = [_("原因是“其他”时，请写明情况。")]
    if problems:
        raise ValidationError(problems)
    assert on  # checked
    with kept_for_others():
        said = f"{ExitReason(reason).label}：{note.strip()}" if note.strip() else str(ExitReason(reason).label)
        ended = _("结案：%(why)s") % {"why": said}
    with transaction.atomic():
        FILE.apply("close", file, by=by, seen_version=seen_version, reason=said, payload=Leaving(on, reason))
        withdraw_with_file(file, by=by, reason=ended)
    return file


def reopen_file(
    file: ChildFile,
    *,
    by: Appointment,
    seen_version: int,
    reason: str,
    categories: dict[str, dict],
) -> ChildFile:
    """Take a closed file into the registry again from today, with ``categories`` {category: {since, difficulty,
    grounds}}: those that ended with the file do not come back by themselves. There is one at least, unless none can
    be given back (``may_be_given_back``); one that the child did not hold until the closing is a change, which another
    decides.

    Raises PermissionDenied, Refused, Stale, or ValidationError by field; then nothing is changed.
    """
    if not by.may("reopen_child", file):
        raise PermissionDenied
    FILE.refuse_moved_since("reopen", file, seen_version=seen_version)
    if not reason.strip():
        raise ValidationError({"reason": [_("请写明为什么重新在册。")]})
    if hindrance := FILE.hindrance(file, "reopen"):
        raise FILE.naming_last_move(hindrance, file, FILE.transitions["reopen"].source)
    today = timezone.localdate()
    given = {name: {**each, "since": each.get("since") or today} for name, each in categories.items()}
    _refuse_new_categories(file, given)
    if given or may_be_given_back(file, on=today):
        check_categories(given, file.birth_date, on=today)
    _refuse_overlaps(file, given)
    with transaction.atomic():
        FILE.apply("reopen", file, by=by, seen_version=seen_version, reason=reason, payload=Entering(today))
        for name, each in given.items():
            open_membership(
                file,
                name,
                since=each["since"],
                by=by,
                grounds=each.get("grounds", ""),
                difficulty=each.get("difficulty", ""),
            )
    return file


def undo_act(file: ChildFile, *, by: Appointment, seen_version: int) -> ChildFile:
    """Take the closing or reopening of ``file`` back: by who did it, within UNDO_WITHIN, while nobody did anything to
    the file since. Figures, categories, stay, changes and what is due are then what they were.

    Raises PermissionDenied, Refused or Stale; then nothing is changed.
    """
    if not any(by.holds(permission) for permission in UNDONE_BY):
        raise PermissionDenied
    last = file.events.last()
    if last is None or last.action not in UNDOABLE:
        raise Refused(_("这一步不能撤销。"))
    FILE.undo(file, by=by, seen_version=seen_version)
    return file


def may_undo_act(post: Appointment, file: ChildFile) -> bool:
    """Whether ``post`` may take the last closing or reopening of ``file`` back now. Asks nothing of most files."""
    if file.state not in (FileState.APPROVED, FileState.CLOSED) or timezone.now() - file.updated_at > UNDO_WITHIN:
        return False
    last = file.events.last()
    return last is not None and last.action in UNDOABLE and FILE.may_undo(post, file)


def may_be_given_back(file: ChildFile, *, on: datetime.date) -> dict[str, str]:
    """{category: its type of difficulty, or ""} of what the child held until ``file`` was closed and is not too old for
    ``on``, in the order of the code list."""
    held = _ended_by_closing(file)
    young_enough = [code for code in Category.values if not is_too_old_for(code, file.birth_date, on=on)]
    return {code: held[code] for code in young_enough if code in held}


def _ended_by_closing(file: ChildFile) -> dict[str, str]:
    """{category: its type of difficulty, or ""} of what the last closing of ``file``, which is closed, ended."""
    closing = file.events.filter(action="close").last()
    if closing and closing.before:
        ended = file.memberships.filter(pk__in=closing.before["memberships"])
    else:  # closed by an earlier version of the program, which kept no keys: they ended on its day, for its reason
        on_its_day = Q(until=file.closed_on) | Q(until=F("since"), since__gt=file.closed_on)
        ended = file.memberships.filter(on_its_day, exit_reason=file.close_reason)
    held = dict(ended.values_list("category", "difficulty"))
    if not held.get(Category.DIFFICULTY, ""):  # of no known type: which it was would be decided anew
        held.pop(Category.DIFFICULTY, None)
    return held


def _refuse_new_categories(file: ChildFile, given: dict[str, dict]) -> None:
    """Who closes and reopens acts alone: what the child did not hold before would be decided by nobody else."""
    held = _ended_by_closing(file)
    if not given.keys() <= held.keys():
        raise ValidationError({"categories": [NOT_HELD_BEFORE]})
    kind = given.get(Category.DIFFICULTY, {}).get("difficulty")
    if kind and kind != held[Category.DIFFICULTY]:
        raise ValidationError({"difficulty": [ANOTHER_TYPE % {"label": Difficulty(held[Category.DIFFICULTY]).label}]})


def _refuse_overlaps(file: ChildFile, given: dict[str, dict]) -> None:
    """A category can't begin again before it ended."""
    for held in file.memberships.exclude(until=None):
        begins = given.get(held.category, {}).get("since")
        if begins and held.until and begins < held.until:
            text = _("“%(label)s”上次到 %(day)s 才结束，新的起始日期不能更早。")
            said = {"label": held.get_category_display(), "day": short_day(held.until)}
            raise ValidationError({"categories": [text % said]})
