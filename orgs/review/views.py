"""The desk: the queue left, the case right, two buttons and a reason; the last decision can be taken back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from childwelfare.workflow.models import standing_events
from childwelfare.workflow.refusals import Refused, Stale
from childwelfare.workflow.transitions import seen_version, seen_versions
from childwelfare.workflow.writers import WRITTEN_BY_ONESELF, last_writer
from orgs.access.declarations import needs_one_of
from orgs.audit.readings import note_reading
from orgs.review.kinds import DECIDERS, DECIDERS_IN_BULK, READ_ON_THE_DESK, REVIEW_KINDS, UNDO, ReviewKind
from orgs.review.narrowing import Narrowing
from orgs.review.queue import SHOWN, QueueItem, queue_of, waits_in_all
from orgs.review.reasons import reasons_of

PAGE = "orgs/review/review.html"


@needs_one_of(DECIDERS, reads=READ_ON_THE_DESK)
def review(request, kind="", pk=None):
    """The queue and one case: the one asked for, else the most urgent. The trail says that the case was read."""
    queue = queue_of(request.post, kind, pk)
    current = _find(queue, kind, pk)
    if pk and current is None:
        messages.info(request, _why_not_waiting(request.post, kind, pk))
        return redirect(reverse("review") + Narrowing.of(request).query)
    return _desk(request, queue, current)


@needs_one_of(DECIDERS, reads=READ_ON_THE_DESK)
@require_POST
def decide(request, kind, pk, action):
    """Pass or return one case as it stood on the screen; then the next one in the queue."""
    review_kind = REVIEW_KINDS.get(kind)
    if review_kind is None or action not in review_kind.actions:
        raise Http404
    record = get_object_or_404(review_kind.decided_by(request.post), pk=pk)
    narrowing = Narrowing.of(request)
    # read before the move, after which the place of the case in it were gone; what is taken back is itself the next
    queue = None if action == UNDO else queue_of(request.post, kind, record.pk)
    after = _next_after(narrowing.among(queue, kind, record.pk), kind, record.pk) if queue else None
    try:
        review_kind.apply(
            record,
            action,
            by=request.post,
            seen_version=seen_version(request.POST.get("version")),
            reason=request.POST.get("reason", ""),
            payload=review_kind.payload_of_form(request.POST, record, action),
        )
    except (Refused, ValidationError) as error:
        return _show_refusal(request, kind, record, error, queue)
    name = review_kind.name_of(record)
    if action == UNDO:
        messages.info(request, _("已撤销，%(name)s回到待审核。") % {"name": name})
        return redirect(reverse("review-case", args=[kind, record.pk]) + narrowing.query)
    _remember(request, review_kind, [record])
    if action == review_kind.returning:
        words = {"action": review_kind.returning_label, "name": name, "writer": last_writer(record).name}
        messages.success(request, _("已%(action)s%(name)s，%(writer)s会看到您写的原因。") % words)
    else:
        messages.success(request, review_kind.done_words(record))
    if not review_kind.is_passed(record):
        return redirect(reverse("review-case", args=[kind, record.pk]) + narrowing.query)
    return redirect((after or reverse("review")) + narrowing.query)


@needs_one_of(DECIDERS_IN_BULK)
@require_POST
def accept_many(request):
    """Pass the records that stood on the screen and that no rule flagged; the others are named and left. With ``undo``
    take back those that were passed together."""
    is_undo = "undo" in request.POST
    for kind in REVIEW_KINDS.values():
        if kind.in_bulk and (versions := seen_versions(request.POST.getlist(kind.key)[:SHOWN])):
            done = _apply_to_many(request, kind, UNDO if is_undo else kind.passing, versions)
            if done and is_undo:
                messages.info(request, _("已撤销 %(n)s 条，都回到待审核。") % {"n": len(done)})
            elif done:
                messages.success(request, kind.in_bulk.done(len(done)))
                _remember(request, kind, done)
    return redirect(reverse("review") + Narrowing.of(request).query)


def _apply_to_many(request, kind: ReviewKind, action: str, versions: dict) -> list:
    """The records to which it was done; the others are named in messages."""
    assert kind.in_bulk
    done, left = [], []
    records = kind.narrowed(kind.model.objects.visible_to(request.post, kind.permission))
    for record in kind.fetched(records).filter(pk__in=versions):
        try:
            if action == kind.passing and (objection := kind.in_bulk.objection(record)):
                raise Refused(objection)
            kind.apply(record, action, by=request.post, seen_version=versions[record.pk])
            done.append(record)
        except (Refused, ValidationError) as error:
            left.append(_("%(what)s：%(why)s") % {"what": kind.name_of(record), "why": _words_of(error)})
    for line in left:
        messages.warning(request, _("没有%(action)s %(line)s") % {"action": kind.label_of(action), "line": line})
    return done


def _desk(request, queue: list[QueueItem], current: QueueItem | None, *, status: int = 200, **more):
    """The page of the desk, in the template of the case's kind: that of ``current``, else the first in the queue."""
    narrowing = Narrowing.of(request)
    every, queue = queue, narrowing.among(queue, *((current.kind, current.pk) if current else ()))
    current = current or (queue[0] if queue else None)
    waits = waits_in_all(request.post, every)
    to_decide = [item for item in queue if not item.own]
    context = {
        "narrowing": narrowing.choices(every),
        "narrowed": narrowing.query,
        "queue": queue,
        "waits": waits,
        "number": len(to_decide) if narrowing.query else waits,
        "left_out": waits - sum(not item.own for item in every),
        "own": sum(item.own for item in queue),
        "current": current,
        "in_bulk": [] if current is None else _in_bulk(request.post, queue),
        "asked": request.resolver_match.url_name != "review",
        "undo": _last_decision(request),
    }
    if current is None:
        kinds = [str(kind.label) for kind in REVIEW_KINDS.values() if any(map(request.post.holds, kind.permissions))]
        return render(request, PAGE, context | {"kinds": _("、").join(kinds)} | more, status=status)
    kind, record, position = current.of, current.record, queue.index(current)
    note_reading(request, act="read_list", rows=len(queue))
    note_reading(request, record, act=kind.reads)
    context |= {
        "kind": kind,
        "next_url": _next_url(queue, current),
        "previous_url": queue[position - 1].url if position else "",
        "position": 0 if current.own else to_decide.index(current) + 1,
        "may_decide": bool(current.actions),
        "barred": WRITTEN_BY_ONESELF,
        "reasons": "|".join(reasons_of(kind, request.post)),
        "events": standing_events(_events_of(record)),
    }
    return render(request, kind.template, context | kind.case(request, record) | more, status=status)


def _events_of(record) -> list:
    """What happened to it, with whom. Who made it is mostly among them, and so not asked for again."""
    events = record._meta.get_field("events").related_model.objects.select_related("person")
    prefetch_related_objects([record], Prefetch("events", events))  # not where its kind has fetched them
    maker = next((event.person for event in record.events.all() if event.person_id == record.made_by_id), None)
    if maker:
        record.made_by = maker
    return list(record.events.all())


def _in_bulk(post, queue: list[QueueItem]) -> list[dict]:
    """For each kind that passes in bulk what of it does: the words of its button and the records."""
    found = []
    for kind in REVIEW_KINDS.values():
        items = [item for item in queue if item.of is kind and item.is_plain]
        if items and kind.in_bulk and post.holds(kind.permission):
            words = {"button": kind.in_bulk.button(len(items)), "question": kind.in_bulk.question(len(items))}
            found.append({"kind": kind.key, "items": items} | words)
    return found


def _words_of(error: Refused | ValidationError) -> str:
    return "；".join(error.messages) if isinstance(error, ValidationError) else str(error)


def _show_refusal(request, kind: str, record, error: Refused | ValidationError, queue: list[QueueItem] | None):
    """The case again with what was wrong and the reason that was typed; both alone, where it no longer waits. ``queue``
    as it was read just before, which still holds unless somebody else moved the case."""
    if queue is None or isinstance(error, Stale):
        queue = queue_of(request.post, kind, record.pk)
    current = _find(queue, kind, record.pk)
    said = {"problem": _words_of(error), "reason": request.POST.get("reason", "")}
    if current is None:
        # nobody else's case beside it: words about one would be read as about the other
        said |= {"gone": REVIEW_KINDS[kind].name_of(record), "waits": waits_in_all(request.post, queue)}
        return render(request, PAGE, said, status=409)
    return _desk(request, queue, current, status=409 if isinstance(error, Stale) else 422, **said)


def _why_not_waiting(post, kind: str, pk) -> str:
    """That it does not wait for a decision, and who did what last, where ``post`` decides such records there."""
    gone, review_kind = Stale(_("这一条已不在待审核里。")), REVIEW_KINDS.get(kind)
    record = review_kind.decided_by(post).filter(pk=pk).first() if review_kind else None
    if review_kind is None or record is None:
        return str(gone)
    moves = review_kind.workflow
    return str(moves.naming_last_move(gone, record, moves.transitions[review_kind.passing].source))


def _find(queue: list[QueueItem], kind: str, pk) -> QueueItem | None:
    return next((item for item in queue if item.kind == kind and item.pk == pk), None)


def _remember(request, kind: ReviewKind, records: list) -> None:
    """The decisions of this sitting, so that the last can be taken back; what was passed together is one of them."""
    decided = request.session.get("decided", [])[-49:]
    first = records[0]
    line = {"kind": kind.key, "pk": str(first.pk), "version": first.version, "name": kind.name_of(first)}
    if len(records) > 1:
        line["together"] = [f"{record.pk}:{record.version}" for record in records]
    request.session["decided"] = [*decided, line]


def _last_decision(request) -> dict | None:
    """The last decision of this sitting that nobody went on from since."""
    decided = request.session.get("decided", [])
    while decided:
        last = decided[-1]
        kind = REVIEW_KINDS.get(last["kind"])
        record = kind and kind.model.objects.filter(pk=last["pk"], version=last["version"]).first()
        event = record.events.last() if record else None
        is_decision = kind is not None and event is not None and event.action in (kind.passing, kind.returning)
        if kind and record and event and is_decision and kind.workflow.may_undo(request.post, record):
            return last | {"action": kind.label_of(event.action), "label": kind.label}
        decided = decided[:-1]
        request.session["decided"] = decided
    return None


def _next_url(queue: list[QueueItem], current: QueueItem) -> str:
    """The one below it; after the last none, but where that one was not of the queue: then the queue's first."""
    below = queue[queue.index(current) + 1 :]
    if current.is_beyond:
        below += queue[:1]
    return next((item.url for item in below if item is not current), "")


def _next_after(queue: list[QueueItem], kind: str, pk) -> str:
    current = _find(queue, kind, pk)
    if current is None:
        return ""
    position = queue.index(current)
    following = [*queue[position + 1 :], *queue[:position]]
    return following[0].url if following else ""
