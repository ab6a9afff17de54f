"""Form fields of a child's file, made from the columns of its models: our widgets, one stored form of texts."""

from django import forms
from django.utils.translation import gettext_lazy as _

from childwelfare.pages.form_fields import CleanCharField, CleanDateField
from childwelfare.pages.forms import (
    Answers,
    IdNumberInput,
    PickSelect,
)
from childwelfare.text.cleaning import clean_digits, clean_text
from registry.child.id_number import read_id_number
from registry.child.regions import counties_of, region_name

# a list of more is searched rather than read
LONG = 12

WIDGETS = {
    "risk": Answers(across=4),
    "sex": Answers(across=2),
    "guardianship": Answers(),
    "capacity": Answers(across=4),
    "life": Answers(across=4),
}


def formfield(field, **kwargs):
    """As Django's own, with our date and answer widgets and one stored form of every text."""
    made = field.formfield(**kwargs) if field.name not in WIDGETS else field.formfield(widget=WIDGETS[field.name])
    if isinstance(made, forms.DateField):
        made = CleanDateField(label=made.label, required=made.required)
    if isinstance(made, forms.CharField):
        made = CleanCharField(label=made.label, required=made.required, max_length=made.max_length)
    if isinstance(made, forms.ChoiceField) and type(made.widget) is forms.Select and len(list(made.choices)) > LONG:
        made.widget = PickSelect(choices=made.choices)
    if isinstance(made, forms.NullBooleanField):
        made.widget = forms.NullBooleanSelect()
    return made


class RegionField(forms.CharField):
    """A county by its six-digit code or its name as the list offers it; "" for none."""

    def __init__(self, **kwargs):
        widget = forms.TextInput(attrs={"list": "regions", "autocomplete": "off"})
        super().__init__(required=False, max_length=40, widget=widget, **kwargs)

    def prepare_value(self, value):
        return f"{value} {region_name(value)}".strip() if value and value.isdigit() else value

    def clean(self, value):
        text = clean_text(value or "")
        code = text.split(" ")[0]
        if not text or (code.isdigit() and region_name(code)):
            return code
        named = [code for code, name in counties_of("41") if name.endswith(text)]
        if len(named) == 1:
            return named[0]
        problem = _("没有找到“%(text)s”。请从列表里选县（市、区），或填 6 位代码。")
        raise forms.ValidationError(problem, params={"text": text})


class IdNumberField(forms.CharField):
    """Blank, or a true number in its stored form."""

    widget = IdNumberInput

    def clean(self, value):
        return read_id_number(value).number if clean_digits(value or "") else ""
