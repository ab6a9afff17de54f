"""Which children wait to be placed."""

from registry.child.models import ChildFile, ChildFileQuerySet, FileState


def to_place() -> ChildFileQuerySet:
    """Files, whatever they wait for, that lie in a village that was closed. What is closed itself stays where it was:
    its last months are counted there, and who took over reads it there."""
    return ChildFile.objects.filter(village__valid_to__isnull=False, merged_into=None).exclude(state=FileState.CLOSED)
