"""What the list of children says of the visits: when a child was last met and until when it is to be visited."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from childwelfare.text.days import short_day
from orgs.posts.models import Appointment
from orgs.units.models import Level
from registry.child.models import AWAITING_APPROVAL, ChildFile, FileState
from registry.lists.row_notes import RowNote
from visits.schedule.due_list import last_seen_on, not_due_yet_of, with_contacts
from visits.schedule.models import VisitDue


def visits_of_rows(files: Sequence[ChildFile], post: Appointment) -> dict[Any, RowNote]:
    """For villages and their stations, who are on the way with a phone; a county's list is not asked. Whom to call a
    village reads alone. Of a file that waits for approval: when its child was seen, and whom to call. Three queries,
    one more where such a file is among them."""
    keys = [file.pk for file in files if file.state == FileState.APPROVED]
    waiting = [file.pk for file in files if file.state in AWAITING_APPROVAL]
    if not (keys or waiting) or post.unit.level < Level.TOWNSHIP or not post.holds("view_visit"):
        return {}
    dues: list[Any] = list(
        VisitDue.objects.open()
        .filter(child__in=keys)
        .select_related("child", "village")
        .annotate(last_seen_on=last_seen_on("child"))
    )
    if waiting:
        dues += not_due_yet_of(ChildFile.objects.filter(pk__in=waiting))
    if post.unit.level == Level.VILLAGE:
        with_contacts(dues, post.unit)
    return {due.child_id: _note(due, post) for due in dues}


def _note(due: Any, post: Appointment) -> RowNote:
    words, tone = _due(due.due_on) if due.due_on else ("", "")
    last = _("还没有走访过")
    if due.last_seen_on:
        last = _("上次 %(day)s") % {"day": short_day(due.last_seen_on)}
    return RowNote(last, words, tone, due.call if post.unit.level == Level.VILLAGE else "")


def _due(day: datetime.date) -> tuple[str, str]:
    """Words and tone of what falls due on ``day``."""
    late = (timezone.localdate() - day).days
    if late > 0:
        return ngettext("逾期 %(n)s 天", "逾期 %(n)s 天", late) % {"n": late}, "danger"
    return _("%(day)s前") % {"day": short_day(day)}, "warm"
