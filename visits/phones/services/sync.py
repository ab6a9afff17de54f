"""Taking over what phones saved: each item by itself, once, with a verdict that says what became of it."""

import datetime
import hashlib
import logging
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, cast

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import F, Model, Q, UUIDField
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from rest_framework import serializers

from childwelfare.runtime.file_lock import Busy
from childwelfare.security.envelope import open_envelope
from childwelfare.security.sealing import Unsealable
from childwelfare.security.vault import NoRoom
from childwelfare.tables.prepared import Parameter, Prepared
from childwelfare.text.nested import read_json, without_lone_surrogates
from childwelfare.workflow.refusals import Refused, Stale
from orgs.access.scope import Place
from orgs.accounts.models import Person
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from registry.child.models import ChildFile
from registry.stays.models import may_open
from visits.phones.kinds import ITEM_KINDS, ItemConflict, Kind, NotYet
from visits.phones.models import CLOCK_OFF, SyncItem, SyncPhone, SyncVerdict
from visits.visit.receipt import receipt_of

log = logging.getLogger(__name__)

EARLIEST = datetime.datetime(2017, 1, 1, tzinfo=datetime.UTC)  # before the notice there was nothing to record
BELONGS_TO_POST = ("post", "nonce")  # of every payload, beside the fields of its kind
LATEST = datetime.timedelta(days=366)  # a clock that nobody compared may be ahead; what lies years ahead is no time
DAY_DOUBTFUL = datetime.timedelta(hours=12)  # from here on the day that the phone offered was another one
VISIT_MAY_COME = datetime.timedelta(days=60)  # from then on what belongs to it has an end, too
HANDED_OVER_AN_HOUR = 60  # items of one person; a phone that was away for a month holds fewer


class TooMany(Exception):
    """More was handed over in an hour than a phone holds; the rest comes later."""


ITEM_OF_ID = Prepared(lambda: SyncItem.objects.answer_of(Parameter("pk", UUIDField())))


@dataclass
class Answer:
    """What a phone is told about one item. ``shows``: the record of which ``server`` tells."""

    id: uuid.UUID | str  # as it came, of an item that can't be read
    verdict: str
    receipt: str = ""
    errors: dict[str, list[str]] = field(default_factory=dict)
    server: dict = field(default_factory=dict)
    shows: Model | None = None


@dataclass(frozen=True)
class Sender:
    """Whose phone it is. ``post``: the one that the session acts in, None for a person whose posts have ended.
    ``one_post``: came by a token, which was given for its post alone. ``clock_ahead``: how far the phone's clock is
    ahead of the server's, behind where it is negative; nothing where the phone doesn't tell. ``brought_by``: the post
    that took in what the phone wrote into a file."""

    person: Person
    post: Appointment | None
    device: str
    app: str
    one_post: bool = False
    clock_ahead: datetime.timedelta = datetime.timedelta()
    brought_by: Appointment | None = None

    @property
    def clock_is_off(self) -> bool:
        return abs(self.clock_ahead) > CLOCK_OFF


def receive_item(item: dict, sender: Sender) -> Answer:
    """Take over one item {id, kind, schema, made_at, hash, payload or sealed}. Nothing of it is half-saved: the item
    and what it makes are written in one transaction, so that a second sending finds both or neither."""
    answer = _first_sending(item, sender) or _receive(item, sender)
    if answer.verdict != SyncVerdict.ACCEPTED:
        # the same item may have come twice at once: what stopped this one is then what the other one made
        answer = _first_sending(item, sender) or answer
    if answer.verdict == SyncVerdict.REFUSED:
        _count_refusal(sender)
    return answer


def _receive(item: dict, sender: Sender) -> Answer:
    try:
        return _take(item, _payload_text(item, sender), sender)
    except ValidationError as error:
        return _refusal(item, error, sender)
    except ItemConflict as conflict:
        words = {"": [conflict.message]}
        return Answer(item["id"], SyncVerdict.CONFLICT, errors=words, server=conflict.server, shows=conflict.record)
    except (TooMany, NoRoom):
        return Answer(item["id"], SyncVerdict.LATER)
    except NotYet:
        return _put_off(item, sender)
    except IntegrityError:
        return Answer(item["id"], SyncVerdict.LATER)
    except (OperationalError, Busy):
        log.warning("sync item %s put off: the server is busy", item["id"])
        return Answer(item["id"], SyncVerdict.LATER)
    except Exception:
        log.exception("sync item %s failed", item["id"])
        return Answer(item["id"], SyncVerdict.LATER)


def _put_off(item: dict, sender: Sender) -> Answer:
    """What belongs to a visit that has not come waits for it, as long as the visit may still come."""
    if timezone.now() - _made_at(item, sender) <= VISIT_MAY_COME:
        return Answer(item["id"], SyncVerdict.LATER)
    problem = _("它所属的走访一直没有送到，这一条不能单独收下。请把内容告诉工作站，或者另记一次走访。")
    return _refusal(item, ValidationError({"visit": [problem]}), sender)


def record_contact(post: Appointment, device: str, app: str, **seen: Any) -> None:
    """Remember that the phone ``device`` was there; ``seen``: fields of SyncPhone that are known now."""
    phone = SyncPhone(post=post, device=device, app=app, **seen)
    SyncPhone.objects.bulk_create(
        [phone], update_conflicts=True, unique_fields=["post", "device"], update_fields=["app", *seen]
    )


def settle_handed_over(item: SyncItem, *, by: Appointment) -> None:
    """The station has dealt with what was handed over to it."""
    if not by.may("accept_visit", item):
        raise PermissionDenied
    with transaction.atomic():
        if not SyncItem.objects.waiting().filter(pk=item.pk).update(settled_at=timezone.now(), settled_by=by):
            raise Stale(_("这一条已经处理过了。"))
        record_act(by, "settle_handed_over", item)


def longest(kind: str) -> int:
    """Characters that a payload of this kind may have; of an unknown kind, as of a visit."""
    return ITEM_KINDS[kind if kind in ITEM_KINDS else "visit"].longest


def _payload_text(item: dict, sender: Sender) -> str:
    text = item.get("payload")
    if text is None:
        context = f"{item['id']}\n{sender.person.uid}\n{item['hash']}"
        try:
            text = open_envelope(item.get("sealed") or {}, context)
        except Unsealable:
            raise ValidationError({"sealed": [_("这一条打不开，请用手机上的口令解锁后再发送。")]}) from None
    if len(text) > longest(item["kind"]):
        raise ValidationError({"payload": [_("内容太长，没有收下。")]})
    if hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() != item["hash"]:
        raise ValidationError({"hash": [_("内容在路上变了，没有收下，请再发送一次。")]})
    return without_lone_surrogates(text)  # it may have to be kept, and half a character can't be


def _refusal(item: dict, error: ValidationError, sender: Sender) -> Answer:
    """What is wrong, by field; beside it the phone's clock, which may be why a day or an hour is."""
    errors = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    if sender.clock_is_off:
        errors = errors | {"": [*errors.get("", []), _clock_in_words(sender.clock_ahead)]}
    return Answer(item["id"], SyncVerdict.REFUSED, errors=errors)


def _clock_in_words(ahead: datetime.timedelta) -> str:
    time = timezone.localtime(timezone.now() + ahead)
    return _("这部手机的时间是 %(phone)s，现在其实是 %(now)s。请在手机设置里打开“自动确定日期和时间”，再核对日期。") % {
        "phone": date_format(time, "DATETIME_FORMAT"),
        "now": date_format(timezone.localtime(), "DATETIME_FORMAT"),
    }


def _first_sending(item: dict, sender: Sender) -> Answer | None:
    """What the item was answered when it was taken over, whatever rules hold by now; None where it was not."""
    kept_item = next(iter(ITEM_OF_ID.ask(pk=item["id"])), None)
    if kept_item is None:
        return None
    if kept_item.person_id != sender.person.pk or kept_item.hash != item["hash"]:
        return _refusal(item, ValidationError({"id": [_("这个编号已经用过，内容不同。请另存一条再发送。")]}), sender)
    verdict = SyncVerdict.ALREADY if kept_item.verdict == SyncVerdict.ACCEPTED else kept_item.verdict
    return Answer(kept_item.pk, verdict, kept_item.receipt, errors={"": [kept_item.reason]} if kept_item.reason else {})


def _take(item: dict, text: str, sender: Sender) -> Answer:
    kind, data = _read(item, text)
    item = item | {"made_at": _made_at(item, sender)}
    post = _post_of(data, sender)
    given = read_by(kind.reader, data, also=BELONGS_TO_POST)
    if post is None or not post.is_current():
        return _hand_over(item, text, sender, post, kind.about(given), _("您在这里的岗位已经结束"))
    begun = timezone.now()
    try:
        # The record and the item that stands for it, in one transaction: where the answer is lost on the way, the
        # phone sends the item again and finds it here, or finds nothing and everything is written then.
        with transaction.atomic():
            record = kind.take(post, item["id"], dict(given), abs(sender.clock_ahead) > DAY_DOUBTFUL)
            receipt = receipt_of(record.pk)
            place = getattr(record, "visit", record)  # a photo lies where its visit does
            if sender.brought_by:
                by = sender.brought_by
                place.events.create(action="bring_in", was=place.state, now=place.state, person=by.person, post=by)
                kind.bring_in(place, by, begun)
            _keep(item, sender, post, place, SyncVerdict.ACCEPTED, receipt, record=record.pk)
    except PermissionDenied:
        return _hand_over(item, text, sender, post, kind.about(given), _("这个孩子现在不由您负责"))
    except NoRoom:
        raise
    except Refused as refusal:
        child = kind.about(given)
        # Is the child still hers to visit, she can mend what is wrong herself. Otherwise she may no longer see why:
        # whoever has the child now gets what she wrote.
        if child is not None and child.is_to_visit and may_open(post, "log_visit", child):
            raise ValidationError(str(refusal)) from None
        return _hand_over(item, text, sender, post, child, str(refusal))
    return Answer(item["id"], SyncVerdict.ACCEPTED, receipt)


def _read(item: dict, text: str) -> tuple[Kind, dict]:
    kind = ITEM_KINDS.get(item["kind"])
    if kind is None:
        raise ValidationError({"kind": [_("系统还不认识这类记录，请联网更新应用后再发送。")]})
    try:
        data = without_lone_surrogates(read_json(text))
    except ValueError:
        data = None
    if not isinstance(data, dict):
        raise ValidationError({"payload": [_("内容读不出来，没有收下。")]})
    return kind, kind.newest(data, item["schema"])


def _post_of(data: dict, sender: Sender) -> Appointment | None:
    """The post that the item was made in; that of the session, where the item doesn't say."""
    if not data.get("post") or (sender.post and str(data["post"]) == str(sender.post.uid)):
        return sender.post
    if sender.one_post:
        raise ValidationError({"post": [_("这个令牌只能记录它自己岗位的工作，请用那个岗位的令牌发送。")]})
    try:
        return Appointment.objects.with_unit().get(uid=uuid.UUID(str(data["post"])), person=sender.person)
    except (ValueError, Appointment.DoesNotExist):
        raise ValidationError({"post": [_("岗位编号不对。")]}) from None


def _made_at(item: dict, sender: Sender) -> datetime.datetime:
    """When the item was saved, by the server's clock. Raises ValidationError for a time that can't have been."""
    try:
        made_at = item["made_at"] - sender.clock_ahead if sender.clock_is_off else item["made_at"]
        if EARLIEST <= made_at <= timezone.now() + LATEST:
            return made_at
    except OverflowError:
        pass  # the end of all calendars
    raise ValidationError({"made_at": [_("手机上保存的时间不对，请核对手机的日期和时间，再存一次。")]})


def _hand_over(
    item: dict, text: str, sender: Sender, post: Appointment | None, child: ChildFile | None, reason: str
) -> Answer:
    """Nothing that was done is lost: the station that has the child now, or had the post, gets it sealed. A child whom
    the sender never had is spoken of to nobody else: what was written stays with the sender's own station."""
    known = child if child is not None and _has_had(sender.person, child) else None
    place: Place | None = known or (post.unit if post else None)
    if place is None or place.village_id is None:
        raise ValidationError(reason)
    hour = timezone.now() - datetime.timedelta(hours=1)
    if SyncItem.objects.handed_over_by(sender.person, since=hour).count() >= HANDED_OVER_AN_HOUR:
        raise TooMany
    receipt = receipt_of(item["id"])
    with transaction.atomic():
        _keep(item, sender, post, place, SyncVerdict.GONE, receipt, payload=text, reason=Truncator(reason).chars(200))
    return Answer(item["id"], SyncVerdict.GONE, receipt, errors={"": [reason]})


def _has_had(person: Person, child: ChildFile) -> bool:
    """Whether ``person`` was ever to visit this child, or one whose file was merged into it."""
    units = Appointment.objects.filter(person=person).values("unit")
    here = (
        Q(village__in=units) | Q(transfers__origin__in=units) | Q(stays__village__in=units) | Q(visits__made_by=person)
    )
    return ChildFile.objects.filter(here, pk__in=[file.pk for file in child.with_merged()]).exists()


def _keep(
    item: dict, sender: Sender, post: Appointment | None, place: Place, verdict: str, receipt: str, **more: Any
) -> None:
    kept_item = SyncItem(
        pk=item["id"],
        person=sender.person,
        post=post,
        device=sender.device,
        clock_ahead=int(sender.clock_ahead.total_seconds()),
        app=sender.app,
        kind=item["kind"],
        hash=item["hash"],
        made_at=item["made_at"],
        verdict=verdict,
        receipt=receipt,
        **more,
    )
    kept_item.place(place)
    kept_item.save(force_insert=True)
    if verdict == SyncVerdict.GONE and post is not None:
        record_act(post, "hand_over", kept_item)


def _count_refusal(sender: Sender) -> None:
    if sender.post:
        SyncPhone.objects.filter(post=sender.post, device=sender.device).update(refused=F("refused") + 1)


def read_by(reader: type[serializers.Serializer], data: dict, *, also: Iterable[str] = ()) -> dict:
    """``data`` as ``reader`` cleans it, less what ``also`` names. Raises ValidationError by field, of one that it does
    not have too (childwelfare.api.bodies)."""
    instance = _reader_instance(reader)
    try:
        return dict(instance.run_validation({name: value for name, value in data.items() if name not in also}))
    except serializers.ValidationError as error:
        raise ValidationError(by_field(cast(dict, error.detail))) from None


@cache
def _reader_instance(reader: type[serializers.Serializer]) -> serializers.Serializer:
    """Making its fields takes longer than all that they check; they keep nothing of what they read."""
    return reader()


def by_field(errors: dict) -> dict[str, list[str]]:
    """A serializer's errors as texts of its own fields, what is wrong inside one included; a part whose name begins
    with its field's (changes-phone) stands by itself: the phone's form has a field of that name."""
    texts: dict[str, list[str]] = {}
    for name, of_field in errors.items():
        parts = of_field if isinstance(of_field, dict) else {name: of_field}
        for part, of_part in parts.items():
            place = str(part) if str(part).startswith(f"{name}-") else name
            texts.setdefault(place, []).extend(str(text) for text in _flat_errors(of_part))
    return texts


def _flat_errors(errors: Any) -> list:
    """The texts of a field, whose errors are a list, or a mapping by the parts inside it, however deep."""
    if not isinstance(errors, dict):
        return list(errors)
    texts = []
    for of_part in errors.values():
        texts += _flat_errors(of_part)
    return texts
