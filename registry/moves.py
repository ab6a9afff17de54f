"""What may be done with a whole file now: handed on, lived elsewhere, closed, merged. For its page."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from registry.models import ChildFile, FileState

# (permission, state, address, icon, label)
ACTS = (
    ("transfer_child", FileState.APPROVED, "child-transfer", "arrow-left-right", _("转出")),
    ("close_child", FileState.APPROVED, "child-close", "folder2-open", _("结案")),
    ("reopen_child", FileState.CLOSED, "child-reopen", "arrow-counterclockwise", _("重新在册")),
)


def moves_of(post, file: ChildFile) -> dict:
    """``links``: pages of the acts open to ``post``; ``transfer``: the one that waits for an answer."""
    links = [
        {"url": reverse(name, args=[file.pk]), "icon": icon, "label": label}
        for permission, state, name, icon, label in ACTS
        if file.state == state and post.may(permission, file)
    ]
    waiting = file.transfers.open().select_related("target__county", "target__township").first()
    return {"links": links, "transfer": waiting}
