"""What guidance and entrusted care add to a child's page: the agreement in force and what it lacks."""

from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from childwelfare.pages.components import TimelineEntry, Todo
from orgs.access.requests import PostRequest
from registry.child.models import ChildFile, FileState
from registry.child.panels import Panel
from registry.family.models import current_guardian
from registry.guidance.models import Entrustment, agreement_of

SHOWN = 10


@dataclass(frozen=True, kw_only=True)
class GuidancePanel(Panel):
    agreement: Entrustment | None
    named_in_file: str  # the period of an agreement that the file names and nobody registered
    url: str


def guidance_panel(request: PostRequest, file: ChildFile) -> GuidancePanel | None:
    if not request.post.may("view_guidance", file):
        return None
    url, talks = reverse("guidance", args=[file.pk]), list(file.guidance.order_by("-given_on")[:SHOWN])
    prefetch_related_objects([file], "entrustments", "guardians")
    agreement, named = agreement_of(file), ""
    todos = [
        Todo(icon="file-earmark-text", tone="warm", title=text, note=_("委托照护书"), url=url, action=_("打开"))
        for text in (agreement.lacking if agreement and agreement.in_force else ())
    ]
    if agreement is None:
        named = period_named_in(file)
        if named and file.state == FileState.APPROVED and request.post.may("guide_guardian", file):
            todos.append(
                Todo(
                    icon="file-earmark-text",
                    tone="warm",
                    title=_("档案写有委托照护书（%(period)s），还没有登记") % {"period": named},
                    note=_("委托照护书"),
                    url=reverse("entrust", args=[file.pk]),
                    action=_("去登记"),
                )
            )
    return GuidancePanel(
        title=_("指导监护"),
        anchor="guidance",
        count_label=_("%(n)s 次") % {"n": file.guidance.count()},
        template="registry/guidance/_panel.html",
        agreement=agreement,
        named_in_file=named,
        url=url,
        todos=tuple(todos),
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


def period_named_in(file: ChildFile) -> str:
    """From when to when the guardian in the file has an agreement; blank where none is named, or it is over."""
    guardian = current_guardian(file)
    if guardian is None or not (guardian.entrusted_from or guardian.entrusted_to):
        return ""
    if guardian.entrusted_to and guardian.entrusted_to < timezone.localdate():
        return ""
    since, until = guardian.entrusted_from, guardian.entrusted_to
    last = date_format(until) if until else _("至今")
    return f"{date_format(since) if since else ''} — {last}".strip()
