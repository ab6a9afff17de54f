"""Placing the children of closed villages. Until then they are counted where they are: nobody is lost meanwhile."""

import datetime
import uuid
from collections.abc import Callable, Collection
from typing import cast

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.workflow.refusals import Refused
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from orgs.reorganisation.models import Succession, successors_of
from orgs.stale_figures.services import mark_figures_stale
from orgs.units.models import Level, OrgUnit
from registry.child.models import ChildFile, FileState
from registry.child.services.locking import lock_whole_file
from registry.periods.models import PeriodEnd
from registry.placing.queries import to_place
from registry.signals import child_moved, child_stays
from registry.stays.models import Stay
from registry.transfers.keeping import put_at
from registry.transfers.models import Transfer

Progress = Callable[[int, int], None]


def place_followers(progress: Progress | None = None) -> int:
    """Place every child whose closed village has one successor, each in a transaction of its own; return how many were.

    Safe to run twice, to stop anywhere and to run beside others: what is left is what still lies in a closed village.
    """
    villages = _heirs(to_place().order_by().values_list("village", flat=True).distinct())
    waiting = to_place().filter(village__in=villages).order_by("county_id", "village_id", "pk")
    rows, placed = list(waiting.values_list("pk", "village_id")), 0
    for number, (pk, village) in enumerate(rows, start=1):
        placed += _place(pk, villages[village], by=None)
        if progress:
            progress(number, len(rows))
    return placed


def carry_over_villages(closed: Collection[int]) -> None:
    """What lies at closed villages and is of a child kept elsewhere: open stays of which they are the host, and
    transfers that were offered to them go to the one that took over."""
    for village, heir in _heirs(closed).items():
        _carry_stays(village, heir)
        Transfer.objects.open().filter(target=village).update(target=heir)


def place_children(files: Collection[uuid.UUID], village: OrgUnit | None, *, by: Appointment) -> int:
    """Place ``files`` at ``village``, one of those that took over; return how many were: who was placed meanwhile is
    passed over. Raises PermissionDenied, or ValidationError by field (children, village); then nothing is changed."""
    if not files:
        raise ValidationError({"children": [_("请至少选一个孩子。")]})
    if village is None:
        raise ValidationError({"village": [_("请选择安置到哪个村（居）。")]})
    found = list(to_place().filter(pk__in=files).select_related("village"))
    if not all(by.may("transfer_child", file) for file in found):
        raise PermissionDenied
    for left in {file.village for file in found}:
        if village not in candidates_of(left):
            words = {"village": village.path_label, "left": left.name}
            raise ValidationError({"village": [_("“%(village)s”不是“%(left)s”的接续单位。") % words]})
    with transaction.atomic():
        return sum(_place(file.pk, village, by=by) for file in sorted(found, key=lambda file: str(file.pk)))


def candidates_of(closed: OrgUnit) -> list[OrgUnit]:
    """Where children of a ``closed`` village may go: to those that took over; where none did, to any of its township,
    or of its county where the township is gone as well."""
    keys = successors_of([closed.pk])[closed.pk]
    villages = OrgUnit.objects.current().filter(level=Level.VILLAGE, stand_in=False).with_path().in_order()
    if keys:
        return list(villages.filter(pk__in=keys))
    here = list(villages.filter(township=closed.township_id))
    return here or list(villages.filter(county=closed.county_id))


def _heirs(villages: Collection[int]) -> dict[int, OrgUnit]:
    """{closed village: the one village that took over}, of those that have one."""
    single = {before: next(iter(after)) for before, after in successors_of(list(villages)).items() if len(after) == 1}
    units = OrgUnit.objects.with_path().in_bulk(set(single.values()))
    return {before: units[after] for before, after in single.items() if units[after].level == Level.VILLAGE}


def _place(pk: uuid.UUID, village: OrgUnit, *, by: Appointment | None) -> int:
    with transaction.atomic():
        file = lock_whole_file(pk)
        if file.state == FileState.CLOSED or file.merged_into_id or file.village.valid_to is None:
            return 0  # closed, merged or placed meanwhile
        origin = OrgUnit.objects.with_path().get(pk=file.village_id)
        took_over = _succession(origin)
        day = _day_of(origin, took_over)
        post = by or (took_over.reorganisation.made_in if took_over else None)
        if post is None:
            raise Refused(_("“%(unit)s”没有接续的单位，请逐个安置。") % {"unit": origin.path_label})
        put_at(file, village, on=day, ended_by=PeriodEnd.UNITS)
        file.transfers.open().update(origin=village)
        words = f"{origin.path_label} → {village.path_label}"
        if took_over:
            words += f"；{took_over.reorganisation.document}"
        file.events.create(action="place", was=file.state, now=file.state, person=post.person, post=post, reason=words)
        record_act(post, "place_child", file, origin=origin.pk, target=village.pk, on=str(day))
        # before the signal, whose receivers mark one of them: always in the same order
        for county in sorted(filter(None, {origin.county_id, village.county_id})):
            mark_figures_stale(county, day, villages={origin.pk, village.pk})
        child_moved.send(ChildFile, child=file, origin=origin, target=village, on=day)
    return 1


def _succession(closed: OrgUnit) -> Succession | None:
    rows = Succession.objects.filter(predecessor=closed)
    return rows.select_related("reorganisation__made_in__person").order_by("-on", "-pk").first()


def _day_of(closed: OrgUnit, took_over: Succession | None) -> datetime.date:
    """From when the child is kept elsewhere: the day of the order; where a month ended since, of which figures were
    read out, from the first day of this one. Without an order from today on."""
    today = timezone.localdate()
    day = took_over.on if took_over else cast(datetime.date, closed.valid_to)
    return max(day, today.replace(day=1)) if took_over else today


def _carry_stays(village: int, heir: OrgUnit) -> None:
    for pk in Stay.objects.open().filter(village=village).values_list("child_id", flat=True):
        with transaction.atomic():
            file = lock_whole_file(pk)
            moved = Stay.objects.open().filter(child=file, village=village)
            left: list[int] = list(moved.values_list("county_id", flat=True))
            if moved.update(village=heir.pk, township=heir.township_id, county=heir.county_id, city=heir.city_id):
                child_stays.send(ChildFile, child=file, on=timezone.localdate())
                for county in sorted(filter(None, {*left, heir.county_id, file.county_id})):
                    mark_figures_stale(county)
