"""What may be done with a whole file now: handed on, lived elsewhere, closed, merged. For its page."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from registry.child.models import ChildFile, FileState
from registry.merging.models import Merge
from registry.stays.models import stay_of

# (permission, state, address, icon, label)
FILE_ACTIONS = (
    ("transfer_child", FileState.APPROVED, "child-transfer", "arrow-left-right", _("转出")),
    ("stay_child", FileState.APPROVED, "child-stay", "geo-alt", _("临时居住")),
    ("merge_child", FileState.APPROVED, "child-merge", "people", _("合并")),
    ("close_child", FileState.APPROVED, "child-close", "folder2-open", _("结案")),
    ("reopen_child", FileState.CLOSED, "child-reopen", "arrow-counterclockwise", _("重新在册")),
)


def actions_of(post, file: ChildFile) -> dict:
    """``links``: pages of the acts open to ``post``; ``transfer``: the one that waits for an answer; ``stay``: where
    the child lives now."""
    links = [
        {"url": reverse(name, args=[file.pk]), "icon": icon, "label": label}
        for permission, state, name, icon, label in FILE_ACTIONS
        if file.state == state and post.may(permission, file)
    ]
    waiting = file.transfers.open().select_related("target__county", "target__township").first()
    stay = stay_of(file)
    if stay:
        links = [link for link in links if link["url"] != reverse("child-stay", args=[file.pk])]
        stay.may_end = post.may("stay_child", file) or post.may("stay_child", stay)
    return {"links": links, "transfer": waiting, "stay": stay, "merges": _merges(post, file)}


def _merges(post, file: ChildFile) -> list[Merge]:
    """The files that went into this one; the latest merge may be undone."""
    merges = list(file.merges.valid().select_related("other", "made_by"))
    for number, merge in enumerate(merges):
        both = post.may("merge_child", file) and post.may("merge_child", merge.other)
        merge.may_undo = number == 0 and both
        merge.left_over = list(merge.other.family.all())
    return merges
