"""Columns are chosen by giving each its number in the order: it works without a mouse, on paper and without scripts."""

from django import forms
from django.utils.translation import gettext_lazy as _

from childwelfare.pages.form_fields import PrintedCharField
from childwelfare.pages.forms import ServiceErrors
from reports.indicators.columns import header_groups
from reports.indicators.table import INDICATORS
from reports.ledgers.models import TITLE_LONGEST

HIGHEST = 999
PREFIX = "order-"


class OwnTemplateForm(ServiceErrors, forms.Form):
    """``columns`` of the service stand in the order of their numbers, each given once. ``version``: that was
    on the screen."""

    title = PrintedCharField(label=_("表名"), max_length=TITLE_LONGEST)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1)

    def __init__(self, *args, columns=(), **kwargs):
        super().__init__(*args, **kwargs)
        place = {key: number for number, key in enumerate(columns, start=1)}
        for indicator in INDICATORS:
            self.fields[f"{PREFIX}{indicator.key}"] = forms.IntegerField(
                label=indicator.label,
                required=False,
                min_value=1,
                max_value=HIGHEST,
                initial=place.get(indicator.key),
                error_messages={"invalid": _("请填序号，如 3；不要这一栏就空着。")},
            )

    def clean(self):
        given = super().clean() or self.cleaned_data
        taken: dict[int, str] = {}
        for each in INDICATORS:
            name = f"{PREFIX}{each.key}"
            number = given.get(name)
            if number in taken:
                words = {"n": number, "other": taken[number]}
                self.add_error(name, _("序号 %(n)s 已给了“%(other)s”，请换一个。") % words)
            elif number:
                taken[number] = str(each.label)
        return given

    def groups(self):
        """(head, [(indicator, bound field)]) in declared order."""
        return [
            (group, [(each, self[f"{PREFIX}{each.key}"]) for each in columns])
            for group, columns in header_groups(INDICATORS)
        ]

    @property
    def chosen(self) -> list[str]:
        """Keys in the order that was asked for."""
        given = [(self.cleaned_data.get(f"{PREFIX}{each.key}"), each.key) for each in INDICATORS]
        numbered = [(number, key) for number, key in given if number]
        return [key for _number, key in sorted(numbered, key=lambda pair: pair[0])]
