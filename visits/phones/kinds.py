"""The kinds of items that a phone sends, each with its reader, its size, its older forms and an example.

A payload is a JSON object. Besides the fields of its kind it names ``post``, the appointment it was made in, and may
carry ``nonce``, so that its hash can't be guessed from its content.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _
from rest_framework import serializers

from childwelfare.hooks import KeyedRegistry
from orgs.posts.models import Appointment
from registry.child.models import ChildFile

if TYPE_CHECKING:
    from childwelfare.text.words import Words


class NotYet(Exception):
    """What the item belongs to has not arrived: the phone sends it again later."""


class ItemConflict(Exception):
    """``record`` moved on since the phone read it; ``server``: how it stands now."""

    def __init__(self, message: str, record: Model, server: dict):
        super().__init__(message)
        self.message, self.record, self.server = message, record, server


@dataclass(frozen=True)
class Kind:
    """``take(post, id, data, clock_off)``: write it, give the record; ``clock_off``: the phone's date was wrong.
    ``about(data)``: the file that
    it is about, whoever may see it. ``upcasts``: {schema: how its payload becomes one of the next}; kept for a year.
    ``longest``: characters of a payload. ``bring_in(record, by, since)``: note that ``by`` brought in from a phone's
    file what came of the item besides the record, at ``since`` or later."""

    name: str
    schema: int
    reader: type[serializers.Serializer]
    take: Callable
    about: Callable[[dict], ChildFile | None]
    example: dict
    upcasts: dict[int, Callable[[dict], dict]] = field(default_factory=dict)
    longest: int = 64 * 1024
    label: "Words" = ""
    bring_in: Callable[[Any, Appointment, datetime.datetime], None] = lambda record, by, since: None

    def newest(self, data: dict, schema: int) -> dict:
        """``data`` of an older app in today's form. Raises ValidationError for a form that nobody knows."""
        if not 1 <= schema <= self.schema:
            raise ValidationError({"schema": [_("这台手机上的应用和系统版本不一致，请联网更新应用后再发送。")]})
        for step in range(schema, self.schema):
            data = self.upcasts[step](data)
        return data


ITEM_KINDS: KeyedRegistry[Kind] = KeyedRegistry("kinds of items that phones send", key="name")


def child_of(data: dict) -> ChildFile | None:
    """The file that a payload names by ``child``, or into which that was merged, whoever may see it; None where it
    names none."""
    child = ChildFile.objects.filter(pk=data["child"]).first() if data.get("child") else None
    return child.survivor if child else None
