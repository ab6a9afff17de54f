"""Counting what a version makes of the assessments in force, beside the pages; reading what was counted."""

import datetime
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.jobs.services import start
from orgs.posts.models import Appointment
from orgs.units.models import Level, OrgUnit
from registry.child.codes import UNASSESSED, Risk
from registry.instruments.models import Instrument, InstrumentState, Rescored, TriedOut, TryOut
from registry.instruments.rescoring import Line, children_of, counted, rescored

TRY_OUT = "try_out_instrument"  # the kind of the job
Progress = Callable[[int, int], None]


def begin_try_out(instrument: Instrument, *, by: Appointment, is_final: bool = False) -> TryOut:
    """Order the count, in the caller's transaction. Earlier try-outs of the draft are replaced."""
    TryOut.objects.filter(instrument=instrument).delete()
    title = _("试算 %(instrument)s") % {"instrument": instrument}
    try_out = TryOut.objects.create(
        instrument=instrument, version=instrument.version, is_final=is_final, made_by=by.person
    )
    try_out.job = start(TRY_OUT, title=title[:120], post=by, try_out=str(try_out.pk))
    try_out.save(update_fields=["job"])
    return try_out


def count_try_out(pk: str, progress: Progress, *, on: datetime.date | None = None) -> None:
    """Do the count of a try-out: as of ``on``, today unless said. May run twice: what a lost run wrote is replaced.
    Nothing where the try-out itself was replaced meanwhile."""
    try_out = TryOut.objects.select_related("instrument__unit").filter(pk=pk).first()
    if try_out is None:
        return
    instrument, counts, done = try_out.instrument, dict[str, Counter](), 0
    total = children_of(instrument).count()
    progress(0, total)
    TriedOut.objects.filter(try_out=try_out).delete()
    version = instrument.version  # what is counted by, be it that the draft was changed since it was ordered
    for looked_at, lines in rescored(instrument, on=on or timezone.localdate()):
        counted(lines, counts)
        with transaction.atomic():
            if not TryOut.objects.select_for_update(no_key=True).filter(pk=pk).exists():
                return
            _keep(try_out, [line for line in lines if line.changes])
        done += looked_at
        progress(min(done, total), max(done, total))
    TryOut.objects.filter(pk=pk).update(version=version, counts=counts, counted_at=timezone.now())


def _keep(try_out: TryOut, lines: list[Line]) -> None:
    if try_out.is_final:
        # what a lost run wrote stands: rows are only ever added
        Rescored.objects.bulk_create(
            (Rescored(instrument=try_out.instrument, **_columns(line)) for line in lines), ignore_conflicts=True
        )
    else:
        TriedOut.objects.bulk_create(TriedOut(try_out=try_out, **_columns(line)) for line in lines)


def _columns(line: Line) -> dict[str, Any]:
    return {"assessment": line.assessment, "level": line.level, "level_by_it": line.level_by_it}


def newest_try_out(instrument: Instrument) -> TryOut | None:
    return instrument.try_outs.select_related("job").order_by("-made_at").first()


def changed_rows(try_out: TryOut) -> Any:
    """The rows of the children whose level changes: a queryset with a scope."""
    if try_out.is_final:
        return Rescored.objects.filter(instrument=try_out.instrument_id)
    return TriedOut.objects.filter(try_out=try_out)


@dataclass(frozen=True)
class Tally:
    """How many children would go from which level to which, in one place."""

    pairs: Counter

    @property
    def scored(self) -> int:
        """Children with an assessment in force."""
        return sum(self.pairs.values())

    @property
    def changed(self) -> int:
        """Those who would have another level; those that can't be scored are counted apart."""
        return sum(n for (was, now), n in self.pairs.items() if was != now and now != UNASSESSED)

    @property
    def worse(self) -> int:
        return self._moved(-1)

    @property
    def better(self) -> int:
        return self._moved(1)

    @property
    def unscored(self) -> int:
        """Those of whom too much is not known by the new questions."""
        return sum(n for (was, now), n in self.pairs.items() if now == UNASSESSED and was != UNASSESSED)

    def _moved(self, direction: int) -> int:
        """Risk names the worst level first."""
        order = {level: n for n, level in enumerate(Risk.values)}
        return sum(
            n
            for (was, now), n in self.pairs.items()
            if was in order and now in order and (order[now] - order[was]) * direction > 0
        )


def tally(try_out: TryOut, townships: Iterable[int]) -> Tally:
    """What was counted in ``townships``."""
    pairs: Counter = Counter()
    for township in townships:
        for pair, n in try_out.counts.get(str(township), {}).items():
            was, _arrow, now = pair.partition(">")
            pairs[was, now] += n
    return Tally(pairs)


def tallies_below(try_out: TryOut, unit: OrgUnit) -> list[tuple[OrgUnit, Tally]]:
    """Of each unit of the next tier with a child that was counted; none below a township. Two queries."""
    townships = list(
        OrgUnit.objects.filter(pk__in=[int(key) for key in try_out.counts]).within(unit).values_list("pk", "county_id")
    )
    if unit.level >= Level.TOWNSHIP:
        return []
    of: dict[int, list[int]] = {}
    for township, county in townships:
        of.setdefault(county if unit.level == Level.CITY else township, []).append(township)
    units = OrgUnit.objects.filter(pk__in=of).in_order()
    return [(below, tally(try_out, of[below.pk])) for below in units]


def tally_within(try_out: TryOut, unit: OrgUnit) -> Tally:
    """Of all of ``unit``, which is a township or above. One query."""
    counted_in = OrgUnit.objects.filter(pk__in=[int(key) for key in try_out.counts])
    return tally(try_out, counted_in.within(unit).values_list("pk", flat=True))


def is_current(try_out: TryOut, instrument: Instrument) -> bool:
    """Whether what was counted is what the version says now."""
    return instrument.state != InstrumentState.DRAFT or try_out.version == instrument.version
