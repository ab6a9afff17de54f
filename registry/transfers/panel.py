"""What transfers add to a child's page: the one that waits for an answer."""

from dataclasses import dataclass

from orgs.access.requests import PostRequest
from registry.child.models import ChildFile
from registry.child.panels import Panel
from registry.stays.models import may_open
from registry.transfers.models import Transfer


@dataclass(frozen=True, kw_only=True)
class TransferPanel(Panel):
    transfer: Transfer
    opens: bool  # the director reads of it here, its page is the stations'


def transfer_panel(request: PostRequest, file: ChildFile) -> TransferPanel | None:
    if not file.is_being_handed_on or not may_open(request.post, "view_child", file):
        return None
    waiting = file.transfers.open().select_related("target__county", "target__township").first()
    if not waiting:
        return None
    opens = Transfer.objects.visible_to(request.post, "transfer_child").filter(pk=waiting.pk).exists()
    return TransferPanel(banner="registry/transfers/_banner.html", transfer=waiting, opens=opens)
