"""What reorganising units adds to other concepts."""

from django.utils.translation import gettext_lazy as _

from orgs.audit.words import AUDIT_ACTS, Act, words_of
from orgs.inbox.kinds import INBOX_KINDS
from orgs.reorganisation.inbox import CHANGED, FAILED
from orgs.reorganisation.models import Kind

INBOX_KINDS.add(CHANGED, FAILED, order=90)
AUDIT_ACTS.add(
    Act("order_reorganisation", _("下达机构调整"), codes={"kind": words_of(Kind)}),
    Act("apply_reorganisation", _("机构调整生效"), codes={"kind": words_of(Kind)}),
    Act("cancel_reorganisation", _("取消机构调整")),
    Act("fail_reorganisation", _("机构调整未能生效")),
    order=35,
    subject=_("机构和岗位"),
)
