"""The child and its file."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistryConfig(AppConfig):
    name = "registry"
    verbose_name = _("儿童档案")

    def ready(self):
        from registry import jobs, navigation  # noqa: F401  (register their kinds and entries)
        from registry.disclosed import DISCLOSED, stays_disclosed
        from registry.merging import Merged, register
        from registry.models import CategoryMembership, FamilyMember, Guardian, Paper, Stay
        from registry.panel import papers_panel
        from registry.sections import PANELS
        from registry.services import follow_quality

        if papers_panel not in PANELS:
            PANELS.append(papers_panel)
        follow_quality.connect()
        register(Merged(Paper))
        register(*(Merged(model, "united") for model in (CategoryMembership, FamilyMember, Guardian)))
        register(Merged(Stay, "united", follows=False))
        if stays_disclosed not in DISCLOSED:
            DISCLOSED.append(stays_disclosed)
