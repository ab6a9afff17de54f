"""Category memberships: opened and ended with dates, mirrored in the child's list column."""

import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.text.days import short_day
from childwelfare.workflow.refusals import Refused, Stale
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from orgs.stale_figures.services import mark_figures_stale
from registry.categories.models import CategoryMembership
from registry.child.codes import Category, ExitReason
from registry.child.models import ChildFile, FileState
from registry.child.validation import check_categories
from registry.quality.services import recount_file
from registry.status.services import refresh_status


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
        refresh_category_codes(file)
        mark_figures_stale(file.county_id, on, villages=[file.village_id])


def open_membership(
    file: ChildFile,
    category: str,
    *,
    by: Appointment,
    since: datetime.date,
    grounds: str = "",
    difficulty: str = "",
    asked_on: datetime.date | None = None,
) -> CategoryMembership:
    """Let an approved child hold ``category`` from ``since`` on. ``asked_on``: the day (today) as of which the limits
    of age hold, the one of its sending where it waited for review.

    Raises PermissionDenied, Refused, Stale when it holds it already, or ValidationError by field: a day in the
    future, before birth or before the last time ended, an age beyond the category's limit, no type of difficulty.
    """
    if not by.may("decide_category", file):
        raise PermissionDenied
    if file.state != FileState.APPROVED:
        raise Refused(_("只有在册的档案可以增加类别。"))
    asked_on = asked_on or timezone.localdate()
    try:
        check_categories({category: {"since": since, "difficulty": difficulty}}, file.birth_date, on=asked_on)
    except ValidationError as error:
        # "categories" there is this act's one date or age
        raise ValidationError({"since" if k == "categories" else k: v for k, v in error.message_dict.items()}) from None
    label = Category(category).label
    former = file.memberships.filter(category=category, until__gt=since).order_by("-until").first()
    if former and former.until:
        words = {"label": label, "day": short_day(former.until)}
        raise ValidationError({"since": [_("“%(label)s”上一次到%(day)s才结束，请填那天或以后。") % words]})
    membership = CategoryMembership(
        child=file,
        category=category,
        since=since,
        grounds=grounds,
        decided_by=by.person,
        difficulty=difficulty if category == Category.DIFFICULTY else "",
    )
    membership.place(file)
    with transaction.atomic():
        try:
            with transaction.atomic():
                membership.save()
        except IntegrityError:
            raise Stale(_("这个孩子已登记为“%(label)s”，请重新打开再看。") % {"label": label}) from None
        refresh_what_follows(file, since)
        record_act(by, "open_category", file, category=str(category), since=since)
    return membership


def end_membership(
    membership: CategoryMembership, *, by: Appointment, on: datetime.date, reason: str
) -> CategoryMembership:
    """End a membership: ``on`` is the first day on which the child no longer holds the category.

    Raises PermissionDenied, Stale when it has ended already, or ValidationError by field: ``on`` in the future or
    before it began, an unknown reason.
    """
    file = membership.child
    if not by.may("decide_category", file):
        raise PermissionDenied
    if reason not in ExitReason.values:
        raise ValidationError({"exit_reason": [_("请选择退出原因。")]})
    if on > timezone.localdate():
        raise ValidationError({"on": [_("结束日期在今天之后；到那天再办。")]})
    if on < membership.since:
        text = _("结束日期早于起始日期 %(day)s，请核对。")
        raise ValidationError({"on": [text % {"day": short_day(membership.since)}]})
    with transaction.atomic():
        still = CategoryMembership.objects.filter(pk=membership.pk, until=None)
        if not still.update(until=on, exit_reason=reason, decided_by=by.person):
            label = membership.get_category_display()
            raise Stale(_("“%(label)s”已经结束，请重新打开再看。") % {"label": label})
        membership.until, membership.exit_reason = on, reason
        refresh_what_follows(file, on)
        record_act(by, "end_category", file, category=membership.category, until=on, reason=reason)
    return membership


def refresh_what_follows(file: ChildFile, day: datetime.date) -> None:
    """What is derived from a file's categories: the list column, the quality rules, what the child counts as, the
    figures since ``day``."""
    refresh_category_codes(file)
    recount_file(file)
    refresh_status(file)
    mark_figures_stale(file.county_id, day, villages=[file.village_id])


def refresh_category_codes(file: ChildFile) -> None:
    """Write the codes of the open memberships into the file's list column, in the order of the code list. The file
    was changed with them, though no field of its own was."""
    held = set(file.memberships.filter(until=None).values_list("category", flat=True))
    file.category_codes = ",".join(code for code in Category.values if code in held)
    file.updated_at = timezone.now()
    ChildFile.objects.filter(pk=file.pk).update(category_codes=file.category_codes, updated_at=file.updated_at)
