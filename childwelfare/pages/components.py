"""Pieces of pages as small frozen values: what a template shows is decided here, not by ``{% if kind %}`` in it."""

import datetime
from dataclasses import dataclass

from django.utils import timezone

from childwelfare.text.days import short_day
from childwelfare.text.words import Words


@dataclass(frozen=True, kw_only=True)
class TimelineEntry:
    """One line of a timeline. ``at`` orders it; ``on`` is the day it tells, the local day of ``at`` unless said.
    ``kind``: visit, assessment or care (needs and plans), by which a reader narrows a long one; blank for the rest."""

    at: datetime.datetime
    title: Words
    note: str = ""
    tone: str = ""
    url: str = ""
    on: datetime.date | None = None
    kind: str = ""

    @property
    def when(self) -> str:
        return short_day(self.on or timezone.localtime(self.at))


@dataclass(frozen=True, kw_only=True)
class Todo:
    """Something that waits, with the way to do it where there is one: ``url`` and the word on its button."""

    icon: str
    title: Words
    note: str = ""
    tone: str = ""
    url: str = ""
    action: str = ""


@dataclass(frozen=True, kw_only=True)
class Action:
    """A button that leads on."""

    url: str
    icon: str
    label: Words
    tone: str = ""


@dataclass(frozen=True, kw_only=True)
class Chip:
    """A state in one word; ``when`` stands behind it, smaller."""

    label: Words
    tone: str = ""
    when: str = ""
