"""The kinds of items that a phone sends, each with its reader, its older forms and an example.

A payload is a JSON object. Besides the fields of its kind it names ``post``, the appointment it was made in, and may
carry ``nonce``, so that its hash can't be guessed from its content.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _
from rest_framework import serializers

from childwelfare.workflow import Stale
from orgs.models import Appointment
from registry.models import ChildFile
from visits.api.alerts import AlertIn
from visits.api.answers import VisitIn, answers_of
from visits.models import Alert, Visit
from visits.services.alerts import raise_alert
from visits.services.log import correct_visit, log_visit


class Conflict(Exception):
    """The record moved on since the phone read it; ``server``: how it stands now."""

    def __init__(self, message: str, server: dict):
        super().__init__(message)
        self.message, self.server = message, server


@dataclass(frozen=True)
class Kind:
    """``take(post, id, data)``: write it, give the record. ``about(data)``: the file that
    it is about, whoever may see it. ``upcasts``: {schema: how its payload becomes one of the next}; kept for a year."""

    name: str
    schema: int
    reader: type[serializers.Serializer]
    take: Callable
    about: Callable[[dict], ChildFile | None]
    example: dict
    upcasts: dict[int, Callable[[dict], dict]] = field(default_factory=dict)

    def newest(self, data: dict, schema: int) -> dict:
        """``data`` of an older app in today's form. Raises ValidationError for a form that nobody knows."""
        if not 1 <= schema <= self.schema:
            raise ValidationError({"schema": [_("这台手机上的应用和系统版本不一致，请联网更新应用后再发送。")]})
        for step in range(schema, self.schema):
            data = self.upcasts[step](data)
        return data


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    if kind.name in KINDS:
        raise ValueError(f"a kind {kind.name!r} is declared already")
    KINDS[kind.name] = kind


class CorrectionIn(VisitIn):
    """A returned visit, completed on the phone. ``version``: as it was read there."""

    visit = serializers.UUIDField()
    version = serializers.IntegerField(min_value=1)

    class Meta(VisitIn.Meta):
        fields = ["visit", "version", *(name for name in VisitIn.Meta.fields if name not in ("id", "child"))]

    child = None


def _take_visit(post: Appointment, pk, data: dict) -> Visit:
    try:
        child = ChildFile.objects.get(pk=data.pop("child"))  # whether it is hers the service asks
    except ChildFile.DoesNotExist:
        raise PermissionDenied from None
    return log_visit(child, by=post, pk=pk, **answers_of(data))


def _take_correction(post: Appointment, pk, data: dict) -> Visit:
    visit = Visit.objects.open_to(post, "log_visit").filter(pk=data.pop("visit")).first()
    if visit is None:
        raise PermissionDenied
    seen = data.pop("version")
    try:
        return correct_visit(visit, by=post, seen_version=seen, **answers_of(data))
    except Stale as stale:
        now = Visit.objects.get(pk=visit.pk)
        raise Conflict(str(stale), {"version": now.version, "state": now.state, "visited_on": now.visited_on}) from None


def _take_alert(post: Appointment, pk, data: dict) -> Alert:
    return raise_alert(by=post, pk=pk, answers=data)


def _child(data: dict) -> ChildFile | None:
    return ChildFile.objects.filter(pk=data["child"]).first() if data.get("child") else None


def _child_of_visit(data: dict) -> ChildFile | None:
    return ChildFile.objects.filter(visits=data["visit"]).first()


NOBODY = "00000000-0000-0000-0000-000000000000"
SEEN = {
    "visited_on": "2026-11-20", "method": "home", "outcome": "seen", "met": "李桂英", "met_relation": "奶奶",
    "seen_alone": True, "parent_contact_on": "2026-11-18", "carer": "same", "care": "good", "living": "good",
    "attendance": "in_school", "health": "good", "mood": "cheerful", "hazards": [], "guardian_words": "都好",
}  # fmt: skip

register(
    Kind(
        "visit", 1, VisitIn, _take_visit, _child,
        example={"post": NOBODY, "child": NOBODY, **SEEN},
    )
)  # fmt: skip
register(
    Kind(
        "correction", 1, CorrectionIn, _take_correction, _child_of_visit,
        example={"post": NOBODY, "visit": NOBODY, "version": 2, **SEEN},
    )
)  # fmt: skip
register(
    Kind(
        "alert", 1, AlertIn, _take_alert, _child,
        example={"post": NOBODY, "child": None, "child_words": "十岁左右男孩", "where": "村口小卖部",
                 "situations": ["other"], "seen": "身上有伤", "call": "made", "called_at": "2026-11-20T09:20:00+08:00"},
    )
)  # fmt: skip
