"""What is typed for rules, special rounds and extra visits. What is allowed is said by the services."""

import datetime
import uuid

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.pages.form_fields import CleanCharField, CleanDateField
from childwelfare.pages.forms import Answers, GrowingText, ManyAnswers, ServiceErrors
from registry.child.codes import Category, Risk


class LookFirst(ServiceErrors, forms.Form):
    """Shows what it would move before it is saved: ``looked`` holds the values that were looked at."""

    looked = forms.CharField(widget=forms.HiddenInput, required=False)

    @property
    def values(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "looked"}

    @property
    def fingerprint(self) -> str:
        return "|".join(str(value) for value in self.values.values())

    @property
    def was_looked_at(self) -> bool:
        return self.cleaned_data["looked"] == self.fingerprint

    def remember(self) -> None:
        """The next sending saves, if nothing is altered before."""
        self.data = self.data.copy()
        self.data["looked"] = self.fingerprint


class RuleForm(LookFirst):
    document = CleanCharField(label=_("文件名称或文号"), max_length=120)
    risk = forms.ChoiceField(label=_("风险等级"), choices=Risk, widget=Answers(across=2))
    category = forms.ChoiceField(
        label=_("类别"), choices=[("all", _("全部类别")), *Category.choices], widget=Answers(across=3), initial="all"
    )
    days = forms.IntegerField(
        label=_("每几天走访一次"), min_value=1, max_value=365,
        widget=forms.NumberInput(attrs={"class": "w-num", "inputmode": "numeric"}),
    )  # fmt: skip
    since = CleanDateField(label=_("施行日期"))
    until = CleanDateField(label=_("废止日期"), required=False, help_text=_("没有期限的不填"))

    def clean_category(self):
        return "" if self.cleaned_data["category"] == "all" else self.cleaned_data["category"]


class EndRuleForm(LookFirst):
    until = CleanDateField(label=_("从哪天起停止"))


class RoundForm(ServiceErrors, forms.Form):
    pk = forms.UUIDField(widget=forms.HiddenInput, required=False)
    name = CleanCharField(label=_("名称"), help_text=_("如“暑期走访”“春节走访”"), max_length=40)
    since = CleanDateField(label=_("开始日期"))
    until = CleanDateField(label=_("截止日期"), help_text=_("含当天"))
    categories = forms.MultipleChoiceField(
        label=_("哪些孩子"), choices=Category, widget=ManyAnswers(), required=False, help_text=_("不选就是全部在册儿童")
    )
    document = CleanCharField(label=_("文件名称或文号"), required=False, max_length=120)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, initial={"pk": uuid.uuid4(), "since": timezone.localdate()}, **kwargs)


class ExtraForm(ServiceErrors, forms.Form):
    one_at_a_time = True

    pk = forms.UUIDField(widget=forms.HiddenInput, required=False)
    due_on = CleanDateField(label=_("最迟哪天去"))
    reason = CleanCharField(
        label=_("为什么加访"), max_length=200, widget=GrowingText(),
        help_text=_("主任在今日走访里看到这句话"),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        soon = timezone.localdate() + datetime.timedelta(days=3)
        super().__init__(*args, initial={"pk": uuid.uuid4(), "due_on": soon}, **kwargs)


class WithdrawForm(ServiceErrors, forms.Form):
    reason = CleanCharField(label=_("为什么"), max_length=200, widget=GrowingText())
