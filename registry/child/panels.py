"""The panels of a child's page: what each concept shows of the child beside the file's own sections."""

from collections.abc import Callable
from dataclasses import dataclass

from childwelfare.hooks import Registry
from childwelfare.pages.components import Action, TimelineEntry, Todo
from orgs.access.requests import PostRequest
from registry.child.models import ChildFile


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One concept's part of the page. Without a ``template`` it shows nothing of its own and only adds entries of the
    timeline, to-dos, or an action. Concepts subclass it with what their template shows."""

    title: str = ""
    anchor: str = ""
    count_label: str = ""
    template: str = ""
    todos: tuple[Todo, ...] = ()
    timeline: tuple[TimelineEntry, ...] = ()
    action: Action | None = None


# panel(request, file) → what is shown, or None where the reader's post sees nothing of it
PANELS: Registry[Callable[[PostRequest, ChildFile], Panel | None]] = Registry("panels of a child's page")
