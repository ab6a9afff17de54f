"""What papers add to other concepts."""

from django.utils.translation import gettext_lazy as _

from orgs.audit.words import AUDIT_ACTS, Act, words_of
from registry.child.built_on import BUILT_ON, BuiltOn
from registry.child.panels import PANELS
from registry.merging.rows import MERGED, Merged
from registry.papers.models import Paper, PaperKind
from registry.papers.panel import papers_panel

PANELS.add(papers_panel, order=10)
MERGED.add(Merged(Paper), order=10)
KINDS = {"kind": words_of(PaperKind)}
AUDIT_ACTS.add(
    Act("add_paper", _("上传证件或照片"), codes=KINDS),
    Act("view_paper", _("查看证件或照片"), reads_file=True, codes=KINDS),
    Act("view_thumbnail", _("查看证件或照片的缩略图"), codes=KINDS),
    Act("void_paper", _("作废证件或照片"), codes=KINDS),
    order=190,
    subject=_("儿童档案"),
)
BUILT_ON.add(BuiltOn(Paper, _("证件或照片")), order=60)
