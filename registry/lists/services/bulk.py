"""One act on several ticked files: each goes its own way, and none hides that another was refused."""

import uuid
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from childwelfare.workflow.refusals import Refused
from orgs.posts.models import Appointment
from registry.child.models import ChildFile
from registry.child.workflow import FILE

MAX_FILES = 50  # a page


@dataclass
class BulkOutcome:
    """``refused``: (name, reason). ``missing``: how many of the ticked are not within sight any more."""

    done: list[ChildFile] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    missing: int = 0


def submit_many(ticked: dict[uuid.UUID, int], *, by: Appointment) -> BulkOutcome:
    """Submit drafts and returned files: {key: version as it stood on the screen}. What was changed since, or lacks
    something, is left as it is and named. Raises Refused when there is nothing, or more than a page."""
    if not ticked:
        raise Refused(_("还没有勾选档案。请在名单里勾选要提交的草稿。"))
    if len(ticked) > MAX_FILES:
        raise Refused(_("一次最多送出 %(n)s 份。") % {"n": MAX_FILES})
    outcome = BulkOutcome()
    for file in ChildFile.objects.visible_to(by, "submit_child").filter(pk__in=ticked).newest_first():
        try:
            FILE.apply("submit", file, by=by, seen_version=ticked[file.pk])
            outcome.done.append(file)
        except Refused as refusal:
            outcome.refused.append((file.name, str(refusal)))
    outcome.missing = len(ticked) - len(outcome.done) - len(outcome.refused)
    return outcome
