"""What twins add to other concepts."""

from django.utils.translation import gettext_lazy as _

from orgs.audit.words import AUDIT_ACTS, PAGES, Act
from registry.child.built_on import NOT_BUILT_ON
from registry.child.panels import PANELS
from registry.merging.rows import NOT_MERGED
from registry.twins.panel import twins_panel

PANELS.add(twins_panel, order=4)
NOT_MERGED["registry.NotTheSame"] = "said of these two files; it holds again when the merge is undone"
NOT_BUILT_ON["registry.NotTheSame"] = "said of what the file says, approved or not"
NOT_MERGED["registry.NotTheSameTakenBack"] = "history of these two files"
NOT_BUILT_ON["registry.NotTheSameTakenBack"] = "history, no more"
PLACES = {"where": {"form": _("登记表"), "pair": _("两份对照"), "desk": _("审核台"), "api": _("接口")}}
PAGES |= {"twin": _("疑似重复的档案")}
AUDIT_ACTS.add(
    Act("view_twins", _("查看疑似重复的档案"), reads_file=True, codes=PLACES),
    Act("told_of_twins", _("得知别处有相似的档案"), codes=PLACES),
    Act("check_number", _("登记时核对身份证号"), codes=PLACES),
    Act("say_not_the_same", _("说明不是同一个孩子")),
    Act("take_back_not_the_same", _("收回“不是同一个孩子”的说明")),
    order=170,
    subject=_("重复的档案"),
)
