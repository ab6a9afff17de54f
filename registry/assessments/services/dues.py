"""By when a child is assessed next: a row a child (``AssessmentDue``), so that the queue is read by an index."""

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from registry.assessments import codes
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


def due_after_alert(file: ChildFile, *, on: datetime.date) -> None:
    """An urgent report of ``file`` was closed on a day: the child is assessed after it."""
    AssessmentDue.objects.filter(child=file).update(after_alert_on=on)
    plan_next(file)


def not_due_after_alert(file: ChildFile) -> None:
    """The closing of the urgent report was taken back, or the report is dealt with anew."""
    AssessmentDue.objects.filter(child=file).update(after_alert_on=None)
    plan_next(file)


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


def _write_first_dues(files: Iterable[ChildFile], instrument: Instrument) -> int:
    """Of children who were never assessed, many at once; a row that came beside it stands."""
    rows = []
    for file in files:
        row = AssessmentDue(child=file, **_first_due(file, instrument))
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
    return due | _after_alert(file, due, last)


def _first_due(file: ChildFile, instrument: Instrument) -> dict:
    """Within a month of the registration, or of the day on which the assessment system came into force."""
    assert instrument.since  # it is published
    since = max(instrument.since, file.approved_on or timezone.localdate())
    return {"due_on": since + codes.FIRST_WITHIN * DAY, "since": since, "occasion": codes.Occasion.FIRST}


def _after_alert(file: ChildFile, due: dict, last: Assessment | None) -> dict:
    closed_on = AssessmentDue.objects.filter(child=file).values_list("after_alert_on", flat=True).first()
    if closed_on is None or (last and _is_after(last, closed_on)):
        return {"after_alert_on": None}
    within = closed_on + codes.AFTER_ALERT_WITHIN * DAY
    if within > due["due_on"]:
        return {"after_alert_on": closed_on}
    return {
        "after_alert_on": closed_on, "due_on": within, "since": closed_on, "occasion": codes.Occasion.AFTER_ALERT,
    }  # fmt: skip


def _is_after(last: Assessment, closed_on: datetime.date) -> bool:
    """Whether ``last`` was made after the report was closed; on the day itself what says so."""
    if last.assessed_on == closed_on:
        return last.occasion == codes.Occasion.AFTER_ALERT
    return last.assessed_on > closed_on


def _ends_of_fixed_months(definition: Definition, assessed_on: datetime.date) -> list[datetime.date]:
    """The last days of the fixed months that begin after ``assessed_on``, within a year."""
    first = assessed_on.replace(day=1)
    following = [months_after(first, number) for number in range(1, 13)]
    return [months_after(month, 1) - DAY for month in following if month.month in definition.fixed_months]
