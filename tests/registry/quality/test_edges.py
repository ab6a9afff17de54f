"""From which day on the quality rules ask for something, and until which day they let it be."""

import datetime

import pytest
from django.utils import timezone

from registry.child.models import ChildFile
from registry.quality import RULES, case_of, keys_of
from registry.quality.stale import ID_MONTHS, MONTHS
from registry.stays.services import years_later
from tests.builders import an_approved_file

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def found(file) -> set[str]:
    return set(keys_of(case_of(ChildFile.objects.get(pk=file.pk))))


def test_school_is_asked_for_from_the_third_birthday_on(village):
    third = years_later(timezone.localdate(), -3)
    held = {"left_behind": {"since": timezone.localdate() - 40 * DAY}}
    file = an_approved_file(village, birth_date=third, schooling="", categories=held)
    younger = an_approved_file(village, birth_date=third + DAY, schooling="", categories=held)
    assert "no_schooling" in found(file) and "no_schooling" not in found(younger)


def test_an_agreement_of_entrusted_care_holds_through_its_last_day(child):
    guardian = child.guardians.get()
    for until, over in ((timezone.localdate(), False), (timezone.localdate() - DAY, True)):
        guardian.entrusted_to = until
        guardian.save(update_fields=["entrusted_to"])
        assert ("entrusting_over" in found(child)) is over


def test_what_is_out_of_date_says_after_how_many_months():
    for key, months in (("untouched", MONTHS), ("id_number_waits", ID_MONTHS)):
        assert f"{months} 个月" in str(RULES[key].label) and f"{months} 个月" in str(RULES[key].why)
