"""By when a child is assessed next: a row a child (``AssessmentDue``), so that the queue is read by an index."""

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from registry.assessments import codes
from registry.assessments.closed_alerts import alerts_closed
from registry.assessments.models import Assessment, AssessmentDue
from registry.child.models import ChildFile, FileState
from registry.eligibility.conditions import months_after
from registry.instruments.definition import Definition
from registry.instruments.models import Instrument
from registry.signals import assessment_planned

DAY = datetime.timedelta(days=1)


def next_date(definition: Definition, level: str, assessed_on: datetime.date) -> datetime.date:
    """The last day for the assessment after this one: by the level's months, or sooner, by the end of the next month in
    which everybody is assessed. Where no level was given it is due again soon."""
    if not level:
        return assessed_on + codes.UNFINISHED_WITHIN * DAY
    by_level = months_after(assessed_on, definition.level(level).months)
    return min([by_level, *_ends_of_fixed_months(definition, assessed_on)])


def plan_next(file: ChildFile) -> None:
    """Write by when ``file`` is assessed next. Call it inside the transaction that altered its assessments or its time
    in the registry, which holds the file."""
    due = _due_of(file)
    if due is None:
        AssessmentDue.objects.filter(child=file).delete()
    else:
        AssessmentDue.objects.update_or_create(child=file, defaults=due | file.place_values())
    assessment_planned.send(AssessmentDue, child=file)


def due_of(file: ChildFile) -> AssessmentDue | None:
    """By when ``file`` is assessed next; the caller has found the file within its scope."""
    return AssessmentDue.objects.filter(child=file).first()


def fill_dues(files: Iterable[ChildFile] | None = None) -> int:
    """Write the rows that are lacking: of children whose city put its first assessment system into force since they
    came into the registry. Returns how many were written."""
    lacking = ChildFile.objects.in_registry().exclude(Exists(AssessmentDue.objects.filter(child=OuterRef("pk"))))
    found = lacking if files is None else lacking.filter(pk__in=[file.pk for file in files])
    counted = Assessment.objects.filter(child=OuterRef("pk")).in_force().first_ones()
    number = 0
    for instrument in Instrument.objects.in_force():
        here = found.filter(Q(city=instrument.unit_id) | Q(city=None, county=instrument.unit_id))
        number += _write_first_dues(here.exclude(Exists(counted)), instrument)
        for pk in here.filter(Exists(counted)).values_list("pk", flat=True):
            with transaction.atomic():
                plan_next(ChildFile.objects.select_for_update().get(pk=pk))
            number += 1
    return number


def _write_first_dues(files: QuerySet[ChildFile], instrument: Instrument) -> int:
    """Of children who were never assessed, many at once; a row that came beside it stands."""
    rows = []
    closed, begun = alerts_closed(files), _begun(instrument)
    for file in files:
        due = _first_due(file, instrument)
        row = AssessmentDue(child=file, **due | _after_alert(due, _first_since(begun, closed.get(file.pk, []))))
        row.place(file)
        rows.append(row)
    AssessmentDue.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    return len(rows)


def _due_of(file: ChildFile) -> dict | None:
    """The columns of its row; None where nothing is due of it."""
    if file.state != FileState.APPROVED:
        return None
    instrument = Instrument.objects.in_force().of_unit(file).only("since").first()
    if instrument is None:
        return None
    last = Assessment.objects.filter(child=file).in_force().first_ones().newest_first().first()
    if last and last.next_on:
        due = {"due_on": last.next_on, "since": last.assessed_on, "occasion": codes.Occasion.REGULAR}
    else:
        due = _first_due(file, instrument)
    return due | _after_alert(due, _alert_to_answer(file, last, instrument))


def _first_due(file: ChildFile, instrument: Instrument) -> dict:
    """Within a month of the registration, or of the day on which the assessment system came into force."""
    assert instrument.since  # it is published
    since = max(instrument.since, file.approved_on or timezone.localdate())
    return {"due_on": since + codes.FIRST_WITHIN * DAY, "since": since, "occasion": codes.Occasion.FIRST}


def _after_alert(due: dict, closed_on: datetime.date | None) -> dict:
    """What an urgent report, which was closed on a day and after which nobody assessed the child, makes of ``due``."""
    if closed_on is None:
        return {"after_alert_on": None}
    within = closed_on + codes.AFTER_ALERT_WITHIN * DAY
    if within > due["due_on"]:
        return {"after_alert_on": closed_on}
    return {
        "after_alert_on": closed_on, "due_on": within, "since": closed_on, "occasion": codes.Occasion.AFTER_ALERT,
    }  # fmt: skip


def _alert_to_answer(file: ChildFile, last: Assessment | None, instrument: Instrument) -> datetime.date | None:
    """The day on which the earliest urgent report was closed after which ``file`` was not assessed; None for none.

    Worked out from the reports that are closed and the assessments in force, wherever a merge, its undoing or a closing
    that was taken back brought them. ``last``: its newest assessment in force.
    """
    closed = alerts_closed([file]).get(file.pk, [])
    if not closed:
        return None
    if last is None:
        return _first_since(_begun(instrument), closed)
    return next((_day(moment) for moment in closed if not _is_answered(moment, last)), None)


def _is_answered(closed_at: datetime.datetime, last: Assessment) -> bool:
    """Whether the child was assessed after the report was closed; on the day itself by one that says so."""
    day = _day(closed_at)
    if last.assessed_on != day:
        return last.assessed_on > day
    after = Assessment.objects.filter(child=last.child_id, assessed_on=day, occasion=codes.Occasion.AFTER_ALERT)
    return after.in_force().first_ones().filter(made_at__gte=closed_at).exists()


def _begun(instrument: Instrument) -> datetime.date:
    """When its city began to assess: with the first version that was published."""
    published = Instrument.objects.published_of(instrument.unit_id)
    return published.aggregate(first=Min("since"))["first"]


def _first_since(begun: datetime.date, closed: Iterable[datetime.datetime]) -> datetime.date | None:
    """The first day of ``closed`` from ``begun`` on: a report that was closed before the city assessed anybody asks for
    no assessment."""
    return next((_day(moment) for moment in closed if _day(moment) >= begun), None)


def _day(moment: datetime.datetime) -> datetime.date:
    return timezone.localdate(moment)


def _ends_of_fixed_months(definition: Definition, assessed_on: datetime.date) -> list[datetime.date]:
    """The last days of the fixed months that begin after ``assessed_on``, within a year."""
    first = assessed_on.replace(day=1)
    following = [months_after(first, number) for number in range(1, 13)]
    return [months_after(month, 1) - DAY for month in following if month.month in definition.fixed_months]
