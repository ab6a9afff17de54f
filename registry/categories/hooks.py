"""What categories add to other concepts."""

from django.utils.translation import gettext_lazy as _

from orgs.audit.words import AUDIT_ACTS, Act, words_of
from registry.categories.models import CategoryMembership
from registry.child import codes
from registry.child.built_on import NOT_BUILT_ON
from registry.merging.rows import MERGED, Merged
from registry.transfers.moving import MOVED

MERGED.add(Merged(CategoryMembership, "united"), order=20)
MOVED.add(CategoryMembership, order=20)
AUDIT_ACTS.add(
    Act("open_category", _("登记类别"), codes={"category": words_of(codes.Category)}),
    Act(
        "end_category", _("结束类别"),
        codes={"category": words_of(codes.Category), "reason": words_of(codes.ExitReason)},
    ),
    order=230,
    subject=_("儿童档案"),
)  # fmt: skip
NOT_BUILT_ON["registry.CategoryMembership"] = "content of the file"
