"""What guidance adds to other concepts."""

from django.utils.translation import gettext_lazy as _

from orgs.audit.words import AUDIT_ACTS, PAGES, Act
from registry.child.built_on import BUILT_ON, BuiltOn
from registry.child.panels import PANELS
from registry.disclosure.document import DISCLOSED
from registry.guidance.disclosure import entrustments_disclosed, guidance_disclosed
from registry.guidance.models import Entrustment, Guidance
from registry.guidance.panel import guidance_panel
from registry.merging.rows import MERGED, Merged
from registry.transfers.moving import MOVED

PANELS.add(guidance_panel, order=40)
DISCLOSED.add(guidance_disclosed, entrustments_disclosed, order=30)
MERGED.add(Merged(Guidance), Merged(Entrustment), order=60)
MOVED.add(Guidance, Entrustment, order=60)
PAGES |= {"guidance": _("指导监护"), "entrustment": _("委托照护")}
AUDIT_ACTS.add(
    Act("view_guidance", _("查看指导监护"), reads_file=True),
    Act("guide_guardian", _("指导监护人")),
    Act("entrust", _("登记委托照护书")),
    Act("notify_entrustment", _("补记委托照护书的书面告知")),
    Act("end_entrustment", _("结束委托照护")),
    order=260,
    subject=_("指导监护和委托照护"),
)
BUILT_ON.add(BuiltOn(Guidance, _("监护指导")), BuiltOn(Entrustment, _("委托照护书")), order=33)
