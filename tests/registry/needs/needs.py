"""What tests of needs read."""

from orgs.inbox.models import Message
from registry.needs.models import Need


def read(need) -> Need:
    """As a page or the API reads it now."""
    return Need.objects.select_related(*Need.PLACES).get(pk=need.pk)


def told(post) -> list[str]:
    """The kinds of messages that ``post`` got, in their order."""
    return list(Message.objects.filter(recipient=post).order_by("pk").values_list("kind", flat=True))
