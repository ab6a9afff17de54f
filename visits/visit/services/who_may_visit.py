"""Who may send a visit to whom, and for which days: who has the child, hosts it, or had it before."""

import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from childwelfare.text.days import short_day
from childwelfare.workflow.refusals import Refused
from orgs.access.scope import ScopedQuerySet
from orgs.posts.models import Appointment
from registry.child.models import ChildFile, ChildFileQuerySet
from registry.periods.models import PastPeriod
from registry.stays.models import Stay, StayQuerySet

Time = tuple[datetime.date, datetime.date]  # the first and the last day


def periods_before_moving(post: Appointment) -> ScopedQuerySet:
    """Times of children who were in this post's care and were handed on; see ``check_may_visit``."""
    return PastPeriod.objects.visible_to(post, "log_visit").filter(ended_by="moved")


def stays_over(post: Appointment) -> StayQuerySet:
    """Stays of children whom this post's village visited and who are back; see ``check_may_visit``."""
    return Stay.objects.visible_to(post, "log_visit").filter(begun_on__isnull=False, ended_on__isnull=False)


def children_to_visit(by: Appointment) -> ChildFileQuerySet:
    """Whom ``by`` may send a visit to: those in her care or staying there, and those who were, for visits made then."""
    moved, back = periods_before_moving(by).values("child"), stays_over(by).values("child")
    before = ChildFile.objects.filter(pk__in=moved) | ChildFile.objects.filter(pk__in=back)
    return ChildFile.objects.open_to(by, "log_visit") | before


def why_not_visited(child: ChildFile) -> str:
    """Why no visit to ``child`` is recorded, whose file is not ``is_to_visit``; names what to do first."""
    if child.approved_on is None:
        return _("%(name)s的档案还没有送到工作站，送出以后就可以记录走访。") % {"name": child.name}
    return _("%(name)s的档案不在册，不能记录走访。") % {"name": child.name}


def check_may_visit(by: Appointment, child: ChildFile, visited_on: datetime.date | None) -> None:
    """Raises PermissionDenied, Refused or ValidationError where ``by`` may not send a visit of that day."""
    if not by.may("log_visit", child):
        _hosts_or_had_the_child(by, child, visited_on)


def _hosts_or_had_the_child(by: Appointment, child: ChildFile, visited_on: datetime.date | None) -> None:
    """A child who stays where ``by`` works is visited from the first day there on."""
    stays = [stay for stay in child.stays.in_force() if by.may("log_visit", stay)]
    if not stays:
        return _had_the_child(by, child, visited_on)
    if visited_on and visited_on < stays[0].since and not _had_on(visited_on, by, child):
        text = _("孩子 %(day)s 才来这里暂住，之前的走访由档案所在地记录。")
        raise ValidationError({"visited_on": [text % {"day": short_day(stays[0].since)}]})


def _had_on(day: datetime.date, by: Appointment, child: ChildFile) -> bool:
    """Whether ``by`` held her post and had the child, or hosted it, on ``day``."""
    if day < by.valid_from:
        return False
    files = child.with_merged()
    times = [*_times_kept(by, files), *_times_merged(by, files), *_times_hosted(by, files)]
    return any(since <= day <= until for since, until in times)


def _times_kept(by: Appointment, files: list[ChildFile]) -> list[Time]:
    """When ``by`` kept a file that was handed on since: also before it was closed and taken in again there."""
    periods = PastPeriod.objects.visible_to(by, "log_visit").filter(child__in=files)
    if not periods.filter(ended_by="moved").exists():
        return []
    return [(period.since, period.until) for period in periods.order_by("until")]


def _times_merged(by: Appointment, files: list[ChildFile]) -> list[Time]:
    """When ``by`` kept a file of its own that was merged into this one since."""
    _this, *merged = files
    kept = [file for file in merged if by.may("log_visit", file)]
    return [(file.begun_on, file.closed_on) for file in kept if file.begun_on and file.closed_on]


def _times_hosted(by: Appointment, files: list[ChildFile]) -> list[Time]:
    """Stays where ``by`` works that are over."""
    stays = stays_over(by).filter(child__in=files).order_by("ended_on")
    return [(stay.begun_on, stay.ended_on) for stay in stays if stay.begun_on and stay.ended_on]


def _had_the_child(by: Appointment, child: ChildFile, visited_on: datetime.date | None) -> None:
    """A visit that comes in after the child was handed on counts if it was made before, by who had the child then.

    A phone may lie without a signal for days: what was done is not lost, and is never written as done by others.
    """
    if visited_on and _had_on(visited_on, by, child):
        return
    place, files = child.village.path_label, child.with_merged()
    if kept := _times_kept(by, files):
        text = _("这个孩子已于 %(day)s 转到%(place)s，那天以后的走访由那里记录。如果走访在转出之前，请核对走访日期。")
        raise Refused(text % {"day": short_day(kept[-1][1]), "place": place})
    if merged := _times_merged(by, files):
        text = _("这份档案已并入%(place)s的另一份，%(day)s 以后的走访由那里记录。如果走访在那之前，请核对走访日期。")
        raise Refused(text % {"day": short_day(max(until for _since, until in merged)), "place": place})
    if hosted := _times_hosted(by, files):
        raise Refused(
            _("这个孩子的临时居住已于 %(day)s 结束，那天以后的走访由%(place)s记录。如果走访在那之前，请核对走访日期。")
            % {"day": short_day(hosted[-1][1]), "place": place}
        )
    raise PermissionDenied
