"""What a desk has to decide, on the workbench: a to-do for each kind of review."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from childwelfare.workflow.writers import last_writer_name
from orgs.workbench.kinds import TodoKind


def todo_kind(kind: Any) -> TodoKind:
    """The to-do of ``kind`` (orgs.review.kinds.ReviewKind)."""
    return TodoKind(
        key=kind.key,
        label=_("审核"),
        icon=kind.icon,
        waiting=kind.to_decide,
        columns={**kind.columns, "made_by": last_writer_name(kind.model)},
        what=kind.todo_words,
        url=lambda row: reverse("review-case", args=[kind.key, row.pk]),
        action=_("去审核"),
        days=kind.days,
        together=kind.together,
    )
