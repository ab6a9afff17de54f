"""What amendments add to other concepts."""

from django.utils.translation import gettext_lazy as _

from orgs.audit.words import AUDIT_ACTS, Act
from orgs.inbox.kinds import INBOX_KINDS
from orgs.workbench.kinds import TODO_KINDS
from orgs.workbench.notices import NOTICES
from reports.amendments.holding import what_keeps_it
from reports.amendments.inbox import ANSWERED, ASKED, GRANTED
from reports.amendments.presentation import amendments_of
from reports.amendments.trail import NAMES
from reports.amendments.workbench import TO_DECIDE_AMENDMENT, TO_SEND_AMENDMENT, amendment_to_report
from reports.submissions.month import MONTH_PARTS
from reports.submissions.workflow import KEPT_FROM_REOPENING

NOTICES.add(amendment_to_report)
TODO_KINDS.add(TO_DECIDE_AMENDMENT, TO_SEND_AMENDMENT, order=75)
MONTH_PARTS.add(amendments_of)
KEPT_FROM_REOPENING.add(what_keeps_it)
INBOX_KINDS.add(ASKED, GRANTED, ANSWERED, order=75)
AUDIT_ACTS.add(
    Act("ask_amendment", _("请求更正"), names=NAMES),
    Act("carry_up", _("下级更正，本级随之更正")),
    Act("open_amendment", _("同意更正")),
    Act("refuse_amendment", _("不同意更正"), names=NAMES),
    Act("submit_amendment", _("报送更正")),
    Act("return_amendment", _("退回更正"), names=NAMES),
    Act("approve_amendment", _("通过更正")),
    Act("sum_anew", _("下级又有更正，重新汇总")),
    Act("withdraw_amendment", _("撤回更正"), names=NAMES),
    Act("open_from_below", _("下级的更正已通过，开始更正")),
    Act("fall_with_above", _("上级的更正已了结，一并了结"), names=NAMES),
    Act("drop_amendment", _("下级的更正已了结，不用再更正")),
    Act("take_effect", _("更正生效")),
    Act("amend_ledger", _("更正后的数生效")),
    order=191,
    subject=_("台账更正"),
)
