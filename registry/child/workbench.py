"""Files on the workbench: one's own that came back, what villages left unfinished, what became of what was sent."""

from dataclasses import replace

from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from childwelfare.workflow.history import last_at, last_reason
from childwelfare.workflow.models import RETURNS, TAKEN_BACK
from childwelfare.workflow.writers import events_on_work_of
from orgs.access.scope import lies_in
from orgs.posts.models import Appointment
from orgs.posts.station_work import asked_of, without_work_of_above
from orgs.workbench.kinds import BACK, LEFT_RETURNED, LEFT_TAKEN_BACK, LeftKind, NewsKind, TodoKind
from orgs.workbench.unfinished import UnfinishedKind
from registry.child.models import ChildFile, ChildFileEvent, FileState


def returned_files(post: Appointment):
    """Files that were sent back and that are asked of the post: its person's, and those of who left."""
    returned = ChildFile.objects.visible_to(post, "create_child").filter(state=FileState.RETURNED)
    return asked_of(post, returned)


def is_kept_in_reach(post: Appointment, path: str) -> Q:
    """That ``post`` may open the file behind ``path`` where it is kept."""
    units = post.units_granting("view_child")
    return lies_in(units, f"{path}__" if path else "") if units else Q(pk__in=())


RETURNED = TodoKind(
    key="file_back",
    label=BACK,
    icon="arrow-counterclockwise",
    waiting=lambda post: returned_files(post).filter(taken_back=False),
    columns={
        "since": Coalesce(last_at(ChildFile, RETURNS), F("updated_at")),
        "child": "",
        "place": "village__name",
        "words": last_reason(ChildFile, RETURNS),
    },
    what=lambda row: _("档案退回：%(why)s") % {"why": row.words} if row.words else _("档案退回，请补充"),
    url=lambda row: reverse("child-edit", args=[row.pk]),
    action=gettext_lazy("去补充"),
    days=3,  # working days; this installation's own measure
)
# what its writer took back waits for her as what came back does, and nobody sent it back
MENDING = replace(
    RETURNED,
    key="file_taken_back",
    label=TAKEN_BACK,
    waiting=lambda post: returned_files(post).filter(taken_back=True),
    what=lambda row: _("撤回的档案，改好再送"),
    action=gettext_lazy("去改"),
)


def _returned_here(post: Appointment):
    returned = ChildFile.objects.visible_to(post, "create_child").filter(state=FileState.RETURNED)
    return without_work_of_above(post, returned)


RETURNED_TO_VILLAGE = UnfinishedKind(
    key="file",
    records=lambda post: _returned_here(post).filter(taken_back=False),
    columns={"name": "name"},
    title=gettext_lazy("%(who)s退回档案，请补充"),
    page="child-edit",
)
TAKEN_BACK_IN_VILLAGE = UnfinishedKind(
    key="file_taken_back",
    records=lambda post: _returned_here(post).filter(taken_back=True),
    columns={"name": "name"},
    title=gettext_lazy("撤回的档案，改好再送"),
    page="child-edit",
    taken_back=True,
)
DRAFTS = UnfinishedKind(
    key="draft",
    records=lambda post: ChildFile.objects.visible_to(post, "create_child").filter(
        state=FileState.DRAFT, made_by=post.person_id
    ),
    columns={"name": "name"},
    title=gettext_lazy("%(name)s的档案还是草稿"),
    page="child-edit",
    came_back=False,
)
DRAFTS_BELOW = LeftKind(
    key="draft",
    label=gettext_lazy("草稿 %(n)s"),
    records=lambda post: ChildFile.objects.visible_to(post, "view_child").filter(state=FileState.DRAFT),
)
RETURNED_BELOW = LeftKind(
    key="file",
    label=LEFT_RETURNED,
    records=lambda post: ChildFile.objects.visible_to(post, "view_child").filter(
        state=FileState.RETURNED, taken_back=False
    ),
)
TAKEN_BACK_BELOW = LeftKind(
    key="file_taken_back",
    label=LEFT_TAKEN_BACK,
    records=lambda post: ChildFile.objects.visible_to(post, "view_child").filter(
        state=FileState.RETURNED, taken_back=True
    ),
)
DECISIONS = NewsKind(
    key="file",
    events=lambda post: events_on_work_of(
        post.person_id, ChildFileEvent.objects.all(), within=ChildFile.objects.visible_to(post, "create_child")
    ),
    titles={"approve": gettext_lazy("已建档"), "return": gettext_lazy("的档案被退回")},
    columns={"child": "record"},
    url=lambda news: reverse("child-file", args=[news.pk]),
)
