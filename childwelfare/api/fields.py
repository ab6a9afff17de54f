"""Serializer fields with one stored form of every text: names, numbers, dates, choices."""

import datetime
import math
from decimal import InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from django_filters import IsoDateTimeFilter
from django_filters.fields import IsoDateTimeField
from rest_framework import serializers

from childwelfare.api.bodies import OnlyItsFields
from childwelfare.text.cleaning import check_name, check_people, check_phone, check_text, clean_date, clean_text
from childwelfare.text.days import is_of_our_time


class LooseDate(serializers.DateField):
    """2016-03-01, also in the other usual writings."""

    def to_internal_value(self, value):
        return _as_api(lambda: clean_date(value))


class CleanText(serializers.CharField):
    def to_internal_value(self, value):
        return clean_text(super().to_internal_value(value))


class PrintedText(serializers.CharField):
    """A text that is printed and searched: what is no character is refused."""

    def to_internal_value(self, value):
        return _as_api(lambda: check_text(super(PrintedText, self).to_internal_value(value)))


class NameText(serializers.CharField):
    def to_internal_value(self, value):
        return _as_api(lambda: check_name(super(NameText, self).to_internal_value(value)))


class PeopleText(serializers.CharField):
    """Who somebody is, in words: one or several names and what they are to the child."""

    def to_internal_value(self, value):
        return _as_api(lambda: check_people(super(PeopleText, self).to_internal_value(value)))


class PhoneText(serializers.CharField):
    def to_internal_value(self, value):
        return _as_api(lambda: check_phone(super(PhoneText, self).to_internal_value(value)))


def _as_api(check):
    try:
        return check()
    except ValidationError as error:
        raise serializers.ValidationError(error.messages) from None


class RoundedNumber(serializers.DecimalField):
    """A measured number, as fine as it is kept: what a device gives finer is rounded, not refused."""

    def __init__(self, *, decimal_places: int, **given):
        super().__init__(max_digits=None, decimal_places=decimal_places, **given)

    def quantize(self, value):
        try:
            return round(value, self.decimal_places)
        except InvalidOperation:  # more digits than a decimal number holds
            self.fail("invalid")

    def validate_precision(self, value):
        return value


class RoundedWhole(serializers.IntegerField):
    """A measured number, whole: a fraction is rounded, not refused."""

    def to_internal_value(self, data):
        return super().to_internal_value(round(data) if isinstance(data, float) and math.isfinite(data) else data)


class CleanChoice(serializers.ChoiceField):
    """One of its choices, with or without blanks around it."""

    def to_internal_value(self, value):
        return super().to_internal_value(clean_text(value) if isinstance(value, str) else value)


class Cleaned(OnlyItsFields, serializers.ModelSerializer):
    """Texts and days in one stored form; every field may be left out and then has its model's default."""

    serializer_field_mapping = (
        serializers.ModelSerializer.serializer_field_mapping
        | {
            models_field: CleanText
            for models_field, drf_field in serializers.ModelSerializer.serializer_field_mapping.items()
            if drf_field is serializers.CharField
        }
        | {models.DateField: LooseDate}  # which asks whether the day can be meant
    )
    serializer_choice_field = CleanChoice


def several_choices(choices) -> serializers.ListField:
    return serializers.ListField(child=CleanChoice(choices=choices.choices), required=False, default=list)


class Moment(serializers.DateTimeField):
    """A moment in ISO 8601 that can be meant (childwelfare.text.days), in UTC."""

    default_error_messages = {"year": _("年份不对，请核对。")}

    def to_internal_value(self, value):
        try:
            moment = super().to_internal_value(value)
        except OverflowError:  # at an end of the calendar, taken into our zone
            self.fail("year")
        if not is_of_our_time(moment):
            self.fail("year")
        return moment.astimezone(datetime.UTC)


class MomentField(IsoDateTimeField):
    """A moment in ISO 8601 with its zone: without one nobody knows which it was. Taken in UTC: PostgreSQL refuses
    offsets of sixteen hours and more, the format does not."""

    def to_python(self, value: Any) -> datetime.datetime | None:
        try:
            moment = super().to_python(value)
            written = parse_datetime(str(value).strip()) if moment else None
            if written and written.tzinfo is None:
                text = _("时间要带时区，例如 2026-11-20T09:30:00+08:00。")
                raise forms.ValidationError(text, code="invalid")
            return moment and moment.astimezone(datetime.UTC)
        except OverflowError:  # in UTC before the year 1 or after 9999
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None


class MomentFilter(IsoDateTimeFilter):
    """A filter of an API's list by a moment."""

    field_class = MomentField
