"""What concepts put on a child's line of time: lanes of bars, dots and last days, what is to be done next, and parts
of the page below.

Each concept's ``hooks.py`` fills the registries below; ``registry.timeline`` draws them and knows no concept by name.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from childwelfare.hooks import Registry
from childwelfare.text.words import Words
from orgs.access.requests import PostRequest
from orgs.posts.models import Appointment
from registry.child.models import ChildFile


@dataclass(frozen=True, kw_only=True)
class Bar:
    """Something that lasted from ``since`` until ``until`` (the last day of it, None: it goes on today). ``label``
    stands in it, ``title`` says all of it in words. ``tone``: as of a chip, or ``tier-4`` to ``tier-1`` for who holds
    it. ``is_to_come``: hatched, what is planned."""

    since: datetime.date
    until: datetime.date | None
    label: Words
    title: Words = ""
    tone: str = ""
    url: str = ""
    is_to_come: bool = False


@dataclass(frozen=True, kw_only=True)
class Dot:
    """Something on one day; ``is_hollow``: of the lane's other kind, as its legend says."""

    on: datetime.date
    title: Words
    tone: str = "ok"
    url: str = ""
    is_hollow: bool = False


@dataclass(frozen=True, kw_only=True)
class Tick:
    """A last day, in words beside it."""

    on: datetime.date
    label: Words
    is_late: bool = False


@dataclass(frozen=True, kw_only=True)
class Lane:
    """One line: ``label``, below it ``note``. ``mark`` (①) ties it to the plan and the events."""

    key: str
    label: Words
    note: Words = ""
    mark: str = ""
    url: str = ""
    bars: tuple[Bar, ...] = ()
    dots: tuple[Dot, ...] = ()
    ticks: tuple[Tick, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Next:
    """What is to be done for the child next: by ``due_on``, held by ``holder`` (in words) since ``since``; ``url`` and
    the word of its button, where the reader may do it."""

    icon: str
    title: Words
    holder: Words
    since: datetime.date | None
    due_on: datetime.date | None
    mark: str = ""
    url: str = ""
    action: Words = ""


@dataclass(frozen=True, kw_only=True)
class Part:
    """Something below the lanes, drawn by ``template``, which reads it as ``part``. Concepts subclass it."""

    template: str


# lanes(post, file, since, until): what touches the days from ``since`` to ``until``, as ``post`` may know it
LANES: Registry[Callable[[Appointment, ChildFile, datetime.date, datetime.date], list[Lane]]] = Registry(
    "lanes of a child's line of time"
)
# part(request, file): what stands below the lanes, None where the reader sees nothing of it
PARTS: Registry[Callable[[PostRequest, ChildFile], Part | None]] = Registry("parts of the page below the lanes")
# next_steps(post, file): what is open, as ``post`` may know it
NEXT: Registry[Callable[[Appointment, ChildFile], list[Next]]] = Registry("what is next for a child")
