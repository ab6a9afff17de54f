"""A true birth date is written even where the child is of age by it; who enters the registry must not be."""

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from registry.changes.services import approve_change
from registry.child.ages import birthday
from registry.child.models import ChildFile
from registry.child.services.write_fields import patch_file
from registry.child.validation import UPPER_AGE, closing_by_age
from registry.closing.services import close_file
from tests.builders import a_change, a_file, a_post, an_approved_file, sign_in
from tests.registry.changes.test_change_pages import form_of

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def born_to_be_of_age_on(day):
    return day.replace(year=day.year - UPPER_AGE)


@pytest.fixture
def file(here):
    since, born = timezone.localdate() - 60 * DAY, datetime.date(2015, 1, 2)
    return an_approved_file(here, on=since, id_number="", no_id_reason="not_yet", birth_date=born)


def test_it_goes_through_page_and_desk_and_both_say_how_to_close(client, file, clerk):
    today = timezone.localdate()
    of_age = today - 3 * DAY
    born = born_to_be_of_age_on(of_age)
    sign_in(client, a_post(file.village))
    posted = form_of(client, file) | {"birth_date": born.isoformat()}
    page = client.post(f"/children/{file.pk}/change/", posted, follow=True)
    assert "原因选“超龄”" in page.text
    change = file.changes.get()
    sign_in(client, clerk)
    assert "原因选“超龄”" in client.get(f"/review/change/{change.pk}/").text
    approve_change(change, by=clerk, seen_version=1)
    read = ChildFile.objects.get(pk=file.pk)
    assert read.birth_date == born and birthday(born, UPPER_AGE) == of_age
    assert close_file(read, by=clerk, seen_version=read.version, reason="age", on=of_age).state == "closed"


def test_of_who_was_of_age_before_it_came_it_says_entry_error(client, file, clerk):
    change = a_change(file, birth_date=datetime.date(2000, 1, 2))
    sign_in(client, clerk)
    assert "原因选“录入错误”" in client.get(f"/review/change/{change.pk}/").text


def test_the_day_before_the_birthday_nothing_is_said():
    on = datetime.date(2026, 11, 29)
    for born, said in ((datetime.date(2008, 11, 29), True), (datetime.date(2008, 11, 30), False), (None, False)):
        assert bool(closing_by_age(born, begun_on=None, on=on)) is said


def test_a_date_of_a_category_is_corrected_of_who_has_outgrown_it_and_no_new_one_is_opened(file):
    change = a_change(file, birth_date=datetime.date(2008, 12, 24))  # too old for 留守
    approve_change(change, by=a_post(file.township), seen_version=1)
    file = ChildFile.objects.get(pk=file.pk)
    corrected = {"since": datetime.date(2024, 4, 1), "difficulty": "", "grounds": "母亲外出"}
    assert a_change(file, category_left_behind=corrected).state == "submitted"
    with pytest.raises(ValidationError, match="不能登记为"):
        a_change(file, category_migrant=corrected)


def test_a_draft_is_not_corrected_into_one_who_may_not_enter(here):
    director = a_post(here)
    draft = a_file(here, by=director, id_number="", birth_date=datetime.date(2015, 1, 2))
    for by in (datetime.date(2000, 1, 2), born_to_be_of_age_on(timezone.localdate())):
        with pytest.raises(ValidationError, match="只登记未满"):
            patch_file(draft, by=director, seen_version=draft.version, values={"birth_date": by})


def test_a_category_proposed_in_time_is_approved_after_the_birthday_and_one_proposed_late_is_not(here, clerk):
    """Left-behind children are under 16."""
    noon = datetime.datetime(2026, 11, 30, 4, tzinfo=datetime.UTC)
    category = {"since": datetime.date(2026, 11, 1), "difficulty": "", "grounds": "父母在广东务工"}
    with time_machine.travel(noon - 30 * DAY, tick=False):
        poor = {"difficulty": {"since": datetime.date(2026, 10, 1), "difficulty": "poverty"}}
        born = {"birth_date": datetime.date(2010, 12, 2), "id_number": "", "no_id_reason": "not_yet"}
        files = [an_approved_file(here, categories=poor, **born) for _file in range(2)]
    with time_machine.travel(noon, tick=False):
        in_time = a_change(files[0], category_left_behind=category)
    with time_machine.travel(noon + 20 * DAY, tick=False):
        approve_change(in_time, by=clerk, seen_version=in_time.version)
        assert "left_behind" in ChildFile.objects.get(pk=files[0].pk).category_codes
        with pytest.raises(ValidationError):
            a_change(files[1], category_left_behind=category)
