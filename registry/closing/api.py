"""What closing and reopening a file are told over the API."""

from rest_framework import serializers

from childwelfare.api.bodies import Body
from childwelfare.api.fields import CleanText, LooseDate
from registry.child.api.serializers import CategoryIn
from registry.closing.services import CLOSE_REASONS


class CloseIn(Body):
    version = serializers.IntegerField(help_text="读到的版本号；期间有变化则得到 409")
    reason = serializers.ChoiceField(choices=CLOSE_REASONS, help_text="结案原因")
    on = LooseDate(required=False, allow_null=True, default=None, help_text="从哪一天起不再在册；录入错误可不填")
    note = CleanText(max_length=200, required=False, allow_blank=True, default="")


class ReopenIn(Body):
    version = serializers.IntegerField(help_text="读到的版本号；期间有变化则得到 409")
    reason = CleanText(max_length=200, help_text="为什么重新在册")
    categories = CategoryIn(
        many=True, help_text="从今天起的儿童类别，只能是结案时结束的（不会自己恢复）；没有还能恢复的，送空列表"
    )


class UndoIn(Body):
    version = serializers.IntegerField(help_text="读到的版本号；期间有变化则得到 409")
