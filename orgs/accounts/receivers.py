"""Signal receivers: who did not get in is in the trail too."""

import datetime
import uuid
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.db.models import F
from django.dispatch import receiver
from django.utils import timezone

from orgs.accounts.devices import device_of
from orgs.accounts.models import Person
from orgs.accounts.services import login_name, name_on_record
from orgs.accounts.sessions import DEVICE, DEVICE_UID, SINCE
from orgs.audit.models import Audit
from orgs.audit.services import label_of, record_act
from orgs.posts.models import Appointment

COUNTED = datetime.timedelta(days=1)


@receiver(user_login_failed, dispatch_uid="sign_in_failed")
def record_failed_sign_in(sender: Any, credentials: dict[str, Any], **_signal: Any) -> None:
    """Of page and token alike. Which account was tried, where there is one; else a keyed digest of what was typed: it
    may be a password in the wrong field. ``number``: the how-manieth within a day for this name."""
    typed = login_name(str(credentials.get("username", "")))
    person = Person.objects.filter(username=typed).first()
    label = label_of(person) if person else name_on_record(typed)
    since = (timezone.now() - COUNTED).isoformat(timespec="microseconds")
    before = Audit.objects.filter(record=label, action="sign_in_failed", at__gt=since).count()
    # it lies where the account's highest post runs, or ran: another city's auditor has no business with it
    posts = Appointment.objects.filter(person=person).with_unit() if person else Appointment.objects.none()
    highest = posts.order_by(F("valid_to").desc(nulls_first=True), "unit__level", "pk").first()
    unit = highest.unit if highest else None
    record_act(None, "sign_in_failed", label=label, unit=unit, number=before + 1)


@receiver(user_logged_in, dispatch_uid="device_of_session")
def note_device(sender: Any, request: Any, **_signal: Any) -> None:
    """What the owner knows the session by, on 我的账号. Not of a token: it has no session."""
    if SESSION_KEY in getattr(request, "session", {}):
        said = {DEVICE_UID: str(uuid.uuid4()), DEVICE: device_of(request), SINCE: timezone.now().isoformat()}
        request.session.update(said)
        request.session.save()  # not only with the answer: from now on its owner finds it on the list
