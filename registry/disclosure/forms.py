"""A guardian asks for the file: who, what relation, how the identity was checked."""

import uuid
from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from childwelfare.pages.form_fields import CleanCharField, NameField
from childwelfare.pages.forms import ServiceErrors
from childwelfare.questions.conditions import Condition
from registry.disclosure.models import ASKERS, IdentityCheck
from registry.disclosure.services import NOT_SAFE


class DisclosureForm(ServiceErrors, forms.Form):
    NEEDED: ClassVar = {"note": Condition("checked", (IdentityCheck.OTHER,)), "safe": None}
    MISSING: ClassVar = {"safe": NOT_SAFE}

    pk = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid.uuid4)
    asked_by = NameField(label=_("申请人姓名"), max_length=50)
    relation = forms.ChoiceField(
        label=_("是孩子的"),
        choices=[("", _("请选择")), *ASKERS],
        error_messages={"required": _("请选择申请人是孩子的什么人。")},
    )
    checked = forms.ChoiceField(
        label=_("身份怎样核对"),
        choices=[("", _("请选择")), *IdentityCheck.choices],
        error_messages={"required": _("请选择身份是怎样核对的。")},
    )
    note = CleanCharField(label=_("说明"), max_length=200, required=False)
    safe = forms.BooleanField(
        label=_("已确认提供这份材料不会使孩子受到伤害"),
        help_text=_("疑似监护人侵害孩子的，不向其提供，先报县级指导中心"),
        required=False,
    )
