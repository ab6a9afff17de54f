"""What visit adds to other concepts."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from childwelfare.pages.navigation import NAVIGATION, Entry
from orgs.audit.addressed import WAYS_TO_A_CHILD
from orgs.audit.words import AUDIT_ACTS, Act, words_of
from orgs.inbox.kinds import INBOX_KINDS
from orgs.review.kinds import REVIEW_KINDS
from orgs.workbench.kinds import LEFT_KINDS, NEWS_KINDS, TODO_KINDS
from orgs.workbench.unfinished import UNFINISHED_KINDS
from registry.changes.diff import ORIGINS
from registry.child.built_on import BUILT_ON, BuiltOn
from registry.child.panels import PANELS
from registry.disclosure.document import DISCLOSED
from registry.merging.rows import MERGED, Merged
from registry.needs.sources import SOURCE_KINDS, SourceKind
from registry.quality.case import LAST_MET
from registry.timeline.lanes import LANES, NEXT
from registry.transfers.moving import MOVED
from visits.visit import (
    facts,  # noqa: F401  (adds its facts when imported)
    receivers,  # noqa: F401  (connected when imported)
    sync,  # noqa: F401  (adds its kinds when imported)
)
from visits.visit.codes import FlagReason
from visits.visit.disclosure import visits_section
from visits.visit.inbox import RETURNED as VISIT_RETURNED
from visits.visit.lanes import next_visit, visit_lane
from visits.visit.models import Visit
from visits.visit.next_steps import origin_of
from visits.visit.panel import visits_panel
from visits.visit.review import VISITS
from visits.visit.workbench import (
    DECISIONS,
    MENDING,
    RETURNED,
    RETURNED_BELOW,
    RETURNED_TO_VILLAGE,
    TAKEN_BACK_BELOW,
    TAKEN_BACK_IN_VILLAGE,
)

NAVIGATION.add(
    Entry("visit-list", pgettext_lazy("list", "走访"), "calendar3", ("view_visit",), phone=True, group="visits"),
    order=300,
)
PANELS.add(visits_panel, order=30)
LANES.add(visit_lane, order=20)
NEXT.add(next_visit, order=20)
LAST_MET.add(Visit.objects.last_met)
ORIGINS.add(origin_of)
DISCLOSED.add(visits_section, order=20)
MERGED.add(Merged(Visit, sent_for="sent_for"), order=30)
MOVED.add(Visit, order=30)
WAYS_TO_A_CHILD["visits.VisitPhoto"] = "visit.child_id"
AUDIT_ACTS.add(
    Act("view_visit", _("查看走访")),
    Act("log_visit", _("记录走访"), codes={"flags": words_of(FlagReason)}),
    Act("accept_visit", _("通过走访")),
    Act("return_visit", _("退回走访")),
    Act("recall_visit", _("撤回走访")),
    Act("resubmit_visit", _("重报走访")),
    order=90,
    subject=_("走访"),
)
AUDIT_ACTS.add(
    Act("add_visit_photo", _("补交走访照片")),
    Act("view_visit_photo", _("查看走访照片")),
    order=110,
    subject=_("走访"),
)
REVIEW_KINDS.add(VISITS, order=22)
TODO_KINDS.add(RETURNED, order=32)
TODO_KINDS.add(MENDING, order=34)
UNFINISHED_KINDS.add(RETURNED_TO_VILLAGE, order=10)
UNFINISHED_KINDS.add(TAKEN_BACK_IN_VILLAGE, order=40)
LEFT_KINDS.add(RETURNED_BELOW, order=40)
LEFT_KINDS.add(TAKEN_BACK_BELOW, order=60)
NEWS_KINDS.add(DECISIONS, order=22)
INBOX_KINDS.add(VISIT_RETURNED, order=40)
SOURCE_KINDS.add(
    SourceKind(
        key="visit",
        label=_("走访"),
        records=lambda post: Visit.objects.open_to(post, "view_visit"),
        url=lambda visit: reverse("visit-detail", args=[visit.pk]),
    )
)
BUILT_ON.add(BuiltOn(Visit, _("走访")), order=10)
