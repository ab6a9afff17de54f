"""What papers add to a child's page: the papers themselves, the portrait, and the ways the file goes out."""

import datetime
import uuid
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from childwelfare.pages.components import Action, TimelineEntry
from orgs.access.requests import PostRequest
from orgs.posts.models import Appointment
from registry.child.models import ChildFile
from registry.child.panels import Panel
from registry.papers.forms import PaperForm
from registry.papers.models import Paper, PaperKind

SHOWN = 8


@dataclass(frozen=True, kw_only=True)
class PapersPanel(Panel):
    """``more``: how many papers are not among those shown; ``out``: the ways the file leaves the screen."""

    papers: list[Paper]
    more: int
    may_add: bool
    form: PaperForm
    portrait: Paper | None
    out: list[Action]


def papers_panel(request: PostRequest, file: ChildFile) -> PapersPanel | None:
    """None where the child only stays: papers are for who keeps the file."""
    if not request.post.may("view_child", file):
        return None
    papers = list(file.papers.newest_first().select_related("made_by", "removed_by"))
    valid = [paper for paper in papers if not paper.removed_at]
    return PapersPanel(
        title=_("证件和照片"),
        anchor="papers",
        count_label=_("%(n)s 份") % {"n": len(valid)},
        template="registry/papers/_panel.html",
        papers=valid[:SHOWN],
        more=max(0, len(valid) - SHOWN),
        may_add=request.post.may("add_paper", file),
        form=PaperForm(initial={"pk": uuid.uuid4()}, auto_id="id_paper_%s"),
        portrait=next((paper for paper in valid if paper.kind == PaperKind.PORTRAIT and paper.thumbnail), None),
        out=_ways_out(request.post, file),
        timeline=(
            *(_upload_entry(paper) for paper in papers),
            *(_void_entry(paper) for paper in papers if paper.removed_at),
        ),
    )


def _ways_out(post: Appointment, file: ChildFile) -> list[Action]:
    """How the file leaves the screen."""
    ways = [
        Action(url=reverse("print-file", args=[file.pk]), icon="printer", label=_("打印档案表")),
        Action(url=reverse("print-left-behind", args=[file.pk]), icon="printer", label=_("打印留守儿童信息采集表")),
        Action(url=reverse("print-file-pdf", args=[file.pk]), icon="file-earmark-pdf", label=_("下载 PDF")),
    ]
    if post.may("disclose_child", file):
        url = reverse("child-disclosure", args=[file.pk])
        ways.append(Action(url=url, icon="file-earmark-text", label=_("依申请向监护人提供")))
    return ways


def _upload_entry(paper: Paper) -> TimelineEntry:
    return _entry(paper, paper.made_at, _("上传%(paper)s"), paper.made_by.name)


def _void_entry(paper: Paper) -> TimelineEntry:
    assert paper.removed_by and paper.removed_at
    note = f"{paper.removed_by.name}：{paper.removed_reason}"
    return _entry(paper, paper.removed_at, _("作废%(paper)s"), note, "warm")


def _entry(paper: Paper, at: datetime.datetime, title: str, note: str, tone: str = "") -> TimelineEntry:
    url = reverse("child-papers", args=[paper.child_id])
    return TimelineEntry(at=at, title=title % {"paper": paper}, note=note, tone=tone, url=url)
