"""Answers to a visit as the API takes them, by itself and from phones."""

from django.core.exceptions import ValidationError
from rest_framework import serializers

from childwelfare.api.fields import Cleaned, LooseDate
from childwelfare.questions.api_fields import serializer_field
from childwelfare.questions.question import Kind
from registry.changes.api import Given
from visits.visit.answers import ANSWERS
from visits.visit.models import Visit
from visits.visit.observed_changes import KEY, read_changes
from visits.visit.questions import VISIT_QUESTIONS


class VisitIn(Cleaned):
    """Answers to one visit. ``hazards`` must be sent, be it empty: safety is looked at every time.

    Which questions are asked depends on the other answers, as in the form; answers to questions that are not asked
    (mood of a child that was not seen) are not kept and raise no flag.
    """

    id = serializers.UUIDField(required=False, help_text="由客户端生成；重复发送得到同一条走访")
    child = serializers.UUIDField(help_text="儿童档案标识")
    visited_on = LooseDate(help_text="走访日期")
    family = serializers.UUIDField(
        required=False, allow_null=True, help_text="同一次入户走访几个兄弟姐妹时，各条用同一个标识"
    )
    changes = serializers.DictField(
        child=Given(), required=False, help_text="走访中发现档案有变化：{字段名: {base: 档案原值, value: 新值}}"
    )

    class Meta:
        model = Visit
        fields = ["id", "child", *ANSWERS, "family", "changes"]

    def get_fields(self):
        """As the columns say; a list of codes, a measured number and who was met, of which these don't know enough, as
        the question says."""
        fields = super().get_fields()
        for question in VISIT_QUESTIONS.questions:
            if question.kind in (Kind.SEVERAL, Kind.HIDDEN_NUMBER) or question.names_people:
                fields[question.name] = serializer_field(question)
        return fields

    def validate_changes(self, given):
        try:
            return read_changes(given)
        except ValidationError as error:
            raise serializers.ValidationError(error.message_dict) from None


class CorrectedIn(VisitIn):
    """A visit that came back, or was taken back, written anew: all its answers. ``version``: as it was read."""

    version = serializers.IntegerField(min_value=1, help_text="读到的版本号；期间有变化则得到 409")

    class Meta(VisitIn.Meta):
        fields = ["version", *(name for name in VisitIn.Meta.fields if name not in ("id", "child", "family"))]

    id = child = family = None


def under_changes(error: Exception) -> Exception:
    """``error`` as a program reads it: what is wrong with a field of ``changes`` stands in it under the field's own
    name. Pages and phones have a field of their form for it (KEY)."""
    if isinstance(error, ValidationError) and hasattr(error, "error_dict"):
        problems: dict = error.message_dict
    elif isinstance(error, serializers.ValidationError) and isinstance(error.detail, dict):
        problems = error.detail
    else:
        return error
    before = KEY.format("")
    told: dict = {}
    for name, problem in problems.items():
        if name.startswith(before):
            told.setdefault("changes", {})[name.removeprefix(before)] = problem
        elif name == "changes" and isinstance(problem, dict):
            told["changes"] = {str(part).removeprefix(before): texts for part, texts in problem.items()}
        else:
            told[name] = problem
    return serializers.ValidationError(told)
