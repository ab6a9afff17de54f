"""A need is recorded: by whom it is held, until when, from where; and what is no need that can be recorded."""

import datetime
import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone

from childwelfare.workflow.refusals import Stale
from orgs.holidays.working_days import WorkingDays
from registry.closing.services import close_file
from registry.needs.models import Need
from registry.needs.services.handling import settle
from registry.needs.services.recording import add_step, record_need
from tests.builders import a_file, a_holiday, a_need, a_post, a_unit, a_village

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def today():
    return timezone.localdate()


@pytest.fixture
def director(file):
    return a_post(file.village)


def said(**given):
    return {"kind": "education.back_to_school", "urgency": "soon", "words": "两周没到校", "source": "guardian"} | given


def wrong(file, by, **given) -> dict:
    with pytest.raises(ValidationError) as error:
        record_need(file, by=by, **said(**given))
    assert not Need.objects.exists()
    return error.value.message_dict


@pytest.mark.parametrize("tier", ["village", "township", "county"])
def test_the_unit_of_who_records_it_holds_it(file, tier):
    by = a_post(getattr(file, tier))
    need = record_need(file, by=by, **said())
    assert (need.holder_id, need.owner_id, need.system) == (by.unit_id, by.pk, "education")
    assert need.events.get().holder_id == by.unit_id


@pytest.mark.parametrize(("urgency", "days"), [("urgent", 3), ("soon", 10), ("normal", 20)])
def test_its_last_day_goes_by_its_urgency_in_working_days(file, director, urgency, days):
    need = record_need(file, by=director, **said(urgency=urgency))
    assert WorkingDays(today(), today()).between(today(), need.due_on) == days


def test_holidays_move_the_last_day(file, director):
    plain = record_need(file, by=director, **said(urgency="urgent")).due_on
    a_holiday(today() + DAY, today() + 7 * DAY)
    later = record_need(file, by=director, **said(urgency="urgent", kind="mind.mood")).due_on
    assert later > plain


def test_sent_twice_it_is_one(file, director):
    pk = uuid.uuid4()
    first, second = (record_need(file, by=director, pk=pk, **said()) for _ in range(2))
    assert first.pk == second.pk == Need.objects.get().pk


def test_another_content_under_the_same_key_is_told(file, director):
    pk = uuid.uuid4()
    record_need(file, by=director, pk=pk, **said())
    with pytest.raises(Stale):
        record_need(file, by=director, pk=pk, **said(words="别的"))


def test_found_twice_is_told_and_may_be_recorded_all_the_same(file, director):
    record_need(file, by=director, **said())
    with pytest.raises(ValidationError) as error:
        record_need(file, by=a_post(file.township), **said(words="老师来电"))
    assert "已有一条在办的同类需求" in error.value.message_dict["anyway"][0]
    record_need(file, by=a_post(file.township), anyway=True, **said(words="老师来电"))
    assert Need.objects.count() == 2


def test_another_kind_is_no_repetition(file, director):
    record_need(file, by=director, **said())
    record_need(file, by=director, **said(kind="mind.mood"))


def test_of_a_file_that_is_not_approved_nothing_is_recorded(director):
    draft = a_file(director.unit, by=director)
    with pytest.raises(Stale, match="不在册"):
        record_need(draft, by=director, **said())


def test_of_a_closed_file_nothing_is_recorded(file, director):
    close_file(file, by=a_post(file.township), seen_version=file.version, reason="moved", on=today())
    with pytest.raises(Stale, match="不在册"):
        record_need(file, by=director, **said())


def test_who_has_nothing_to_do_with_the_child_records_nothing(file):
    for unit in (a_unit(file.township), a_village()):
        with pytest.raises(PermissionDenied):
            record_need(file, by=a_post(unit), **said())


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "nothing"}, "kind"),
        ({"kind": ""}, "kind"),
        ({"urgency": "at once"}, "urgency"),
        ({"words": "  "}, "words"),
        ({"words": "长" * 501}, "words"),
        ({"source": "heard"}, "source"),
        ({"source": "visit", "source_id": uuid.uuid4()}, "source"),
        ({"source": "school", "source_id": uuid.uuid4()}, "source"),
        ({"found_on": datetime.date(2999, 1, 1)}, "found_on"),
        ({"found_on": datetime.date(1999, 1, 1)}, "found_on"),
        ({"due_on": datetime.date(1999, 1, 1)}, "due_on"),
        ({"due_on": datetime.date(2199, 1, 1)}, "due_on"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(file, director, given, field):
    assert list(wrong(file, director, **given)) == [field]


def test_words_are_sealed_in_the_database(file, director):
    record_need(file, by=director, **said(words="两周没到校"))
    column = Need._meta.get_field("words").column
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {Need._meta.db_table}")
        assert "没到校" not in str(cursor.fetchone()[0])


# --- steps


def test_anybody_of_the_line_writes_down_what_was_done(file, director):
    need = a_need(file, by=director)
    for tier in ("village", "township", "county"):
        add_step(need, by=a_post(getattr(file, tier)), service="contact", text="打了电话")
    assert need.steps.count() == 3


def test_the_city_writes_down_of_what_it_holds_alone(file, director):
    need, city = a_need(file, by=director), a_post(file.city)
    with pytest.raises(PermissionDenied):
        add_step(need, by=city, service="contact", text="打了电话")
    need.holder = file.city
    need.save()
    add_step(need, by=city, service="contact", text="打了电话")


def test_a_step_sent_twice_is_one(file, director):
    need, pk = a_need(file, by=director), uuid.uuid4()
    for _ in range(2):
        add_step(need, by=director, service="contact", text="打了电话", pk=pk)
    assert need.steps.count() == 1


def test_a_step_that_came_in_between_keeps_a_need_from_being_settled_unread(file, director):
    need = a_need(file, by=director)
    add_step(Need.objects.get(pk=need.pk), by=a_post(file.township), service="contact", text="打了电话")
    with pytest.raises(Stale):
        settle(need, by=director, seen_version=1, outcome="met", satisfaction="satisfied")


@pytest.mark.parametrize(
    ("given", "field"),
    [({"service": "magic"}, "service"), ({"service": "settlement"}, "service"), ({"text": ""}, "text"),
     ({"text": "长" * 501}, "text"), ({"done_on": datetime.date(2999, 1, 1)}, "done_on")],
)  # fmt: skip
def test_a_step_that_is_wrong_is_told_at_its_field(file, director, given, field):
    need = a_need(file, by=director)
    with pytest.raises(ValidationError) as error:
        add_step(need, by=director, **({"service": "contact", "text": "打了电话"} | given))
    assert list(error.value.message_dict) == [field]


def test_what_comes_in_after_the_end_is_written_down_too(file, director):
    need = a_need(file, by=director)
    settle(need, by=director, seen_version=1, outcome="met", satisfaction="satisfied")
    add_step(need, by=director, service="treatment", text="医院寄来结果")
    assert need.steps.count() == 1
