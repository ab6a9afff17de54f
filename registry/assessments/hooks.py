"""What assessments add to other concepts."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from childwelfare.pages.navigation import NAVIGATION, Entry
from orgs.audit.words import AUDIT_ACTS, PAGES, Act
from orgs.holidays.following import FOLLOWERS, Follower
from orgs.inbox.kinds import INBOX_KINDS
from orgs.inbox.reminders import DEADLINES
from orgs.review.kinds import REVIEW_KINDS
from orgs.workbench.kinds import LEFT_KINDS, NEWS_KINDS, TODO_KINDS
from orgs.workbench.unfinished import UNFINISHED_KINDS
from registry.assessments import inbox, receivers  # noqa: F401  (receivers are connected when imported)
from registry.assessments.disclosure import assessments_disclosed
from registry.assessments.models import Assessment, AssessmentDue
from registry.assessments.panel import assessment_panel, level_lanes, next_assessment, waiting_at_exit
from registry.assessments.review import ASSESSMENTS, TO_SIGN
from registry.assessments.services.calendar import follow, foresee
from registry.assessments.services.risk import refuse_assessed_risk
from registry.assessments.workbench import (
    DECISIONS,
    DUE_IN_VILLAGE,
    RETURNED,
    RETURNED_BELOW,
    RETURNED_TO_VILLAGE,
    TAKEN_BACK_IN_VILLAGE,
    overdue,
)
from registry.child.built_on import BUILT_ON, NOT_BUILT_ON, BuiltOn
from registry.child.decided_elsewhere import DECIDED_ELSEWHERE, DecidedElsewhere
from registry.child.left_open import LEFT_OPEN
from registry.child.panels import PANELS
from registry.disclosure.document import DISCLOSED
from registry.merging.rows import MERGED, Merged
from registry.needs.sources import SOURCE_KINDS, SourceKind
from registry.timeline.lanes import LANES, NEXT
from registry.transfers.moving import MOVED, NOT_MOVED

NAVIGATION.add(
    Entry(
        "assessment-list", _("评估"), "heart-pulse", ("view_assessment",), count=overdue, group="care",
    ),
    order=222,
)  # fmt: skip
PANELS.add(assessment_panel, order=12)
LANES.add(level_lanes, order=10)
NEXT.add(next_assessment, order=10)
LEFT_OPEN.add(waiting_at_exit, order=10)
DISCLOSED.add(assessments_disclosed, order=20)
DECIDED_ELSEWHERE.add(DecidedElsewhere("risk", refuse_assessed_risk))
SOURCE_KINDS.add(
    SourceKind(
        key="assessment",
        label=_("评估"),
        records=lambda post: Assessment.objects.visible_to(post, "view_assessment"),
        url=lambda assessment: reverse("assessment-detail", args=[assessment.pk]),
    )
)
MERGED.add(Merged(Assessment, sent_for="sent_for"), Merged(AssessmentDue, how="anew"), order=55)
MOVED.add(Assessment, order=55)
NOT_MOVED["registry.AssessmentDue"] = "planned anew where the child is by then (child_moved)"
BUILT_ON.add(BuiltOn(Assessment, _("评估")), order=32)
NOT_BUILT_ON["registry.AssessmentDue"] = "worked out from the file and its assessments"
REVIEW_KINDS.add(ASSESSMENTS, order=22)
REVIEW_KINDS.add(TO_SIGN, order=23)
TODO_KINDS.add(RETURNED, order=32)
UNFINISHED_KINDS.add(RETURNED_TO_VILLAGE, TAKEN_BACK_IN_VILLAGE, order=32)
UNFINISHED_KINDS.add(DUE_IN_VILLAGE, order=60)
LEFT_KINDS.add(RETURNED_BELOW, order=32)
NEWS_KINDS.add(DECISIONS, order=22)
INBOX_KINDS.add(inbox.RETURNED, inbox.CHECKED, inbox.CONFIRMED, inbox.TO_SIGN, inbox.DUE, order=35)
DEADLINES.add(inbox.LAST_DAY)
FOLLOWERS.add(Follower(foresee, follow), order=62)
PAGES |= {"assessment": _("评估")}
AUDIT_ACTS.add(
    Act("assess_child", _("评估儿童")),
    Act("correct_assessment", _("修改后重报评估")),
    Act("recall_assessment", _("撤回评估修改")),
    Act("withdraw_assessment", _("作废评估")),
    Act("confirm_assessment", _("确认评估")),
    Act("sign_assessment", _("县级确认评估")),
    Act("return_assessment", _("退回评估")),
    Act("notify_of_assessment", _("补记评估告知家庭")),
    Act("follow_calendar_assessment", _("评估后的期限随放假安排调整")),
    Act("view_assessment", _("查看评估"), reads_file=True),
    Act("print_assessment", _("打印评估"), reads_file=True),
    order=255,
    subject=_("评估"),
)
