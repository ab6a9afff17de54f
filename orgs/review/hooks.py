"""What review adds to other concepts."""

from django.utils.translation import gettext_lazy as _

from childwelfare.pages.navigation import NAVIGATION, Entry
from orgs.audit.words import AUDIT_ACTS, Act
from orgs.review.kinds import DECIDERS
from orgs.review.queue import waiting_of_kinds

NAVIGATION.add(
    Entry(
        "review", _("待审核"), "clipboard-check", DECIDERS,
        counts=waiting_of_kinds, phone=True, tone="danger",
    ),
    order=110,
)  # fmt: skip
AUDIT_ACTS.add(
    Act("undo", _("撤销刚才的审核")),
    order=80,
    subject=_("审核"),
)
