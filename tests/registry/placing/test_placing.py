"""Children of a unit that was closed: each goes to what took over, or waits at the station; nobody is lost."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F
from django.utils import timezone

from orgs.access.scope import Placed
from orgs.reorganisation.rules import Part
from orgs.stale_figures.models import CountyMonth
from orgs.units.integrity import problems
from orgs.units.models import OrgUnit
from orgs.workbench.services import bench_of
from registry.child.models import ChildFile
from registry.closing.services import close_file, reopen_file
from registry.periods.models import PastPeriod
from registry.placing.queries import to_place
from registry.placing.services import place_children, place_followers
from registry.stays.models import Stay
from registry.transfers.models import Transfer
from registry.transfers.services import ask_transfer
from tests.builders import (
    a_change,
    a_county,
    a_post,
    a_stay,
    a_submitted_file,
    a_township,
    a_village,
    a_visit,
    an_approved_file,
    fresh,
    sign_in,
)  # fmt: skip
from tests.orgs.reorganisation.world import heir, let_children_follow, ordered
from visits.schedule.models import VisitDue

pytestmark = [pytest.mark.django_db, pytest.mark.both]
DAY = datetime.timedelta(days=1)


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def village():
    return a_village()


def test_the_figures_follow_a_guest_that_is_carried_over(village):
    """Where nobody of the closed village's own is placed, nothing else would mark them."""
    other, third = a_village(village.township), a_village(a_township(a_county(village.city)))
    a_stay(an_approved_file(third), village)
    ordered("merge", Part(village, target=other), on=timezone.localdate(), follow=False)
    CountyMonth.objects.update(done=F("wanted"))
    let_children_follow()
    stale = CountyMonth.objects.filter(wanted__gt=F("done")).values_list("county", flat=True)
    assert {village.county_id, third.county_id} <= set(stale)


def test_children_follow_with_all_that_is_where_their_file_is(village, today):
    other, third = a_village(village.township), a_village(village.township)
    director = a_post(village)
    file, waiting = an_approved_file(village, on=today - 60 * DAY, by=director), a_submitted_file(village)
    visit, change = a_visit(file, by=director), a_change(file, by=director, address="五组")
    due = VisitDue.objects.open().get(child=file)
    guest = an_approved_file(third)
    stay = a_stay(guest, village)
    ordered("merge", Part(village, target=other), on=today.replace(day=1))
    for record in (file, waiting, visit, change):
        record.refresh_from_db()
        assert record.village == other, record
    past = PastPeriod.objects.get(child=file)
    assert (past.village, past.until, past.ended_by) == (village, max(today.replace(day=1), past.since), "units")
    now = VisitDue.objects.open().get(child=file)
    assert now.village == other and now.due_on == due.due_on, "what is owed stays owed on its day"
    assert Stay.objects.get(pk=stay.pk).village == other and VisitDue.objects.open().get(child=guest).village == other
    assert file.events.filter(action="place").get().reason.endswith("号")
    assert not to_place().exists() and not list(problems())
    for model in (m for m in Placed.__subclasses__() if m.__name__ in ("Change", "Visit", "CategoryMembership")):
        assert not model._base_manager.filter(village=village).exists(), model


def test_an_overdue_visit_is_not_forgiven(village, today):
    other = a_village(village.township)
    file = an_approved_file(village, on=today - 200 * DAY)
    assert VisitDue.objects.open().get(child=file).due_on < today
    ordered("merge", Part(village, target=other), on=today)
    assert VisitDue.objects.open().get(child=file).due_on == today


def test_open_transfers_go_along_on_both_sides(village, today):
    far = a_village(a_township(village.county))
    leaving, coming = an_approved_file(village), an_approved_file(far)
    clerk, their_clerk = a_post(village.township), a_post(far.township)
    out = ask_transfer(leaving, by=clerk, target=far, reason="搬家", seen_version=leaving.version)
    into = ask_transfer(coming, by=their_clerk, target=village, reason="搬家", seen_version=coming.version)
    other = a_village(village.township)
    ordered("merge", Part(village, target=other), on=today)
    assert Transfer.objects.get(pk=out.pk).origin == other and Transfer.objects.get(pk=into.pk).target == other


def test_placing_stops_and_goes_on_where_it_was(village, today, monkeypatch):
    other = a_village(village.township)
    for _n in range(3):
        an_approved_file(village)
    ordered("merge", Part(village, target=other), on=today, follow=False)
    told = []

    def stop(done, total):
        told.append((done, total))
        if done == 2:
            raise RuntimeError("the worker died")

    with pytest.raises(RuntimeError):
        place_followers(stop)
    assert ChildFile.objects.filter(village=village).count() == 1 and told == [(1, 3), (2, 3)]
    assert place_followers() == 1 and place_followers() == 0
    assert ChildFile.objects.filter(village=other).count() == 3 and PastPeriod.objects.count() == 3


def test_what_was_split_waits_at_the_station_which_places_each_child(client, village, today):
    files = [an_approved_file(village, name=name) for name in ("甲一", "乙二", "丙三", "丁四")]
    clerk, director = a_post(village.township), a_post(village)
    ordered("split", Part(village, name="东村"), Part(village, name="西村"), on=today)
    assert to_place().count() == 4 and ChildFile.objects.in_registry().filter(village=village).count() == 4
    east, west = OrgUnit.objects.get(name="东村"), OrgUnit.objects.get(name="西村")
    rows = bench_of(fresh(clerk)).lines
    assert any("待安置" in str(row.title) for row in rows), [row.title for row in rows]
    sign_in(client, clerk)
    page = client.get("/placing/")
    assert page.status_code == 200 and "甲一" in page.text and "东村" in page.text
    name = village.uid.hex
    sent = client.post(f"/placing/{village.uid}/", {f"{name}-children": [str(files[0].pk)], f"{name}-village": ""})
    assert sent.status_code == 422 and "请选择安置到哪个村" in sent.text
    chosen = {f"{name}-children": [str(file.pk) for file in files[:3]], f"{name}-village": str(west.uid)}
    assert client.post(f"/placing/{village.uid}/", chosen).status_code == 302
    assert ChildFile.objects.filter(village=west).count() == 3 and to_place().get() == files[3]
    assert ChildFile.objects.get(pk=files[0].pk).events.get(action="place").post == clerk
    with pytest.raises(ValidationError):
        place_children([files[3].pk], a_village(village.township), by=fresh(clerk))
    with pytest.raises(PermissionDenied):
        place_children([files[3].pk], east, by=fresh(a_post(a_township(village.county))))
    assert client.post(f"/placing/{a_village().uid}/", chosen).status_code == 404
    assert not fresh(director).is_current() and not list(problems())


def test_a_closed_file_stays_is_read_by_who_took_over_and_follows_when_it_is_opened_again(village, today):
    file = an_approved_file(village, on=today - 30 * DAY)
    clerk = a_post(village.township)
    close_file(file, by=clerk, reason="age", on=today, seen_version=file.version)
    zone = a_township(village.county)
    ordered("merge", Part(village.township, target=zone), on=today)
    file.refresh_from_db()
    assert file.village == village
    now = clerk.person.appointments.current().with_unit().get()
    assert now.unit == zone and now.may("reopen_child", file)
    assert ChildFile.objects.visible_to(now, "view_child").get() == file
    categories = {"left_behind": {"since": today}}
    reopen_file(file, by=now, reason="回来了", seen_version=file.version, categories=categories)
    assert to_place().get() == file and place_followers() == 1
    assert ChildFile.objects.get(pk=file.pk).village == heir(village)
