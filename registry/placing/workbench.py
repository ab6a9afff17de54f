"""Children to be placed, on the workbench of the station."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgs.posts.models import Appointment
from orgs.workbench.kinds import TodoKind, Together, Waiting
from registry.placing.queries import to_place

FEW = 3  # children that are not worth a line together


def waiting_to_be_placed(post: Appointment) -> QuerySet:
    return to_place().visible_to(post, "transfer_child")


def many(rows: list[Waiting]) -> Together | None:
    """More than a few, as one line: they are gone through in their own list."""
    if len(rows) <= FEW:
        return None
    return Together(
        rows=rows,
        title=_("%(n)s 个孩子待安置") % {"n": len(rows)},
        note=_("原村（居）已撤并，请选定现在归哪个村（居）"),
        url=reverse("placing"),
        action=gettext_lazy("去安置"),
    )


TO_PLACE = TodoKind(
    key="placing",
    label=gettext_lazy("待安置"),
    icon="geo-alt",
    waiting=waiting_to_be_placed,
    columns={"since_day": "village__valid_to", "child": "", "place": "village__name"},
    what=lambda row: _("“%(village)s”已撤并，请选定现在归哪个村（居）") % {"village": row.place},
    url=lambda row: reverse("placing"),
    action=gettext_lazy("去安置"),
    permission="transfer_child",
    days=5,  # working days; this installation's own measure
    together=many,
)
