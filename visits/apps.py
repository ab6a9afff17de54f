"""Schedule and visits."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VisitsConfig(AppConfig):
    name = "visits"
    verbose_name = _("走访巡查")

    def ready(self):
        from registry.disclosed import DISCLOSED
        from registry.sections import PANELS
        from registry.signals import child_registered
        from visits import navigation  # noqa: F401  (registers its entries)
        from visits.disclosed import visits_disclosed
        from visits.panel import visits_panel
        from visits.services.schedule import reschedule

        if visits_panel not in PANELS:
            PANELS.append(visits_panel)
        if visits_disclosed not in DISCLOSED:
            DISCLOSED.append(visits_disclosed)
        child_registered.connect(
            lambda sender, child, on, **_signal: reschedule(child), weak=False, dispatch_uid="first_due"
        )
