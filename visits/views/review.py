"""The station's desk: the queue left, the case right, two buttons and a reason."""

from itertools import chain

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from childwelfare.workflow import Refused, Stale
from orgs.access import needs
from orgs.services.audit import record_act
from registry.models import ChildFile
from registry.sections import completeness, sections_of
from registry.workflow import FILE
from visits.models import Visit
from visits.queue import SHOWN, queue_of
from visits.views.visit import visit_context
from visits.workflow import VISIT

KINDS = {"file": (ChildFile, FILE, "approve_child"), "visit": (Visit, VISIT, "accept_visit")}
PASSES = {"file": "approve", "visit": "accept"}


@needs("approve_child", "accept_visit")
def review(request, kind="", pk=None):
    """The queue and one case: the one asked for, else the most urgent."""
    queue = queue_of(request.post)
    current = next((item for item in queue if item["kind"] == kind and item["pk"] == pk), None)
    if pk and current is None:
        messages.info(request, _("这一条已不在待审核里，可能刚被他人处理。"))
        return redirect("review")
    current = current or (queue[0] if queue else None)
    return render(request, "visits/review.html", _desk(request, queue, current))


@needs("approve_child", "accept_visit")
@require_POST
def decide(request, kind, pk, action):
    """Pass or return one case as it stood on the screen; then the next one in the queue."""
    model, workflow, permission = KINDS.get(kind) or _nothing()
    if action not in (PASSES[kind], "return"):
        _nothing()
    record = get_object_or_404(model.objects.visible_to(request.post, permission), pk=pk)
    reason = request.POST.get("reason", "")
    queue = queue_of(request.post)
    after = _next_after(queue, kind, record.pk)
    try:
        workflow.apply(
            action, record, by=request.post, seen_version=_number(request.POST.get("version")), reason=reason
        )
    except Refused as refusal:
        queue = queue_of(request.post)
        current = next((item for item in queue if item["kind"] == kind and item["pk"] == record.pk), None)
        if current is None:
            messages.error(request, str(refusal))
            return redirect("review")
        context = _desk(request, queue, current) | {"problem": str(refusal), "reason": reason}
        return render(request, "visits/review.html", context, status=409 if isinstance(refusal, Stale) else 422)
    messages.success(request, _done_words(kind, action, record))
    return redirect(after or reverse("review"))


@needs("accept_visit")
@require_POST
def accept_many(request):
    """Accept the visits that stood on the screen and that no rule flagged; the others are named and left."""
    shown = request.POST.getlist("visit")[:SHOWN]
    pairs = dict(item.split(":", 1) for item in shown if ":" in item)
    found = Visit.objects.visible_to(request.post, "accept_visit").select_related("child")
    done, left = 0, []
    for visit in found.filter(pk__in=[pk for pk in pairs if _is_uuid(pk)]):
        try:
            if visit.flags:
                raise Refused(_("有异常，须打开查看"))
            VISIT.apply("accept", visit, by=request.post, seen_version=_number(pairs[str(visit.pk)]))
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


def _desk(request, queue: list[dict], current: dict | None) -> dict:
    plain = [i for i in queue if i["kind"] == "visit" and not i["flags"] and not i["own"]]
    asked = request.resolver_match.url_name != "review"
    context = {"queue": queue, "current": current, "plain": plain, "asked": asked}
    if current is None:
        return context
    record, position = current["record"], queue.index(current)
    context["next_url"] = queue[position + 1]["url"] if position + 1 < len(queue) else ""
    context["previous_url"] = queue[position - 1]["url"] if position else ""
    workflow = KINDS[current["kind"]][1]
    context["moves"] = workflow.open_to(request.post, record)
    context["pass_action"] = PASSES[current["kind"]]
    context["events"] = list(record.events.select_related("person", "post__unit"))
    if current["kind"] == "visit":
        record_act(request.post, "view_visit", record)
        return context | {"case": visit_context(request, record)}
    record_act(request.post, "view_file", record)
    sections = sections_of(record)
    return context | {"sections": sections, "complete": completeness(sections), "memberships": record.memberships.all()}


def _next_after(queue, kind, pk) -> str:
    positions = [n for n, item in enumerate(queue) if item["kind"] == kind and item["pk"] == pk]
    if not positions:
        return ""
    following = list(chain(queue[positions[0] + 1 :], queue[: positions[0]]))
    return following[0]["url"] if following else ""


def _done_words(kind, action, record) -> str:
    name = record.name if kind == "file" else record.child.name
    if action == "return":
        return _("已退回%(name)s，儿童福利主任会看到您写的原因。") % {"name": name}
    if kind == "file":
        return _("%(name)s已建档，档案号 %(number)s。") % {"name": name, "number": record.file_number}
    return _("已通过%(name)s的走访。") % {"name": name}


def _number(text) -> int:
    return int(text) if text and str(text).isdigit() else 0


def _is_uuid(text: str) -> bool:
    import uuid

    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def _nothing():
    raise Http404
