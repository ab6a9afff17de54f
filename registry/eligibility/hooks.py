"""What eligibility adds to other concepts."""

from django.utils.translation import gettext_lazy as _

from childwelfare.pages.navigation import NAVIGATION, Entry

NAVIGATION.add(Entry("eligibility", _("条件核对"), "journal-check", ("check_eligibility",), group="care"), order=228)
