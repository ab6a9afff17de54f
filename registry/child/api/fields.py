"""A field of a file as the API takes it, by its flat name."""

from django.core.exceptions import ValidationError
from rest_framework import serializers

from registry.child.parse import read_value


def read_field(name: str, value):
    """The field's Python value. Raises the API's ValidationError at the field."""
    try:
        return read_value(name, value)
    except ValidationError as error:
        raise serializers.ValidationError(error.message_dict) from None
