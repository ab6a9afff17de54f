"""What needs add to other concepts."""

from django.utils.translation import gettext_lazy as _

from childwelfare.pages.navigation import NAVIGATION, Entry
from orgs.audit.addressed import WAYS_TO_A_CHILD
from orgs.audit.words import AUDIT_ACTS, PAGES, Act, words_of
from orgs.holidays.following import FOLLOWERS, Follower
from orgs.inbox.kinds import INBOX_KINDS
from orgs.posts.ending import CONCERNS, FETCHED
from orgs.units.models import Level
from orgs.workbench.kinds import LACKS, NEWS_KINDS, TODO_KINDS
from registry.child.built_on import BUILT_ON, BuiltOn
from registry.child.left_open import LEFT_OPEN
from registry.child.panels import PANELS
from registry.disclosure.document import DISCLOSED
from registry.merging.rows import MERGED, Merged
from registry.needs import receivers  # noqa: F401  (connected when imported)
from registry.needs.codes import Kind, Outcome, Service
from registry.needs.disclosure import needs_disclosed
from registry.needs.inbox import NEED_KINDS
from registry.needs.models import Need
from registry.needs.panel import (
    IN_HAND,
    hands_part,
    need_lanes,
    needs_left_open,
    needs_of_post,
    needs_panel,
    next_needs,
)
from registry.needs.services.calendar import follow, foresee
from registry.needs.workbench import HELD, OWN_NEEDS, held_by, needs_overdue_below
from registry.timeline.lanes import LANES, NEXT, PARTS
from registry.transfers.moving import MOVED

NAVIGATION.add(Entry("need-list", _("需求"), "bandaid", ("view_need",), count=held_by, group="care"), order=223)
TODO_KINDS.add(HELD, order=60)
NEWS_KINDS.add(OWN_NEEDS, order=60)
LACKS.add(needs_overdue_below, order=30)
INBOX_KINDS.add(*NEED_KINDS, order=60)
FOLLOWERS.add(Follower(foresee, follow), order=60)
PANELS.add(needs_panel, order=35)
LANES.add(need_lanes, order=30)
NEXT.add(next_needs, order=30)
PARTS.add(hands_part, order=20)
LEFT_OPEN.add(needs_left_open, order=30)
DISCLOSED.add(needs_disclosed, order=40)
CONCERNS.add(needs_of_post, order=20)
FETCHED.add(IN_HAND)
MERGED.add(Merged(Need, sent_for="sent_for"), order=62)
MOVED.add(Need, order=62)
BUILT_ON.add(BuiltOn(Need, _("需求")), order=36)
WAYS_TO_A_CHILD["registry.NeedStep"] = "need.child_id"
PAGES |= {"need": _("需求")}
AUDIT_ACTS.add(
    Act("list_needs", _("打开需求名单")),
    Act("view_need", _("查看需求"), reads_file=True),
    Act("record_need", _("记录需求"), codes={"kind": words_of(Kind)}),
    Act("step_need", _("记录需求办理"), codes={"service": words_of(Service)}),
    Act("take_need", _("承办需求")),
    Act("assign_need", _("指定需求承办人")),
    Act("pull_up_need", _("上级接办需求")),
    Act("pass_up_need", _("需求报上级")),
    Act("pass_down_need", _("需求交下级")),
    Act("move_due_need", _("改需求期限")),
    Act("settle_need", _("办结需求"), codes={"outcome": words_of(Outcome)}),
    Act("undo_settle_need", _("撤销办结需求")),
    Act("reopen_need", _("重新办理需求")),
    Act("void_need", _("撤销记错的需求")),
    Act("end_need", _("需求随结案结束")),
    Act("escalate_need", _("需求逾期，升到上级"), codes={"level": words_of(Level)}),
    Act("release_need", _("需求的承办人离任")),
    Act("follow_need", _("需求随孩子转到新地方")),
    Act("follow_calendar_need", _("需求期限随放假安排调整")),
    order=262,
    subject=_("需求和会商"),
)
