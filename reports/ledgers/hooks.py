"""What ledgers of one's own add to other concepts."""

from django.utils.translation import gettext_lazy as _

from childwelfare.pages.navigation import NAVIGATION, Entry
from orgs.audit.words import AUDIT_ACTS, Act

NAVIGATION.add(
    Entry("ledger-list", _("台账表样"), "file-earmark-spreadsheet", ("export_figures",), group="ledgers"), order=407
)
AUDIT_ACTS.add(
    Act("save_ledger_template", _("选定台账栏目")),
    Act("end_ledger_template", _("停用自定台账")),
    order=192,
    subject=_("台账表样"),
)
