"""The child and its file."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistryConfig(AppConfig):
    name = "registry"
    verbose_name = _("儿童档案")

    def ready(self):
        from registry import jobs, navigation  # noqa: F401  (register their kinds and entries)
        from registry.merging import Merged, register
        from registry.models import CategoryMembership, FamilyMember, Guardian, Paper
        from registry.panel import papers_panel
        from registry.sections import PANELS
        from registry.services import follow_quality

        if papers_panel not in PANELS:
            PANELS.append(papers_panel)
        follow_quality.connect()
        register(Merged(Paper))
        register(*(Merged(model, "united") for model in (CategoryMembership, FamilyMember, Guardian)))
