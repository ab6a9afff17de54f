"""What oversight adds to other concepts."""

from django.utils.translation import gettext_lazy as _

from orgs.audit.addressed import WAYS_TO_A_CHILD
from orgs.audit.words import AUDIT_ACTS, PAGES, Act
from visits.oversight.services import why_not_recalled
from visits.visit.recalling import WHY_NOT_RECALLED

WAYS_TO_A_CHILD["visits.SpotCheck"] = "visit.child_id"
WHY_NOT_RECALLED.add(why_not_recalled)
DIFFERENCES = {"happened": _("主任来过吗"), "visited_on": _("走访日期"), "carer": _("谁在照看")}
PAGES |= {"spot": _("走访抽查")}
AUDIT_ACTS.add(
    Act("draw_checks", _("抽取走访回访")),
    Act("record_check", _("记录走访回访"), codes={"differences": DIFFERENCES}),
    Act("view_checks", _("查看走访抽查")),
    order=130,
    subject=_("走访安排"),
)
