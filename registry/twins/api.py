"""Twins over the API: the files that may be of the same child, and the word that one is not."""

from rest_framework import serializers

from childwelfare.api.bodies import Body
from childwelfare.api.fields import CleanText
from registry.twins.models import REASON_LIMIT, NotTheSame, NotTheSameTakenBack
from registry.twins.services import Twin


class TwinOut(serializers.Serializer):
    """A file that may be of the same child and that the reader may open."""

    id = serializers.UUIDField(source="file.pk")
    file_number = serializers.CharField(source="file.file_number")
    name = serializers.CharField(source="file.name")
    sex = serializers.CharField(source="file.sex")
    birth_date = serializers.DateField(source="file.birth_date")
    place = serializers.CharField(source="file.village.path_label")
    state = serializers.CharField(source="file.state")
    points = serializers.IntegerField(source="likeness.points", help_text="相似程度，70 分起提示")
    alike = serializers.ListField(source="likeness.alike", child=serializers.CharField(), help_text="相同的地方")
    unlike = serializers.ListField(source="likeness.unlike", child=serializers.CharField(), help_text="不同的地方")
    said = serializers.SerializerMethodField(help_text="已说明不是同一个孩子的原因；没有说明的为空")

    def get_said(self, twin: Twin) -> str:
        return twin.said.reason if twin.said else ""


class TwinsOut(serializers.Serializer):
    named = TwinOut(many=True, help_text="可以打开的")
    elsewhere = serializers.ListField(
        child=serializers.CharField(), help_text="不能打开的，只告诉向谁核实，每个县（市、区）一句"
    )


class NotTheSameIn(Body):
    other = serializers.UUIDField(help_text="另一份档案")
    reason = CleanText(max_length=REASON_LIMIT, help_text="为什么不是同一个孩子")


class NotTheSameOut(serializers.ModelSerializer):
    made_by = serializers.CharField(source="made_by.name")

    class Meta:
        model = NotTheSame
        fields = ["first", "second", "reason", "made_by", "made_at"]


class TakenBackOut(serializers.ModelSerializer):
    """The word that no longer stands, and why."""

    made_by = serializers.CharField(source="made_by.name")
    taken_back_by = serializers.CharField(source="taken_back_by.name")

    class Meta:
        model = NotTheSameTakenBack
        fields = [*NotTheSameOut.Meta.fields, "taken_back_by", "taken_back_at", "taken_back_reason"]


class TakeBackIn(Body):
    other = serializers.UUIDField(help_text="另一份档案")
    reason = CleanText(max_length=REASON_LIMIT, help_text="为什么收回")
