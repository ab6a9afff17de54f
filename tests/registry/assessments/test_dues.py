"""By when a child is assessed: within a month of registration, then by its level."""

import datetime

import pytest
from django.utils import timezone

from orgs.inbox.models import Message
from orgs.inbox.reminders import remind_all
from registry.assessments.models import AssessmentDue
from registry.assessments.services.dues import fill_dues, next_date, plan_next
from registry.assessments.workbench import overdue
from registry.assessments.workflow import ASSESSMENT
from registry.child.models import ChildFile
from registry.closing.services import close_file
from tests.builders import a_definition, a_post, a_small_instrument, a_village, an_approved_file, an_assessment

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.mark.parametrize(
    ("level", "fixed", "day"),
    [
        ("high", (), datetime.date(2026, 11, 8)),
        ("general", (), datetime.date(2027, 4, 8)),
        ("general", (3, 9), datetime.date(2027, 3, 31)),
        ("watch", (3, 9), datetime.date(2027, 3, 31)),
        ("high", (3, 9), datetime.date(2026, 11, 8)),
        ("", (3, 9), datetime.date(2026, 11, 7)),
    ],
)
def test_the_next_one_is_due_by_the_level_or_in_a_fixed_month(level, fixed, day):
    import dataclasses

    definition = dataclasses.replace(a_definition(), fixed_months=fixed)
    assert next_date(definition, level, datetime.date(2026, 10, 8)) == day


def test_a_first_one_is_due_a_month_after_registration():
    village = a_village()
    file = an_approved_file(village, on=timezone.localdate() - 40 * DAY)
    assert not AssessmentDue.objects.exists()  # nothing is due before a system is published
    a_small_instrument(village.city)
    assert fill_dues() == 1 and fill_dues() == 0
    due = AssessmentDue.objects.get()
    assert (due.child, due.occasion) == (file, "first")
    assert due.due_on == file.approved_on + 30 * DAY
    assert list(overdue(a_post(village))) == [due] and not overdue(a_post(a_village(village.township)))


def test_what_was_sent_is_asked_of_nobody_until_it_comes_back():
    file = an_approved_file(a_village(), on=timezone.localdate() - 40 * DAY)
    director = a_post(file.village)
    a_small_instrument(file.city)
    fill_dues()
    assessment = an_assessment(file, by=director)
    assert not overdue(director)
    ASSESSMENT.apply("confirm", assessment, by=a_post(file.township), seen_version=1)
    due = AssessmentDue.objects.get()
    assert (due.occasion, due.due_on) == ("regular", assessment.next_on)


def test_it_ends_with_the_file_and_moves_with_it():
    file = an_approved_file(a_village())
    a_small_instrument(file.city)
    plan_next(file)
    file = ChildFile.objects.get(pk=file.pk)
    close_file(file, by=a_post(file.township), seen_version=file.version, reason="moved", on=timezone.localdate())
    assert not AssessmentDue.objects.exists()


def test_the_village_is_reminded_of_the_last_day():
    file = an_approved_file(a_village())
    a_small_instrument(file.city)
    plan_next(file)
    director = a_post(file.village)
    due = AssessmentDue.objects.get()
    remind_all(on=due.due_on - 6 * DAY)
    assert not Message.objects.filter(kind="assessment_due").exists()
    for days in range(6):
        remind_all(on=due.due_on - days * DAY)
    assert Message.objects.filter(kind="assessment_due", recipient=director).exists()
