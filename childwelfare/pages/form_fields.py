"""Form fields with one stored form of every text: names, numbers, dates."""

from django import forms

from childwelfare.pages.forms import (
    DateInput,
    PhoneInput,
)
from childwelfare.text.cleaning import check_name, check_people, check_phone, check_text, clean_date, clean_text


class CleanCharField(forms.CharField):
    def to_python(self, value):
        return clean_text(super().to_python(value) or "") if value else ""


class PrintedCharField(forms.CharField):
    """A text that is printed and searched: what is no character is refused."""

    def to_python(self, value):
        return check_text(super().to_python(value) or "") if value else ""


class CleanDateField(forms.DateField):
    """A date in any of the usual writings."""

    widget = DateInput

    def to_python(self, value):
        return clean_date(value)


class NameField(forms.CharField):
    def clean(self, value):
        name = check_name(value or "") if value or self.required else ""
        self.run_validators(name)
        return name


class PeopleField(forms.CharField):
    """Who somebody is, in words: one or several names and what they are to the child."""

    def to_python(self, value):
        return check_people(super().to_python(value) or "") if value else ""


class PhoneField(forms.CharField):
    widget = PhoneInput

    def clean(self, value):
        return check_phone(value or "")


def optional_day(label, **kwargs) -> CleanDateField:
    return CleanDateField(label=label, required=False, widget=DateInput(), **kwargs)
