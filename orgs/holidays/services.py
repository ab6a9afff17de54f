"""Public holidays: those the project carries (data/holidays.csv) and those that the city wrote down since.

The State Council gives each year's days off in a notice of the November before (全国年节及纪念日放假办法, 国务院令).
"""

import csv
import datetime
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from childwelfare.text.cleaning import clean_text
from orgs.audit.services import record_act
from orgs.holidays.following import FOLLOWERS, CalendarChange, Moved
from orgs.holidays.models import Holiday
from orgs.posts.models import Appointment
from orgs.units.models import Level, OrgUnit

LONGEST_DAYS = 15
# on which everybody is off (全国年节及纪念日放假办法, 国令第795号, 第二条)
STATE_HOLIDAYS = ("元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆")


@dataclass(frozen=True, order=True)
class DaysOff:
    """From ``since`` to ``until``, both included; the day after is a working day. ``pk``: of the city's own entry."""

    since: datetime.date
    until: datetime.date
    name: str
    document: str = ""
    pk: int | None = None

    @property
    def back(self) -> datetime.date:
        """The first working day after."""
        return self.until + datetime.timedelta(days=1)


def days_off(first: datetime.date, last: datetime.date) -> list[DaysOff]:
    """The holidays that touch [first, last], in their order. One query."""
    written = Holiday.objects.filter(since__lte=last, until__gte=first)
    own = [DaysOff(each.since, each.until, each.name, each.document, each.pk) for each in written]
    return sorted([each for each in shipped_days_off() if each.since <= last and each.until >= first] + own)


def missing_of_state(year: int, known: Iterable[DaysOff]) -> list[str]:
    """The state's holidays that ``known``, the days off of ``year``, do not have; the notice for a year comes late in
    the year before. Days off of the city's own make no year known."""
    names = "".join(each.name for each in known if each.until.year == year)
    return [name for name in STATE_HOLIDAYS if name not in names]


def add_holiday(*, by: Appointment, name: str, since: datetime.date, until: datetime.date, document: str) -> Holiday:
    """Write down days off for everybody here; open last days move with them (``moved``). Raises PermissionDenied, or
    ValidationError by field."""
    change = _checked(by, name, since, until, document)
    facts = {"name": change.name, "document": change.document, "since": since, "until": until}
    holiday = Holiday(**facts, made_by=by.person)
    with transaction.atomic():
        _hold_calendar()
        _refuse_held(since, until)
        holiday.moved = _foreseen(change, by)
        holiday.save(force_insert=True)
        record_act(by, "add_holiday", holiday, unit=by.unit, since=since, until=until)
        _follow(change, by, f"holiday:{holiday.pk}")
    return holiday


def remove_holiday(holiday: Holiday, *, by: Appointment) -> list[Moved]:
    """Take back what was written down by mistake; the trail keeps it. Gives the last days that move back with it."""
    if not may_write(by):
        raise PermissionDenied
    change = change_by_removing(holiday)
    with transaction.atomic():
        _hold_calendar()
        if not Holiday.objects.filter(pk=holiday.pk).exists():
            return []  # somebody was first
        moved = _foreseen(change, by)
        record_act(by, "remove_holiday", holiday, unit=by.unit, since=holiday.since, until=holiday.until)
        holiday.delete()
        _follow(change, by, f"no-holiday:{change.removed}")
    return moved


def foresee_holiday(
    *, by: Appointment, name: str, since: datetime.date, until: datetime.date, document: str
) -> list[Moved]:
    """The open last days that would move if it was written down. Raises as ``add_holiday``; writes nothing."""
    change = _checked(by, name, since, until, document)
    _refuse_held(since, until)
    return _foreseen(change, by)


def foresee_removal(holiday: Holiday, *, by: Appointment) -> list[Moved]:
    """The open last days that would move if ``holiday`` was taken back."""
    if not may_write(by):
        raise PermissionDenied
    return _foreseen(change_by_removing(holiday), by)


def change_by_removing(holiday: Holiday) -> CalendarChange:
    return CalendarChange(holiday.name, holiday.document, holiday.since, holiday.until, removed=holiday.pk)


def digest_of(moved: list[Moved]) -> str:
    """By which a form says what its writer has seen; blank for nothing."""
    lines = [f"{each.what}|{each.before}|{each.after}|{each.units}" for each in moved]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16] if lines else ""


def _checked(by: Appointment, name: str, since: datetime.date, until: datetime.date, document: str) -> CalendarChange:
    if not may_write(by):
        raise PermissionDenied
    name, document = clean_text(name), clean_text(document)
    problems = {field: [_("请填写这一项。")] for field, value in (("name", name), ("document", document)) if not value}
    if until < since or (until - since).days >= LONGEST_DAYS:
        problems["until"] = [_("最后一天应在第一天或之后，最长 %(n)s 天。") % {"n": LONGEST_DAYS}]
    if problems:
        raise ValidationError(problems)
    return CalendarChange(name, document, since, until)


def _refuse_held(since: datetime.date, until: datetime.date) -> None:
    if held := days_off(since, until):
        text = _("这些天已有“%(name)s”的放假安排，请核对。")
        raise ValidationError({"since": [text % {"name": held[0].name}]})


def _hold_calendar() -> None:
    """Several who write it at once come one after the other; no key of theirs changes, so nobody else waits."""
    list(OrgUnit.objects.select_for_update(no_key=True).filter(level=Level.CITY).order_by("pk"))


def _foreseen(change: CalendarChange, by: Appointment) -> list[Moved]:
    return [moved for follower in FOLLOWERS for moved in follower.foreseen(change, by)]


def _follow(change: CalendarChange, by: Appointment, key: str) -> None:
    for follower in FOLLOWERS:
        follower.follow(change, by, key)


def may_write(post: Appointment) -> bool:
    """The city, for all."""
    return post.unit.level == Level.CITY and post.may("manage_schedule", post.unit)


@lru_cache(maxsize=1)
def shipped_days_off() -> tuple[DaysOff, ...]:
    read = datetime.date.fromisoformat
    with (settings.ROOT / "data/holidays.csv").open(encoding="utf-8", newline="") as file:
        return tuple(DaysOff(read(row["since"]), read(row["until"]), row["name"]) for row in csv.DictReader(file))
