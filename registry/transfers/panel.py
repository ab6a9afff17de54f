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


def transfer_panel(request: PostRequest, file: ChildFile) -> TransferPanel | None:
    if not file.is_being_handed_on or not may_open(request.post, "view_child", file):
        return None
    waiting = file.transfers.open().select_related("target__county", "target__township").first()
    return TransferPanel(banner="registry/transfers/_banner.html", transfer=waiting) if waiting else None
