"""What plans add to other concepts."""

from django.utils.translation import gettext_lazy as _

from childwelfare.pages.navigation import NAVIGATION, Entry
from orgs.audit.addressed import WAYS_TO_A_CHILD
from orgs.audit.words import AUDIT_ACTS, PAGES, Act, words_of
from orgs.inbox.kinds import INBOX_KINDS
from orgs.posts.ending import CONCERNS, FETCHED
from orgs.review.kinds import REVIEW_KINDS
from orgs.workbench.kinds import LEFT_KINDS, NEWS_KINDS, TODO_KINDS
from orgs.workbench.unfinished import UNFINISHED_KINDS
from registry.child.built_on import BUILT_ON, BuiltOn
from registry.child.left_open import LEFT_OPEN
from registry.child.panels import PANELS
from registry.disclosure.document import DISCLOSED
from registry.merging.rows import MERGED, WHY_NOT_MERGED, Merged
from registry.plans import inbox, receivers, workbench  # noqa: F401  (receivers are connected when imported)
from registry.plans.disclosure import plans_disclosed
from registry.plans.models import GoalState, Plan
from registry.plans.panel import (
    LED,
    TASKS,
    next_of_plans,
    plan_lane,
    plan_part,
    plans_left_open,
    plans_of_post,
    plans_panel,
)
from registry.plans.review import PLANS, PLANS_OF_HIGH
from registry.plans.services.merging import two_open_plans
from registry.timeline.lanes import LANES, NEXT, PARTS
from registry.transfers.moving import MOVED

NAVIGATION.add(
    Entry("plan-list", _("帮扶方案"), "journal-text", ("view_plan",), count=workbench.to_write, group="care"), order=225
)
REVIEW_KINDS.add(PLANS, PLANS_OF_HIGH, order=25)
TODO_KINDS.add(workbench.RETURNED, order=36)
TODO_KINDS.add(workbench.TO_WRITE, workbench.TO_REVIEW, workbench.TASKS, workbench.LEADERLESS, order=46)
UNFINISHED_KINDS.add(workbench.RETURNED_TO_VILLAGE, order=35)
UNFINISHED_KINDS.add(
    workbench.TO_WRITE_IN_VILLAGE, workbench.TO_REVIEW_IN_VILLAGE, workbench.TASKS_IN_VILLAGE, order=70
)
LEFT_KINDS.add(workbench.RETURNED_BELOW, order=45)
NEWS_KINDS.add(workbench.DECISIONS, order=25)
INBOX_KINDS.add(inbox.RETURNED, inbox.APPROVED, inbox.LED, inbox.CLOSED, order=45)
PANELS.add(plans_panel, order=26)
LANES.add(plan_lane, order=40)
NEXT.add(next_of_plans, order=40)
PARTS.add(plan_part, order=10)
LEFT_OPEN.add(plans_left_open, order=40)
DISCLOSED.add(plans_disclosed, order=35)
CONCERNS.add(plans_of_post, order=30)
FETCHED.add(LED, TASKS)
MERGED.add(Merged(Plan, sent_for="sent_for"), order=36)
WHY_NOT_MERGED.add(two_open_plans)
MOVED.add(Plan, order=36)
BUILT_ON.add(BuiltOn(Plan, _("帮扶方案")), order=25)
WAYS_TO_A_CHILD["registry.Goal"] = "plan.child_id"
PAGES |= {"plan": _("帮扶方案")}
AUDIT_ACTS.add(
    Act("view_plan", _("查看帮扶方案")),
    Act("make_plan", _("制定帮扶方案")),
    Act("approve_plan", _("批准帮扶方案")),
    Act("return_plan", _("退回帮扶方案")),
    Act("undo_plan", _("撤销对帮扶方案的上一步")),
    Act("recall_plan", _("撤回帮扶方案")),
    Act("resubmit_plan", _("修改后重送帮扶方案")),
    Act("withdraw_plan", _("不再制定帮扶方案")),
    Act("review_plan", _("复查帮扶方案")),
    Act("change_plan_lead", _("换帮扶方案牵头人")),
    Act("end_goal", _("写下帮扶目标的结果"), codes={"state": words_of(GoalState)}),
    Act("close_plan", _("结束帮扶方案")),
    order=185,
    subject=_("帮扶方案"),
)
