"""What review adds to other concepts."""

from django.utils.translation import gettext_lazy as _

from childwelfare.pages.navigation import NAVIGATION, Entry
from orgs.audit.words import AUDIT_ACTS, Act
from orgs.workbench.kinds import TODO_KINDS
from visits.review.workbench import CHANGES, FILES, VISITS

NAVIGATION.add(
    Entry(
        "review", _("待审核"), "clipboard-check", ("approve_child", "accept_visit", "settle_station_work"),
        count=(FILES.waiting, CHANGES.waiting, VISITS.waiting), phone=True, tone="danger",
    ),
    order=110,
)  # fmt: skip
AUDIT_ACTS.add(
    Act("undo", _("撤销刚才的审核")),
    order=80,
)
TODO_KINDS.add(FILES, CHANGES, VISITS, order=20)
