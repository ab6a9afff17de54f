"""Where the form of an act is not opened, for the child is being handed on."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from registry.child.models import ChildFile
from registry.child.views.act import turn_away


def turn_away_while_asked(request, file: ChildFile) -> HttpResponse | None:
    """To the transfer of ``file`` that waits for its answer, where it can be withdrawn; None where none waits. What was
    sent meanwhile is shown again, with what the service says."""
    if request.method == "POST":
        return None
    joins = ("target__county", "target__township", "target__city", "made_by")
    waiting = file.transfers.open().select_related(*joins).first()
    if waiting is None:
        return None
    words = {"name": file.name, "place": waiting.target.path_label, "who": waiting.made_by.name}
    text = _("%(name)s正在转到%(place)s（%(who)s提出），等对方接收。要另办的，请先撤回这一次。") % words
    # the page of the transfer is for who hands on or takes in; who only closes files reads of it on the file's page
    if request.post.may("transfer_child", file):
        return turn_away(request, text, to="transfer-detail", pk=waiting.pk)
    return turn_away(request, text, to="child-file", pk=file.pk)
