"""Which record of a child an address names: who was refused there is found under that child."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any

from django.apps import apps
from django.db.models import Model, UUIDField, Value
from django.http import HttpRequest

from childwelfare.tables.prepared import Parameter, Prepared

FILE = "registry.ChildFile"
# of a record without a ``child`` of its own: which of its attributes leads there
WAYS_TO_A_CHILD: dict[str, str] = {FILE: "pk"}
# what a query names a record by: ?sibling=, ?child=, ?other= of pages, and the filters of the API. Any other value is
# what somebody typed behind an address: it would put a refusal into the history of a child that was not asked for
NAMES_A_RECORD = ("child", "sibling", "other", "survivor")


@dataclass(frozen=True)
class Addressed:
    """What an address names: a record, the key of its child; ``is_there``: of no key in its path the record is
    missing."""

    record: Model
    child: uuid.UUID
    is_there: bool


def record_addressed(request: HttpRequest) -> Addressed | None:
    """The record whose key stands in the address of ``request``, or in its query under a name of NAMES_A_RECORD; None
    where there is none.

    Of several (a paper under its file) the last, which may be of another child than the first."""
    match = request.resolver_match
    asked = [request.GET[name] for name in NAMES_A_RECORD if name in request.GET]
    in_path = [key for each in (match.kwargs.values() if match else ()) if (key := _uuid(each))]
    keys = [key for each in (asked if match else ()) if (key := _uuid(each))] + in_path
    if not keys:
        return None
    asked_for = {f"key_{number}": key for number, key in enumerate(keys)}
    found = {key: label for label, key in _kinds_of(len(keys)).ask_tuples(**asked_for)}
    for key in reversed(keys):
        record = next(iter(_record(found[key]).ask(key=key)), None) if key in found else None
        if record is not None:
            child = attrgetter(WAYS_TO_A_CHILD.get(found[key], "child_id"))(record)
            # anybody can add a made-up key to a query: what the page lies under is there all the same
            return Addressed(record, child, is_there=found.keys() >= set(in_path)) if child else None
    return None


def is_in_sight(post: Any, child: uuid.UUID) -> bool:
    """Whether ``post`` may open the child's file."""
    files: Any = apps.get_model(FILE).objects
    return post is not None and files.open_to(post, "view_child").filter(pk=child).exists()


def is_kept_from(post: Any, addressed: Addressed, permissions: Collection[str]) -> bool:
    """Whether what was not found is there and was kept from ``post``: its child is out of sight, or the page asks for
    one of ``permissions`` where the record or the file lies, which ``post`` has elsewhere only. Who has the child
    staying may open the file, not its papers, history and prints. Without ``permissions`` nothing is kept but what is
    out of sight."""
    if not is_in_sight(post, addressed.child):
        return True
    if not addressed.is_there or not permissions:
        return False
    files: Any = apps.get_model(FILE)
    kept: dict[Any, Any] = {files: addressed.child, type(addressed.record): addressed.record.pk}
    return not all(_lies_in_reach(post, model, key, permissions) for model, key in kept.items())


def _lies_in_reach(post: Any, model: Any, key: uuid.UUID, permissions: Collection[str]) -> bool:
    """By any of the ways in which records of ``model`` are read; one that has no place of its own lies in its file."""
    scoped = [manager for manager in model._meta.managers if hasattr(manager, "visible_to")]
    reachable = (
        manager.visible_to(post, permission).filter(pk=key) for manager in scoped for permission in permissions
    )
    return not scoped or any(records.exists() for records in reachable)


@cache
def _tables() -> dict[str, type[Model]]:
    """{label: model} of all whose records are a child's and have a key that an address names."""
    models = {model._meta.label: model for model in apps.get_models() if isinstance(model._meta.pk, UUIDField)}
    return {label: model for label, model in models.items() if label in WAYS_TO_A_CHILD or _has_a_child(model)}


@cache
def _kinds_of(number: int) -> Prepared[Any]:
    """(label, key) of so many keys. One query for all kinds of records: their keys are random, the same one does not
    stand in two tables. Prepared, as what follows, for putting a score of tables together takes longer than a page."""
    keys = [Parameter(f"key_{each}", UUIDField()) for each in range(number)]

    def rows() -> Any:
        first, *others = (
            model._base_manager.filter(pk__in=keys)
            .order_by()
            .annotate(kind_of=Value(label))
            .values_list("kind_of", "pk")
            for label, model in _tables().items()
        )
        return first.union(*others, all=True)

    return Prepared(rows)


@cache
def _record(label: str) -> Prepared[Any]:
    return Prepared(lambda: _tables()[label]._base_manager.filter(pk=Parameter("key", UUIDField())))


def _has_a_child(model: type[Model]) -> bool:
    related = (field.related_model for field in model._meta.fields if field.name == "child")
    return any(each._meta.label == FILE for each in related if each)


def _uuid(given: Any) -> uuid.UUID | None:
    try:
        return given if isinstance(given, uuid.UUID) else uuid.UUID(given)
    except (ValueError, TypeError, AttributeError):
        return None
