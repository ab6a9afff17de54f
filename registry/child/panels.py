"""What concepts add to a child's page: panels, buttons of acts on the whole file, ways out of it, words of its events.

Each concept's ``hooks.py`` fills these; ``registry.child`` reads them and knows no concept by name.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from childwelfare.hooks import KeyedRegistry, Registry
from childwelfare.pages.components import Action, Chip, TimelineEntry, Todo
from childwelfare.text.words import Words
from orgs.access.requests import PostRequest
from orgs.posts.models import Appointment
from registry.child.models import ChildFile


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One concept's part of the page. Without a ``template`` it has no section of its own and only adds what it names:
    something beside the child's name (``head``) or above all sections (``banner``), both names of templates as well;
    entries of the timeline, to-dos, or an action. Concepts subclass it with what their templates show, as ``panel``.
    """

    title: str = ""
    anchor: str = ""
    count_label: str = ""
    template: str = ""
    head: str = ""
    banner: str = ""
    todos: tuple[Todo, ...] = ()
    timeline: tuple[TimelineEntry, ...] = ()
    action: Action | None = None
    risk_chip: Chip | None = None  # the level of risk with where it comes from, instead of the level alone


# panel(request, file) → what is shown, or None where the reader's post sees nothing of it
PANELS: Registry[Callable[[PostRequest, ChildFile], Panel | None]] = Registry("panels of a child's page")


@dataclass(frozen=True, kw_only=True)
class FileAction:
    """A button that leads to a page about the whole file: for who holds ``permission`` on it, where the file is in
    ``state`` (in any, if none is named) and ``fits`` says so."""

    address: str
    permission: str
    icon: str
    label: Words
    state: str = ""
    fits: Callable[[ChildFile], bool] | None = None

    def is_open_to(self, post: Appointment, file: ChildFile) -> bool:
        if self.state and file.state != self.state:
            return False
        return post.may(self.permission, file) and (self.fits is None or self.fits(file))


FILE_ACTIONS: KeyedRegistry[FileAction] = KeyedRegistry("acts on a whole file", key="address")
WAYS_OUT: KeyedRegistry[FileAction] = KeyedRegistry("ways in which a file leaves the screen", key="address")


def buttons_of(actions: KeyedRegistry[FileAction], post: Appointment, file: ChildFile) -> list[Action]:
    """Those of ``actions`` that are open to ``post`` now."""
    return [
        Action(url=reverse(each.address, args=[file.pk]), icon=each.icon, label=each.label)
        for each in actions.values()
        if each.is_open_to(post, file)
    ]


@dataclass(frozen=True)
class FileEvent:
    """How the timeline tells an event of a file: ``action`` is the event's own, ``label`` what the reader reads.

    ``own_page_only``: the page of a file into which this one was merged leaves it out.
    """

    action: str
    label: Words
    tone: str = ""
    own_page_only: bool = False


FILE_EVENTS: KeyedRegistry[FileEvent] = KeyedRegistry("events of a file", key="action")
