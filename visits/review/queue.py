"""What waits for a station: what asks it to act first, then what is flagged, then the oldest."""

import datetime
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.pages.components import Chip
from childwelfare.text.words import Words
from childwelfare.workflow.writers import writers_of
from orgs.accounts.models import Person
from orgs.posts.models import Appointment
from orgs.posts.station_work import decided_by
from registry.changes.models import Change
from registry.child.models import ChildFile
from registry.quality import Case, RuleKind, rules_found
from visits.visit.codes import FlagReason
from visits.visit.models import Visit

SHOWN = 100
# who has a desk: who decides one kind at least
DECIDERS = ("approve_child", "accept_visit", "approve_change", "settle_station_work")


@dataclass(frozen=True, kw_only=True)
class QueueItem:
    """One row of the desk. ``what`` and ``detail`` are its second line; ``chip`` is what a plain one wears; ``asked``:
    the visit asks the station to act; ``own``: the reader wrote a part of it herself and can't decide it."""

    kind: str
    record: Change | ChildFile | Visit
    child: ChildFile
    at: datetime.datetime | None
    what: str
    detail: str
    chip: Chip
    own: bool
    flags: list[Words]
    asked: bool = False

    @property
    def pk(self):
        return self.record.pk

    @property
    def village(self) -> str:
        return self.record.village.short_name

    @property
    def url(self) -> str:
        return reverse("review-case", args=[self.kind, self.pk])

    @property
    def writer(self) -> Person:
        """Who wrote what it says now: to whom it goes back."""
        amended_by = self.record.amended_by() if isinstance(self.record, Change) else None
        return amended_by or self.record.made_by

    @property
    def shown_chip(self) -> Chip:
        """What matters most of it: that it is the reader's own, what a rule flagged, else its kind."""
        if self.own:
            return Chip(label=_("自己填报"), tone="outline")
        return Chip(label=self.flags[0], tone="danger") if self.flags else self.chip


def queue_of(post: Appointment) -> list[QueueItem]:
    """Files, changes and visits that wait, in the order in which they want to be seen. Three queries, and three more
    for what contradicts itself in the files."""
    files = waiting(ChildFile, post, "approve_child").select_related("village", "township", "county")
    files = files.prefetch_related("events", "family", "guardians", "memberships")
    changes = waiting(Change, post, "approve_change").select_related("village", "child", "made_by")
    changes = changes.prefetch_related("events__person")
    visits = waiting(Visit, post, "accept_visit").select_related("village", "child").prefetch_related("events")
    items = [
        *(_change_item(change, post) for change in changes[:SHOWN]),
        *(_file_item(file, post) for file in files[:SHOWN]),
        *(_visit_item(visit, post) for visit in visits[:SHOWN]),
    ]
    return sorted(items, key=lambda item: (not item.asked, not item.flags, item.at))


def waiting(model: type[Change] | type[ChildFile] | type[Visit], post: Appointment, permission: str) -> QuerySet:
    """What ``post`` is to decide."""
    return decided_by(post, model.objects.all(), permission).awaiting_review()


def _change_item(change: Change, post: Appointment) -> QueueItem:
    amended_by = change.amended_by()
    return QueueItem(
        kind="change",
        record=change,
        child=change.child,
        at=change.sent_at,
        what=_("档案变更"),
        detail=_("%(name)s 改过") % {"name": amended_by.name} if amended_by else change.note or change.made_by.name,
        chip=Chip(label=_("变更"), tone="warm"),
        own=post.person_id in writers_of(change),
        flags=[],
    )


def _file_item(file: ChildFile, post: Appointment) -> QueueItem:
    return QueueItem(
        kind="file",
        record=file,
        child=file,
        at=file.submitted_at,
        what=_("新建档案"),
        detail=_("、").join(map(str, file.category_labels)),
        chip=Chip(label=_("新建档案"), tone="brand"),
        own=post.person_id in writers_of(file),
        flags=_contradictions(file),
    )


def _visit_item(visit: Visit, post: Appointment) -> QueueItem:
    missed = visit.not_seen_words
    return QueueItem(
        kind="visit",
        record=visit,
        child=visit.child,
        at=visit.made_at,
        what=_("走访"),
        detail=_("未见到孩子：%(what)s") % {"what": missed} if missed else visit.get_method_display(),
        chip=Chip(label=_("无异常"), tone="ok"),
        own=post.person_id in writers_of(visit),
        flags=visit.flag_labels,
        asked=FlagReason.STATION_ASKED in visit.flags,
    )


def _contradictions(file: ChildFile) -> list[Words]:
    found = rules_found(Case(file, timezone.localdate()), (RuleKind.CONTRADICTION,))
    return [str(rule.label) for rule in found]
