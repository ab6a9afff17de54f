"""How one wants the digest. What is allowed is said by the service."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from childwelfare.pages.forms import ServiceErrors


class DigestForm(ServiceErrors, forms.Form):
    wanted = forms.BooleanField(label=_("每天早上收一封摘要"), required=False)
    email = forms.EmailField(
        label=_("邮箱"),
        required=False,
        max_length=254,
        help_text=_("摘要只写有几条未读和各是哪一类，不含孩子的任何信息。"),
        error_messages={"invalid": _("邮箱写得不对，例如 wang@example.gov.cn。")},
    )

    def __init__(self, *args: Any, by_mail: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not by_mail:
            del self.fields["email"]
