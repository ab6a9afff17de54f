"""What stays add to a child's page: where the child lives now, and its end."""

import datetime
from dataclasses import dataclass

from django.utils import timezone

from orgs.access.requests import PostRequest
from registry.child.models import ChildFile
from registry.child.panels import Panel
from registry.stays.models import Stay, may_open, stay_of
from registry.stays.workflow import STAY


@dataclass(frozen=True, kw_only=True)
class StayPanel(Panel):
    stay: Stay
    may_end: bool


def stay_panel(request: PostRequest, file: ChildFile) -> StayPanel | None:
    post = request.post
    stay = stay_of(file) if may_open(post, "view_child", file) else None
    if stay is None:
        return None
    stay.child = file
    may_end = STAY.is_open_to(post, stay, "end")
    return StayPanel(banner="registry/stays/_banner.html", stay=stay, may_end=may_end)


def undo_panel(request: PostRequest, file: ChildFile) -> Panel | None:
    """The way back, for who ended the stay just now. Asks nothing of most files."""
    post, today = request.post, timezone.localdate()
    if not post.holds("stay_child"):
        return None
    ended = file.stays.filter(ended_on__gte=today - datetime.timedelta(days=1)).newest_first().first()
    if ended is None:
        return None
    ended.child = file
    if not STAY.may_undo(post, ended):
        return None
    return StayPanel(banner="registry/stays/_undo.html", stay=ended, may_end=False)


def lives_at_home(file: ChildFile) -> bool:
    """Whether no stay is registered that has yet to end; there is one at a time."""
    return not file.stays.open().exists()
