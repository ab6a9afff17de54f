"""The station's desk: the queue left, the case right, two buttons and a reason; the last decision can be taken back."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from childwelfare.workflow.refusals import Refused, Stale
from childwelfare.workflow.transitions import Workflow, seen_version, seen_versions
from orgs.access.declarations import needs
from orgs.audit.services import record_act
from orgs.posts.station_work import decided_by
from registry.changes.diff import lines_of, origins_of
from registry.changes.models import Change
from registry.changes.services import approve_change, return_change, undo_decision
from registry.child.fields import content_of, to_json
from registry.child.models import ChildFile
from registry.child.sections import completeness, sections_of
from registry.child.workflow import FILE
from visits.review.queue import DECIDERS, SHOWN, QueueItem, queue_of
from visits.visit.models import Visit
from visits.visit.presentation import visit_context
from visits.visit.workflow import VISIT


@dataclass(frozen=True)
class Kind:
    """One kind of case: its model, the permission to decide it, the moves; a change is decided field by field."""

    model: Any
    permission: str
    workflow: Workflow | None
    passing: str


REVIEW_KINDS = {
    "file": Kind(ChildFile, "approve_child", FILE, "approve"),
    "visit": Kind(Visit, "accept_visit", VISIT, "accept"),
    "change": Kind(Change, "approve_change", None, "approve"),
}


@needs(*DECIDERS)
def review(request, kind="", pk=None):
    """The queue and one case: the one asked for, else the most urgent."""
    queue = queue_of(request.post)
    current = next((item for item in queue if item.kind == kind and item.pk == pk), None)
    if pk and current is None:
        messages.info(request, _("这一条已不在待审核里，可能刚被他人处理。"))
        return redirect("review")
    current = current or (queue[0] if queue else None)
    return render(request, "visits/review/review.html", _desk(request, queue, current))


@needs(*DECIDERS)
@require_POST
def decide(request, kind, pk, action):
    """Pass or return one case as it stood on the screen; then the next one in the queue."""
    found = REVIEW_KINDS.get(kind)
    if found is None or action not in (found.passing, "return", "undo"):
        raise Http404
    record = _record(request.post, found, pk)
    queue = queue_of(request.post)
    after = _next_after(queue, kind, record.pk)
    try:
        _apply(request, found, record, action)
    except Refused as refusal:
        return _show_refusal(request, kind, record, refusal)
    except ValidationError as error:
        return _show_refusal(request, kind, record, Refused("；".join(chain(*error.message_dict.values()))))
    if action == "undo":
        messages.info(request, _("已撤销，%(name)s回到待审核。") % {"name": _child_of(record).name})
        return redirect("review-case", kind, record.pk)
    _remember(request, kind, record)
    messages.success(request, _done_words(kind, action, record))
    if kind == "change" and record.state == "submitted":  # some fields are still to be decided
        return redirect("review-case", kind, record.pk)
    return redirect(after or reverse("review"))


def _apply(request, kind: Kind, record, action: str) -> None:
    given = {"by": request.post, "seen_version": seen_version(request.POST.get("version"))}
    reason = request.POST.get("reason", "")
    if kind.workflow is not None:
        if action == "undo":
            kind.workflow.undo(record, **given)
        else:
            kind.workflow.apply(action, record, reason=reason, **given)
    elif action == "undo":
        undo_decision(record, **given)
    elif action == "return":
        return_change(record, reason=reason, names=_ticked_fields(request), **given)
    else:
        approve_change(record, names=_ticked_fields(request), settle=_values_on_screen(request, record), **given)


def _ticked_fields(request) -> list[str] | None:
    """The fields that were ticked, those in conflict among them; all where the page had no ticks."""
    ticked = [*request.POST.getlist("field"), *request.POST.getlist("settle")]
    return ticked if ticked or request.POST.get("ticks") else None


def _values_on_screen(request, change: Change) -> dict:
    """For the conflicts that the reviewer settled: the file's value as it stood on her screen."""
    ticked = set(request.POST.getlist("settle"))
    if not ticked:
        return {}
    if request.POST.get("file_version") != str(change.child.version):
        raise Stale(_("档案刚被改过，请刷新后再看。"))
    content = content_of(change.child)
    return {name: to_json(content[name]) for name in ticked if name in content}


@needs("accept_visit")
@require_POST
def accept_many(request):
    """Accept the visits that stood on the screen and that no rule flagged; the others are named and left."""
    shown = request.POST.getlist("visit")[:SHOWN]
    versions = seen_versions(shown)
    found = Visit.objects.visible_to(request.post, "accept_visit").select_related("child")
    done, left = 0, []
    for visit in found.filter(pk__in=versions):
        try:
            if visit.flags:
                raise Refused(_("有异常，须打开查看"))
            VISIT.apply("accept", visit, by=request.post, seen_version=versions[visit.pk])
            done += 1
        except Refused as refusal:
            left.append(f"{visit.child.name}：{refusal}")
    if done:
        messages.success(
            request, ngettext("已通过 %(n)s 条无异常的走访。", "已通过 %(n)s 条无异常的走访。", done) % {"n": done}
        )
    for line in left:
        messages.warning(request, _("没有通过 %(line)s") % {"line": line})
    return redirect("review")


def _desk(request, queue: list[QueueItem], current: QueueItem | None) -> dict:
    plain_ones = [i for i in queue if i.kind == "visit" and not i.flags and not i.own]
    asked = request.resolver_match.url_name != "review"
    context = {
        "queue": queue,
        "current": current,
        "plain": plain_ones,
        "asked": asked,
        "may_accept": request.post.holds("accept_visit"),
        "undo": _last_decision(request),
    }
    if current is None:
        return context
    record, position = current.record, queue.index(current)
    context["next_url"] = queue[position + 1].url if position + 1 < len(queue) else ""
    context["previous_url"] = queue[position - 1].url if position else ""
    context["may_decide"] = not current.own
    context["pass_action"] = REVIEW_KINDS[current.kind].passing
    context["events"] = list(record.events.select_related("person", "post__unit"))
    return context | CASES[current.kind](request, record)


def _visit_case(request, visit: Visit) -> dict:
    record_act(request.post, "view_visit", visit)
    return {"case": visit_context(request, visit)}


def _file_case(request, file: ChildFile) -> dict:
    record_act(request.post, "view_file", file)
    sections = sections_of(file)
    return {"sections": sections, "complete": completeness(sections), "memberships": file.memberships.all()}


def _change_case(request, change: Change) -> dict:
    """What changed on top, the whole file around it below."""
    record_act(request.post, "view_change", change, child=str(change.child_id))
    lines = lines_of(change, content_of(change.child))
    return {
        "lines": lines,
        "origins": origins_of(change, request.post),
        "returned_column": any(line.returned for line in lines),
        "conflicts": [line for line in lines if line.conflict],
        "sections": sections_of(change.child),
    }


CASES: dict[str, Callable[..., dict]] = {"visit": _visit_case, "file": _file_case, "change": _change_case}


def _show_refusal(request, kind: str, record, refusal: Refused):
    """The case again with what was wrong; or the queue, where it is no longer there."""
    queue = queue_of(request.post)
    current = next((item for item in queue if item.kind == kind and item.pk == record.pk), None)
    if current is None:
        messages.error(request, str(refusal))
        return redirect("review")
    context = _desk(request, queue, current) | {"problem": str(refusal), "reason": request.POST.get("reason", "")}
    return render(request, "visits/review/review.html", context, status=409 if isinstance(refusal, Stale) else 422)


def _record(post, kind: Kind, pk):
    """The case, if the post decides it."""
    records = kind.model.objects.select_related("made_in__unit")
    return get_object_or_404(decided_by(post, records, kind.permission), pk=pk)


def _remember(request, kind: str, record) -> None:
    """The decisions of this sitting, so that the last can be taken back."""
    decided = request.session.get("decided", [])[-49:]
    line = {"kind": kind, "pk": str(record.pk), "version": record.version, "name": _child_of(record).name}
    request.session["decided"] = [*decided, line]


def _last_decision(request) -> dict | None:
    """The last decision of this sitting that nobody went on from since."""
    decided = request.session.get("decided", [])
    while decided:
        last = decided[-1]
        kind = REVIEW_KINDS[last["kind"]]
        record = kind.model.objects.filter(pk=last["pk"], version=last["version"]).first()
        event = record.events.last() if record else None
        if event and event.person_id == request.post.person_id and event.action in (kind.passing, "return"):
            return last | {"action": event.action}
        decided = decided[:-1]
        request.session["decided"] = decided
    return None


def _child_of(record) -> ChildFile:
    return record if isinstance(record, ChildFile) else record.child


def _next_after(queue, kind, pk) -> str:
    positions = [n for n, item in enumerate(queue) if item.kind == kind and item.pk == pk]
    if not positions:
        return ""
    following = list(chain(queue[positions[0] + 1 :], queue[: positions[0]]))
    return following[0].url if following else ""


def _done_words(kind, action, record) -> str:
    name = _child_of(record).name
    if action == "return":
        return _("已退回%(name)s，儿童福利主任会看到您写的原因。") % {"name": name}
    if kind == "file":
        return _("%(name)s已建档，档案号 %(number)s。") % {"name": name, "number": record.file_number}
    if kind == "change":
        return _("%(name)s的变更已通过，已写入档案。") % {"name": name}
    return _("已通过%(name)s的走访。") % {"name": name}
