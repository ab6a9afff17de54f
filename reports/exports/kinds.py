"""The kinds of tables that can be ordered: who may, and what an order of each says."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from childwelfare.text.words import Words
from orgs.posts.models import Appointment

SUMMARY, COUNTIES, ROSTER = "export_summary", "export_counties", "export_roster"
SUMMARY_PDF = "export_summary_pdf"
REPORTED_ROSTER, PACKAGE = "export_reported_roster", "export_submission"
VISITS, ALERTS, PUBLICITY, STAFF = "export_visits", "export_alerts", "export_publicity", "export_staff"
ASSESSMENTS, NEEDS, PLANS = "export_assessments", "export_needs", "export_plans"
LIVE, REPORTED = "live", "reported"
SOURCES = ((LIVE, _("实时数")), (REPORTED, _("上报数（已上报的那份）")))
XLSX, ZIP, PDF = ".xlsx", ".zip", ".pdf"


@dataclass(frozen=True)
class Kind:
    """``permissions``: any of them suffices. ``asks``: what an order says besides its unit. ``level``: of the unit,
    where only one will do. ``monthly``: of a month alone, as reporting is. ``work``: what makes the file, below
    ``reports.exports``: it is loaded by whoever does the work, for a web process never needs it."""

    label: Words
    work: str
    permissions: tuple[str, ...]
    asks: tuple[str, ...]
    suffix: str = XLSX
    level: int | None = None
    monthly: bool = False

    def permission_of(self, post: Appointment) -> str:
        """By which ``post`` may order it; blank where it may not."""
        return next((each for each in self.permissions if post.holds(each)), "")


SHEET = ("period", "sheet", "scale", "source")
EXPORT_KINDS = {
    SUMMARY: Kind(_("汇总表"), "excel.summaries.export_summary", ("export_figures",), (*SHEET, "below")),
    SUMMARY_PDF: Kind(
        _("汇总表（PDF，打印用）"),
        "pdf.summaries.export_summary_pdf",
        ("export_figures",),
        (*SHEET, "below"),
        suffix=PDF,
    ),
    COUNTIES: Kind(
        _("各县汇总表（压缩包）"), "excel.summaries.export_counties", ("export_figures",), SHEET, suffix=ZIP, level=1
    ),
    ROSTER: Kind(_("花名册"), "excel.rosters.export_roster", ("export_roster",), ("category",)),
    REPORTED_ROSTER: Kind(
        _("上报名单"),
        "excel.rosters.export_reported_roster",
        ("export_roster", "list_masked"),
        ("period",),
        monthly=True,
    ),
    VISITS: Kind(_("走访台账"), "excel.registers.export_visits", ("export_roster",), ("period",)),
    ALERTS: Kind(_("紧急报告台账"), "excel.registers.export_alerts", ("view_alert",), ("period",)),
    PUBLICITY: Kind(_("宣传台账"), "excel.registers.export_publicity", ("view_publicity",), ("period",)),
    STAFF: Kind(_("队伍台账"), "excel.registers.export_staff", ("export_figures",), ("period",)),
    ASSESSMENTS: Kind(_("评估花名册"), "excel.help_registers.export_assessments", ("export_roster",), ("period",)),
    NEEDS: Kind(_("需求台账"), "excel.help_registers.export_needs", ("export_roster", "list_masked"), ("period",)),
    PLANS: Kind(_("帮扶方案台账"), "excel.help_registers.export_plans", ("export_roster",), ("period",)),
    PACKAGE: Kind(
        _("上报数据包（核对用）"),
        "excel.packages.export_package",
        ("export_figures",),
        ("period",),
        suffix=ZIP,
        monthly=True,
    ),
}


def kinds_for(post: Appointment) -> list[tuple[str, Words]]:
    """(kind, label) of what the post may order."""
    fits = ((key, kind) for key, kind in EXPORT_KINDS.items() if kind.level in (None, post.unit.level))
    return [(key, kind.label) for key, kind in fits if kind.permission_of(post)]
