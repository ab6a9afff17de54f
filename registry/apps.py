"""The child and its file."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistryConfig(AppConfig):
    name = "registry"
    verbose_name = _("儿童档案")

    def ready(self):
        from registry import navigation  # noqa: F401  (register their kinds and entries)
        from registry.categories.models import CategoryMembership
        from registry.child.sections import PANELS
        from registry.disclosure.document import DISCLOSED
        from registry.family.models import FamilyMember, Guardian
        from registry.findings import jobs  # noqa: F401  (register their kinds and entries)
        from registry.merging.rows import Merged, register
        from registry.papers.models import Paper
        from registry.papers.panel import papers_panel
        from registry.quality import receivers as follow_quality
        from registry.stays.disclosure import stays_disclosed
        from registry.stays.models import Stay

        if papers_panel not in PANELS:
            PANELS.append(papers_panel)
        follow_quality.connect()
        register(Merged(Paper))
        register(*(Merged(model, "united") for model in (CategoryMembership, FamilyMember, Guardian)))
        register(Merged(Stay, "united", follows=False))
        if stays_disclosed not in DISCLOSED:
            DISCLOSED.append(stays_disclosed)
