"""What closing adds to a child's page: since when and why the file is closed, and the way back."""

from orgs.access.requests import PostRequest
from registry.child.models import ChildFile, FileState
from registry.child.panels import Panel
from registry.closing.services import may_undo_act
from registry.stays.models import may_open


def undo_panel(request: PostRequest, file: ChildFile) -> Panel | None:
    """The way back, for who closed or reopened the file just now."""
    return Panel(banner="registry/closing/_undo.html") if may_undo_act(request.post, file) else None


def closed_panel(request: PostRequest, file: ChildFile) -> Panel | None:
    if file.state != FileState.CLOSED or not may_open(request.post, "view_child", file):
        return None
    return Panel(banner="registry/closing/_banner.html")
