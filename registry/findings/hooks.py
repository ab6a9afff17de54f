"""What findings add to other concepts."""

from django.utils.translation import gettext_lazy as _

from childwelfare.pages.navigation import NAVIGATION, Entry
from orgs.audit.words import ACTS, Act
from registry.merging.rows import STAYS

NAVIGATION.add(Entry("finding-list", _("待核事项"), "lightbulb", ("view_findings",)), order=230)
STAYS["registry.Finding"] = "what the rules found about that file, and what was decided; the survivor is looked at anew"
ACTS.add(
    Act("list_findings", _("打开待核事项")),
    Act("recount_findings", _("重算待核事项")),
    Act("decide_finding", _("决定待核事项")),
    order=220,
)
