"""The form of a public holiday. What is allowed is said by the service."""

from django import forms
from django.utils.translation import gettext_lazy as _

from childwelfare.pages.form_fields import CleanCharField, CleanDateField
from childwelfare.pages.forms import ServiceErrors


class HolidayForm(ServiceErrors, forms.Form):
    name = CleanCharField(label=_("节日"), max_length=20)
    since = CleanDateField(label=_("第一天"))
    until = CleanDateField(label=_("最后一天"), help_text=_("含当天；调休并过来的休息日也算"))
    document = CleanCharField(label=_("文件名称或文号"), max_length=120, help_text=_("如国务院办公厅的放假通知"))
