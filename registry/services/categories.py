"""Category memberships: opened and ended with dates, mirrored in the child's list column."""

import datetime

from django.db import transaction

from orgs.models import Appointment
from orgs.services.marks import touch
from registry.codes import Category
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


def mirror(file: ChildFile) -> None:
    """Write the codes of the open memberships into the file's list column, in the order of the code list."""
    held = set(file.memberships.filter(until=None).values_list("category", flat=True))
    file.category_codes = ",".join(code for code in Category.values if code in held)
    ChildFile.objects.filter(pk=file.pk).update(category_codes=file.category_codes)
