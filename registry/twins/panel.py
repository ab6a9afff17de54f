"""What twins add to a child's page: the other files that may be of this child, for who may open both."""

from dataclasses import dataclass

from orgs.access.requests import PostRequest
from registry.child.models import ChildFile
from registry.child.panels import Panel
from registry.stays.models import may_open
from registry.twins.services import SAYS, Twin, twins_of_file


@dataclass(frozen=True, kw_only=True)
class TwinsPanel(Panel):
    """``may_answer``: the reader says whether they are the same, on a page of its own."""

    twins: list[Twin]
    may_answer: bool


def twins_panel(request: PostRequest, file: ChildFile) -> TwinsPanel | None:
    post = request.post
    if file.merged_into_id or not may_open(post, "view_child", file):
        return None
    twins = twins_of_file(file, post).to_answer
    may_answer = any(post.holds(permission) for permission in SAYS)
    return TwinsPanel(banner="registry/twins/_banner.html", twins=twins, may_answer=may_answer) if twins else None
