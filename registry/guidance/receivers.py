"""Signal receivers: guidance and agreements carry the place of their child's file and move along with it."""

from django.dispatch import receiver

from registry.child.models import ChildFile
from registry.guidance.models import Entrustment, Guidance
from registry.signals import child_moved


@receiver(child_moved, dispatch_uid="guidance_moves_along")
def move_guidance(sender, child: ChildFile, **_signal) -> None:
    for model in (Guidance, Entrustment):
        model.objects.filter(child=child).update(**child.place_values())
