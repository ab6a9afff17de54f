"""What phones send and hold: ``/api/v1/sync/``. Each item gets its own verdict; the answer is 200 whenever the
envelope could be read, so that one bad item never holds up the others."""

import datetime
import hashlib
import json

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import exceptions, serializers, viewsets
from rest_framework.permissions import BasePermission
from rest_framework.response import Response

from childwelfare.demo.examples import ACCOUNT
from orgs.access.api.permissions import DeclaredPermission
from orgs.access.api.viewsets import acting_post
from orgs.access.declarations import SIGNED_IN
from orgs.accounts.authentication import PersonSessionAuthentication, PostTokenAuthentication
from orgs.accounts.models import ApiToken
from orgs.audit.readings import note_reading
from visits.phones.examples import envelope_id
from visits.phones.items import ZonedTime, read_item
from visits.phones.kinds import ITEM_KINDS
from visits.phones.models import SyncVerdict
from visits.phones.pull import head, pull
from visits.phones.services.sync import Sender, receive_item, record_contact
from visits.phones.services.wipe import has_ended, orders_for, record_wiped

APP = "child-welfare-registry"  # what tells our answer from the page of a captive portal
CLOCK_MOST = datetime.timedelta(days=36_500)  # a clock that lost its battery says 1970
AT_ONCE = 50  # items in one envelope; phones send them one by one


class EnvelopeIn(serializers.Serializer):
    account = serializers.UUIDField(help_text="手机上的账号，取自 GET 的 account；与登录的不符得到 409")
    device = serializers.CharField(max_length=40, help_text="这台手机的编号，由客户端生成")
    app = serializers.CharField(max_length=40, help_text="应用版本")
    sent_at = ZonedTime(required=False, help_text="发送时手机上的时间，带时区；服务器据此知道手机的时间准不准")
    unsent = serializers.IntegerField(required=False, min_value=0, max_value=100_000, help_text="手机上还有几条没发")
    items = serializers.ListField(child=serializers.DictField(), max_length=AT_ONCE)


class SyncVerdictOut(serializers.Serializer):
    id = serializers.CharField()
    verdict = serializers.ChoiceField(choices=SyncVerdict.choices)
    receipt = serializers.CharField()
    errors = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))
    server = serializers.DictField()


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
    returned = serializers.ListField(child=serializers.DictField())
    progress = serializers.DictField()
    rounds = serializers.ListField(
        child=serializers.DictField(), help_text="正在进行的专项走访 {id, name, until, owed, done}"
    )


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
        parameters=[OpenApiParameter(name, str) for name in ("cursor", "device", "app", "post", "wiped")],
        responses=HeldOut,
    )
    def list(self, request):
        post = acting_post(request)
        held = pull(post, request.query_params.get("cursor", "")[:100])
        device = request.query_params.get("device", "")[:40]
        if device:
            record_contact(post, device, request.query_params.get("app", "")[:40], pulled_at=timezone.now())
        if held.files:
            note_reading(request, count=len(held.files))
        return Response(head(post) | {name: getattr(held, name) for name in PULLED})

    @extend_schema(
        tags=["sync"],
        parameters=[OpenApiParameter(name, str) for name in ("device", "wiped")],
        request=EnvelopeIn,
        responses=EnvelopeOut,
        examples=[_example(kind) for kind in ITEM_KINDS.values()],
    )
    def create(self, request):
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
        try:
            item = read_item(raw)
        except ValidationError as error:
            refused = {"verdict": SyncVerdict.REFUSED, "receipt": "", "errors": error.message_dict, "server": {}}
            return {"id": str(raw.get("id", ""))[:60]} | refused
        answer = receive_item(item, sender)
        if answer.shows:
            note_reading(request, answer.shows)
        return {name: getattr(answer, name) for name in VERDICT}


VERDICT = ("id", "verdict", "receipt", "errors", "server")
PULLED = ("files", "gone", "whole", "cursor", "checksum", "returned", "progress", "rounds")
