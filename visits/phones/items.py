"""How one item of a phone's envelope is read, be it sent or brought in a file."""

import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from rest_framework import serializers

from childwelfare.api.bodies import Body
from childwelfare.text.nested import without_lone_surrogates
from visits.phones.kinds import ITEM_KINDS
from visits.phones.models import SyncVerdict
from visits.phones.services.sync import Answer, Sender, longest, read_by, receive_item

SEALED_PER_CHARACTER = 4  # of base64: a Chinese character is three bytes


class SealedIn(Body):
    """The payload sealed for the server (childwelfare.security.envelope), base64."""

    key = serializers.IntegerField(help_text="服务器公钥编号")
    epk = serializers.CharField(max_length=200, help_text="一次性公钥，P-256 未压缩点")
    iv = serializers.CharField(max_length=40)
    data = serializers.CharField()  # type: ignore[assignment]


AT_ONCE = 50  # items in one envelope or file; phones send them one by one


class ZonedTime(serializers.DateTimeField):
    """A moment that says its zone: without one nobody knows which it was."""

    def enforce_timezone(self, value: datetime.datetime) -> datetime.datetime:
        if value.tzinfo is None:
            raise serializers.ValidationError([_("时间要带时区，例如 2026-11-20T09:30:00+08:00。")])
        return super().enforce_timezone(value)


class ItemIn(Body):
    id = serializers.UUIDField(help_text="由客户端生成；重复发送得到同一个结果")
    kind = serializers.CharField(max_length=20, help_text="、".join(ITEM_KINDS))
    schema = serializers.IntegerField(help_text="payload 的版本")
    made_at = ZonedTime(help_text="手机上保存的时间，带时区")
    hash = serializers.RegexField(r"^[0-9a-f]{64}$", help_text="payload 的 UTF-8 字节的 SHA-256，小写十六进制")
    payload = serializers.CharField(required=False, trim_whitespace=False, help_text="JSON 文本，按原样计算哈希")
    sealed = SealedIn(required=False, help_text="代替 payload：为服务器密封的内容")

    def validate(self, attrs: dict) -> dict:
        if ("payload" in attrs) == ("sealed" in attrs):
            raise serializers.ValidationError({"payload": [_("payload 和 sealed 必须且只能有一个。")]})
        if "sealed" in attrs and len(attrs["sealed"]["data"]) > SEALED_PER_CHARACTER * longest(attrs["kind"]):
            raise serializers.ValidationError({"sealed": [_("内容太长，没有收下。")]})
        return attrs


def read_item(raw: dict) -> dict:
    """One item as ``ItemIn`` reads it; the payload is kept as it was sent, for its hash. Raises ValidationError by
    field."""
    around = without_lone_surrogates({name: value for name, value in raw.items() if name != "payload"})
    return read_by(ItemIn, around | {name: raw[name] for name in ("payload",) if name in raw})


def receive(raw: dict, sender: Sender) -> Answer:
    """Take over one item as it came; one that can't be read is refused by field."""
    try:
        item = read_item(raw)
    except ValidationError as error:
        told = without_lone_surrogates(str(raw.get("id", "")))[:60]
        return Answer(told, SyncVerdict.REFUSED, errors=error.message_dict)
    return receive_item(item, sender)
