"""What merging adds to other concepts."""

from django.utils.translation import gettext_lazy as _

from orgs.audit.words import AUDIT_ACTS, Act
from registry.merging.rows import NOT_MERGED

NOT_MERGED["registry.Merge"] = "the merge itself"
AUDIT_ACTS.add(
    Act("merge_files", _("合并档案")),
    Act("undo_merge", _("撤销合并")),
    order=160,
)
