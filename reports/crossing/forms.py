"""What a crossing is asked for: a unit, two dimensions, a month. The page's four fields, all of them chosen."""

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from childwelfare.text.words import Words
from orgs.posts.models import Appointment
from orgs.units.models import OrgUnit
from reports.crossing.dimensions import BY_KEY, DIMENSIONS, SAME, Dimension
from reports.rollup.periods import Period

MONTHS = 12
FIRST = {"rows": "category", "columns": "visit"}  # the question that is asked most
UNKNOWN = _("没有这一项，请从列表中选择。")
CHOICES = [(each.key, each.label) for each in DIMENSIONS]


class CrossingForm(forms.Form):
    """``unit``: the one that is shown; it, those right below it and the reader's own are offered. A field that can't be
    read keeps its message and counts as it would if nothing were asked (``asked``)."""

    unit = forms.ChoiceField(label=_("单位"), required=False)
    rows = forms.ChoiceField(label=_("行"), choices=CHOICES, required=False)
    columns = forms.ChoiceField(label=_("列"), choices=CHOICES, required=False)
    period = forms.ChoiceField(label=_("期间"), required=False)

    def __init__(self, data: Any, *, post: Appointment, unit: OrgUnit) -> None:
        filled = {**FIRST, "period": Period.of().key, **{name: data[name] for name in data if data[name]}}
        super().__init__(filled | {"unit": str(unit.uid)})
        self.fields["unit"].choices = _units(post, unit)
        self.fields["period"].choices = _months(filled["period"])
        for field in self.fields.values():
            field.error_messages["invalid_choice"] = UNKNOWN
            field.widget.attrs["class"] = "input-sm"

    def clean_period(self) -> str:
        try:
            return Period.of(self.cleaned_data["period"]).key
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or {}
        if asked.get("rows") and asked.get("rows") == asked.get("columns"):
            self.add_error("columns", SAME)
        return asked

    @cached_property
    def month(self) -> Period:
        self.is_valid()
        return Period.of(self.cleaned_data.get("period", ""))

    @cached_property
    def dimensions(self) -> tuple[Dimension, Dimension]:
        """Of the lines and of the columns, always two different ones."""
        self.is_valid()
        rows, columns = self.cleaned_data.get("rows"), self.cleaned_data.get("columns")
        rows = rows or next(key for key in FIRST.values() if key != columns)
        columns = columns or next(key for key in reversed(FIRST.values()) if key != rows)
        return BY_KEY[rows], BY_KEY[columns]


def _units(post: Appointment, unit: OrgUnit) -> list[tuple[str, str]]:
    above = [each for each in unit.chain() if each.level >= post.unit.level and each.pk != unit.pk]
    below = list(unit.children.current().with_path().in_order()) if unit.level < 4 else []
    return [(str(each.uid), each.short_name) for each in (*above, unit, *below)]


def _months(asked: str) -> list[tuple[str, Words]]:
    """The last twelve, and the one that is asked for, whatever it is: ``clean_period`` says what is wrong with it."""
    running = Period.of()
    keys = [running.back(number) for number in range(MONTHS)]
    found: list[tuple[str, Words]] = [(key, Period.of(key).label) for key in keys]
    return found if asked in keys else [*found, (asked, asked)]
