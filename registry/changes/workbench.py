"""Changes on the workbench: one's own that came back, and what was decided of those one wrote."""

from django.db.models import CharField, F, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, Concat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from childwelfare.workflow.history import last_arrival, last_reason
from childwelfare.workflow.models import RETURNS
from childwelfare.workflow.writers import events_on_work_of
from orgs.posts.models import Appointment
from orgs.posts.station_work import asked_of, without_work_of_above
from orgs.workbench.kinds import BACK, LEFT_RETURNED, LeftKind, NewsKind, TodoKind
from orgs.workbench.unfinished import UnfinishedKind
from registry.changes.models import Change, ChangeEvent, ChangeField, ChangeState, Verdict
from registry.child.fields import label_of


def returned_changes(post: Appointment):
    """Changes that were sent back and that are asked of the post: its person's, and those of who left."""
    returned = Change.objects.visible_to(post, "propose_change").filter(state=ChangeState.RETURNED)
    return asked_of(post, returned)


def _name_that_came_back(n: int) -> Concat:
    """Of the fields that are with the proposer, whichever return brought them, the ``n``-th's name and a blank."""
    came_back = ChangeField.objects.filter(change=OuterRef("pk"), verdict=Verdict.RETURNED).order_by("position")
    return Concat(Coalesce(Subquery(came_back.values("name")[n : n + 1]), Value("")), Value(" "))


NAMED = 3  # fields on a card
RETURNED = TodoKind(
    key="change_back",
    label=BACK,
    icon="arrow-counterclockwise",
    waiting=returned_changes,
    columns={
        "since": Coalesce(Subquery(last_arrival(Change, ChangeState.RETURNED).values("at")[:1]), F("sent_at")),
        "child": "child",
        "place": "village__name",
        "words": last_reason(Change, RETURNS),
    },
    what=lambda row: _("变更退回：%(why)s") % {"why": row.words} if row.words else _("变更退回，请补充"),
    url=lambda row: reverse("change-detail", args=[row.pk]),
    action=gettext_lazy("去补充"),
    days=3,  # working days; this installation's own measure
)
RETURNED_TO_VILLAGE = UnfinishedKind(
    key="change",
    records=lambda post: without_work_of_above(
        post, Change.objects.visible_to(post, "propose_change").filter(state=ChangeState.RETURNED)
    ),
    columns={
        "name": "child__name",
        "mark": Concat(*(_name_that_came_back(n) for n in range(NAMED)), output_field=CharField()),
    },
    title=gettext_lazy("%(who)s退回变更，请补充"),
    page="change-detail",
    about=lambda names: _("、").join(label_of(name) for name in names.split()),
)
RETURNED_BELOW = LeftKind(
    key="change",
    label=LEFT_RETURNED,
    records=lambda post: Change.objects.visible_to(post, "view_child").filter(state=ChangeState.RETURNED),
)
DECISIONS = NewsKind(
    key="change",
    events=lambda post: events_on_work_of(
        post.person_id, ChangeEvent.objects.all(), within=Change.objects.visible_to(post, "propose_change")
    ),
    titles={
        "approve": gettext_lazy("的变更已通过"),
        "return": gettext_lazy("的变更被退回"),
        "return_moved": gettext_lazy("的变更被退回"),
        "end_with_file": gettext_lazy("的变更随结案撤回"),
    },
    columns={"child": "record__child"},
    url=lambda news: reverse("change-detail", args=[news.pk]),
)
