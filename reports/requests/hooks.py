"""What requests add to other concepts."""

from django.utils.translation import gettext_lazy as _

from childwelfare.pages.navigation import NAVIGATION, Entry
from orgs.audit.words import AUDIT_ACTS, Act
from orgs.holidays.following import FOLLOWERS, Follower
from orgs.inbox.kinds import INBOX_KINDS
from orgs.inbox.reminders import DEADLINES
from orgs.reorganisation.registries import CONSEQUENCES
from orgs.workbench.kinds import TODO_KINDS
from orgs.workbench.notices import NOTICES
from reports.requests import receivers  # noqa: F401  (a receiver connects when it is imported)
from reports.requests.inbox import (
    ASKED,
    BEHIND,
    COMPLETE,
    DUE,
    IN_PLACE,
    LAST_DAY,
    LAST_DAY_IN_PLACE,
    LEFT,
    MOVED,
    RETURNED,
)
from reports.requests.last_days import follow, foresee
from reports.requests.reorganised import answers_handed_on
from reports.requests.workbench import TO_ANSWER, TO_CLOSE, request_to_answer, to_answer

NAVIGATION.add(
    Entry(
        "request-list", _("要数"), "journal-check", ("ask_figures", "submit_ledger"), count=to_answer, group="ledgers"
    ),
    order=392,
)
NOTICES.add(request_to_answer)
TODO_KINDS.add(TO_ANSWER, TO_CLOSE, order=72)
INBOX_KINDS.add(ASKED, IN_PLACE, LEFT, DUE, MOVED, BEHIND, RETURNED, COMPLETE, order=72)
FOLLOWERS.add(Follower(foresee, follow), order=72)
DEADLINES.add(LAST_DAY, LAST_DAY_IN_PLACE)
CONSEQUENCES.add(answers_handed_on, order=41)
AUDIT_ACTS.add(
    Act("save_data_request", _("拟写要数")),
    Act("send_data_request", _("发出要数")),
    Act("settle_data_request", _("用已有的数出表")),
    Act("discard_data_request", _("不要一份要数草稿")),
    Act("close_data_request", _("收结要数")),
    Act("withdraw_data_request", _("撤销要数")),
    Act("remind_data_request", _("催要数")),
    Act("move_data_request", _("要数的期限随放假安排调整")),
    Act("keep_data_answer", _("存下要数的填报")),
    Act("submit_data_answer", _("送出要数的填报")),
    Act("take_back_data_answer", _("取回要数的填报")),
    Act("return_data_answer", _("退回要数的填报")),
    Act("extend_data_answer", _("单位调整后补填要数")),
    order=191,
    subject=_("要数"),
)
