"""Whether a file is still as its reader saw it."""

from django.utils.translation import gettext as _

from childwelfare.workflow.refusals import Stale
from registry.child.models import ChildFile, FileState
from registry.child.workflow import FILE

MOVED = "move"  # the event that a transfer leaves in the file


def refuse_changed_since(file: ChildFile, seen_version: int) -> None:
    """Raises Stale where ``file``, as it is now, is not at ``seen_version`` any more; it says who did what, where the
    last event explains that. For acts on a file that is in the registry which are no moves of the file itself."""
    if file.version == seen_version:
        return
    stale = Stale(_("这份档案刚被他人改过，请重新打开再看。"))
    last = file.events.select_related("person").last()
    if not seen_version or last is None or last.at < file.updated_at:  # what was written later left no event here
        raise stale
    if last.action == MOVED:
        words = {"who": last.person.name, "place": file.village.path_label}
        raise Stale(_("%(who)s已把孩子转到%(place)s，请重新打开再看。") % words)
    raise FILE.naming_last_move(stale, file, (FileState.APPROVED,), seen_version=seen_version)
