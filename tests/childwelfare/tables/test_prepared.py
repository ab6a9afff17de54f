"""A queryset that is put together once says what it would say anew."""

import datetime
import sys

import pytest
import time_machine
from django.db import connection, transaction
from django.db.models import BigAutoField, DateField, DateTimeField, Q, UUIDField
from django.db.transaction import TransactionManagementError
from django.urls import get_resolver
from django.utils import timezone

from childwelfare.tables.prepared import Parameter, Prepared
from orgs.posts.models import Appointment
from registry.child.models import ChildFile
from tests.builders import a_post, a_village, a_visit, an_approved_file
from visits.visit.models import Visit

pytestmark = [pytest.mark.both, pytest.mark.django_db]


@pytest.fixture
def files():
    village = a_village()
    return [an_approved_file(village, id_number="") for _ in range(2)]


def test_other_values_give_other_rows_with_all_their_fields(files):
    by_key = Prepared(lambda: ChildFile.objects.filter(pk=Parameter("pk", UUIDField())))
    for file in files:
        asked, read = by_key.one(pk=file.pk), ChildFile.objects.get(pk=file.pk)
        assert {field.attname: getattr(asked, field.attname) for field in ChildFile._meta.concrete_fields} == {
            field.attname: getattr(read, field.attname) for field in ChildFile._meta.concrete_fields
        }


def test_what_is_joined_and_annotated_comes_with_the_row(files, django_assert_num_queries):
    post = a_post(files[0].village)
    asked = Appointment.objects.with_unit().with_grants()
    by_key = Prepared(lambda: asked.filter(pk=Parameter("pk", BigAutoField())))
    read = asked.get(pk=post.pk)
    with django_assert_num_queries(1):
        held = by_key.one(pk=post.pk)
        assert (held.person, held.unit, held.unit.township.name) == (read.person, read.unit, read.unit.township.name)
        assert held.granted == read.granted != ""
    assert held.unit.uid == read.unit.uid and held._state.db == "default" and not held._state.adding


def test_it_is_put_together_once(files):
    made = []

    def make():
        made.append(1)
        return ChildFile.objects.filter(pk=Parameter("pk", UUIDField()))

    by_key = Prepared(make)
    assert [by_key.one(pk=file.pk) for file in files] == files
    assert made == [1]


def test_days_moments_numbers_and_keys_are_asked_as_a_queryset_asks_them(files):
    visits = [
        a_visit(file, visited_on=timezone.localdate() - datetime.timedelta(days=i)) for i, file in enumerate(files)
    ]
    mine = Prepared(
        lambda: Visit.objects.filter(
            Q(pk=Parameter("pk", UUIDField()))
            | Q(visited_on=Parameter("day", DateField()), made_at__gt=Parameter("after", DateTimeField())),
            made_by=Parameter("person", BigAutoField()),
        )
    )
    an_hour_ago, soon = (timezone.now() + datetime.timedelta(hours=hours) for hours in (-1, 1))
    one, other = visits
    nobody = {"pk": None, "day": None, "after": an_hour_ago, "person": one.made_by_id}
    assert mine.ask(**nobody) == []
    assert mine.ask(**nobody | {"pk": one.pk}) == [one]
    assert mine.ask(**nobody | {"day": one.visited_on}) == [one]
    assert mine.ask(**nobody | {"day": one.visited_on, "after": soon}) == []
    assert mine.ask(**nobody | {"pk": other.pk, "person": -1}) == []


def test_the_first_in_its_order_and_none_where_there_is_none(files):
    of_village = Prepared(
        lambda: ChildFile.objects.filter(village=Parameter("village", BigAutoField())).order_by("-pk")
    )
    assert of_village.one(village=files[0].village_id) == max(files, key=lambda file: str(file.pk))
    with pytest.raises(ChildFile.DoesNotExist):
        of_village.one(village=0)


def test_a_value_that_is_missing_is_said_by_its_name(files):
    with pytest.raises(KeyError, match="village"):
        Prepared(lambda: ChildFile.objects.filter(village=Parameter("village", BigAutoField()))).ask(pk=1)


def of_the_project() -> dict[str, Prepared]:
    assert get_resolver().url_patterns  # with it every module behind a page is read
    rooms = ("orgs", "registry", "visits", "reports")
    modules = {name: module for name, module in sys.modules.items() if name.split(".")[0] in rooms}
    return {
        f"{name}.{word}": value
        for name, module in modules.items()
        for word, value in vars(module).items()
        if isinstance(value, Prepared)
    }


def test_none_of_the_project_holds_the_day_it_was_first_asked():
    found = of_the_project()
    assert {
        "visits.visit.services.sendings.VISITS_BY_KEY_OR_CHILD",
        "visits.schedule.services.dues.DUES",
        "visits.phones.services.sync.ITEM_OF_ID",
    } <= found.keys()
    for name, prepared in found.items():
        assert text_in(2026, prepared) == text_in(2031, prepared), name


def text_in(year: int, prepared: Prepared) -> tuple[str, list]:
    with time_machine.travel(datetime.datetime(year, 7, 1, tzinfo=datetime.UTC), tick=False), transaction.atomic():
        sql, values = prepared._make().query.sql_with_params()
    return sql, [value.name if isinstance(value, Parameter) else value for value in values]


@pytest.mark.django_db(transaction=True)
def test_rows_are_locked_only_where_a_transaction_holds_the_lock():
    file = an_approved_file(a_village())
    lock = Prepared(lambda: ChildFile.objects.filter(pk=Parameter("pk", UUIDField())).select_for_update())
    with transaction.atomic():
        assert lock.one(pk=file.pk) == file
        assert ("FOR UPDATE" in lock._texts[connection.alias].sql) is connection.features.has_select_for_update
    with pytest.raises(TransactionManagementError):
        lock.one(pk=file.pk)
