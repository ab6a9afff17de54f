"""What reporting adds to other concepts."""

from django.utils.translation import gettext_lazy as _

from childwelfare.pages.navigation import NAVIGATION, Entry
from orgs.audit.words import AUDIT_ACTS, Act
from orgs.holidays.following import FOLLOWERS, Follower
from orgs.inbox.kinds import INBOX_KINDS
from orgs.inbox.reminders import DEADLINES
from orgs.reorganisation.registries import CONSEQUENCES, REPORTED
from orgs.workbench.kinds import TODO_KINDS
from orgs.workbench.notices import NOTICES
from reports.submissions import receivers  # noqa: F401  (connected when imported)
from reports.submissions.inbox import APPROVED, BEHIND, DUE, IN_PLACE, LAST_DAY, LAST_DAY_IN_PLACE, MOVED, RETURNED
from reports.submissions.last_days import follow, foresee
from reports.submissions.reorganised import periods_untouched, reported_since
from reports.submissions.trail import NAMES
from reports.submissions.workbench import TO_DECIDE, TO_SEND, month_to_report

NAVIGATION.add(
    Entry("submission-home", _("月报上报"), "send-check", ("submit_ledger",), phone=True, group="ledgers"),
    order=390,
)  # fmt: skip
NAVIGATION.add(Entry("period-list", _("填报期"), "calendar3", ("manage_periods",), group="ledgers"), order=395)
NOTICES.add(month_to_report)
TODO_KINDS.add(TO_SEND, TO_DECIDE, order=70)
INBOX_KINDS.add(RETURNED, APPROVED, DUE, MOVED, IN_PLACE, BEHIND, order=70)
DEADLINES.add(LAST_DAY, LAST_DAY_IN_PLACE)
FOLLOWERS.add(Follower(foresee, follow), order=70)
REPORTED.add(reported_since)
CONSEQUENCES.add(periods_untouched, order=40)
AUDIT_ACTS.add(
    Act("open_period", _("开始填报"), names=NAMES),
    Act("expect_units", _("应报的单位")),
    Act("lock_period", _("锁定填报期")),
    Act("set_deadlines", _("改填报期限")),
    Act("move_deadlines", _("调整一个月的期限"), names=NAMES),
    Act("submit_ledger", _("上报台账"), names=NAMES),
    Act("look_ledger", _("上级开始审核上报"), names=NAMES),
    Act("withdraw_ledger", _("撤回上报"), names=NAMES),
    Act("return_ledger", _("退回上报"), names=NAMES),
    Act("approve_ledger", _("通过上报"), names=NAMES),
    Act("reopen_ledger", _("退回重报"), names=NAMES),
    Act("waive_ledger", _("注明缺报"), names=NAMES),
    Act("end_waiver_ledger", _("恢复上报"), names=NAMES),
    Act("report_nothing_ledger", _("零报告"), names=NAMES),
    Act("roster_unreadable", _("封存的名册打不开")),
    order=190,
    subject=_("台账上报"),
)
