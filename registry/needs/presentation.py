"""What is shown of a need, to whom: the child it is about, its clock, and through whose hands it went."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from childwelfare.text.days import short_day
from childwelfare.text.masking import masked_name
from childwelfare.text.words import Words
from childwelfare.workflow.models import standing_events
from orgs.holidays.working_days import WorkingDays
from orgs.posts.models import Appointment
from registry.needs.codes import Outcome, Satisfaction
from registry.needs.deadlines import escalates_on
from registry.needs.models import Need, NeedEvent, NeedState, NeedStep
from registry.needs.tiers import tier_word, unit_above
from registry.needs.workflow import NEED
from registry.stays.models import may_open

MARKS = "①②③④⑤⑥⑦⑧⑨⑩"
SOON = 2  # days before the last one on which a clock warns


def child_name_for(post: Appointment, need: Need) -> str:
    """The child's name as ``post`` may read it: masked for who has no way into the file."""
    known = may_open(post, "view_child", need.child)
    return str(need.child.name if known else masked_name(need.child.name))


@dataclass(frozen=True)
class Clock:
    """How much time is left, in words; ``tone``: danger where it is over, warm where it is nearly."""

    text: str
    tone: str = ""


def clock_of(need: Need, on: datetime.date) -> Clock:
    if need.state != NeedState.OPEN:
        return Clock(str(need.get_outcome_display()))
    left = (need.due_on - on).days
    if left < 0:
        return Clock(ngettext("逾期 %(n)s 天", "逾期 %(n)s 天", -left) % {"n": -left}, "danger")
    if left == 0:
        return Clock(_("今天到期"), "warm")
    text = ngettext("还剩 %(n)s 天", "还剩 %(n)s 天", left) % {"n": left}
    return Clock(text, "warm" if left <= SOON else "")


def goes_up_in_words(need: Need, on: datetime.date, days: WorkingDays) -> str:
    """Of what is overdue: when it goes up by itself, and where to; blank where it does not."""
    above = unit_above(need) if need.state == NeedState.OPEN and need.due_on < on else None
    if above is None:
        return ""
    left = max((escalates_on(need.due_on, days) - on).days, 0)
    words = {"n": left, "unit": above.short_name}
    if not left:
        return _("下一个工作日早上升到%(unit)s") % words
    return ngettext("再过 %(n)s 天升到%(unit)s", "再过 %(n)s 天升到%(unit)s", left) % words


def holder_in_words(need: Need) -> str:
    """刘沟村 王秀兰; the unit alone where nobody took it."""
    who = need.owner.person.name if need.owner else ""
    return f"{need.holder.short_name} {who}".strip()


def ending_in_words(outcome: str, satisfaction: str) -> str:
    """部分解决；家庭：不满意; blank of what has not ended."""
    said = [str(Outcome(outcome).label)] if outcome else []
    if satisfaction:
        said.append(_("家庭：%(said)s") % {"said": Satisfaction(satisfaction).label})
    return _("；").join(said)


def ending_of(need: Need) -> str:
    """需求已办结（11月30日）：部分解决；家庭：不满意; blank while it is open."""
    if need.state == NeedState.OPEN or need.settled_on is None:
        return ""
    words = {"state": need.get_state_display(), "day": short_day(need.settled_on)}
    how = ending_in_words(need.outcome, need.satisfaction)
    return _("需求%(state)s（%(day)s）：%(how)s") % (words | {"how": how})


@dataclass
class Hand:
    """One unit that has the need, or had it, from ``since`` to ``until`` (None: now), in which it was ``who``'s."""

    level: int
    unit: str
    who: str
    since: datetime.date
    until: datetime.date | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def tier(self) -> str:
        return tier_word(self.level)

    @property
    def tone(self) -> str:
        return f"tier-{self.level}"

    @property
    def days(self) -> int:
        return ((self.until or timezone.localdate()) - self.since).days

    @property
    def note(self) -> str:
        return self.notes[-1] if self.notes else ""

    @property
    def span(self) -> str:
        if self.until is None:
            return _("%(day)s起") % {"day": short_day(self.since)}
        if self.until == self.since:
            return short_day(self.since)
        return f"{short_day(self.since)}—{short_day(self.until)}"


WHY_IT_WENT: dict[str, Words] = {
    "escalate": gettext_lazy("逾期没有办结，自动升级"),
    "pull_up": gettext_lazy("上级接过去办理"),
    "release": gettext_lazy("没有人在岗，升到上级"),
    "follow_child": gettext_lazy("随孩子转到新地方"),
}
EVENT_TITLES: dict[str, Words] = {
    "record": gettext_lazy("记录需求"),
    "undo": gettext_lazy("撤销办结"),
    "bring_in": gettext_lazy("从手机文件收进来"),
}


def marks_of(needs: Iterable[Need]) -> dict[Any, str]:
    """{need: ①…} of the open ones, in the order in which they were found: the same sign on lane, list and plan."""
    open_ones = sorted((need for need in needs if need.state == NeedState.OPEN), key=lambda n: (n.found_on, str(n.pk)))
    marks = dict.fromkeys((need.pk for need in needs), "")
    return marks | {need.pk: mark for need, mark in zip(open_ones, MARKS, strict=False)}


def hands_of(need: Need, events: Iterable[NeedEvent]) -> list[Hand]:
    """Through whose hands it went, oldest first; ``events`` in their order, with holder and owner. What was settled
    ends there."""
    hands: list[Hand] = []
    held: int | None = None
    for event in events:
        day, owner = timezone.localdate(event.at), event.owner
        if event.holder and event.holder_id != held:
            if hands:
                hands[-1].until = day
                why = event.reason or str(WHY_IT_WENT.get(event.action, ""))
                hands[-1].notes += [why] if why else []
            hands.append(Hand(event.holder.level, event.holder.short_name, "", day))
            held = event.holder_id
        if hands and owner:
            hands[-1].who = owner.person.name
        elif hands and event.action == "release":
            hands[-1].who = ""
        if hands:
            hands[-1].until = None if event.now == NeedState.OPEN else day
    return hands


@dataclass(frozen=True)
class Line:
    """One line of what happened: an event or a step."""

    at: datetime.datetime
    on: datetime.date
    title: Words
    who: str
    where: str
    text: str = ""
    is_step: bool = False

    @property
    def when(self) -> str:
        return short_day(self.on)


def title_of(event: NeedEvent) -> Words:
    """The event as a page names it."""
    move = NEED.transitions.get(event.action)
    return EVENT_TITLES.get(event.action) or (move.label if move else event.action)


def story_of(events: Iterable[NeedEvent], steps: Iterable[NeedStep]) -> list[Line]:
    """Events and steps together, the newest first; a settling's words stand with it."""
    lines, due_on = [], None
    for event in events:
        lines.append(_line_of(event, due_on))
        due_on = event.due_on or due_on
    lines += [
        Line(step.made_at, step.done_on, step.get_service_display(), step.made_by.name,
             step.made_in.unit.short_name, step.text, is_step=True)
        for step in steps
    ]  # fmt: skip
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _line_of(event: NeedEvent, due_before: datetime.date | None) -> Line:
    said = [event.reason_in_words]
    if event.outcome:
        said.append(str(event.get_outcome_display()))
    if event.satisfaction:
        said.append(_("家庭：%(said)s") % {"said": event.get_satisfaction_display()})
    if event.action == "move_due" and due_before and event.due_on:
        said.append(_("由%(was)s改到%(now)s") % {"was": short_day(due_before), "now": short_day(event.due_on)})
    elif event.now == NeedState.OPEN and event.due_on and event.due_on != due_before:
        said.append(_("%(day)s前办结") % {"day": short_day(event.due_on)})
    where = event.holder.short_name if event.holder else ""
    return Line(
        event.at,
        timezone.localdate(event.at),
        title_of(event),
        event.person.name if event.person else _("系统按日期自动"),
        event.post.unit.short_name if event.post else where,
        _("；").join(filter(None, said)),
    )


def standing(events: Iterable[NeedEvent]) -> list[NeedEvent]:
    """Without what was taken back: for the chain of hands."""
    return standing_events(events)
