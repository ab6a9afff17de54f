"""What the registry itself adds to a child's page: its papers, its portrait, and the ways it goes out."""

import uuid

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from registry.child.models import ChildFile
from registry.papers.forms import PaperForm
from registry.papers.models import Paper, PaperKind

SHOWN = 8


def papers_panel(request, file: ChildFile) -> dict:
    """A panel of the file's page (registry.child.sections.PANELS)."""
    if not request.post.may("view_child", file):
        return {}  # papers are for who keeps the file, not for where the child stays
    papers = list(file.papers.newest_first().select_related("made_by", "removed_by"))
    standing = [paper for paper in papers if not paper.removed_at]
    return {
        "title": _("证件和照片"),
        "anchor": "papers",
        "count_label": _("%(n)s 份") % {"n": len(standing)},
        "template": "registry/_papers.html",
        "papers": standing[:SHOWN],
        "more": max(0, len(standing) - SHOWN),
        "may_add": request.post.may("add_paper", file),
        "form": PaperForm(initial={"pk": uuid.uuid4()}, auto_id="id_paper_%s"),
        "portrait": next((paper for paper in standing if paper.kind == PaperKind.PORTRAIT and paper.thumbnail), None),
        "out": _ways_out(request.post, file),
        "timeline": [_entry(paper) for paper in papers] + [_void_entry(paper) for paper in papers if paper.removed_at],
    }


def _ways_out(post, file: ChildFile) -> list[dict]:
    """How the file leaves the screen."""
    ways = [
        {"url": reverse("print-file", args=[file.pk]), "icon": "printer", "label": _("打印档案表")},
        {"url": reverse("print-left-behind", args=[file.pk]), "icon": "printer", "label": _("打印留守儿童信息采集表")},
        {"url": reverse("print-file-pdf", args=[file.pk]), "icon": "file-earmark-pdf", "label": _("下载 PDF")},
    ]
    if post.may("disclose_child", file):
        url = reverse("child-disclosure", args=[file.pk])
        ways.append({"url": url, "icon": "file-earmark-text", "label": _("依申请向监护人提供")})
    return ways


def _entry(paper: Paper) -> dict:
    return _line(paper, paper.made_at, _("上传%(paper)s"), paper.made_by.name)


def _void_entry(paper: Paper) -> dict:
    return _line(
        paper, paper.removed_at, _("作废%(paper)s"), f"{paper.removed_by.name}：{paper.removed_reason}", "warm"
    )


def _line(paper: Paper, at, title: str, note: str, tone: str = "") -> dict:
    return {
        "at": at,
        "when": date_format(timezone.localtime(at), "MONTH_DAY_FORMAT"),
        "title": title % {"paper": paper},
        "note": note,
        "tone": tone,
        "url": reverse("child-papers", args=[paper.child_id]),
    }
