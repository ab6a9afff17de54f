"""What needs add to a child's page and to its line of time: what is open and with whom, a lane for each, what is next,
and what a closing would leave open."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.pages.components import Action, TimelineEntry
from childwelfare.tables.beginning import Beginning, beginning_of
from childwelfare.text.days import short_day
from childwelfare.text.words import Words
from orgs.access.requests import PostRequest
from orgs.posts.models import Appointment
from registry.child.left_open import LeftOpen
from registry.child.models import ChildFile, FileState
from registry.child.panels import Panel
from registry.needs.models import Need, NeedEvent, NeedState
from registry.needs.presentation import Hand, clock_of, hands_of, holder_in_words, marks_of, standing, story_of
from registry.needs.services.recording import may_be_recorded_for
from registry.timeline.lanes import Bar, Lane, Next, Part, Tick

SHOWN = 10
HANDS_SHOWN = 3
TOLD = ("holder", "owner__person", "person", "post__unit")  # of an event


@dataclass(frozen=True, kw_only=True)
class NeedsPanel(Panel):
    needs: Beginning[Need]
    left: int  # ended with an earlier closing, to be taken up again
    record_url: str


def needs_panel(request: PostRequest, file: ChildFile) -> NeedsPanel | None:
    """Open ones first, the most urgent of them on top. Two queries."""
    post = request.post
    if not post.may("view_need", file):
        return None
    today = timezone.localdate()
    needs: Beginning[Any] = Beginning(
        sorted(_of_child(post, file), key=lambda need: (need.state != NeedState.OPEN, need.due_on))
    )
    for need in needs:
        need.clock, need.held = clock_of(need, today), holder_in_words(need)
    open_ones = [need for need in needs if need.state == NeedState.OPEN]
    may_record = may_be_recorded_for(post, file)
    record_url = reverse("need-new", args=[file.pk]) if may_record else ""
    left = sum(need.state == NeedState.ENDED for need in needs) if file.state == FileState.APPROVED else 0
    return NeedsPanel(
        title=_("需求"),
        anchor="needs",
        count_label=_("%(n)s 件在办") % {"n": len(open_ones)},
        template="registry/needs/_panel.html",
        needs=Beginning(needs[:SHOWN], len(needs)),
        left=left,
        record_url=record_url,
        timeline=_entries(needs),
        action=Action(url=record_url, icon="plus-lg", label=_("记需求"), tone="plain") if may_record else None,
    )


def _of_child(post: Appointment, file: ChildFile) -> list[Need]:
    needs = Need.objects.open_to(post).filter(child=file).select_related("holder", "owner__person")
    return list(needs.order_by("-found_on", "-id")[:100])


def _entries(needs: Iterable[Need]) -> tuple[TimelineEntry, ...]:
    """Each move that stands, of each need: what is found is told on the day on which it was found."""
    by_key = {need.pk: need for need in needs}
    entries = []
    for key, events in _events_of(by_key.values()).items():
        need, lines = by_key[key], story_of(standing(events), ())
        for line in lines:
            entry = TimelineEntry(
                at=line.at,
                on=need.found_on if line is lines[-1] else line.on,
                title=_("%(move)s：%(kind)s") % {"move": line.title, "kind": need.get_kind_display()},
                note=_("；").join(filter(None, [f"{line.who} {line.where}".strip(), line.text])),
                url=reverse("need-detail", args=[need.pk]),
                kind="care",
            )
            entries.append(entry)
    return tuple(entries)


# --- the line of time


def need_lanes(post: Appointment, file: ChildFile, since: datetime.date, until: datetime.date) -> list[Lane]:
    """One lane a need that was open in these days: its bars by who held it, hatched until its last day. Two queries."""
    if not post.may("view_need", file):
        return []
    seen = Q(state=NeedState.OPEN) | Q(settled_on__gte=since)
    found = Need.objects.open_to(post).filter(seen, child=file, found_on__lte=until).exclude(state=NeedState.VOID)
    needs = list(found.select_related("holder", "owner__person").order_by("found_on", "id")[:30])
    events, marks = _events_of(needs), marks_of(needs)
    return [_lane(need, hands_of(need, standing(events[need.pk])), marks[need.pk]) for need in needs]


@dataclass(frozen=True)
class Passed:
    """One open need that went through several hands."""

    mark: str
    kind: Words
    url: str
    since: str
    hands: list[Hand]


@dataclass(frozen=True, kw_only=True)
class HandsPart(Part):
    needs: list[Passed]


def hands_part(request: PostRequest, file: ChildFile) -> HandsPart | None:
    """Through whose hands open needs went that went on from who found them. Two queries."""
    post = request.post
    if not post.may("view_need", file):
        return None
    needs = list(_open_of(post, file))
    events = _events_of(needs)
    marks, told = marks_of(needs), []
    for need in needs:
        hands = hands_of(need, standing(events[need.pk]))
        if len(hands) > 1:
            since = _("%(day)s发现") % {"day": short_day(need.found_on)}
            url = reverse("need-detail", args=[need.pk])
            told.append(Passed(marks[need.pk], need.get_kind_display(), url, since, hands))
    return HandsPart(template="registry/needs/_part.html", needs=told[:HANDS_SHOWN]) if told else None


def _events_of(needs: Collection[Need]) -> dict[Any, list[NeedEvent]]:
    events: dict[Any, list[NeedEvent]] = defaultdict(list)
    found = NeedEvent.objects.filter(record__in=list(needs)).select_related(*TOLD)
    for event in found if needs else ():
        events[event.record_id].append(event)
    return events


def _open_of(post: Appointment, file: ChildFile) -> QuerySet[Need]:
    """In the order in which they were found, as ``marks_of`` counts them."""
    needs = Need.objects.open_to(post).open().filter(child=file).select_related("holder", "owner__person")
    return needs.order_by("found_on", "id")[:30]


def _lane(need: Need, hands: list[Hand], mark: str) -> Lane:
    today, url = timezone.localdate(), reverse("need-detail", args=[need.pk])
    bars = [_bar(hand, url) for hand in hands]
    ticks: tuple[Tick, ...] = ()
    if need.state == NeedState.OPEN:
        if need.due_on > today:
            words = _("应在%(day)s前办结") % {"day": short_day(need.due_on)}
            bars.append(Bar(since=today, until=need.due_on, label="", title=words, is_to_come=True))
        clock = clock_of(need, today)
        is_late = need.due_on < today
        ticks = (Tick(on=need.due_on, label=clock.text if is_late else short_day(need.due_on), is_late=is_late),)
    return Lane(
        key=f"need-{need.pk}",
        label=need.get_kind_display(),
        note=str(need.get_system_display()),
        mark=mark,
        url=url,
        bars=tuple(bars),
        ticks=ticks,
    )


def _bar(hand: Hand, url: str) -> Bar:
    who = f"{hand.tier} {hand.who}".strip()
    words = {"unit": hand.unit, "who": hand.who, "span": hand.span, "n": hand.days}
    title = (_("%(unit)s %(who)s，%(span)s，%(n)s 天") if hand.days else _("%(unit)s %(who)s，%(span)s")) % words
    return Bar(since=hand.since, until=hand.until, label=who, title=title, tone=hand.tone, url=url)


def next_needs(post: Appointment, file: ChildFile) -> list[Next]:
    """What is open, by its last day. One query."""
    if not post.may("view_need", file):
        return []
    found = list(_open_of(post, file))
    marks = marks_of(found)
    return [
        Next(
            icon="bandaid",
            title=need.get_kind_display(),
            holder=holder_in_words(need),
            since=timezone.localdate(need.held_since),
            due_on=need.due_on,
            mark=marks[need.pk],
            url=reverse("need-detail", args=[need.pk]),
            action=_("去办") if need.holder_id in post.unit.own_keys else _("查看"),
        )
        for need in sorted(found, key=lambda need: need.due_on)
    ]


def needs_left_open(file: ChildFile) -> list[LeftOpen]:
    """What is open of the file now, and would end with it."""
    if file.state == FileState.APPROVED:
        needs, becomes = Need.objects.open().filter(child=file), _("随结案结束，结果记为“孩子已不在册”")
    else:
        needs = Need.objects.filter(child=file, state=NeedState.ENDED)
        becomes = _("已随结案结束；重新在册后可以重新办理")
    return [
        LeftOpen(
            _("需求“%(kind)s”") % {"kind": need.get_kind_display()}, becomes, reverse("need-detail", args=[need.pk])
        )
        for need in beginning_of(needs.order_by("due_on", "id"), 50)
    ]


# of the posts of a unit at once: what each has in hand
IN_HAND = Prefetch("needs_owned", Need.objects.open().only("owner_id"), to_attr="needs_in_hand")


def needs_of_post(post: Appointment) -> str:
    """What is told before a post ends. Asks nothing where it was fetched with the post (IN_HAND)."""
    held = getattr(post, "needs_in_hand", None)
    number = Need.objects.open().filter(owner=post).count() if held is None else len(held)
    if not number:
        return ""
    text = _("还有 %(n)s 条需求在他手上。离任后这些需求没有承办人，本单位没有别人在岗的升到上级。")
    return text % {"n": number}
