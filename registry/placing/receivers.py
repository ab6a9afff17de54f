"""Signal receiver: an order took effect, and the children of what it closed follow."""

from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext as _

from childwelfare.jobs.services import start
from orgs.reorganisation.models import Reorganisation
from orgs.reorganisation.registries import units_reorganised

FOLLOW = "place_children"


@receiver(units_reorganised, dispatch_uid="children_follow")
def let_children_follow(sender: Any, reorganisation: Reorganisation, **_signal: Any) -> None:
    """Beside the page: there may be thousands."""
    if reorganisation.successions.exists():
        title = _("%(document)s：安置儿童") % {"document": reorganisation.document}
        start(FOLLOW, title=title, post=reorganisation.made_in, reorganisation=str(reorganisation.pk))
