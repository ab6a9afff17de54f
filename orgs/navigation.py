"""What of this room stands in the main navigation."""

from django.utils.translation import gettext_lazy as _

from childwelfare.pages.navigation import Entry, register

register(
    Entry("unit-list", _("机构与岗位"), "diagram-3", ("manage_units",), 60, phone=True),
    Entry("audit-list", _("操作留痕"), "shield-check", ("view_audit",), 70, phone=True),
)
