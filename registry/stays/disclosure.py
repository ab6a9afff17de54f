"""What a guardian reads of the stays in the copy of a file."""

from registry.child.models import ChildFile
from registry.disclosure.document import _other


def stays_disclosed(file: ChildFile) -> tuple[str, str, list[dict]]:
    """Where the child lived for a while, and with whom."""
    stays = file.stays.order_by("since", "id").select_related("village")
    return "stays", str(file.stays.model._meta.verbose_name), [_other(stay) for stay in stays]
