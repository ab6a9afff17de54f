"""What becomes of needs when something else happens: the file is closed, the child goes elsewhere, a post ends. None of
it makes a need disappear."""

import datetime
import uuid

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from orgs.posts.models import Appointment
from orgs.units.models import Level, OrgUnit, office
from registry.child.models import ChildFile
from registry.child.services.locking import lock_file_of, lock_files_of
from registry.needs.models import Need, NeedState
from registry.needs.services.handling import HANDLING_ROLES, is_staffed
from registry.needs.tiers import line_of, own_unit_in_line
from registry.needs.workflow import NEED, Holding


def end_with_file(child: ChildFile, *, by: Appointment | None) -> None:
    """The file was closed, in this transaction: what is open ends with it, as left."""
    for need in _open_of(child):
        NEED.follow("end_with_file", need, by=by)


def go_on_with_file(child: ChildFile, *, by: Appointment, since: datetime.datetime) -> None:
    """The closing of ``since`` was taken back: what it ended is open again, as it was."""
    ended = Need.objects.filter(child=child, state=NeedState.ENDED).select_related(*Need.PLACES)
    for need in ended.filter(events__action="end_with_file", events__at__gte=since).distinct().order_by("pk"):
        NEED.follow_undo("end_with_file", need, by=by)


def follow_child(child: ChildFile, *, by: Appointment | None = None) -> None:
    """The child's file is kept elsewhere now: what is open goes to the unit of the same tier there, its day as it was.
    What the row says without an event, for a merge was undone, is told as well."""
    for need in _open_of(child):
        unit = own_unit_in_line(need)
        stays = need.holder_id in {each.pk for each in line_of(need)}
        last = need.events.last()
        if stays and last is not None and last.holder_id == need.holder_id:
            continue
        NEED.follow("follow_child", need, by=by, payload=Holding(unit, need.owner_id if stays else None))


def release(post: Appointment, *, by: Appointment | None = None) -> int:
    """``post`` ended: nobody owns any more what it owned; where nobody else handles needs at its unit, all that the
    unit holds goes to the tier above. What a closed unit holds goes where the children go, or by ``release_left``.
    Returns how many needs it concerned."""
    unit = OrgUnit.objects.get(pk=post.unit_id)
    held = Need.objects.open().filter(holder=unit)
    alone = unit.valid_to is None and not is_staffed(unit)
    # in the transaction of the post's end: all files are held before the first of them is written, for whoever writes
    # in one of them waits for nothing that is written here
    lock_files_of(Need.objects.open().filter(holder=unit) | Need.objects.open().filter(owner=post))
    return _release_each(held if alone else Need.objects.open().filter(owner=post), by, may_go_up=alone)


def release_left(on: datetime.date | None = None) -> int:
    """As ``release``, of posts whose last day has come by itself or whose account was closed, and of units where nobody
    works: looked for each morning. Idempotent."""
    held = Appointment.objects.current(on or timezone.localdate())
    owned = Need.objects.open().filter(owner__isnull=False).exclude(owner__in=held)
    number = _release_each(owned, None, may_go_up=False)
    people = held.filter(role__in=HANDLING_ROLES, unit=OuterRef("office"))
    vacant = Need.objects.open().exclude(holder__level=Level.CITY).annotate(office=office("holder"))
    return number + _release_each(vacant.filter(~Exists(people)), None, may_go_up=True)


def _release_each(needs: QuerySet[Need], by: Appointment | None, *, may_go_up: bool) -> int:
    """One after the other, in the order of their files: so two posts that end at once never wait for each other."""
    keys = list(needs.order_by("child_id", "pk").values_list("pk", flat=True))
    return sum(_release_one(key, by, may_go_up) for key in keys)


def _release_one(key: uuid.UUID, by: Appointment | None, may_go_up: bool) -> bool:
    with transaction.atomic():
        lock_file_of(Need.objects.get(pk=key))
        need = Need.objects.select_related(*Need.PLACES).get(pk=key)
        if need.state != NeedState.OPEN:
            return False
        unit = _staffed_from(need) if may_go_up else need.holder
        if unit.pk == need.holder_id and need.owner_id is None:
            return False
        NEED.follow("release", need, by=by, payload=Holding(unit))
    return True


def _staffed_from(need: Need) -> OrgUnit:
    """The holder, or the nearest unit above it at which somebody handles needs; the top where nobody does anywhere."""
    over = [unit for unit in reversed(line_of(need)) if unit.level < need.holder.level]
    return next((unit for unit in (need.holder, *over) if is_staffed(unit)), over[-1] if over else need.holder)


def _open_of(child: ChildFile) -> list[Need]:
    return list(Need.objects.open().filter(child=child).select_related(*Need.PLACES).order_by("pk"))
