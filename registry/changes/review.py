"""Changes on the station's desk: decided field by field."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Case, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from childwelfare.workflow.refusals import Stale
from orgs.posts.models import Appointment
from orgs.review.kinds import Card, ReviewKind
from orgs.workbench.kinds import OF_A_CHILD, Waiting
from registry.changes.api import ChangeOut, DecisionIn, seen_of
from registry.changes.diff import lines_of, origins_of
from registry.changes.models import Change, ChangeEvent, ChangeField, ChangeState, Verdict
from registry.changes.twins import twins_with
from registry.changes.workflow import CHANGE, Approval, Return
from registry.child.fields import content_of, label_of, to_json
from registry.child.models import ChildFile
from registry.child.sections import sections_of
from registry.twins.presentation import elsewhere_lines
from registry.twins.readings import TWINS_READ, note_twins

# what a change lacks most often: offered when it is sent back
REASONS = (
    gettext_lazy("请写明变更的原因和从何时起"),
    gettext_lazy("请上传依据材料的照片"),
    gettext_lazy("请与照看人核对后再报"),
)


def _payload_of_form(form: Any, change: Change, action: str) -> Approval | Return:
    """The fields that were ticked, those in conflict among them; all where the page had no ticks."""
    settled = form.getlist("settle")
    ticked = [*form.getlist("field"), *settled]
    names = frozenset(ticked) if ticked or form.get("ticks") else None
    if action != CHANGES.passing:
        return Return(names)
    return Approval(names, _values_on_screen(form, settled, change))


def _values_on_screen(form: Any, settled: list[str], change: Change) -> dict[str, Any]:
    if not settled:
        return {}
    if form.get("file_version") != str(change.child.version):
        raise Stale(_("档案刚被改过，请重新打开再看。"))
    content = content_of(change.child)
    return {name: to_json(content[name]) for name in settled if name in content}


def _payload_of_data(data: dict, change: Change, action: str) -> Approval | Return:
    names = frozenset(data["fields"]) if "fields" in data else None
    if action != CHANGES.passing:
        if "settle" in data:
            raise ValidationError({"settle": [_("只在通过时填写。")]})
        return Return(names)
    return Approval(names, seen_of(data, "settle", change))


def _fetched(changes: QuerySet) -> QuerySet:
    """``amended_by_other``: as ``Change.amended_by``, its name, without the events of every change of the queue."""
    sent_again = ChangeEvent.objects.filter(record=OuterRef("pk"), action="resubmit").order_by("-at", "-id")
    name = Case(When(person=OuterRef("made_by"), then=Value("")), default=F("person__name"))
    return changes.select_related("child", "made_by").annotate(
        amended_by_other=Coalesce(Subquery(sent_again.values(name=name)[:1]), Value(""))
    )


def _card(change: Any, _post: Appointment) -> Card:
    amender = change.amended_by_other
    words = _("%(name)s 改过") % {"name": amender} if amender else change.note or change.made_by.name
    return Card(at=change.sent_at, detail=words, chip=gettext_lazy("变更"))


def _case(request, change: Change) -> dict:
    """What changed on top, the whole file around it below; which files may be of the same child then."""
    whole = ("village__city", "village__county", "village__township", "township", "county")
    files = ChildFile.objects.select_related(*whole).prefetch_related("family", "guardians", "memberships")
    change.child = files.get(pk=change.child_id)
    lines = lines_of(change, content_of(change.child))
    twins = twins_with(change, request.post)
    note_twins(request, twins, where="desk")
    return {
        "lines": lines,
        "twins": twins.named,
        "elsewhere": elsewhere_lines(twins, change.child),
        "origins": origins_of(change, request.post),
        "returned_column": any(line.returned for line in lines),
        "has_ticks": any(line.verdict == Verdict.PENDING and not line.conflict for line in lines),
        "amended": change.amended_by() is not None,
        "sections": sections_of(change.child),
    }


def _done_words(change: Change) -> str:
    """What the approval wrote into the file, and what of the change still waits."""
    every, passed = list(change.fields.all()), _last_names(change)
    words = {"name": change.child.name, "what": _labels(field for field in every if field.name in passed)}
    waiting = [field for field in every if field.verdict == Verdict.PENDING]
    if not waiting:
        return _("%(name)s的变更已通过，已写入档案：%(what)s。") % words
    return _("%(name)s的变更通过了%(what)s，已写入档案；还有%(waiting)s没有办。") % (
        words | {"waiting": _labels(waiting)}
    )


def _last_names(change: Change) -> list[str]:
    last = change.events.last()
    return last.names if last else []


def _labels(of_fields: Iterable[ChangeField]) -> str:
    labels = [label_of(each.name) for each in of_fields]
    return "、".join(labels[:3]) + (_("等 %(n)s 项") % {"n": len(labels)} if len(labels) > 3 else "")


def _todo_words(row: Waiting) -> str:
    return _("档案变更：%(why)s") % {"why": row.words} if row.words else _("档案变更")


CHANGES = ReviewKind(
    key="change",
    label=gettext_lazy("档案变更"),
    tone="warm",
    model=Change,
    permission="approve_change",
    workflow=CHANGE,
    passing="approve",
    fetched=_fetched,
    card=_card,
    reads="view_change",
    also_reads=TWINS_READ,
    case=_case,
    reasons=REASONS,
    template="registry/changes/review.html",
    serializer=ChangeOut,
    done_words=_done_words,
    is_passed=lambda change: change.state != ChangeState.SUBMITTED,  # some fields may be left
    body=DecisionIn,
    payload_of_form=_payload_of_form,
    payload_of_data=_payload_of_data,
    columns={"since": "sent_at", **OF_A_CHILD, "words": "note"},
    todo_words=_todo_words,
)
