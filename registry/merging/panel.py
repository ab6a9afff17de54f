"""What merging adds to a child's page: the files that went into this one."""

from dataclasses import dataclass

from orgs.access.requests import PostRequest
from registry.child.models import ChildFile
from registry.child.panels import Panel
from registry.family.models import FamilyMember
from registry.merging.models import Merge
from registry.stays.models import may_open


@dataclass(frozen=True)
class MergeRow:
    """``left_over``: the people whom the other file names besides."""

    merge: Merge
    may_undo: bool
    left_over: list[FamilyMember]


@dataclass(frozen=True, kw_only=True)
class MergesPanel(Panel):
    rows: list[MergeRow]


def merges_panel(request: PostRequest, file: ChildFile) -> MergesPanel | None:
    post = request.post
    if not may_open(post, "view_child", file):
        return None
    rows = []
    for number, merge in enumerate(file.merges.valid().select_related("other", "made_by")):
        both = post.may("merge_child", file) and post.may("merge_child", merge.other)
        # the latest merge alone may be undone
        rows.append(MergeRow(merge, may_undo=number == 0 and both, left_over=list(merge.other.family.all())))
    return MergesPanel(banner="registry/merging/_banner.html", rows=rows) if rows else None
