"""Where somebody is signed in: the sessions of browsers and the tokens of the API, and ending them."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.text.words import Words
from childwelfare.workflow.refusals import Refused
from orgs.access.middleware import POST_KEY
from orgs.accounts.models import ApiToken, DeviceSession, Person
from orgs.audit.services import record_act
from orgs.posts.models import Appointment

SYSTEMS = ("HarmonyOS", "Android", "iPhone", "iPad", "Windows", "Macintosh", "Linux")
BROWSERS = ("MicroMessenger", "Edg", "HuaweiBrowser", "Quark", "UCBrowser", "MQQBrowser", "Firefox", "Chrome", "Safari")


@dataclass(frozen=True)
class SignedIn:
    """One way in that is open. ``kind`` and ``uid`` name it to ``end_one``; ``is_this``: the one that asks; ``post``:
    in which it acts, None while none is chosen."""

    kind: str
    uid: uuid.UUID
    device: Words
    since: datetime
    used_at: datetime | None
    post: Appointment | None
    is_this: bool = False

    @property
    def last_used(self) -> datetime:
        return self.used_at or self.since


def device_of(request: HttpRequest) -> str:
    """What the browser says it is, in two words to know it again by: "Android · Chrome"; "" where it says nothing."""
    said = request.META.get("HTTP_USER_AGENT", "")
    found = [next((name for name in names if name in said), "") for names in (SYSTEMS, BROWSERS)]
    names = {"Macintosh": "Mac", "Edg": "Edge", "MicroMessenger": "WeChat", "MQQBrowser": "QQ"}
    words = " · ".join(names.get(name, name) for name in found if name)
    return words or said.partition("/")[0][:40]


def signed_in_devices(person: Person, session_key: str | None) -> list[SignedIn]:
    """All that is open for ``person``, the one of ``session_key`` first, then the latest used."""
    now = timezone.now()
    sessions = list(DeviceSession.objects.filter(person=person.pk, expire_date__gt=now))
    tokens = list(ApiToken.objects.filter(post__person=person.pk, expires_at__gt=now))
    chosen = {each.pk: each.get_decoded().get(POST_KEY) for each in sessions}
    keys = {*chosen.values(), *(each.post_id for each in tokens)}
    posts = Appointment.objects.with_unit().filter(person=person.pk).in_bulk(keys - {None})
    found = [
        SignedIn("session", each.uid, each.device or _("浏览器"), each.since, each.used_at,
                 posts.get(chosen[each.pk]), each.session_key == session_key)
        for each in sessions
    ]  # fmt: skip
    found += [
        SignedIn(
            "token", each.uid, each.device or _("接口令牌"), each.created_at, each.used_at, posts.get(each.post_id)
        )
        for each in tokens
    ]
    return sorted(found, key=lambda each: (each.is_this, each.last_used), reverse=True)


def end_one(person: Person, kind: str, uid: uuid.UUID) -> None:
    """End one session or token of ``person``. Raises Refused where it has ended already, or is nobody's of hers."""
    with transaction.atomic():
        sessions = DeviceSession.objects.filter(person=person.pk, uid=uid)
        tokens = ApiToken.objects.filter(post__person=person.pk, digest__startswith=uid.hex)
        ended, _of_each = (tokens if kind == "token" else sessions).delete()
        if not ended:
            raise Refused(_("这一处已经退出了。"))
        record_act(None, "end_device", person, person=person, kind=kind, count=1)


def end_others(person: Person, session_key: str | None) -> int:
    """End every session and token of ``person`` but the session of ``session_key``; how many they were.

    That one too ends with this request unless it is given the person's new hash (``update_session_auth_hash``)."""
    with transaction.atomic():
        person.sign_out_everywhere()
        sessions, _of_each = DeviceSession.objects.filter(person=person.pk).exclude(session_key=session_key).delete()
        tokens, _of_each = ApiToken.objects.filter(post__person=person.pk).delete()
        if sessions + tokens:
            record_act(None, "end_device", person, person=person, kind="others", count=sessions + tokens)
    return sessions + tokens
