"""Each threshold of a visit's law and rules, by its last day on the one side and its first on the other.

The numbers stand here by hand, from the law and the project's rules: never from the code, which they hold to its word.
"""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from registry.child.ages import birthday
from tests.builders import a_post, a_visit, an_approved_file
from visits.visit.flags import CONTACT_DAYS
from visits.visit.questions import LATE_AFTER_DAYS

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
# 未成年人保护法 art. 23: at least once a week; this installation's own measure of a late entry
IN_DAYS = {"contact": (CONTACT_DAYS, 7), "late": (LATE_AFTER_DAYS, 3)}
# 未成年人保护法 art. 21
AGES = [({"carer": "nobody"}, "under_8_unattended", 8), ({"lives_alone": True}, "under_16_alone", 16)]


@pytest.mark.parametrize(("declared", "by_hand"), IN_DAYS.values(), ids=list(IN_DAYS))
def test_what_is_declared_is_what_law_and_rules_say(declared, by_hand):
    assert declared == by_hand


@pytest.fixture
def file(here):
    return an_approved_file(here, on=timezone.localdate() - 60 * DAY)


@pytest.mark.parametrize(("days", "late"), [(3, False), (4, True)])
def test_a_visit_is_entered_late_from_the_fourth_day_on(file, days, late):
    on, director = timezone.localdate() - days * DAY, a_post(file.village)
    if late:
        with pytest.raises(ValidationError, match="补录原因"):
            a_visit(file, by=director, visited_on=on)
    visit = a_visit(file, by=director, visited_on=on, late_reason="没有信号" if late else "")
    assert ("late" in visit.flags) is late


@pytest.mark.parametrize(("days", "silent"), [(7, False), (8, True)])
def test_parents_are_silent_from_the_eighth_day_on(file, days, silent):
    called = timezone.localdate() - days * DAY
    visit = a_visit(file, visited_on=timezone.localdate(), parent_contact_on=called)
    assert ("no_weekly_contact" in visit.flags) is silent


@pytest.mark.parametrize(("given", "flag", "age"), AGES)
def test_an_age_of_the_law_ends_on_the_birthday(here, given, flag, age):
    today, director = timezone.localdate(), a_post(here)
    born = today.replace(year=today.year - age)
    for birth_date, flagged in ((born, birthday(born, age) > today), (born + DAY, True)):
        file = an_approved_file(here, birth_date=birth_date, on=today - 60 * DAY, id_number="", no_id_reason="not_yet")
        visit = a_visit(file, by=director, visited_on=today, **given)
        assert (flag in visit.flags) is flagged
