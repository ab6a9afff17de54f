"""What disclosure adds to other concepts."""

from django.utils.translation import gettext_lazy as _

from orgs.audit.words import AUDIT_ACTS, Act
from registry.merging.rows import NOT_MERGED

NOT_MERGED["registry.Disclosure"] = "what was handed out of that file, and to whom"
AUDIT_ACTS.add(
    Act("disclose", _("向监护人提供档案")),
    order=210,
)
