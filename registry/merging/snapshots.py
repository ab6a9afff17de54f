"""Rows as plain values, to compare them and to put them back. Sealed fields come in clear: keep the result sealed."""

import datetime
import decimal
import json
import uuid

from django.db import models

from childwelfare.security.fields import BlindIndexField, EncryptedTextField
from orgs.access.scope import TIERS, Placed
from registry.child.models import ChildFile
from registry.merging.rows import MERGED

# written by the way, never put back
NOT_COMPARED = {"version", "updated_at"}
PLACE = {f"{tier}_id" for tier in TIERS}


def snapshot(files: list[ChildFile]) -> dict[str, dict[str, dict]]:
    """{model label: {primary key: {column: value}}} of the files and all that a merge moves."""
    keys = [file.pk for file in files]
    taken = {ChildFile._meta.label: _rows(ChildFile.objects.filter(pk__in=keys))}
    for each in MERGED:
        taken[each.model._meta.label] = _rows(each.model._base_manager.filter(child__in=keys))
    return taken


def to_text(taken: dict) -> str:
    return json.dumps(taken, ensure_ascii=False, sort_keys=True)


def values_of(row: models.Model) -> dict:
    """The columns of a row as JSON holds them. Rows that are where their file is leave their place out."""
    left_out = NOT_COMPARED | (PLACE if follows_file(type(row)) else set())
    names = [field.attname for field in columns(type(row)) if field.attname not in left_out]
    return {name: _plain(getattr(row, name)) for name in names}


def follows_file(model: type[models.Model]) -> bool:
    """Whether a row's place is its file's; derived rows may have another one."""
    return issubclass(model, Placed) and any(
        each.model is model and each.how != "anew" and each.follows for each in MERGED
    )


def columns(model: type[models.Model]) -> list:
    """What is stored of a model; blind indexes and generated columns are made from others."""
    stored = [field for field in model._meta.concrete_fields if not field.generated]
    return [field for field in stored if not isinstance(field, BlindIndexField)]


def assign(row: models.Model, column: str, value) -> None:
    """Write a value of ``values_of`` back into a row."""
    field = next(field for field in columns(type(row)) if field.attname == column)
    field = field.target_field if field.is_relation else field
    if value is not None and not isinstance(field, (EncryptedTextField, models.JSONField)):
        value = field.to_python(value)
    setattr(row, column, value)


def _rows(queryset) -> dict[str, dict]:
    return {str(row.pk): values_of(row) for row in queryset}


def _plain(value):
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    if isinstance(value, (uuid.UUID, decimal.Decimal)):
        return str(value)
    return value
