"""A field of a file as the API takes it, by its flat name."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from rest_framework import serializers

from childwelfare.workflow.refusals import Stale
from registry.child.fields import display, fields, label_of
from registry.child.parse import read_value

MASK = "*"  # of registry.child.id_number: no number has one


def read_field(name: str, value):
    """The field's Python value. Raises the API's ValidationError at the field."""
    try:
        return read_value(name, value)
    except ValidationError as error:
        raise serializers.ValidationError(error.message_dict) from None


def read_seen(name: str, value, content: dict):
    """What a program says that it saw of a file with this ``content``: a number as the API shows it, masked, is that
    number. Raises Stale where the file has another one by now, else as ``read_field``."""
    if name in fields() and fields()[name].sealed and isinstance(value, str) and MASK in value:
        if value != display(name, content.get(name)):
            text = _("“%(what)s”在您读过以后又变了，请重新读取档案再提。")
            raise Stale(text % {"what": label_of(name)})
        return content[name]
    return read_field(name, value)
