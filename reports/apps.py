"""Figures, ledgers, dashboards."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = _("台账与统计")

    def ready(self):
        from reports import navigation  # noqa: F401  (register their kinds and entries)
        from reports.exports import services as exports  # noqa: F401  (register their kinds and entries)
        from reports.rollup import jobs  # noqa: F401  (register their kinds and entries)
