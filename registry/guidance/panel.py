"""What guidance and entrusted care add to a child's page: the agreement in force and what it lacks."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from childwelfare.pages.components import TimelineEntry, Todo
from orgs.access.requests import PostRequest
from registry.child.models import ChildFile
from registry.child.panels import Panel
from registry.guidance.models import Entrustment

SHOWN = 10


@dataclass(frozen=True, kw_only=True)
class GuidancePanel(Panel):
    agreement: Entrustment | None
    url: str


def guidance_panel(request: PostRequest, file: ChildFile) -> GuidancePanel | None:
    if not request.post.may("view_guidance", file):
        return None
    url, talks = reverse("guidance", args=[file.pk]), list(file.guidance.order_by("-given_on")[:SHOWN])
    agreement = file.entrustments.in_force().first()
    if agreement:
        agreement.child = file
    return GuidancePanel(
        title=_("指导监护"),
        anchor="guidance",
        count_label=_("%(n)s 次") % {"n": file.guidance.count()},
        template="registry/guidance/_panel.html",
        agreement=agreement,
        url=url,
        todos=tuple(
            Todo(icon="file-earmark-text", tone="warm", title=text, note=_("委托照护书"), url=url, action=_("打开"))
            for text in (agreement.lacking if agreement else ())
        ),
        timeline=tuple(
            TimelineEntry(
                at=talk.made_at,
                on=talk.given_on,
                title=_("指导监护人"),
                note=_("、").join(map(str, talk.topic_labels)),
                url=url,
            )
            for talk in talks
        ),
    )
