"""What an operation is sent: a field that it does not have is refused under its name, never dropped unseen. Who
misspells one, or sends back what is only read, would think that it was kept. A form is read as JSON is."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.fields import empty
from rest_framework.request import Request
from rest_framework.utils import html

TOLD = 20  # faults of one body or address
NAME_TOLD = 60  # characters of one's name

# How a form says which place of a list it fills, behind the list's name, as the framework reads it
# (rest_framework.utils.html), in one way: of [0] and [00] the framework would take the last.
PLACE = r"\[(0|[1-9][0-9]{0,3})\]"


def first_told(problems: Mapping[Any, str]) -> dict[str, list[str]]:
    """Of {name: what is wrong with it} the first, as the API answers."""
    return {str(name)[:NAME_TOLD]: [problems[name]] for name in sorted(problems, key=str)[:TOLD]}


class OnlyItsFields:
    """A serializer that refuses what it has no field for, what it only shows included. Nested ones are asked by
    themselves: all that an operation is sent is read by such (tests/api/test_unknown_fields.py)."""

    def to_internal_value(self: Any, data: Any) -> Any:
        if html.is_html_input(data):
            problems, data = _read_form(self, data)
        else:
            problems = _unknown(self, data)
        refused = first_told(problems)
        try:
            taken = super().to_internal_value(data)  # type: ignore[misc]
        except serializers.ValidationError as error:
            told: Any = error.detail  # by field, as a serializer's are
            raise serializers.ValidationError(told | refused) from None
        if refused:
            raise serializers.ValidationError(refused)
        return taken


class Body(OnlyItsFields, serializers.Serializer):
    """What an operation is sent, or a part of it."""


class NoBody(Body):
    """Of an operation that is told nothing."""


def refuse_body(request: Request) -> None:
    """Raises ValidationError by field where something was sent to an operation that is told nothing."""
    NoBody(data=request.data).is_valid(raise_exception=True)


def _writable(serializer: serializers.Serializer) -> dict[str, serializers.Field]:
    return {name: field for name, field in serializer.fields.items() if not field.read_only}


def _unknown(serializer: serializers.Serializer, data: Any) -> dict[Any, str]:
    if not isinstance(data, Mapping):
        return {}  # said by the serializer
    known = _writable(serializer)
    return {name: _("系统没有这一项，没有收下。") for name in data if name not in known}


def _read_form(serializer: serializers.Serializer, form: Any) -> tuple[dict[str, str], dict[str, Any]]:
    """What is wrong with the names of ``form``, and what it says by the fields of ``serializer``: a field that it does
    not name is not there. The framework would take it for no, or for none."""
    fields, problems = _writable(serializer), {}
    read: MultiValueDict = MultiValueDict()
    named: dict[str, serializers.Field] = {}
    for name in form:
        own = re.match(r"[^.\[]*", name).group()  # type: ignore[union-attr]  # matches everything
        field, rest = fields.get(own), name[len(own) :]
        if field is None or not _is_read(field, rest, form):
            problems[name] = _("系统没有这一项，没有收下。")
            continue
        named[own] = field
        read.setlist(name, form.getlist(name))
        if len(form.getlist(name)) > 1 and not _takes_several(field, rest):
            problems[name] = _("这一项写了不止一次，没有收下。")
    values = {name: _value(field, read) for name, field in named.items()}
    return problems, {name: value for name, value in values.items() if value is not empty}


def _is_read(field: serializers.Field, rest: str, form: Any) -> bool:
    """Whether ``field`` reads what a form says under its name with ``rest`` behind it."""
    if isinstance(field, serializers.ListSerializer):
        return bool(re.fullmatch(f"{PLACE}.+", rest))
    if isinstance(field, (serializers.BaseSerializer, serializers.DictField)):
        return bool(re.fullmatch(r"\..+", rest))
    if not rest:
        return True
    # once its name stands in the form, a list reads that alone
    if isinstance(field, serializers.ListField) and field.field_name not in form:
        inside = ".+" if isinstance(field.child, serializers.DictField) else ""
        return bool(re.fullmatch(PLACE + inside, rest))
    return False


def _takes_several(field: serializers.Field, rest: str) -> bool:
    """Whether more than one value under one name is read: by a list; by a nested serializer, which asks itself."""
    if isinstance(field, serializers.BaseSerializer):
        return not isinstance(field, serializers.ListSerializer)
    several = (serializers.ListField, serializers.MultipleChoiceField, serializers.ManyRelatedField)
    return not rest and isinstance(field, several)


def _value(field: serializers.Field, form: Any) -> Any:
    value = field.get_value(form)
    # how a form says that it is none of the choices, as [] says it in JSON: an empty text is no choice
    return [] if value == [""] and _is_of_choices(field) else value


def _is_of_choices(field: serializers.Field) -> bool:
    of_list = isinstance(field, serializers.ListField) and isinstance(field.child, serializers.ChoiceField)
    return of_list or isinstance(field, serializers.MultipleChoiceField)
