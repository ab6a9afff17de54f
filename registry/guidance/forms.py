"""The forms of guidance and entrusted care. The rules are in the services."""

from typing import ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.pages.form_fields import CleanCharField, CleanDateField, PhoneField, optional_day
from childwelfare.pages.forms import (
    TRUTH,
    YES_NO,
    Answers,
    GrowingText,
    ManyAnswers,
    OnceForm,
    ServiceErrors,
)
from childwelfare.questions.conditions import Condition
from registry.child.codes import Relation
from registry.guidance import codes
from registry.guidance.services import ADVICE_LIMIT, NOT_LOOKED, NOTHING_SAID, REASON_LIMIT

RELATIONS = [("", _("请选择")), *Relation.choices]


def _yes_no(label) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=YES_NO, required=False, widget=Answers(across=2))


class GuidanceForm(OnceForm):
    NEEDED: ClassVar = {"given_on": None, "guardian": None, "topics": Condition("advice", ("",))}
    MISSING: ClassVar = {"topics": NOTHING_SAID}

    given_on = optional_day(_("日期"), initial=timezone.localdate)
    guardian = CleanCharField(label=_("对谁"), required=False, max_length=50)
    topics = forms.MultipleChoiceField(
        label=_("讲了什么"), choices=codes.Topic, required=False, widget=ManyAnswers,
        help_text=_("都不是的，写在“具体建议”里"),
    )  # fmt: skip
    advice = CleanCharField(label=_("具体建议"), required=False, max_length=ADVICE_LIMIT, widget=GrowingText())
    agreed = _yes_no(_("监护人表示愿意做到"))

    def answers(self) -> dict:
        answers = super().answers()
        return answers | {"agreed": TRUTH.get(answers["agreed"])}


class EntrustForm(OnceForm):
    one_at_a_time = True
    NAMED = (
        "by_name",
        "by_relation",
        "reason",
        "carer_name",
        "carer_relation",
        "looked",
        "since",
        "until",
        "signed_on",
    )
    NEEDED: ClassVar = {**dict.fromkeys(NAMED), "unfit": Condition("looked", ("some",))}
    MISSING: ClassVar = {"looked": NOT_LOOKED}

    by_name = CleanCharField(label=_("委托人（父母或其他监护人）"), required=False, max_length=50)
    by_relation = forms.ChoiceField(label=_("委托人与孩子关系"), choices=RELATIONS, required=False)
    reason = CleanCharField(
        label=_("为什么委托"), required=False, max_length=REASON_LIMIT, help_text=_("如 父母在广东务工")
    )
    carer_name = CleanCharField(label=_("受托人"), required=False, max_length=50)
    carer_relation = forms.ChoiceField(label=_("受托人与孩子关系"), choices=RELATIONS, required=False)
    carer_phone = PhoneField(label=_("受托人电话"), required=False)
    looked = forms.ChoiceField(
        label=_("受托人有下面的情形吗（未成年人保护法第二十二条）"), required=False, widget=Answers(across=2),
        choices=[("none", _("核对过，都没有")), ("some", _("有"))],
        help_text=_("违法犯罪行为；吸毒、酗酒、赌博；不履行监护职责；其他不适宜"),
    )  # fmt: skip
    unfit = forms.MultipleChoiceField(label=_("有哪些"), choices=codes.Unfit, required=False, widget=ManyAnswers)
    child_heard = _yes_no(_("听取过孩子的意见"))
    since = CleanDateField(label=_("委托起"), required=False)
    until = CleanDateField(label=_("委托止"), required=False)
    signed_on = optional_day(_("签订日期"))
    school_told_on = optional_day(_("书面告知学校日期"), help_text=_("还没有告知的，以后补记"))
    village_told_on = optional_day(_("书面告知村（居）委会日期"))

    def clean(self):
        data = super().clean()
        if data.get("looked") == "some" and not data.get("unfit"):
            self.add_error("unfit", _("请选择是哪种情形。"))
        return data

    def field_at(self, name: str) -> str | None:
        """That nobody looked is said where it is asked."""
        is_unlooked = name == "unfit" and not self.cleaned_data.get("looked")
        return "looked" if is_unlooked else super().field_at(name)

    def arguments(self) -> dict:
        answers = self.answers()
        looked, unfit = answers.pop("looked"), answers.pop("unfit")
        answers["child_heard"] = TRUTH.get(answers["child_heard"])
        return {"answers": answers, "unfit": unfit if looked else None, "pk": self.cleaned_data["pk"]}


class NotifyForm(ServiceErrors, forms.Form):
    school_told_on = optional_day(_("书面告知学校日期"))
    village_told_on = optional_day(_("书面告知村（居）委会日期"))

    def arguments(self) -> dict:
        return {"answers": self.cleaned_data}


class EndEntrustmentForm(ServiceErrors, forms.Form):
    NEEDED: ClassVar = {"on": None, "reason": None}

    on = CleanDateField(label=_("从哪一天起结束"), required=False)
    reason = CleanCharField(label=_("为什么结束"), required=False, max_length=REASON_LIMIT)

    def arguments(self) -> dict:
        return self.cleaned_data
