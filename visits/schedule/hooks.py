"""What schedule adds to other concepts."""

from django.utils.translation import gettext_lazy as _

from childwelfare.pages.navigation import NAVIGATION, Entry
from orgs.audit.words import AUDIT_ACTS, PAGES, Act, words_of
from orgs.inbox.kinds import INBOX_KINDS
from registry.child import codes
from registry.child.built_on import BUILT_ON, NOT_BUILT_ON, BuiltOn
from registry.lists.row_notes import ROW_NOTES
from registry.merging.rows import MERGED, NOT_MERGED, Merged
from registry.transfers.moving import NOT_MOVED
from visits.schedule import receivers  # noqa: F401  (connected when imported)
from visits.schedule.inbox import ORDERED, OVERDUE
from visits.schedule.models import ExtraVisit, VisitDue
from visits.schedule.row_notes import visits_of_rows

NAVIGATION.add(
    Entry("visit-rounds", _("专项走访"), "calendar3", ("manage_schedule",), roles=("city_officer",), group="visits"),
    order=311,
)
NAVIGATION.add(
    Entry("visit-rules", _("走访频次"), "journal-text", ("manage_schedule",), roles=("city_officer",), group="visits"),
    order=320,
)
MERGED.add(Merged(VisitDue, "anew"), Merged(ExtraVisit), order=40)
NOT_MERGED["visits.OvertakenDue"] = "what months that are over said of the file"
NOT_MOVED["visits.OvertakenDue"] = "what months that are over said of its place"
NOT_BUILT_ON["visits.OvertakenDue"] = "what months that are over said of the file"
NOT_MOVED["visits.VisitDue"] = "it is of who owed it (docs/decisions/0013); planned again at the new place"
ROW_NOTES.add(visits_of_rows, order=10)
INBOX_KINDS.add(ORDERED, OVERDUE, order=50)
PAGES |= {"extra": _("加访")}
AUDIT_ACTS.add(
    Act(
        "add_visit_rule",
        _("增加走访规则"),
        codes={"risk": words_of(codes.Risk), "category": words_of(codes.Category)},
    ),
    Act("end_visit_rule", _("停止走访规则")),
    Act("add_visit_round", _("安排专项走访")),
    Act("withdraw_visit_round", _("取消专项走访")),
    order=280,
    subject=_("走访安排"),
)
AUDIT_ACTS.add(
    Act("order_visit", _("要求加访")),
    Act("withdraw_visit_order", _("撤回加访")),
    Act("view_visit_order", _("查看加访")),
    Act("print_plan", _("打印走访计划"), codes={"month": {"next": _("下月")}, "numbers": {"full": _("完整号码")}}),
    order=300,
    subject=_("走访安排"),
)
BUILT_ON.add(BuiltOn(ExtraVisit, _("要求加访")), order=15)
NOT_BUILT_ON["visits.VisitDue"] = "planned by the approval itself, and dropped with it"
