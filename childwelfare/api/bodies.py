"""What an operation is sent: a field that it does not have is refused under its name, never dropped unseen. Who
misspells one, or sends back what is only read, would think that it was kept."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.utils import html

TOLD = 20  # unknown fields of one body
NAME_TOLD = 60  # characters of one's name


class OnlyItsFields:
    """A serializer that refuses what it has no field for, what it only shows included. Nested ones are asked by
    themselves: all that an operation is sent is read by such (tests/api/test_unknown_fields.py)."""

    def to_internal_value(self: Any, data: Any) -> Any:
        unknown = {name[:NAME_TOLD]: [_("系统没有这一项，没有收下。")] for name in _unknown(self, data)[:TOLD]}
        try:
            taken = super().to_internal_value(data)  # type: ignore[misc]
        except serializers.ValidationError as error:
            told: Any = error.detail  # by field, as a serializer's are
            raise serializers.ValidationError(told | unknown) from None
        if unknown:
            raise serializers.ValidationError(unknown)
        return taken


class Body(OnlyItsFields, serializers.Serializer):
    """What an operation is sent, or a part of it."""


class NoBody(Body):
    """Of an operation that is told nothing."""


def refuse_body(request: Request) -> None:
    """Raises ValidationError by field where something was sent to an operation that is told nothing."""
    NoBody(data=request.data).is_valid(raise_exception=True)


def _unknown(serializer: serializers.Serializer, data: Any) -> list[str]:
    if not isinstance(data, Mapping):
        return []  # said by the serializer
    known = {name for name, field in serializer.fields.items() if not field.read_only}
    # a form names what is inside a field behind a dot or in brackets
    begins = _first_part if html.is_html_input(data) else str
    return sorted(str(name) for name in data if begins(name) not in known)


def _first_part(name: str) -> str:
    return name.partition(".")[0].partition("[")[0]
