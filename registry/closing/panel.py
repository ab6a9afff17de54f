"""What closing adds to a child's page: since when and why the file is closed."""

from orgs.access.requests import PostRequest
from registry.child.models import ChildFile, FileState
from registry.child.panels import Panel
from registry.stays.models import may_open


def closed_panel(request: PostRequest, file: ChildFile) -> Panel | None:
    if file.state != FileState.CLOSED or not may_open(request.post, "view_child", file):
        return None
    return Panel(banner="registry/closing/_banner.html")
