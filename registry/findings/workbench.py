"""Findings on the workbench: what the rules found and somebody is to decide."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgs.posts.models import Appointment
from orgs.workbench.kinds import TodoKind, Together, Waiting
from registry.child.codes import Category
from registry.findings.models import Finding, FindingKind

FEW = 3  # findings that are not worth a line together


def to_decide(post: Appointment):
    return Finding.objects.visible_to(post, "decide_category").open()


def _words(row: Waiting) -> str:
    return _("%(what)s：%(category)s") % {
        "what": FindingKind(row.mark).label,
        "category": Category(row.words).label,
    }


def many(rows: list[Waiting]) -> Together | None:
    """More than a few, as one line: they are gone through in their own list. What has a last day stands by itself."""
    rest = [row for row in rows if row.due_on is None]
    if len(rest) <= FEW:
        return None
    return Together(
        rows=rest,
        title=_("%(n)s 件待核事项") % {"n": len(rest)},
        note=_("规则核对出来的，等人决定"),
        url=reverse("finding-list"),
        action=gettext_lazy("去核对"),
    )


TO_DECIDE = TodoKind(
    key="finding",
    label=gettext_lazy("待核事项"),
    icon="lightbulb",
    waiting=to_decide,
    columns={
        "since_day": "first_seen",
        "child": "child",
        "place": "village__name",
        "mark": "kind",
        "words": "category",
        "due_on": "due_on",
    },
    what=_words,
    url=lambda row: reverse("finding-detail", args=[row.pk]),
    action=gettext_lazy("去核对"),
    together=many,
)
