"""Answers to a visit as the API takes them, by itself and from phones."""

from django.core.exceptions import ValidationError
from rest_framework import serializers

from childwelfare.api.fields import Cleaned, LooseDate
from registry.changes.api import Given
from visits.visit import codes
from visits.visit.answers import ANSWERS
from visits.visit.models import Visit
from visits.visit.observed_changes import read_changes


class VisitIn(Cleaned):
    """Answers to one visit. ``hazards`` must be sent, be it empty: safety is looked at every time."""

    id = serializers.UUIDField(required=False, help_text="由客户端生成；重复发送得到同一条走访")
    child = serializers.UUIDField(help_text="儿童档案标识")
    visited_on = LooseDate(help_text="走访日期")
    hazards = serializers.MultipleChoiceField(
        choices=codes.Hazard.choices, required=False, allow_null=True, default=None, help_text="没有隐患发送 []"
    )

    family = serializers.UUIDField(
        required=False, allow_null=True, help_text="同一次入户走访几个兄弟姐妹时，各条用同一个标识"
    )
    changes = serializers.DictField(
        child=Given(), required=False, help_text="走访中发现档案有变化：{字段名: {base: 档案原值, value: 新值}}"
    )

    class Meta:
        model = Visit
        fields = ["id", "child", *ANSWERS, "family", "changes"]

    def validate_changes(self, given):
        try:
            return read_changes(given)
        except ValidationError as error:
            raise serializers.ValidationError(error.message_dict) from None
