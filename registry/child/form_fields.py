"""Form fields of a child's file, made from its fields: our widgets, one stored form of texts."""

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from childwelfare.pages.form_fields import CleanDateField, NameField, PhoneField, PrintedCharField
from childwelfare.pages.forms import (
    Answers,
    IdNumberInput,
    ManyAnswers,
    PickSelect,
)
from childwelfare.pages.needed import mark_needed
from childwelfare.text.cleaning import clean_digits, clean_text
from registry.child.field_entry import SEALED_LENGTH, Kind
from registry.child.fields import Field, choices_of
from registry.child.id_number import read_id_number
from registry.child.regions import counties_of, region_name

# a list of more is searched rather than read
LONG = 12
# never kept in the browser's draft, which lies there in clear
SECRET = {"data-secret": ""}

# what nobody is asked whose ID number is written
TOLD_BY_NUMBER = ("birth_date", "sex", "no_id_reason")

# those that an entry of registry.child.field_table can name
WIDGETS = {
    "answers": Answers(),
    "two answers": Answers(across=2),
    "four answers": Answers(across=4),
}


def field_of_form(field: Field) -> forms.Field:
    """What the form asks ``field`` with."""
    question = field.entry.question
    make = SPECIAL.get(field.kind, _as_the_column)
    made = make(field, question.label or capfirst(field.own_label))
    if question.help:
        made.help_text = question.help
    if question.required is not None:
        made.required = question.required
    if question.needed or question.needed_when:
        mark_needed(made, question.missing, rule=",".join(each.text() for each in question.needed_when))
    return made


def _as_the_column(field: Field, label):
    made = formfield(field.stored_column, WIDGETS.get(field.entry.question.widget))
    made.label = label
    return made


def _name(field: Field, label):
    # a field cleans a blank name according to what it was made as
    return NameField(label=label, required=bool(field.entry.question.required), max_length=50)


def _id_number(field: Field, label):
    whose = field.name.removesuffix("id_number")  # "" of the child
    told = " ".join(f"{whose}{column}" for column in TOLD_BY_NUMBER)
    return IdNumberField(required=False, label=label, widget=IdNumberInput({"data-tells": told}))


def _phone(field: Field, label):
    return PhoneField(required=False, label=label)


def _region(field: Field, label):
    return RegionField(label=label)


def _sealed(field: Field, label):
    widget = forms.TextInput(attrs=SECRET)
    return PrintedCharField(required=False, max_length=SEALED_LENGTH, label=label, widget=widget)


def _several(field: Field, label):
    widget = ManyAnswers(attrs=SECRET if field.encrypted else None)
    return forms.MultipleChoiceField(choices=choices_of(field), widget=widget, required=False, label=label)


def formfield(column, widget=None, **kwargs):
    """As Django's own, with our date and answer widgets and one stored form of every text."""
    made = column.formfield(**kwargs) if widget is None else column.formfield(widget=widget)
    if isinstance(made, forms.DateField):
        made = CleanDateField(label=made.label, required=made.required)
    if isinstance(made, forms.CharField):
        made = PrintedCharField(label=made.label, required=made.required, max_length=made.max_length)
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


SPECIAL = {
    Kind.NAME: _name,
    Kind.ID_NUMBER: _id_number,
    Kind.PHONE: _phone,
    Kind.REGION: _region,
    Kind.SEALED: _sealed,
    Kind.SEVERAL: _several,
}
