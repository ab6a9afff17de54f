"""What printing adds to other concepts."""

from django.utils.translation import gettext_lazy as _

from orgs.audit.words import AUDIT_ACTS, Act
from registry.child.panels import WAYS_OUT, FileAction

WAYS_OUT.add(
    FileAction(address="print-file", permission="view_child", icon="printer", label=_("打印档案表")),
    FileAction(address="print-left-behind", permission="view_child", icon="printer", label=_("打印留守儿童信息采集表")),
    FileAction(address="print-file-pdf", permission="view_child", icon="file-earmark-pdf", label=_("下载 PDF")),
    order=10,
)
AUDIT_ACTS.add(
    Act("print_file", _("打印档案"), reads_file=True),
    order=200,
)
