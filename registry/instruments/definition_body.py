"""An assessment system as the API takes and gives it: all its fields, and as many of each as may be kept in a draft.
What is wrong with what it says is told by ``registry.instruments.problems``."""

from django.utils.translation import gettext as _
from rest_framework import serializers

from childwelfare.api.bodies import Body
from childwelfare.api.fields import CleanText

LONGEST_LIST = 40  # of anything in a definition
LONGEST_WORDS = 60  # of a step of a dimension
HIGHEST = 10_000  # so that no sum of points overflows


def _key() -> CleanText:
    return CleanText(max_length=20, allow_blank=True, help_text="代码，小写字母、数字和下划线")


def _text(most: int, **given) -> CleanText:
    return CleanText(max_length=most, required=False, allow_blank=True, default="", **given)


def _many(body: type[Body], **given) -> serializers.ListSerializer:
    return body(many=True, max_length=LONGEST_LIST, **given)  # type: ignore[call-arg, return-value]


def _number(**given) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=-HIGHEST, max_value=HIGHEST, **given)


def _bound(help_text: str) -> serializers.IntegerField:
    return _number(required=False, allow_null=True, default=None, help_text=help_text)


def _keys(help_text: str) -> serializers.ListField:
    texts = CleanText(max_length=30)
    return serializers.ListField(
        child=texts, required=False, default=list, max_length=LONGEST_LIST, help_text=help_text
    )


class ScreenQuestionBody(Body):
    key = _key()
    text = _text(200, help_text="问题")
    help = _text(200)
    situation = _text(20, help_text="答“是”时紧急报告用的情形")


class WhenBody(Body):
    indicator = CleanText(max_length=20, help_text="排在前面的指标")
    answers = _keys("答了其中一个就问")


class AnswerBody(Body):
    key = _key()
    name = _text(60)
    points = _number(help_text="分数")
    sentence = _text(200, help_text="怎样算")
    tone = _text(10, help_text="颜色：ok、brand、warm、danger 或空")
    values = _keys("来源的哪些值归这个答案")
    least = _bound("来源的数字从几起")
    most = _bound("来源的数字到几止")


class IndicatorBody(Body):
    key = _key()
    name = _text(60)
    question = _text(200)
    answers = _many(AnswerBody)
    help = _text(200)
    source = _text(40, help_text="由系统算出的来源；空为由人回答")
    several = serializers.BooleanField(required=False, default=False, help_text="可选多项，分数相加")
    at_most = _bound("可选多项的最多几分")
    when = _many(WhenBody, required=False, default=list)


class DimensionBody(Body):
    key = _key()
    name = _text(60)
    most = _number(help_text="满分")
    indicators = _many(IndicatorBody)


class LevelBody(Body):
    key = _key()
    name = _text(60)
    least = _number(help_text="从几分起")
    months = _number(help_text="几个月后再评")
    action = _text(400, help_text="措施")
    tone = _text(10)
    plan_days = _number(required=False, default=0, help_text="几个工作日内定方案，0 为不要求")
    plan_by = _text(10, help_text="方案由谁审批：township 或 county")
    meeting_days = _number(required=False, default=0, help_text="几个工作日内会商，0 为不要求")
    needs_listed = serializers.BooleanField(required=False, default=False, help_text="至少列一项需求")
    county_signs = serializers.BooleanField(required=False, default=False, help_text="县级还要确认")


class LiftBody(Body):
    parts = _number()
    of = _number()


class StepField(serializers.ListField):
    """[least points, words]."""

    child = serializers.JSONField()

    def to_internal_value(self, data):
        step = super().to_internal_value(data)
        if len(step) != 2 or isinstance(step[0], bool) or not isinstance(step[0], int) or not isinstance(step[1], str):
            raise serializers.ValidationError(_("每档写成两项：起点分数，用语。"))
        return [_number().run_validation(step[0]), CleanText(max_length=LONGEST_WORDS).run_validation(step[1])]


class WordsBody(Body):
    dimension = CleanText(max_length=20, allow_blank=True)
    steps = serializers.ListField(child=StepField(), max_length=LONGEST_LIST, help_text='[[0, "监护正常"], …]')


class DefinitionBody(Body):
    dimensions = _many(DimensionBody)
    levels = _many(LevelBody, help_text="从重到轻")
    screen = _many(ScreenQuestionBody, required=False, default=list)
    screen_level = CleanText(max_length=8, required=False, default="high", help_text="筛查答“是”定的等级")
    higher_is_worse = serializers.BooleanField(required=False, default=True, help_text="分数越高越重")
    unknown_most = _number(required=False, default=20, help_text="“不清楚”超过百分之几就不出等级")
    lift = LiftBody(required=False, allow_null=True, default=None, help_text="一个维度达到几分之几升一级")
    words = WordsBody(required=False, allow_null=True, default=None, help_text="某一维度的判断用语")
    fixed_months = serializers.ListField(
        child=_number(), required=False, default=list, max_length=12, help_text="每年这几个月都评"
    )
