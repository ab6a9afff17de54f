"""What instruments adds to other concepts."""

from django.utils.translation import gettext_lazy as _

from childwelfare.pages.navigation import NAVIGATION, Entry
from orgs.audit.words import AUDIT_ACTS, Act
from registry.instruments import file_facts  # noqa: F401  (adds its facts when imported)

NAVIGATION.add(Entry("assessment-distribution", _("等级分布"), "bar-chart", ("view_figures",), group="care"), order=226)
NAVIGATION.add(
    Entry("instrument-list", _("评估体系"), "clipboard-check", ("view_instruments",), group="care"), order=227
)
AUDIT_ACTS.add(
    Act("draft_instrument", _("起草评估体系")),
    Act("save_instrument", _("修改评估体系草稿")),
    Act("try_out_instrument", _("试算评估体系")),
    Act("publish_instrument", _("发布评估体系")),
    Act("discard_instrument", _("作废评估体系草稿")),
    Act("list_rescored", _("打开换版后等级会变的名单")),
    order=262,
    subject=_("待核事项和规定"),
)
