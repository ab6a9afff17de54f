"""What follows for requests that are open when units are reorganised."""

from typing import Any

from django.dispatch import receiver

from orgs.reorganisation.models import Reorganisation
from orgs.reorganisation.registries import units_reorganised
from reports.requests.handing_on import hand_on_open


@receiver(units_reorganised, dispatch_uid="who_answers")
def hand_on(sender: Any, reorganisation: Reorganisation, **_signal: Any) -> None:
    """What closed units have not answered goes to those that stand in their place. What they answered stays."""
    hand_on_open(reorganisation)
