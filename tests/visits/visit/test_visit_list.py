"""The list of visits: what is overdue, due within a week, asked for besides, and the records."""

import datetime

import pytest
from django.utils import timezone

from tests.builders import a_post, a_village, a_visit, an_approved_file, an_extra_visit, sign_in
from visits.schedule.models import VisitDue

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def days(number: int) -> datetime.timedelta:
    return datetime.timedelta(days=number)


@pytest.fixture
def village():
    return a_village()


def owed_in(village, number: int, name: str, *, asked: bool = False):
    """A child whose next visit is due in ``number`` days, by the rule or because the station ``asked``."""
    child = an_approved_file(village, name=name)
    if asked:
        an_extra_visit(child, by=a_post(village.township), days=number)
    due_on = timezone.localdate() + days(number)
    VisitDue.objects.filter(child=child).update(due_on=due_on, since=due_on - days(90))
    return child


@pytest.fixture
def children(village):
    owed_in(village, -1, "何逾期")
    owed_in(village, 0, "何今天")
    owed_in(village, 7, "何七天")
    owed_in(village, 8, "何八天", asked=True)
    a_visit(owed_in(village, 30, "何访过"), by=a_post(village))


LISTED = {
    "overdue": {"何逾期"},
    "week": {"何今天", "何七天"},
    "extra": {"何八天"},
    "records": {"何访过"},
}


@pytest.mark.parametrize("reader", ["village", "township", "county"])
@pytest.mark.parametrize("tab", LISTED)
def test_each_tab_shows_its_own(client, village, children, reader, tab):
    sign_in(client, a_post(getattr(village, reader)))
    page = client.get(f"/visits/?tab={tab}")
    assert page.status_code == 200
    names = set().union(*LISTED.values())
    assert {name for name in names if name in page.text} == LISTED[tab]


@pytest.mark.parametrize("tab", LISTED)
def test_another_village_sees_none_of_them(client, village, children, tab):
    sign_in(client, a_post(a_village()))
    page = client.get(f"/visits/?tab={tab}").text
    assert not any(name in page for name in set().union(*LISTED.values()))


def test_who_is_due_first_comes_first(village, children):
    owed_in(village, 3, "何三天")
    coming = VisitDue.objects.coming(timezone.localdate())
    assert [due.child.name for due in coming] == ["何今天", "何三天", "何七天"]
