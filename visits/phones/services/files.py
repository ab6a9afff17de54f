"""The file that a phone writes of what it could not send, taken in by the station.

It holds what the phone would have sent, each item sealed for the server: nobody reads or changes it on its way. Whoever
has the server's public key could seal something else, though, so who brought a record in counts as one of its writers
and does not decide on it.
"""

import json
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from childwelfare.text.nested import without_lone_surrogates
from orgs.audit.services import record_act
from orgs.posts.models import Appointment, Role
from visits.phones.items import AT_ONCE, receive
from visits.phones.kinds import ITEM_KINDS
from visits.phones.models import SyncVerdict
from visits.phones.services.sync import Answer, Sender

LONGEST = 12 * 1024 * 1024  # bytes; a phone writes 8 million characters into one


@dataclass(frozen=True)
class Brought:
    """What became of one item of a file, and what the file says of it."""

    kind: str
    answer: Answer

    @property
    def label(self) -> str:
        return str(ITEM_KINDS[self.kind].label) if self.kind in ITEM_KINDS else self.kind

    @property
    def verdict_label(self) -> str:
        return str(SyncVerdict(self.answer.verdict).label)

    @property
    def problems(self) -> list[str]:
        return [text for texts in self.answer.errors.values() for text in texts]


def bring_in(content: bytes, *, by: Appointment) -> tuple[Appointment, list[Brought]]:
    """Take over the items of a phone's file, each by itself, as if the phone had sent them. Gives the director's post
    and what became of each. Raises ValidationError for a file that is none, or of nobody whose visits ``by``
    accepts."""
    envelope = _read(content)
    post = _post_of(envelope, by)
    device, app = (str(envelope.get(name, ""))[:40] for name in ("device", "app"))
    sender = Sender(post.person, post, device, app, brought_by=by)
    brought = [Brought(str(raw.get("kind", "")), receive(raw, sender)) for raw in envelope["items"]]
    record_act(by, "bring_in_file", post, count=len(brought))
    return post, brought


def _read(content: bytes) -> dict:
    try:
        envelope = without_lone_surrogates(json.loads(content.decode("utf-8")))  # all of it is sealed: no hash is of it
        items = envelope["items"]
        whole = isinstance(items, list) and all(isinstance(item, dict) for item in items)
    except (ValueError, LookupError, TypeError, RecursionError):
        whole = False
    if not whole or len(items) > AT_ONCE:
        raise ValidationError({"file": [_("这不是手机“存为文件”存下的文件，请核对后重选。")]})
    if any("sealed" not in item or "payload" in item for item in items):
        raise ValidationError({"file": [_("这个文件没有密封，不能收下。请用手机“存为文件”存下的原文件。")]})
    return envelope


def _post_of(envelope: dict, by: Appointment) -> Appointment:
    """The director's newest post here, also one that has ended: what was done before is still taken over."""
    posts = Appointment.objects.visible_to(by, "accept_visit").with_unit().filter(role=Role.VILLAGE_DIRECTOR)
    try:
        found = posts.filter(person__uid=str(envelope.get("account"))).order_by("-valid_from", "-pk").first()
    except (ValueError, ValidationError):
        found = None
    if found is None:
        raise ValidationError({"file": [_("这个文件不是本辖区儿童福利主任的手机存下的，请交给主任所在的工作站。")]})
    return found
