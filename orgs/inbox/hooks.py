"""What the inbox adds to other concepts."""

from django.utils.translation import gettext_lazy as _

from childwelfare.pages.navigation import NAVIGATION, Entry
from orgs.audit.words import AUDIT_ACTS, PAGES, Act
from orgs.inbox.models import Message

NAVIGATION.add(
    Entry(
        "inbox", _("站内信"), "bell", ("view_unit",), bar=True,
        count=lambda post: Message.objects.of(post).unread(),
    ),
    order=95,
)  # fmt: skip
PAGES |= {"inbox": _("站内信")}
AUDIT_ACTS.add(Act("choose_digest", _("选择是否收每日摘要")), order=36, subject=_("登录和账号"))
