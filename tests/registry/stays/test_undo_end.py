"""The end of a stay that was a mistake: taken back within 15 minutes by who wrote it, as if it had not ended."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from childwelfare.text.days import short_day
from childwelfare.workflow.refusals import Refused
from childwelfare.workflow.transitions import UNDO_WITHIN
from orgs.audit.models import Audit
from registry.child.models import ChildFile
from registry.closing.services import close_file, undo_act
from registry.stays.models import Stay
from registry.stays.services import settle_stays, undo_end
from tests.builders import a_post, a_stay, sign_in
from tests.registry.stays.acts import DAY, ended, today, visited
from visits.schedule.models import VisitDue

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


def dues(file) -> list[tuple]:
    return list(
        VisitDue.objects.filter(child=file).order_by("since").values_list("since", "due_on", "ended_on", "village")
    )


def undone(stay, by):
    stay = Stay.objects.select_related("child", "village").get(pk=stay.pk)
    return undo_end(stay, by=by, seen_version=stay.version)


def at(day, *clock) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(*clock)))


@pytest.mark.both
@pytest.mark.parametrize("ahead", [0, 5])
def test_it_goes_on_as_if_it_had_not_ended(file, there, ahead):
    clerk, stay = a_post(file.township), a_stay(file, there, since=today() + ahead * DAY)
    before, owed = Stay.objects.values("state", "begun_on", "ended_on", "ended_by", "end_reason").get(), dues(file)
    ended(stay, by=clerk)
    undone(stay, clerk)
    assert Stay.objects.values(*before).get() == before and dues(file) == owed
    assert [event.action for event in stay.events.all()] == ["make", "end", "undo"]
    assert Audit.objects.filter(action="undo_end_stay").count() == 1
    assert file.events.last().action == "stay_end_undone"
    ended(stay, by=clerk, reason="这次是真的")
    assert Stay.objects.get().state == "ended"


def test_by_who_wrote_it_within_fifteen_minutes(file, there):
    clerk, stay = a_post(file.township), a_stay(file, there)
    ended(stay, by=clerk)
    with pytest.raises(Refused, match="不能撤销"):
        undone(stay, a_post(there.township))
    with pytest.raises(PermissionDenied):
        undone(stay, a_post(file.village))
    late, minute = timezone.now() + UNDO_WITHIN, datetime.timedelta(minutes=1)
    with time_machine.travel(late + minute), pytest.raises(Refused, match="15 分钟"):
        undone(stay, clerk)
    with time_machine.travel(late - minute):
        assert undone(stay, clerk).state == "running"


def test_not_where_somebody_went_on(file, there):
    clerk, stay = a_post(file.township), a_stay(file, there)
    ended(stay, by=clerk)
    visited(file, a_post(file.village))
    with pytest.raises(Refused, match="新的记录"):
        undone(stay, clerk)


def test_not_what_ended_with_the_file_that_has_its_own_way_back(file, there):
    clerk, stay = a_post(file.township), a_stay(file, there)
    file.refresh_from_db()
    close_file(file, by=clerk, seen_version=file.version, reason="other", note="去外地", on=today())
    with pytest.raises(Refused, match="不能撤销"):
        undone(stay, clerk)
    undo_act(ChildFile.objects.get(pk=file.pk), by=clerk, seen_version=file.version)
    assert Stay.objects.get().state == "running"


def test_by_page_and_api_of_both_sides(client, file, there):
    for clerk in (a_post(file.township), a_post(there.township)):
        stay = Stay.objects.first() or a_stay(file, there)
        sign_in(client, clerk)
        path, ask = f"/stays/{stay.pk}/undo/", {"content_type": "application/json"}
        ended(stay, by=clerk)
        assert path in client.get("/transfers/").text
        if clerk.unit == file.township:
            assert path in client.get(f"/children/{file.pk}/").text
        stay.refresh_from_db()
        assert "有过变动" in client.post(path, {"version": stay.version - 1}, follow=True).text
        page = client.post(path, {"version": stay.version}, follow=True)
        assert "临时居住照旧" in page.text and path not in page.text
        ended(stay, by=clerk)
        stay.refresh_from_db()
        told = client.post(f"/api/v1{path}", {"version": stay.version}, **ask)
        assert told.status_code == 200 and told.json()["actions"] == ["end"]
        assert client.post(f"/api/v1{path}", {"version": stay.version + 1}, **ask).status_code == 422
        assert client.post(f"/api/v1{path}", {}, **ask).status_code == 400


@pytest.mark.parametrize("ahead, words", [(5, "照旧，从 %(day)s 起走访由"), (0, "照旧，走访由")])
def test_who_visits_is_said_as_it_is_after_the_undo(client, file, there, ahead, words):
    clerk, stay = a_post(file.township), a_stay(file, there, since=today() + ahead * DAY)
    ended(stay, by=clerk)
    stay.refresh_from_db()
    sign_in(client, clerk)
    page = client.post(f"/stays/{stay.pk}/undo/", {"version": stay.version}, follow=True)
    assert words % {"day": short_day(stay.since)} in page.text


@pytest.mark.parametrize("first, until, state", [(0, None, "running"), (1, None, "announced"), (-5, 0, "ended")])
def test_over_midnight_it_stands_as_the_new_day_has_it(client, file, there, first, until, state):
    """Ended two minutes before midnight, taken back twelve after; between them the night had settled the stays."""
    clerk, day = a_post(file.township), today() + DAY
    with time_machine.travel(at(day - DAY, 23, 58)):
        stay = a_stay(file, there, since=day + first * DAY, until=None if until is None else day + until * DAY)
        ended(stay, by=clerk)
    with time_machine.travel(at(day, 0, 10)):
        settle_stays()
        stay.refresh_from_db()
        assert stay.state == "ended"
    with time_machine.travel(at(day, 0, 12)):
        sign_in(client, clerk)
        path = f"/stays/{stay.pk}/undo/"
        assert path in client.get(f"/children/{file.pk}/").text, "offered on the day after, too"
        page = client.post(path, {"version": stay.version}, follow=True)
        stay.refresh_from_db()
        assert stay.state == state
        assert file.dues.open().get().village == (there if state == "running" else file.village)
    if state == "running":
        assert (stay.begun_on, stay.events.last().action) == (day, "begin")
    if state == "ended":
        assert (stay.ended_on, stay.ended_by) == (day, "until") and "已到，临时居住到那天为止" in page.text


def test_not_where_its_village_has_closed(file, there):
    clerk, stay = a_post(file.township), a_stay(file, there)
    ended(stay, by=clerk)
    there.valid_to = today()
    there.save()
    with pytest.raises(Refused, match="已停用"):
        undone(stay, clerk)
    assert Stay.objects.get().state == "ended"
