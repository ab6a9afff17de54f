"""What is asked when a whole file is closed or reopened. The rules are in the services."""

from typing import ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.pages.form_fields import CleanCharField, CleanDateField
from childwelfare.pages.forms import Answers, GrowingText, ManyAnswers, ServiceErrors
from childwelfare.questions.conditions import Condition
from registry.child import codes
from registry.child.models import FileState
from registry.closing.services import CLOSE_REASONS, NOT_HELD_BEFORE, may_be_given_back


class ActForm(ServiceErrors, forms.Form):
    """One act on one file, as it stood on the screen."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, file, **kwargs):
        super().__init__(*args, initial={"version": file.version}, **kwargs)

    def arguments(self) -> dict:
        """For the service."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class CloseForm(ActForm):
    DATED: ClassVar = tuple(code for code, _label in CLOSE_REASONS if code != codes.ExitReason.ENTRY_ERROR)
    NEEDED: ClassVar = {
        "on": Condition("reason", DATED),
        "note": Condition("reason", (codes.ExitReason.OTHER,)),
    }

    reason = forms.ChoiceField(
        label=_("结案原因"), choices=CLOSE_REASONS, widget=Answers(), error_messages={"required": _("请选择结案原因。")}
    )
    on = CleanDateField(
        label=_("结案日期"), required=False, help_text=_("从哪一天起不再在册；原因是“录入错误”时可不填，按今天")
    )
    note = CleanCharField(label=_("情况说明"), required=False, max_length=200, widget=GrowingText())


class ReopenForm(ActForm):
    NEEDED: ClassVar = {
        "reason": None,
        "categories": None,
        "difficulty": Condition("categories", (codes.Category.DIFFICULTY,)),
    }

    reason = CleanCharField(label=_("为什么重新在册"), required=False, max_length=200, widget=GrowingText())
    categories = forms.MultipleChoiceField(
        label=_("儿童类别"), choices=codes.Category.choices, widget=ManyAnswers(), required=False,
        help_text=_("结案前的类别不会自己恢复，请按现在的情况选择；别的类别，重新在册后再提出变更"),
        error_messages={"invalid_choice": NOT_HELD_BEFORE},
    )  # fmt: skip
    difficulty = forms.ChoiceField(
        label=_("困境类型（选了困境儿童时）"), choices=codes.Difficulty.choices, widget=Answers(), required=False
    )
    since = CleanDateField(label=_("类别起始日期"), required=False, help_text=_("不填按今天"))
    grounds = CleanCharField(label=_("依据"), required=False, max_length=codes.GROUNDS_LONGEST)

    def __init__(self, *args, file, **kwargs):
        super().__init__(*args, file=file, **kwargs)
        offered = may_be_given_back(file, on=timezone.localdate()) if file.state == FileState.CLOSED else []
        labels = dict(codes.Category.choices)
        self.fields["categories"].choices = [(code, labels[code]) for code in offered]
        if codes.Category.DIFFICULTY not in offered:
            del self.fields["difficulty"]
        if not offered:
            for name in ("categories", "since", "grounds"):
                del self.fields[name]

    def arguments(self) -> dict:
        data = self.cleaned_data
        each = {name: data.get(name) for name in ("since", "difficulty", "grounds")}
        return {"reason": data["reason"], "categories": {name: dict(each) for name in data.get("categories", [])}}
