"""What audit adds to other concepts."""

from django.utils.translation import gettext_lazy as _

from childwelfare.pages.navigation import NAVIGATION, Entry

NAVIGATION.add(
    Entry(
        "audit-list", _("操作留痕"), "shield-check", ("view_audit",), phone=True, group="policy",
        home_for=("auditor",),
    ),
    order=700,
)  # fmt: skip
