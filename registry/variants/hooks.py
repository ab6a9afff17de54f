"""What variants add to other concepts."""

from django.utils.translation import gettext_lazy as _

from childwelfare.pages.navigation import NAVIGATION, Entry
from orgs.audit.words import AUDIT_ACTS, Act, words_of
from registry.child.codes import Category

NAVIGATION.add(
    Entry(
        "rule-list", _("规则和本地规定"), "journal-text", ("manage_variants",), roles=("city_officer",), group="policy"
    ),
    order=240,
)
AUDIT_ACTS.add(
    Act("add_variant", _("增加本地规定"), codes={"category": words_of(Category)}),
    Act("end_variant", _("停止本地规定")),
    order=240,
    subject=_("待核事项和规定"),
)
