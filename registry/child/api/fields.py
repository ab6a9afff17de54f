"""A field of a file as the API takes it, by its flat name."""

from django.core.exceptions import ValidationError
from rest_framework import serializers

from registry.child.parse import as_seen, read_base, read_value


def read_field(name: str, value):
    """The field's Python value. Raises the API's ValidationError at the field."""
    return _at_field(read_value, name, value)


def read_seen(name: str, value, content: dict):
    """What a program says that it saw of a file with this ``content``; a number as the API shows it, masked. Raises
    Stale where the file has another one by now, else as ``read_field``."""
    return as_seen(name, read_seen_text(name, value), content)


def read_seen_text(name: str, value):
    """As ``read_field``; a number that was shown masked stays so."""
    return _at_field(read_base, name, value)


def _at_field(read, name: str, value):
    try:
        return read(name, value)
    except ValidationError as error:
        raise serializers.ValidationError(error.message_dict) from None
