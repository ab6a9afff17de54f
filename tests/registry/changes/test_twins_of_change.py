"""A change by which two files would be of one child says so, to who proposed it and to who decides it."""

import datetime

import pytest

from orgs.audit.models import Audit
from registry.changes.twins import twins_with
from registry.twins.services import say_not_the_same
from tests.builders import a_change, a_post, a_unit, a_village, an_approved_file, sign_in

pytestmark = pytest.mark.django_db
BORN = datetime.date(2016, 5, 4)


@pytest.fixture
def other():
    return an_approved_file(a_village(), name="欧阳若雪", birth_date=BORN, sex="female", id_number="")


@pytest.fixture
def file(other):
    return an_approved_file(other.village, name="张强", birth_date=BORN, sex="female", id_number="")


@pytest.mark.parametrize("page", ["/changes/{}/", "/review/change/{}/"])
def test_page_and_desk_name_the_file_that_it_would_be_like(client, file, other, page):
    change = a_change(file, name="欧阳若雪")
    told = sign_in(client, a_post(file.township)).get(page.format(change.pk)).text
    assert "可能和下面的档案是同一个孩子" in told and f"/children/{other.pk}/" in told
    assert Audit.objects.get(action="view_twins").record.endswith(str(other.pk))


def test_a_change_of_something_else_looks_for_nobody(client, file, django_assert_num_queries):
    change, clerk = a_change(file, address="五组"), a_post(file.township)
    list(change.fields.all())
    with django_assert_num_queries(1):
        assert not twins_with(change, clerk)


def test_of_whom_somebody_said_that_it_is_another_child_it_is_not_said_again(file, other):
    clerk = a_post(file.township)
    say_not_the_same(file, other, by=clerk, reason="两家人，都见过")
    assert not twins_with(a_change(file, name="欧阳若雪"), clerk)


def test_of_a_file_out_of_reach_only_whom_to_ask_is_told(client, file):
    neighbour = a_unit(file.township)
    an_approved_file(neighbour, name="欧阳若雪", birth_date=BORN, id_number="")
    twins = twins_with(a_change(file, name="欧阳若雪"), a_post(file.village))
    assert [twin.file.village_id for twin in twins.named] == [file.village_id] and len(twins.elsewhere) == 1
