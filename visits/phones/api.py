"""What phones send and hold: ``/api/v1/sync/``. Each item gets its own verdict; the answer is 200 whenever the
envelope could be read, so that one bad item never holds up the others."""

import datetime
import hashlib
import json

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    PolymorphicProxySerializer,
    extend_schema,
    extend_schema_field,
    extend_schema_serializer,
)
from rest_framework import exceptions, serializers, viewsets
from rest_framework.permissions import BasePermission
from rest_framework.response import Response

from childwelfare.api.bodies import Body
from childwelfare.demo.examples import ACCOUNT
from orgs.access.api.permissions import DeclaredPermission
from orgs.access.api.viewsets import acting_post
from orgs.access.declarations import SIGNED_IN
from orgs.accounts.authentication import PersonSessionAuthentication, PostTokenAuthentication
from orgs.accounts.models import ApiToken
from orgs.audit.readings import note_reading
from visits.phones.examples import envelope_id
from visits.phones.items import AT_ONCE, ItemIn, ZonedTime, receive
from visits.phones.kinds import ITEM_KINDS
from visits.phones.models import SyncVerdict
from visits.phones.pull import head, pull
from visits.phones.services.sync import Sender, record_contact
from visits.phones.services.wipe import has_ended, orders_for, record_wiped

# not sent by itself: what the text ``payload`` of an item holds
PAYLOAD_TYPE = "application/vnd.child-welfare-registry.payload+json"
PAYLOAD = PolymorphicProxySerializer(
    "SyncPayload", serializers=[kind.reader for kind in ITEM_KINDS.values()], resource_type_field_name=None
)
APP = "child-welfare-registry"  # what tells our answer from the page of a captive portal
CLOCK_MOST = datetime.timedelta(days=36_500)  # a clock that lost its battery says 1970


@extend_schema_field(ItemIn(many=True))
class ItemsAsSent(serializers.ListField):
    """Each item is read by itself, so that one that can't be read is answered and holds up no other."""


class EnvelopeIn(Body):
    account = serializers.UUIDField(help_text="手机上的账号，取自 GET 的 account；与登录的不符得到 409")
    device = serializers.CharField(max_length=40, help_text="这台手机的编号，由客户端生成")
    app = serializers.CharField(max_length=40, help_text="应用版本")
    sent_at = ZonedTime(required=False, help_text="发送时手机上的时间，带时区；服务器据此知道手机的时间准不准")
    unsent = serializers.IntegerField(required=False, min_value=0, max_value=100_000, help_text="手机上还有几条没发")
    items = ItemsAsSent(child=serializers.DictField(), max_length=AT_ONCE)


class SyncVerdictOut(serializers.Serializer):
    """What became of one item."""

    id = serializers.CharField()
    verdict = serializers.ChoiceField(
        choices=SyncVerdict.choices,
        help_text=(
            "accepted、already：已收下，凭 receipt 才算送达；gone：已封好交给现在负责的工作站；"
            "conflict：服务器上已改过，见 server；refused：没有收下，见 errors，改好另存一条（新的 id）；"
            "以上都不再重发。只有 errors 里有 hash 或 sealed 的 refused 是路上的错，"
            "同一条原样再发。later：稍后同一条原样再发"
        ),
    )
    receipt = serializers.CharField(help_text="回执号；没有收下时为空")
    errors = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()), help_text="{字段名: [原因]}；与字段无关的在空名下"
    )
    server = serializers.DictField(help_text="conflict：{version, state, answers}，服务器上现在的内容")


class AnswerOut(serializers.Serializer):
    """In every answer, refusals included."""

    app = serializers.CharField(help_text=f"总是 {APP}")
    now = serializers.DateTimeField(help_text="服务器现在的时间：手机拿来和自己的比")
    wipe = serializers.ListField(
        child=serializers.DictField(),
        help_text="要求这台手机（查询参数 device）清除的账号 {account, key}；清除后以查询参数 wiped=key 回报",
    )


class EnvelopeOut(AnswerOut):
    items = SyncVerdictOut(many=True)


class NotTaken(AnswerOut):
    """Nothing of the envelope was looked at: the line, the sign-in or the whole of it is at fault. Send it again."""

    detail = serializers.CharField(required=False, help_text="原因")
    account = serializers.UUIDField(required=False, help_text="409：现在登录的账号")
    ended = serializers.BooleanField(required=False, help_text="403：这个岗位已经结束，手机应清除名单和草稿")


@extend_schema_serializer(many=False)  # the action is named list
class HeldOut(AnswerOut):
    account = serializers.UUIDField()
    name = serializers.CharField()
    post = serializers.UUIDField()
    unit = serializers.CharField()
    key = serializers.DictField(help_text="{id, public}：密封内容用的服务器公钥")
    day = serializers.DateField()
    contact = serializers.DictField(allow_null=True, help_text="{name, phone}：工作站或县级的电话")
    files = serializers.ListField(child=serializers.DictField(), help_text="有变化的档案；whole 为真时是全部")
    gone = serializers.ListField(child=serializers.CharField(), help_text="不再由这台手机持有的档案")
    whole = serializers.BooleanField()
    cursor = serializers.CharField()
    checksum = serializers.CharField(help_text="全部“id:version”行排序后用换行连接的 SHA-256")
    returned = serializers.ListField(
        child=serializers.DictField(),
        help_text=(
            "待补充的走访；taken_back 为真的是本人撤回修改，不是退回。answers.changes 是一并撤回的变更；"
            "其中的电话不给出，只在 kept 里列出 {字段名: 打码的号码}，补充时 changes 里没有它就照原样再送，"
            "changes 为 {} 是没有变化，都不再送"
        ),
    )
    progress = serializers.DictField()
    rounds = serializers.ListField(
        child=serializers.DictField(), help_text="正在进行的专项走访 {id, name, until, owed, done}"
    )
    needs = serializers.ListField(
        child=serializers.DictField(), help_text="由本村在办的需求 {id, child, name, kind, kind_label, urgency, due_on}"
    )
    instruments = serializers.ListField(
        child=serializers.DictField(),
        allow_null=True,
        help_text="本村用的评估体系 {id, name, since, until, definition}；与请求里的 instruments_version 相同的为 null",
    )
    instruments_version = serializers.CharField(help_text="下次带上，评估体系没有变的不再给")


class IsPerson(BasePermission):
    """Somebody who is signed in, also one whose posts have ended: what was done before is still taken over."""

    def has_permission(self, request, view):
        return bool(request.user and request.user.is_authenticated)


class OtherAccount(exceptions.APIException):
    status_code = 409


def _example(kind) -> OpenApiExample:
    """One that the demo's director can send as it stands."""
    payload = json.dumps(kind.example, ensure_ascii=False)
    item = {
        "id": str(envelope_id(kind.name, payload)),
        "kind": kind.name,
        "schema": kind.schema,
        "made_at": "2026-11-20T09:30:00+08:00",
        "hash": hashlib.sha256(payload.encode()).hexdigest(),
        "payload": payload,
    }
    envelope = {"account": str(ACCOUNT), "device": "phone-1", "app": "1", "items": [item]}
    return OpenApiExample(kind.name, value=envelope, request_only=True)


class SyncViewSet(viewsets.ViewSet):
    """What a phone holds, and what it sends."""

    describes_refusals = True  # each of its answers has the app's mark
    reads_texts_as_sent = True  # a payload's hash is of the text as it left the phone

    authentication_classes = [PostTokenAuthentication, PersonSessionAuthentication]
    permissions = {"list": "log_visit", "create": SIGNED_IN}
    reads = {"list": "pull_files", "create": "view_conflict"}

    def initial(self, request, *args, **kwargs):
        if key := request.query_params.get("wiped", ""):
            record_wiped(key)  # before the session is asked: a phone that was lost has none any more
        super().initial(request, *args, **kwargs)

    def finalize_response(self, request, response, *args, **kwargs):
        """Every answer, a refusal too, is marked as ours and brings what the station ordered for this phone."""
        if isinstance(getattr(response, "data", None), dict):
            response.data["app"] = APP
            response.data["now"] = timezone.now().isoformat(timespec="seconds")
            response.data["wipe"] = orders_for(request.query_params.get("device", "")[:40])
            if response.status_code == 403 and request.user.is_authenticated:
                response.data["ended"] = has_ended(request.query_params.get("post", ""), request.user)
        return super().finalize_response(request, response, *args, **kwargs)

    def get_permissions(self):
        return [IsPerson()] if self.action == "create" else [DeclaredPermission()]

    @extend_schema(
        tags=["sync"],
        parameters=[
            OpenApiParameter(name, str) for name in ("cursor", "instruments_version", "device", "app", "post", "wiped")
        ],
        responses={200: HeldOut} | dict.fromkeys((401, 403), NotTaken),
    )
    def list(self, request):
        """What a phone of the post should hold today; with ``cursor`` of the last answer only what changed since."""
        post = acting_post(request)
        has = {name: request.query_params.get(name, "")[:100] for name in ("cursor", "instruments_version")}
        held = pull(post, **has)
        device = request.query_params.get("device", "")[:40]
        if device:
            record_contact(post, device, request.query_params.get("app", "")[:40], pulled_at=timezone.now())
        if held.files or held.returned:
            note_reading(request, count=len(held.files), returned=len(held.returned))
        return Response(head(post) | {name: getattr(held, name) for name in PULLED})

    @extend_schema(
        tags=["sync"],
        parameters=[OpenApiParameter(name, str) for name in ("device", "wiped")],
        request={"application/json": EnvelopeIn, PAYLOAD_TYPE: PAYLOAD},
        responses={200: EnvelopeOut} | dict.fromkeys((400, 401, 403, 409), NotTaken),
        examples=[_example(kind) for kind in ITEM_KINDS.values()],
    )
    def create(self, request):
        """Take over what a phone saved, each item by itself and once, whatever happens on the way.

        ``payload`` is the JSON text of the record, one of the forms of the second media type below by ``kind``;
        besides its fields it may hold ``post`` (in which it was made) and ``nonce`` (anything, so that the hash can't
        be guessed). ``hash`` is the SHA-256 of its UTF-8 bytes as sent, in lower case: keep the text, never write it
        anew. In place of ``payload`` an item may be ``sealed`` for the server with the ``key`` of GET: ECDH on P-256
        between the one-time key ``epk`` and the server's public key; HKDF-SHA256 of the shared secret, without salt and
        with the info ``registry-sync-1``, gives the key of AES-256-GCM; ``data`` is the text encrypted with ``iv``
        (12 bytes) and the additional data id, account and hash, each on a line of its own.

        The answer is 200 whenever the envelope could be read. It is ours if ``app`` says so: a portal's page is not.
        """
        envelope = EnvelopeIn(data=request.data)
        envelope.is_valid(raise_exception=True)
        given = envelope.validated_data
        if given["account"] != request.user.uid:
            raise OtherAccount({"account": str(request.user.uid), "detail": _("这台手机上现在登录的是另一个账号。")})
        by_token = isinstance(request.auth, ApiToken)
        ahead = given["sent_at"] - timezone.now() if "sent_at" in given else datetime.timedelta()
        clock = max(-CLOCK_MOST, min(ahead, CLOCK_MOST))
        sender = Sender(
            request.user, acting_post(request), given["device"], given["app"], one_post=by_token, clock_ahead=clock
        )
        answers = [self._answer(request, item, sender) for item in given["items"]]
        if sender.post:
            seen = {"unsent": given["unsent"]} if "unsent" in given else {}
            record_contact(sender.post, sender.device, sender.app, sent_at=timezone.now(), **seen)
        return Response({"items": answers})

    @staticmethod
    def _answer(request, raw: dict, sender: Sender) -> dict:
        answer = receive(raw, sender)
        if answer.shows:
            note_reading(request, answer.shows)
        return {name: getattr(answer, name) for name in VERDICT}


VERDICT = ("id", "verdict", "receipt", "errors", "server")
PULLED = (
    "files", "gone", "whole", "cursor", "checksum", "returned", "progress", "rounds",
    "needs", "instruments", "instruments_version",
)  # fmt: skip
