"""A local reading of a rule, typed: one question for each parameter that a category lets a place decide."""

import re
from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from childwelfare.pages.form_fields import CleanCharField, CleanDateField
from childwelfare.pages.forms import TRUTH, Answers, ServiceErrors
from childwelfare.text.cleaning import clean_digits
from registry.child import codes
from registry.eligibility.rules import PARAMETERS, Parameter, months, regions

UNCHANGED = ("", _("按国家规定"))
SWITCH = [UNCHANGED, ("yes", _("是")), ("no", _("否"))]


class RegionsField(forms.CharField):
    """Codes of six digits, with whatever between them."""

    def clean(self, value):
        codes_given = [clean_digits(part) for part in re.split(r"[\s,，、;；]+", super().clean(value)) if part]
        if not codes_given:
            return None
        if wrong := [code for code in codes_given if not regions([code])]:
            raise forms.ValidationError(_("区划代码是 6 位数字，请核对：%(codes)s。") % {"codes": "、".join(wrong)})
        return codes_given


class VariantForm(ServiceErrors, forms.Form):
    category = forms.ChoiceField(label=_("类别"), choices=codes.Category, widget=Answers(across=3))
    since = CleanDateField(label=_("施行日期"))
    until = CleanDateField(label=_("废止日期"), required=False, help_text=_("没有期限的不填"))
    document = CleanCharField(label=_("文件名称或文号"), max_length=120)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields |= {name: _field_of(parameter) for name, parameter in PARAMETERS.items()}

    def questions(self):
        """(bound field, the categories with which it is shown)."""
        for name, parameter in PARAMETERS.items():
            yield self[name], "category=" + "|".join(parameter.categories)

    def service_arguments(self) -> dict:
        data = self.cleaned_data
        asked = {name for name, parameter in PARAMETERS.items() if data["category"] in parameter.categories}
        given = {name: data.get(name) for name in asked}
        return {
            "parameters": {name: value for name, value in given.items() if value is not None},
            **{name: data[name] for name in ("category", "since", "until", "document")},
        }


class EndVariantForm(ServiceErrors, forms.Form):
    NEEDED: ClassVar = {"until": None}

    until = CleanDateField(label=_("从哪天起停止"), required=False)


class _Switch(forms.ChoiceField):
    def clean(self, value):
        return TRUTH.get(super().clean(value))


def _field_of(parameter: Parameter) -> forms.Field:
    if parameter.accepts is months:
        number = forms.NumberInput(attrs={"class": "w-num"})
        return forms.IntegerField(label=parameter.label, required=False, min_value=1, max_value=36, widget=number)
    if parameter.accepts is regions:
        help_text = _("6 位代码，用空格或顿号隔开，如 410102 410103")
        return RegionsField(label=parameter.label, required=False, help_text=help_text, max_length=600)
    return _Switch(label=parameter.label, choices=SWITCH, required=False, widget=Answers(across=3))
