"""What of this room stands in the main navigation."""

from django.utils.translation import gettext_lazy as _

from childwelfare.pages.navigation import Entry, register
from registry.transfers.models import Transfer


def _to_take_in(post):
    return Transfer.arriving.visible_to(post, "accept_transfer").open()


register(
    Entry("child-list", _("儿童档案"), "people", ("view_child", "list_masked"), 20, phone=True, search=True),
    Entry("change-list", _("档案变更"), "pencil-square", ("view_child",), 22),
    Entry(
        "child-new", _("新发现"), "plus-lg", ("create_child",), 21, phone=True,
        roles=("village_director", "township_clerk"),
    ),
    Entry(
        "transfer-list", _("转出转入"), "arrow-left-right", ("accept_transfer", "transfer_child"), 22,
        count=_to_take_in, tone="danger",
    ),
    Entry("eligibility", _("条件核对"), "journal-check", ("check_eligibility",), 22),
    Entry("rule-list", _("规则和本地规定"), "journal-text", ("manage_variants",), 24, roles=("city_officer",)),
    Entry("finding-list", _("待核事项"), "lightbulb", ("view_findings",), 23),
    Entry("quality", _("数据质量"), "shield-check", ("view_figures",), 24),
)  # fmt: skip
