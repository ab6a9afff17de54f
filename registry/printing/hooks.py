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
PRINTED = {
    "form": {"file": _("档案表"), "left_behind": _("留守儿童信息采集表")},
    "hide": {"categories": _("儿童类别")},
    "numbers": {"full": _("完整号码")},
}
AUDIT_ACTS.add(
    Act("print_file", _("打印档案"), reads_file=True, codes=PRINTED),
    order=200,
    subject=_("儿童档案"),
)
