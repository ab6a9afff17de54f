"""The station asks for a visit besides the rules, and takes that back."""

import datetime
import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.text.cleaning import clean_text
from childwelfare.text.days import short_day
from childwelfare.workflow.refusals import Stale
from childwelfare.workflow.writing import created_once, first_sending, has_values
from orgs.audit.services import record_act
from orgs.inbox.services import Holders, notify
from orgs.posts.models import Appointment
from registry.child.models import ChildFile, ChildFileQuerySet, FileState
from registry.child.services.locking import lock_whole_file
from registry.stays.models import Stay
from visits.schedule.models import ExtraVisit
from visits.schedule.services.dues import lock_file_to_plan, mark_responsible_counties_stale, reschedule

AHEAD_DAYS = 60
REASON_LIMIT = 200  # characters


def may_order(post: Appointment, child: ChildFile) -> bool:
    """The station that keeps the file, and the one where the child stays."""
    if not post.holds("order_visit"):
        return False
    return post.may("order_visit", child) or any(post.may("order_visit", stay) for stay in child.stays.in_force())


def children_to_order(post: Appointment) -> ChildFileQuerySet:
    """Whose visits ``post`` may ask for, as ``may_order``."""
    hosted = Stay.objects.in_force().visible_to(post, "order_visit").values("child")
    return ChildFile.objects.visible_to(post, "order_visit") | ChildFile.objects.filter(pk__in=hosted)


def order_extra(
    child: ChildFile,
    *,
    by: Appointment,
    due_on: datetime.date | None,
    reason: str = "",
    pk: uuid.UUID | None = None,
) -> ExtraVisit:
    """Have ``child`` visited by ``due_on`` because of ``reason``; it stands on the director's list at once.

    ``pk`` comes from the form: sent twice, the first one is returned. Raises PermissionDenied, Stale when one
    is open already, or ValidationError by field; then nothing is saved.
    """
    pk = pk or uuid.uuid4()
    earlier = ExtraVisit.objects.filter(pk=pk, made_by=by.person)
    reason = clean_text(reason)
    says = has_values(child_id=child.pk, due_on=due_on, reason=reason)
    if same := first_sending(earlier, says=says):
        return same
    if not may_order(by, child):
        raise PermissionDenied
    _check(due_on, reason, timezone.localdate())
    with created_once(earlier, says=says, refusal=_("这次加访没有存上，请刷新页面后再填一次。")) as sending:
        child = lock_whole_file(child.pk)
        if same := first_sending(earlier, says=says):  # its other sending was first at the lock
            return same
        if child.state != FileState.APPROVED:
            raise Stale(_("%(name)s的档案不在册，不能要求加访。") % {"name": child.name})
        if other := child.extra_visits.open().first():
            text = _("已要求在 %(day)s 前加访：%(reason)s。要改期请先撤回。")
            raise Stale(text % {"day": short_day(other.due_on), "reason": other.reason})
        assert due_on  # checked
        extra = ExtraVisit(pk=pk, child=child, due_on=due_on, reason=reason, made_by=by.person, made_in=by)
        extra.save(force_insert=True)
        mark_responsible_counties_stale(child, timezone.localdate(), reschedule(child))
        record_act(by, "order_visit", child, extra=str(extra.pk), due_on=due_on)
        notify("visit_ordered", extra, to=Holders(_who_visits(child), "log_visit"), by=by)
    return sending.first or extra


def _who_visits(child: ChildFile) -> int:
    """The village whose director has ``child`` to visit now: its host's, where it stays elsewhere."""
    return child.stays.in_force().values_list("village", flat=True).first() or child.village_id


def withdraw_extra(extra: ExtraVisit, *, by: Appointment, reason: str = "") -> ExtraVisit:
    """The visit is no longer asked for; what the rules say counts again.

    Raises PermissionDenied, Stale when it was done or taken back, or ValidationError by field.
    """
    if not may_order(by, extra.child):
        raise PermissionDenied
    reason = clean_text(reason)
    if not reason:
        raise ValidationError({"reason": [_("请写明为什么撤回，主任据此知道不用去了。")]})
    if len(reason) > REASON_LIMIT:
        raise ValidationError({"reason": [_("请写在 %(n)s 字以内。") % {"n": REASON_LIMIT}]})
    with transaction.atomic():
        child = lock_file_to_plan(extra)
        extra = ExtraVisit.objects.select_for_update(of=("self",)).get(pk=extra.pk)
        if extra.withdrawn_at or extra.ended_on:
            raise Stale(_("这次加访已经完成或撤回，请重新打开再看。"))
        extra.withdrawn_at, extra.withdrawn_by, extra.withdraw_reason = timezone.now(), by.person, reason
        extra.save(update_fields=["withdrawn_at", "withdrawn_by", "withdraw_reason"])
        mark_responsible_counties_stale(child, extra.due_on, reschedule(child, locked=True))
        record_act(by, "withdraw_visit_order", child, extra=str(extra.pk))
    return extra


def _check(due_on: datetime.date | None, reason: str, today: datetime.date) -> None:
    problems: dict[str, list] = {}
    if due_on is None:
        problems["due_on"] = [_("请填写最迟哪天去。")]
    elif not today <= due_on <= today + datetime.timedelta(days=AHEAD_DAYS):
        problems["due_on"] = [_("请填今天到 %(n)s 天之内的日期。") % {"n": AHEAD_DAYS}]
    if not reason:
        problems["reason"] = [_("请写明为什么加访，主任去之前要知道看什么。")]
    elif len(reason) > REASON_LIMIT:
        problems["reason"] = [_("请写在 %(n)s 字以内。") % {"n": REASON_LIMIT}]
    if problems:
        raise ValidationError(problems)
