"""The form that asks for an amendment. What is allowed is said by the service."""

from django import forms
from django.utils.translation import gettext_lazy as _

from childwelfare.pages.form_fields import PrintedCharField
from childwelfare.pages.forms import ServiceErrors


class AmendForm(ServiceErrors, forms.Form):
    reason = PrintedCharField(
        label=_("哪里错了，为什么；补报的写明为什么没有按时报"), max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("先把档案或走访改对，更正的数由系统重新数出来。"),
    )  # fmt: skip
    document = PrintedCharField(
        label=_("文号或文件名称"), max_length=120, help_text=_("同意更正的文件，如 荥民〔2026〕31号")
    )
