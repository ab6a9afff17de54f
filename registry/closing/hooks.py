"""What closing adds to other concepts."""

from django.utils.translation import gettext_lazy as _

from orgs.audit.words import AUDIT_ACTS, Act, words_of
from registry.child.codes import ExitReason
from registry.child.models import FileState
from registry.child.panels import FILE_ACTIONS, FILE_EVENTS, PANELS, FileAction, FileEvent
from registry.child.workflow import FILE
from registry.closing.panel import closed_panel, undo_panel

PANELS.add(undo_panel, closed_panel, order=6)
FILE_ACTIONS.add(
    FileAction(
        address="child-close", permission="close_child", state=FileState.APPROVED, icon="folder2-open", label=_("结案"),
        fits=lambda file: not file.is_being_handed_on,
    ),
    FileAction(
        address="child-reopen", permission="reopen_child", state=FileState.CLOSED, icon="arrow-counterclockwise",
        label=_("重新在册"), fits=lambda file: FILE.hindrance(file, "reopen") is None,
    ),
    order=40,
)  # fmt: skip
FILE_EVENTS.add(FileEvent("close", _("结案")), FileEvent("reopen", _("重新在册")))
AUDIT_ACTS.add(
    Act("close_file", _("结案"), codes={"reason": words_of(ExitReason)}),
    Act("reopen_file", _("重新在册")),
    Act("undo_close", _("撤销结案")),
    Act("undo_reopen", _("撤销重新在册")),
    order=150,
    subject=_("儿童档案"),
)
