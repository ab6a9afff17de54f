"""What is asked of two files that look like one child."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from childwelfare.pages.form_fields import CleanCharField
from childwelfare.pages.forms import ServiceErrors

# offered, for most pairs are one of these
REASONS = (_("双胞胎"), _("同名的另一个孩子"), _("堂（表）兄弟姐妹"))


class TakeBackForm(ServiceErrors, forms.Form):
    """That the word about ``other`` no longer stands, and why."""

    NEEDED: ClassVar = {"reason": None}

    other = forms.UUIDField(widget=forms.HiddenInput)
    reason = CleanCharField(label=_("为什么收回"), required=False, max_length=200)


class NotTheSameForm(ServiceErrors, forms.Form):
    """``other``: the file beside this one; ``back``: the page to return to, one of those that ask."""

    NEEDED: ClassVar = {"reason": None}

    other = forms.UUIDField(widget=forms.HiddenInput)
    reason = CleanCharField(label=_("为什么不是同一个孩子"), required=False, max_length=200)
    back = forms.ChoiceField(choices=[("", ""), ("review", "review")], required=False)
