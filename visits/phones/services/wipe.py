"""Phones that were lost: what they hold is wiped at their next contact."""

import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.text.cleaning import check_length
from childwelfare.workflow.refusals import Stale
from orgs.accounts.models import Person
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from visits.phones.models import SyncPhone

REASON_LIMIT = 200  # characters
WHO_MAY = ("accept_visit", "settle_station_work")  # the station, and the county above it


def order_wipe(phone: SyncPhone, *, by: Appointment, reason: str) -> SyncPhone:
    """Have ``phone`` delete list, drafts and key of its post; what it has not sent it sends first, sealed as it lies.

    Raises PermissionDenied, Stale while an order runs, ValidationError without a reason.
    """
    if not any(by.may(permission, phone.post.unit) for permission in WHO_MAY):
        raise PermissionDenied
    try:
        reason = check_length(reason, REASON_LIMIT)
    except ValidationError as error:
        raise ValidationError({"reason": error.messages}) from None
    if not reason:
        raise ValidationError({"reason": [_("请写明原因。")]})
    order = {"wipe_key": uuid.uuid4(), "wipe_asked_at": timezone.now(), "wipe_asked_by": by, "wipe_reason": reason}
    with transaction.atomic():
        open_ones = SyncPhone.objects.filter(pk=phone.pk).exclude(pk__in=SyncPhone.objects.to_be_wiped().values("pk"))
        if not open_ones.update(**order, wiped_at=None):
            raise Stale(_("已经要求清除，等这部手机联系。"))
        record_act(by, "order_wipe", phone, reason=reason)
    phone.refresh_from_db()
    return phone


def orders_for(device: str) -> list[dict[str, str]]:
    """{account, key} of what ``device`` has to wipe. Told to whoever holds it: it may have no session any more."""
    waiting = SyncPhone.objects.to_be_wiped().filter(device=device).values_list("post__person__uid", "wipe_key")
    return [{"account": str(account), "key": str(key)} for account, key in waiting]


def record_wiped(key: str) -> bool:
    """The phone says that it obeyed. Only it was told the key."""
    try:
        done = SyncPhone.objects.to_be_wiped().filter(wipe_key=uuid.UUID(key))
    except ValueError:
        return False
    with transaction.atomic():
        phone = done.select_related("post__unit").first()
        if phone is None or not done.update(wiped_at=timezone.now()):
            return False
        # in nobody's name: whoever holds the phone need not be signed in
        record_act(None, "phone_wiped", phone, unit=phone.post.unit, ordered_in=phone.wipe_asked_by_id)
    return True


def has_ended(post: str, person: Person) -> bool:
    """Whether ``post``, the uid that the phone holds its list for, is a post of ``person`` that is over."""
    try:
        held = Appointment.objects.filter(uid=uuid.UUID(post), person=person)
    except ValueError:
        return False
    return held.exists() and not held.current().exists()
