"""Old beside new: the lines of a change for its reviewer, and the history of a file's fields."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from childwelfare.hooks import Registry
from registry.changes.models import Change, ChangeField, Verdict
from registry.child.fields import display, equal, fields, is_empty, is_id_number, label_of
from registry.child.models import ChildFile
from registry.child.regions import doubt_about
from registry.child.validation import closing_by_age

# concepts above say what a change came of: origin(change, post) → {url, label} or None
ORIGINS: Registry[Callable] = Registry("origins of changes")


def origins_of(change: Change, post) -> list[dict]:
    """Links to what ``change`` came of, as far as ``post`` may open it."""
    return [found for origin in ORIGINS if (found := origin(change, post))]


VERDICT_TONES: dict[str, str] = {Verdict.APPROVED: "ok", Verdict.RETURNED: "warm"}


@dataclass
class ChangeLine:
    """One field of a change as it is shown. ``now``: what the file says; ``returned``: what was sent back last time;
    ``doubt``: what is to be looked at in the new value, or follows from it;
    ``conflict``: the file says neither the old nor the new value any more. ``remark``: the reason of the return, where
    it speaks of this field; ``remark_of_all``: at the first of those that came back with a reason that names none."""

    name: str
    label: str
    base: str
    now: str
    returned: str
    value: str
    verdict: str
    verdict_label: str
    tone: str
    reason: str
    conflict: bool
    moved: bool
    others: list[str]
    doubt: str = ""
    seen: str = ""
    remark: str = ""
    remark_of_all: str = ""

    @property
    def erases(self) -> bool:
        """Whether the new value is none, where the file said something."""
        return not self.value


def pending_fields_of(changes: Iterable[Change]) -> list[ChangeField]:
    """What waits of the files of ``changes``: given to ``lines_of``, a list of changes asks for it once."""
    pending = ChangeField.objects.filter(
        change__child__in={change.child_id for change in changes}, verdict=Verdict.PENDING
    )
    return list(pending.select_related("change__made_by", "written_by"))


def _fields_around(change: Change) -> list[ChangeField]:
    """The fields of ``change`` and what waits of the same file besides, in one query."""
    of_file = ChangeField.objects.filter(change__child=change.child_id)
    wanted = of_file.filter(Q(change=change.pk) | Q(verdict=Verdict.PENDING))
    return list(wanted.select_related("change__made_by", "written_by"))


def lines_of(change: Change, content: dict, pending: list[ChangeField] | None = None) -> list[ChangeLine]:
    """The fields of ``change`` beside ``content`` of its file, and what other open changes want of the same fields."""
    if pending is None:
        around = _fields_around(change)
        found = [field for field in around if field.change_id == change.pk]
    else:
        found, around = list(change.fields.all()), pending
    names = {field.name for field in found}
    wanted: dict[str, list[str]] = {}
    for rival in around:
        if rival.change_id == change.pk or rival.change.child_id != change.child_id or rival.name not in names:
            continue
        who = rival.amended_by or rival.change.made_by
        wanted.setdefault(rival.name, []).append(f"{who.name}：{_text_of(rival.name, rival.value)}")
    lines = [_line(field, change.child, content, wanted.get(field.name, [])) for field in found]
    _place_remarks(lines)
    return lines


def _place_remarks(lines: list[ChangeLine]) -> None:
    """One reason sent several fields back: it stands at those it speaks of, else once for all."""
    by_reason: dict[str, list[ChangeLine]] = {}
    for line in lines:
        if line.reason:
            by_reason.setdefault(line.reason, []).append(line)
    for reason, together in by_reason.items():
        concerned = lines_named_in(reason, together)
        if len(together) == 1:
            concerned = together
        for line in concerned:
            line.remark = reason
        if not concerned:
            together[0].remark_of_all = reason


def lines_named_in(reason: str, lines: list[ChangeLine]) -> list[ChangeLine]:
    """Of the fields with these ``lines`` those that ``reason`` names: as they are called here, else by the column's own
    name (电话 of 照看人电话)."""
    called = [line for line in lines if str(line.label) in reason or _short_name(line.name) in reason]
    return called or [line for line in lines if _own_name(line.name) in reason]


def _short_name(name: str) -> str:
    """Of the child's own field, as page and paper call it; of a person's it would not say whose."""
    field = fields().get(name)
    return str(field.short_label if field and field.holder == "child" else label_of(name))


def _own_name(name: str) -> str:
    return str(fields()[name].own_label if name in fields() else label_of(name))


def _line(field: ChangeField, file: ChildFile, content: dict, others: list[str]) -> ChangeLine:
    now = content.get(field.name)
    pending = field.verdict == Verdict.PENDING
    is_open = pending or field.verdict == Verdict.RETURNED  # who sends it again is to know as well
    return ChangeLine(
        name=field.name,
        label=label_of(field.name),
        base=_text_of(field.name, field.base),
        now=_text_of(field.name, now),
        returned=_text_of(field.name, field.returned) if field.returned_sealed else "",
        value=_text_of(field.name, field.value),
        verdict=field.verdict,
        verdict_label=field.get_verdict_display(),
        tone=VERDICT_TONES.get(field.verdict, "outline"),
        reason=field.reason,
        conflict=is_open and not equal(now, field.base) and not equal(now, field.value),
        moved=bool(field.returned_sealed) and not equal(field.returned, field.value),
        others=others if pending else [],
        doubt=_doubt_about(field, file) if pending else "",
    )


def _doubt_about(field: ChangeField, file: ChildFile) -> str:
    """What its reviewer is to look at in the new value, or what follows from it."""
    if is_id_number(field.name):
        return doubt_about(field.value or "")
    if field.name == "birth_date" and field.value:
        born = datetime.date.fromisoformat(field.value)
        return closing_by_age(born, begun_on=file.begun_on, on=timezone.localdate())
    return ""


def history_of(file: ChildFile, name: str = "") -> list[dict]:
    """Approved changes of ``file``, newest first; of the field ``name`` alone if given."""
    found = ChangeField.objects.filter(change__child=file, verdict=Verdict.APPROVED).select_related(
        "decided_by", "change__made_by", "written_by"
    )
    if name:
        found = found.filter(name=name)
    return [
        {
            "name": field.name,
            "label": label_of(field.name),
            "was": _text_of(field.name, field.replaced),
            "now": _text_of(field.name, field.value),
            "erased": is_empty(field.value),
            "at": field.decided_at,
            "by": field.decided_by.name if field.decided_by else "",
            "proposed_by": field.change.made_by.name,
            "amended_by": field.amended_by,
            "note": field.change.note,
            "change": field.change_id,
        }
        for field in found.order_by("-decided_at")
    ]


def _text_of(name: str, value) -> str:
    if is_empty(value):
        return ""
    if name not in fields() and not name.startswith("category_"):
        return str(value)
    return display(name, value)
