"""What papers add to a child's page: the papers themselves, and the portrait."""

import datetime
import uuid
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from childwelfare.pages.components import TimelineEntry
from orgs.access.requests import PostRequest
from registry.child.models import ChildFile
from registry.child.panels import Panel
from registry.papers.forms import PaperForm
from registry.papers.models import Paper, PaperKind

SHOWN = 8


@dataclass(frozen=True, kw_only=True)
class PapersPanel(Panel):
    """``more``: how many papers are not among those shown."""

    papers: list[Paper]
    more: int
    may_add: bool
    form: PaperForm
    portrait: Paper | None


def papers_panel(request: PostRequest, file: ChildFile) -> PapersPanel | None:
    """None where the child only stays: papers are for who keeps the file."""
    if not request.post.may("view_child", file):
        return None
    papers = list(file.papers.newest_first().select_related("made_by", "removed_by"))
    valid = [paper for paper in papers if not paper.removed_at]
    portraits = [paper for paper in valid if paper.kind == PaperKind.PORTRAIT and paper.thumbnail]
    return PapersPanel(
        title=_("证件和照片"),
        anchor="papers",
        count_label=ngettext("%(n)s 份材料", "%(n)s 份材料", len(valid)) % {"n": len(valid)},
        template="registry/papers/_panel.html",
        papers=valid[:SHOWN],
        more=max(0, len(valid) - SHOWN),
        may_add=request.post.may("add_paper", file),
        form=PaperForm(initial={"pk": uuid.uuid4()}, auto_id="id_paper_%s"),
        head="registry/papers/_portrait.html" if portraits else "",
        portrait=portraits[0] if portraits else None,
        timeline=(
            *(_upload_entry(paper) for paper in papers),
            *(_void_entry(paper) for paper in papers if paper.removed_at),
        ),
    )


def _upload_entry(paper: Paper) -> TimelineEntry:
    return _entry(paper, paper.made_at, _("上传%(paper)s"), paper.made_by.name)


def _void_entry(paper: Paper) -> TimelineEntry:
    assert paper.removed_by and paper.removed_at
    note = f"{paper.removed_by.name}：{paper.removed_reason}"
    return _entry(paper, paper.removed_at, _("作废%(paper)s"), note, "warm")


def _entry(paper: Paper, at: datetime.datetime, title: str, note: str, tone: str = "") -> TimelineEntry:
    url = reverse("child-papers", args=[paper.child_id])
    return TimelineEntry(at=at, title=title % {"paper": paper}, note=note, tone=tone, url=url)
