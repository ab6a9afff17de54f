"""Where needs are found: concepts that have a page of what they found add it, so that a need leads back there."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Model, QuerySet

from childwelfare.hooks import KeyedRegistry
from childwelfare.text.words import Words
from orgs.posts.models import Appointment
from registry.needs.models import Need


@dataclass(frozen=True, kw_only=True)
class SourceKind:
    """``key``: of ``codes.Source``. ``records(post)``: those that ``post`` may read, each with its ``child``;
    ``url(record)``: its page; ``label``: the record in words."""

    key: str
    label: Words
    records: Callable[[Appointment], QuerySet]
    url: Callable[[Model], str]


SOURCE_KINDS: KeyedRegistry[SourceKind] = KeyedRegistry("where needs are found", key="key")


def record_found(post: Appointment, source: str, source_id: uuid.UUID | None) -> Model | None:
    """The record of kind ``source`` with the key ``source_id``, if ``post`` may read it."""
    kind = SOURCE_KINDS.get(source)
    return kind.records(post).filter(pk=source_id).first() if kind and source_id else None


def url_of_source(post: Appointment, need: Need) -> str:
    """The page of where ``need`` was found; blank where there is none, or ``post`` may not read it."""
    found = record_found(post, need.source, need.source_id)
    return SOURCE_KINDS[need.source].url(found) if found else ""
