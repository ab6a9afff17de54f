"""What stays add to other concepts."""

from django.utils.translation import gettext_lazy as _

from orgs.audit.words import AUDIT_ACTS, Act
from registry.disclosure.document import DISCLOSED
from registry.merging.rows import MERGED, Merged
from registry.stays.disclosure import stays_disclosed
from registry.stays.models import Stay

MERGED.add(Merged(Stay, "united", follows=False), order=22)
DISCLOSED.add(stays_disclosed, order=10)
AUDIT_ACTS.add(
    Act("begin_stay", _("登记临时居住")),
    Act("end_stay", _("结束临时居住")),
    order=170,
)
