"""The forms of deadlines. What is allowed is said by the service."""

from django import forms
from django.utils.translation import gettext_lazy as _

from childwelfare.pages.form_fields import CleanDateField, PrintedCharField
from childwelfare.pages.forms import ServiceErrors
from reports.periods.deadlines import DEFAULT_DAYS, LATEST_DAY, TIER_LABELS, Deadlines
from reports.periods.services import REASON_LONGEST


class DaysForm(ServiceErrors, forms.Form):
    """How many days after a month's end."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**6)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in DEFAULT_DAYS:
            self.fields[name] = forms.IntegerField(
                label=TIER_LABELS[name], min_value=1, max_value=LATEST_DAY, help_text=_("月末后第几天；逢休息日顺延")
            )

    @property
    def days(self) -> dict[str, int]:
        return {name: self.cleaned_data[name] for name in DEFAULT_DAYS}


class DeadlinesForm(ServiceErrors, forms.Form):
    """The days of one period."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=10**6)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in DEFAULT_DAYS:
            self.fields[name] = CleanDateField(label=TIER_LABELS[name])
        self.fields["reason"] = PrintedCharField(label=_("为什么调整"), max_length=REASON_LONGEST)

    @property
    def deadlines(self) -> Deadlines:
        return Deadlines(**{name: self.cleaned_data[name] for name in DEFAULT_DAYS})
