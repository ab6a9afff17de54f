"""What disclosure adds to other concepts."""

from django.utils.translation import gettext_lazy as _

from orgs.audit.words import ACTS, Act
from registry.merging.rows import STAYS

STAYS["registry.Disclosure"] = "what was handed out of that file, and to whom"
ACTS.add(
    Act("disclose", _("向监护人提供档案")),
    order=210,
)
