"""The days by which a period is reported: those that the city wrote down, and how one period's are moved."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from childwelfare.text.cleaning import check_texts
from childwelfare.text.days import short_day
from childwelfare.workflow.refusals import Refused, Stale
from childwelfare.workflow.writing import claim
from orgs.audit.services import record_act
from orgs.holidays.following import CalendarChange, first_working
from orgs.holidays.working_days import WorkingDays
from orgs.posts.models import Appointment
from orgs.units.models import OrgUnit
from reports.periods.deadlines import (
    DEFAULT_DAYS,
    LATEST_DAY,
    LATEST_MOVED,
    Deadlines,
    after_below,
    are_apart,
    deadlines_after,
)
from reports.periods.models import DeadlineRule, ReportingPeriod, first_day_to_come

REASON_LONGEST = 200  # characters, of why the days of a period are moved


def days_of(root: OrgUnit) -> dict[str, int]:
    """{tier or "locks": how many days after a period's end}, as they hold for periods that are opened from now on."""
    rule = DeadlineRule.objects.filter(root=root).first()
    return rule.days if rule else dict(DEFAULT_DAYS)


def rule_of(period: ReportingPeriod) -> dict[str, int]:
    """As ``days_of``, by the rule that held when ``period`` was opened."""
    return period.days or days_of(period.root)


def set_days(root: OrgUnit, days: Mapping[str, int], *, by: Appointment, seen_version: int) -> DeadlineRule:
    """Write down the days for periods that are opened from now on. ``seen_version``: of the rule on the screen, 0 where
    there was none. Raises ValidationError by tier, Stale."""
    if not by.may("manage_periods", root):
        raise PermissionDenied
    _refuse_unordered(days)
    stale = Stale(_("您打开以后，期限有人改过，请重新打开再看。"))
    try:
        return _write_days(root, days, by=by, seen_version=seen_version, stale=stale)
    except IntegrityError:  # two wrote the first rule at once: there is no row yet that one could hold
        raise stale from None


def _write_days(
    root: OrgUnit, days: Mapping[str, int], *, by: Appointment, seen_version: int, stale: Stale
) -> DeadlineRule:
    with transaction.atomic():
        rule = DeadlineRule.objects.select_for_update().filter(root=root).first()
        if (rule.version if rule else 0) != seen_version:
            raise stale
        rule = rule or DeadlineRule(root=root, version=0)
        for name in DEFAULT_DAYS:
            setattr(rule, name, days[name])
        rule.version += 1
        rule.save()
        told: dict[str, Any] = {name: days[name] for name in DEFAULT_DAYS}
        record_act(by, "set_deadlines", rule, unit=root, **told)
    return rule


def move_deadlines(
    period: ReportingPeriod, deadlines: Deadlines, *, by: Appointment, seen_version: int, reason: str
) -> None:
    """Give one open period later working days: those that units were told of are not taken back. Raises Refused where
    it is locked, ValidationError by tier, Stale."""
    if not by.may("manage_periods", period.root):
        raise PermissionDenied
    reason = check_texts({"reason": reason})["reason"]
    if not reason:
        raise ValidationError({"reason": [_("请写明为什么调整。")]})
    if period.is_locked:
        raise Refused(_("%(period)s已经锁定，不能再改。") % {"period": period})
    _refuse_backwards(period, deadlines)
    with transaction.atomic():
        claim(period, seen_version, state="open")
        days: dict[str, Any] = {"before": period.deadlines.in_order(), "deadlines": deadlines.in_order()}
        moved = {name for name in DEFAULT_DAYS if getattr(deadlines, name) != getattr(period.deadlines, name)}
        period.by_hand = [name for name in DEFAULT_DAYS if name in {*period.by_hand, *moved}]
        period.set_deadlines(deadlines)
        period.version = seen_version + 1
        period.save()
        record_act(by, "move_deadlines", period, unit=period.root, period=period.key, reason=reason, **days)


def deadlines_by_calendar(period: ReportingPeriod, change: CalendarChange) -> Deadlines:
    """The days that ``period`` has after ``change``: by the rule that held when it was opened, but for those that are
    over and those that somebody moved, which stand. None is earlier than that of the tier below."""
    today, told = first_day_to_come(), period.deadlines
    rule = rule_of(period)
    by_rule = deadlines_after(period.as_of, rule, change)
    calendar = WorkingDays(today, period.as_of + LATEST_MOVED, change)
    stand = {name for name in DEFAULT_DAYS if name in period.by_hand or getattr(told, name) < today}
    found: dict[str, datetime.date] = {}
    below, names = period.as_of, list(DEFAULT_DAYS)
    for at, name in enumerate(names):
        day = getattr(told, name)
        if name not in stand:
            # a tier that has days of its own by the rule keeps one, wherever the one below was moved to
            apart = at > 0 and are_apart(rule, names[at - 1], name)
            after = after_below(below, apart=apart, calendar=calendar, not_before=today)
            wanted = max(getattr(by_rule, name), after)
            above = [getattr(told, each) for each in names[at:] if each in stand]
            day = first_working(wanted, day, calendar.first_from, today=today)
            if above and day > min(above):
                day = calendar.last_until(min(above), not_before=max(below, today))
        found[name] = below = max(day, below)
    return Deadlines(**found)


def _refuse_unordered(days: Mapping[str, int]) -> None:
    """Each tier needs what the one below sends."""
    names, problems = list(DEFAULT_DAYS), {}
    for name in names:
        if not 1 <= days[name] <= LATEST_DAY:
            problems[name] = [_("请填 1 到 %(most)s。") % {"most": LATEST_DAY}]
    for lower, upper in zip(names, names[1:], strict=False):
        if not problems and days[upper] < days[lower]:
            problems[upper] = [_("不能早于下一级的期限。")]
    if problems:
        raise ValidationError(problems)


def _refuse_backwards(period: ReportingPeriod, deadlines: Deadlines) -> None:
    problems = {}
    earliest, latest = period.as_of + datetime.timedelta(days=1), period.as_of + LATEST_MOVED
    calendar = WorkingDays(earliest, latest)
    for name in DEFAULT_DAYS:
        day, told = getattr(deadlines, name), getattr(period.deadlines, name)
        if day < told:
            problems[name] = [_("已经告诉各单位的期限只能推后，不能提前。")]
        elif day < earliest:
            problems[name] = [_("不能早于期末，也不能早于下一级的期限。")]
        elif day > latest:
            problems[name] = [_("最迟到 %(day)s。") % {"day": date_format(latest, "DATE_FORMAT")}]
        elif day != told and not calendar.is_working(day):
            words = {"day": short_day(day), "next": short_day(calendar.first_from(day))}
            problems[name] = [_("%(day)s是休息日，请改到工作日，下一个工作日是%(next)s。") % words]
        earliest = max(day, earliest)
    if problems:
        raise ValidationError(problems)
