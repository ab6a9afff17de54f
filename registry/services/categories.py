"""Category memberships: opened and ended with dates, mirrored in the child's list column."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from orgs.models import Appointment
from orgs.services.marks import touch
from registry.codes import Category, ExitReason
from registry.models import CategoryMembership, ChildFile


def set_categories(file: ChildFile, categories: dict[str, dict], *, by: Appointment, on: datetime.date) -> None:
    """Make the open memberships of a file that is not yet approved exactly ``categories``.

    Before approval a membership that is taken back never counted anywhere, so it is removed; afterwards categories
    end with a date and a reason.
    """
    with transaction.atomic():
        open_ones = {membership.category: membership for membership in file.memberships.filter(until=None)}
        for category, membership in open_ones.items():
            if category not in categories:
                membership.delete()
        for category, given in categories.items():
            membership = open_ones.get(category) or CategoryMembership(child=file, category=category)
            membership.place(file)
            membership.since = given.get("since") or membership.since or on
            membership.difficulty = given.get("difficulty", "") if category == Category.DIFFICULTY else ""
            membership.grounds = given.get("grounds", membership.grounds)
            membership.decided_by = by.person
            membership.save()
        mirror(file)
        touch(file.county_id, on)


def open_membership(
    file: ChildFile, category: str, *, since: datetime.date, by: Appointment, grounds: str = "", difficulty: str = ""
) -> CategoryMembership:
    """The child holds ``category`` from ``since`` on."""
    with transaction.atomic():
        membership = CategoryMembership(
            child=file, category=category, since=since, grounds=grounds, decided_by=by.person,
            difficulty=difficulty if category == Category.DIFFICULTY else "",
        )  # fmt: skip
        membership.place(file)
        membership.save()
        mirror(file)
        touch(file.county_id, since)
    return membership


def end_membership(membership: CategoryMembership, *, by: Appointment, on: datetime.date, reason: str) -> None:
    """The child no longer holds the category from ``on``. Raises ValidationError for a day before its start or after
    today, or without a reason of ``ExitReason``."""
    label = membership.get_category_display()
    if on < membership.since:
        raise ValidationError({"categories": [_("“%(label)s”的结束日期早于起始日期。") % {"label": label}]})
    if on > timezone.localdate():
        raise ValidationError({"categories": [_("“%(label)s”的结束日期在今天之后。") % {"label": label}]})
    if reason not in ExitReason.values:
        raise ValidationError({"categories": [_("请选择“%(label)s”的退出原因。") % {"label": label}]})
    with transaction.atomic():
        membership.until, membership.exit_reason, membership.decided_by = on, reason, by.person
        membership.save()
        mirror(membership.child)
        touch(membership.county_id, on)


def mirror(file: ChildFile) -> None:
    """Write the codes of the open memberships into the file's list column, in the order of the code list."""
    held = set(file.memberships.filter(until=None).values_list("category", flat=True))
    file.category_codes = ",".join(code for code in Category.values if code in held)
    ChildFile.objects.filter(pk=file.pk).update(category_codes=file.category_codes)
