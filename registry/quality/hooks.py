"""What quality adds to other concepts."""

from django.utils.translation import gettext_lazy as _

from childwelfare.pages.navigation import NAVIGATION, Entry
from registry.child.built_on import NOT_BUILT_ON
from registry.merging.rows import NOT_MERGED
from registry.quality import receivers  # noqa: F401  (connected when imported)
from registry.transfers.moving import NOT_MOVED

NAVIGATION.add(Entry("quality", _("数据质量"), "shield-check", ("view_figures",), group="files"), order=241)
NOT_MERGED["registry.FileIssue"] = "what the rules find in that file: evaluated anew after a merge and its undoing"
NOT_BUILT_ON["registry.FileIssue"] = "what the rules find in the file: evaluated anew"
NOT_MOVED["registry.FileIssue"] = "evaluated anew at the new place (registry.quality.receivers)"
