"""What the moves of a stay come to and what follows from them. The table is ``registry.stays.workflow``.

Every move is made with the child's file held, before the stay: as all acts that write both hold them.
"""

import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.text.language import kept_for_others
from childwelfare.workflow.outcomes import Attempt, Outcome
from childwelfare.workflow.refusals import Refused
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from orgs.stale_figures.services import mark_figures_stale
from registry.child.built_on import built_since
from registry.child.models import ChildFile
from registry.child.services.locking import lock_whole_file
from registry.signals import child_stays
from registry.stays.models import Stay, StayEnd, StayEvent, StayState
from registry.stays.workflow import STAY, FileGone


@STAY.lock
def _lock_file(stay: Stay) -> None:
    stay.child = lock_whole_file(stay.child_id)
    here = Stay.objects.select_for_update().get(pk=stay.pk)
    stay.state, stay.begun_on = here.state, here.begun_on


@STAY.outcome("begin")
def _begin(stay: Stay, _attempt: Attempt) -> Outcome:
    return Outcome(columns={"begun_on": first_day(stay, stay.since)})


@STAY.outcome("end")
def _end_by_a_station(stay: Stay, attempt: Attempt) -> Outcome:
    side = StayEnd.HOME if attempt.by.may("stay_child", stay.child) else StayEnd.HOST
    return _ended(stay, side, timezone.localdate(), attempt.reason)


@STAY.outcome("expire")
def _end_by_its_day(stay: Stay, _attempt: Attempt) -> Outcome:
    assert stay.until  # it has come
    return _ended(stay, StayEnd.UNTIL, stay.until)


@STAY.outcome("end_with_file")
def _end_with_file(stay: Stay, attempt: Attempt) -> Outcome:
    return _ended(stay, attempt.payload.how, attempt.payload.on)


def _ended(stay: Stay, how: StayEnd, day: datetime.date, reason: str = "") -> Outcome:
    ended_on = max(day, stay.begun_on) if stay.begun_on else day
    return Outcome(columns={"ended_on": ended_on, "ended_by": how, "end_reason": reason})


@STAY.effect("begin")
def hand_over_visits(stay: Stay, _event: StayEvent, _payload: None) -> None:
    """From its first day the host visits."""
    assert stay.begun_on  # it has begun
    child_stays.send(ChildFile, child=stay.child, on=stay.begun_on)
    _mark_figures_stale(stay, stay.begun_on)


@STAY.effect("end")
def _record_end(stay: Stay, event: StayEvent, _payload: None) -> None:
    _mark_figures_stale(stay, timezone.localdate())
    add_file_event(stay, "stay_end", event.post, event.reason)
    record_act(event.post, "end_stay", stay.child, stay=str(stay.pk), side=stay.ended_by)
    child_stays.send(ChildFile, child=stay.child, on=stay.ended_on)


@STAY.undo_check("end")
def _nothing_since(stay: Stay, event: StayEvent) -> None:
    """What was done with the child since then was done by who had it to visit since then."""
    last = stay.child.events.last()
    if last is None or last.action != "stay_end" or last.at < event.at or built_since(stay.child, event.at):
        raise Refused(_("结束之后档案又有了新的记录，不能再撤销。孩子还在那里住的，请重新登记临时居住。"))
    if stay.village.valid_to:
        raise Refused(_("“%(village)s”已停用，不能再撤销。") % {"village": stay.village.path_label})


@STAY.undo_effect("end")
def _take_end_back(stay: Stay, event: StayEvent) -> None:
    """As if it had not ended: the host has the child to visit, or will have from the day that was agreed."""
    ended_on = _forget_end(stay)
    _mark_figures_stale(stay, ended_on)
    add_file_event(stay, "stay_end_undone", event.post, "")
    record_act(event.post, "undo_end_stay", stay.child, stay=str(stay.pk))
    child_stays.send(ChildFile, child=stay.child, on=ended_on)
    follow_the_calendar(stay, timezone.localdate())


@STAY.effect("expire")
def _record_expiry(stay: Stay, event: StayEvent, _payload: None) -> None:
    """By nobody: the trail names no post, the file's events the one that had registered it."""
    assert stay.until  # it has come
    _mark_figures_stale(stay, stay.until)
    with kept_for_others():
        add_file_event(stay, "stay_end", event.post, _("到期，登记时约定的日期"))
    record_act(None, "end_stay", stay.child, stay=str(stay.pk), side=stay.ended_by)
    child_stays.send(ChildFile, child=stay.child, on=stay.until)


@STAY.effect("end_with_file")
def _record_end_with_file(stay: Stay, event: StayEvent, gone: FileGone) -> None:
    """The act that ended the file tells the file's readers and the concepts above itself."""
    _mark_figures_stale(stay, gone.on)
    record_act(event.post, "end_stay", stay.child, stay=str(stay.pk), side=stay.ended_by)


@STAY.undo_effect("end_with_file")
def _go_on(stay: Stay, event: StayEvent) -> None:
    """The closing of the file was taken back: the stay goes on as if it had not ended."""
    _mark_figures_stale(stay, _forget_end(stay))
    record_act(event.post, "undo_end_stay", stay.child, stay=str(stay.pk))
    follow_the_calendar(stay, timezone.localdate())


def follow_the_calendar(stay: Stay, day: datetime.date) -> None:
    """Begin ``stay`` if its first day has come by ``day``, end it if its day of return has: each night, and where an
    end is taken back that the day changed under."""
    if stay.state == StayState.ANNOUNCED and stay.since <= day:
        STAY.follow("begin", stay, by=stay.made_in)
    if stay.state == StayState.RUNNING and stay.until and stay.until <= day:
        STAY.follow("expire", stay, by=stay.made_in)


def _forget_end(stay: Stay) -> datetime.date:
    """Gives the day on which it had ended."""
    ended_on = stay.ended_on
    assert ended_on  # it had ended
    Stay.objects.filter(pk=stay.pk).update(ended_on=None, ended_by="", end_reason="")
    stay.ended_on, stay.ended_by, stay.end_reason = None, "", ""
    return ended_on


def first_day(stay: Stay, day: datetime.date) -> datetime.date:
    """From which day the host visits: ``day``, but never before the child came into this registry's care here."""
    return max(day, stay.child.begun_on or day)


def add_file_event(stay: Stay, action: str, by: Appointment, words: str) -> None:
    """Tell it among the events of the child's file, which keeps its own state."""
    state = stay.child.state
    stay.child.events.create(action=action, was=state, now=state, person=by.person, post=by, reason=words)


def _mark_figures_stale(stay: Stay, day: datetime.date) -> None:
    for county in sorted({stay.county_id, stay.child.county_id}):
        mark_figures_stale(county, day)
