"""The forms of the editor: one place of a definition each. What is wrong with the whole ``problems`` tell; here only
what can't be read at all is refused."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from childwelfare.pages.form_fields import CleanCharField, CleanDateField, PrintedCharField
from childwelfare.pages.forms import Answers, GrowingText, ManyAnswers, ServiceErrors
from registry.child.codes import Risk
from registry.instruments import services
from registry.instruments.definition import UNKNOWN, Definition, Indicator
from registry.instruments.facts import FACTS
from registry.instruments.moves import DOCUMENT_LONGEST
from registry.instruments.problems import LONGEST, LONGEST_DAYS, LONGEST_MONTHS, WHOLE
from registry.instruments.situations import SITUATIONS

TONES = [("", _("不着色")), ("ok", _("绿")), ("brand", _("蓝")), ("warm", _("橙")), ("danger", _("红"))]


def _text(label: Any, name: str, **given: Any) -> PrintedCharField:
    return PrintedCharField(label=label, max_length=LONGEST[name], required=False, **given)


def _number(label: Any, most: int = WHOLE, *, required: bool = True, **given: Any) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"class": "w-num", "inputmode": "numeric"})
    return forms.IntegerField(
        label=label, min_value=0, max_value=most, required=required, widget=widget,
        error_messages={"required": _("请填写数字。"), "invalid": _("请填写整数。")}, **given,
    )  # fmt: skip


def _key() -> forms.CharField:
    return forms.CharField(required=False, max_length=LONGEST["key"], widget=forms.HiddenInput)


class DraftForm(ServiceErrors, forms.Form):
    """Begin a version."""

    pk = forms.UUIDField(widget=forms.HiddenInput, required=False)
    begin_with = forms.ChoiceField(
        label=_("从哪里开始"), widget=Answers(across=2),
        choices=[
            (services.FROM_LAST, _("在最近发布的一版上改")), (services.FROM_EXAMPLE, _("从系统的示例开始")),
        ],
    )  # fmt: skip


class NameForm(ServiceErrors, forms.Form):
    name = PrintedCharField(label=_("名称"), max_length=services.NAME_LONGEST)


class DimensionForm(ServiceErrors, forms.Form):
    name = _text(_("名称"), "name")
    most = _number(_("满分"), help_text=_("等于下面各指标最多能给的分数加起来"))


class IndicatorForm(ServiceErrors, forms.Form):
    name = _text(_("名称"), "name", help_text=_("汇总和理由里用，如 照料人健康"))
    question = _text(_("问题"), "question", help_text=_("主任照着问、照着看的一句话"))
    help = _text(_("怎么看"), "help", help_text=_("到哪里看、向谁问"))
    source = forms.ChoiceField(label=_("谁来回答"), required=False)
    several = forms.BooleanField(label=_("可以选多项，分数相加"), required=False)
    at_most = _number(_("多项最多几分"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        computed = [(key, _("系统算：%(source)s") % {"source": source.label}) for key, source in FACTS.items()]
        self.fields["source"].choices = [("", _("评估的人回答")), *computed]


class AnswerForm(forms.Form):
    """``source``: of a computed indicator, which decides what is asked of the fact."""

    key = _key()
    name = _text(_("答案"), "name")
    points = _number(_("分数"))
    tone = forms.ChoiceField(label=_("颜色"), choices=TONES, required=False)
    sentence = _text(_("怎样算"), "sentence")
    values = forms.MultipleChoiceField(label=_("档案是这些值的"), required=False, widget=ManyAnswers)
    least = forms.IntegerField(label=_("数字从"), required=False)
    most = forms.IntegerField(label=_("到"), required=False)

    def __init__(self, *args: Any, source: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        declared = FACTS.get(source)
        if declared is None or declared.codes is None:
            del self.fields["values"]
        else:
            self.fields["values"].choices = list(declared.codes.items())
        if declared is None or declared.codes is not None:
            del self.fields["least"], self.fields["most"]
        else:
            for name in ("least", "most"):
                self.fields[name].widget.attrs["class"] = "w-num"
                self.fields[name].help_text = declared.unit


class WhenForm(forms.Form):
    """One condition: an indicator that stands before, and which of its answers."""

    indicator = forms.ChoiceField(label=_("前面的指标"), required=False)
    answers = forms.MultipleChoiceField(label=_("答了其中一个就问"), required=False, widget=ManyAnswers)

    def __init__(self, *args: Any, before: list[Indicator], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["indicator"].choices = [("", _("请选择")), *((each.key, each.name) for each in before)]
        asked = self["indicator"].value()
        chosen = next((each for each in before if each.key == asked), None)
        answers = [(answer.key, answer.name) for answer in chosen.answers] if chosen else []
        self.fields["answers"].choices = [*answers, (UNKNOWN, _("不清楚"))] if chosen else []
        if not chosen:
            self.fields["answers"].help_text = _("先选前面的指标，再按“列出答案”。")


class ScreenForm(forms.Form):
    key = _key()
    text = _text(_("问题"), "text")
    help = _text(_("怎么看"), "help")
    situation = forms.ChoiceField(label=_("紧急报告用哪种情形"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["situation"].choices = list(SITUATIONS.items())


class LevelForm(forms.Form):
    key = forms.ChoiceField(label=_("走访按哪一级"), choices=Risk)
    name = _text(_("名称"), "name")
    least = _number(_("从几分起"))
    months = _number(_("几个月后再评"), LONGEST_MONTHS)
    tone = forms.ChoiceField(label=_("颜色"), choices=TONES, required=False)
    plan_days = _number(_("几个工作日内定方案"), LONGEST_DAYS, help_text=_("0 为不要求"))
    plan_by = forms.ChoiceField(label=_("方案由谁审批"), choices=[("township", _("工作站")), ("county", _("县级"))])
    meeting_days = _number(_("几个工作日内会商"), LONGEST_DAYS, help_text=_("0 为不要求"))
    needs_listed = forms.BooleanField(label=_("至少列一项需求"), required=False)
    county_signs = forms.BooleanField(label=_("县级还要确认"), required=False)
    action = _text(_("措施"), "action", widget=GrowingText())


class StepForm(forms.Form):
    least = _number(_("从几分起"))
    words = _text(_("判断用语"), "words")


class RulesForm(ServiceErrors, forms.Form):
    higher_is_worse = forms.ChoiceField(
        label=_("分数的方向"), choices=[("yes", _("分数越高，情况越重")), ("no", _("分数越高，情况越好"))],
        widget=Answers(across=2),
    )  # fmt: skip
    unknown_most = _number(_("“不清楚”超过百分之几，就不出等级"))
    screen_level = forms.ChoiceField(label=_("筛查答“是”定哪一级"), choices=Risk)
    parts = _number(_("一个维度达到满分的几分之几，升一级：分子"), required=False, help_text=_("不升级的空着"))
    of = _number(_("分母"), required=False)
    fixed_months = CleanCharField(
        label=_("每年固定在哪几个月都评"), required=False, max_length=40, help_text=_("如 3、9；没有的空着"),
    )  # fmt: skip
    words_of = forms.ChoiceField(label=_("哪个维度的分数另用一句话说"), required=False)

    def __init__(self, *args: Any, definition: Definition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dimensions = ((each.key, each.name) for each in definition.dimensions)
        self.fields["words_of"].choices = [("", _("都不用")), *dimensions]

    def clean_fixed_months(self) -> tuple[int, ...]:
        parts = self.cleaned_data["fixed_months"].replace("、", " ").replace("，", " ").replace(",", " ").split()
        if not all(part.isascii() and part.isdigit() and len(part) < 3 for part in parts):
            raise forms.ValidationError(_("请写月份的数字，用顿号隔开，如 3、9。"))
        return tuple(int(part) for part in parts)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (data.get("parts") is None) != (data.get("of") is None):
            self.add_error("parts", _("分子和分母要么都填，要么都空着。"))
        return data


class PublishForm(ServiceErrors, forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    since = CleanDateField(label=_("启用日期"), required=False, help_text=_("最早明天；现行版到这一天停用"))
    document = CleanCharField(label=_("文号或文件名称"), required=False, max_length=DOCUMENT_LONGEST)
    finish_under_old = forms.BooleanField(label=_("在办的评估按旧版办完"), required=False)

    NEEDED = {"since": None, "document": None}
