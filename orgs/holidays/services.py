"""Public holidays: those the project carries (data/holidays.csv) and those that the city wrote down since.

The State Council gives each year's days off in a notice of the November before (全国年节及纪念日放假办法, 国务院令).
"""

import csv
import datetime
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from childwelfare.text.cleaning import clean_text
from orgs.audit.services import record_act
from orgs.holidays.models import Holiday
from orgs.posts.models import Appointment
from orgs.units.models import Level, OrgUnit

LONGEST_DAYS = 15


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


def is_known(year: int) -> bool:
    """Whether the days off of ``year`` are there; the notice for a year comes late in the year before."""
    return (
        any(each.until.year == year for each in shipped_days_off()) or Holiday.objects.filter(until__year=year).exists()
    )


def add_holiday(*, by: Appointment, name: str, since: datetime.date, until: datetime.date, document: str) -> Holiday:
    """Write down days off for everybody here. Raises PermissionDenied, or ValidationError by field."""
    if not may_write(by):
        raise PermissionDenied
    name, document = clean_text(name), clean_text(document)
    problems = {field: [_("请填写这一项。")] for field, value in (("name", name), ("document", document)) if not value}
    if until < since or (until - since).days >= LONGEST_DAYS:
        problems["until"] = [_("最后一天应在第一天或之后，最长 %(n)s 天。") % {"n": LONGEST_DAYS}]
    if problems:
        raise ValidationError(problems)
    holiday = Holiday(name=name, since=since, until=until, document=document, made_by=by.person)
    with transaction.atomic():
        # several written at once come one after the other; no key of theirs changes, so nobody else waits
        list(OrgUnit.objects.select_for_update(no_key=True).filter(level=Level.CITY).order_by("pk"))
        if held := days_off(since, until):
            text = _("这些天已有“%(name)s”的放假安排，请核对。")
            raise ValidationError({"since": [text % {"name": held[0].name}]})
        holiday.save(force_insert=True)
        record_act(by, "add_holiday", holiday, unit=by.unit, since=since, until=until)
    return holiday


def remove_holiday(holiday: Holiday, *, by: Appointment) -> None:
    """Take back what was written down by mistake; the trail keeps it."""
    if not may_write(by):
        raise PermissionDenied
    with transaction.atomic():
        record_act(by, "remove_holiday", holiday, unit=by.unit, since=holiday.since, until=holiday.until)
        holiday.delete()


def may_write(post: Appointment) -> bool:
    """The city, for all."""
    return post.unit.level == Level.CITY and post.may("manage_schedule", post.unit)


@lru_cache(maxsize=1)
def shipped_days_off() -> tuple[DaysOff, ...]:
    read = datetime.date.fromisoformat
    with (settings.ROOT / "data/holidays.csv").open(encoding="utf-8", newline="") as file:
        return tuple(DaysOff(read(row["since"]), read(row["until"]), row["name"]) for row in csv.DictReader(file))
