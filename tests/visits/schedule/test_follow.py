"""What happens to visits, dues and figures when a child moves, leaves or comes back."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from childwelfare.workflow.refusals import Refused
from registry.child.models import ChildFile
from registry.closing.services import close_file, reopen_file
from registry.transfers.services import ask_transfer
from registry.transfers.workflow import TRANSFER
from reports.indicators.table import numbers_of
from reports.rollup.models import Figure
from reports.rollup.periods import Period
from reports.rollup.services import open_periods, roll_up
from reports.rollup.verify import first_wrong
from tests.builders import a_post, a_unit, a_village, a_visit, an_approved_file, answers, sign_in
from visits.schedule.models import VisitDue
from visits.visit.models import Visit
from visits.visit.services.log import log_visit

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def today():
    return timezone.localdate()


@pytest.fixture
def there():
    return a_village()


@pytest.fixture
def director(here):
    return a_post(here)


@pytest.fixture
def file(here, director):
    return an_approved_file(here, on=today() - 100 * DAY, by=director, name="欧阳文静")


def moved(file, target):
    """Handed on today."""
    file.refresh_from_db()
    clerk = a_post(file.village.township)
    transfer = ask_transfer(file, by=clerk, target=target, reason="随父母迁居", seen_version=file.version)
    if transfer.state == "asked":
        TRANSFER.apply("accept", transfer, by=a_post(target.township), seen_version=1)
    return ChildFile.objects.get(pk=file.pk)


def days_ago(file, days):
    """As if it had been handed on earlier."""
    on = today() - days * DAY
    file.past_periods.update(until=on)
    ChildFile.objects.filter(pk=file.pk).update(counted_since=on)
    return ChildFile.objects.get(pk=file.pk)


def late(file, by, on):
    given = answers(visited_on=on, late_reason="没有信号")
    return log_visit(ChildFile.objects.get(pk=file.pk), by=by, answers=given, hazards_looked_at=True)


def test_earlier_visits_go_along(client, file, director, here, there):  # D23
    visit = a_visit(file, by=director, visited_on=today() - 10 * DAY, late_reason="补录")
    moved(file, there)
    assert client.get("/").status_code == 302
    assert sign_in(client, a_post(there)).get(f"/visits/{visit.pk}/").status_code == 200
    assert sign_in(client, director).get(f"/visits/{visit.pk}/").status_code == 404


def test_the_new_side_visits_and_owes_the_old_side_neither(file, director, there):  # D23
    file = moved(file, there)
    assert a_visit(file, by=a_post(there)).village == there
    with pytest.raises(Refused, match="转到"):
        late(file, director, today() + DAY)
    assert VisitDue.objects.open().get().village == there
    assert not VisitDue.objects.visible_to(director, "log_visit").overdue(today() + 400 * DAY).exists()


def test_a_visit_made_before_the_move_comes_in_after_it(file, director, here, there):  # D16
    file = days_ago(moved(file, there), 3)
    visit = late(file, director, today() - 5 * DAY)
    assert visit.child == file and visit.village == there, "it may be read by who has the child now"
    assert visit.due.village == here, "and counts for who had it then"
    assert file.dues.open().get().since == today() - 3 * DAY


def test_a_visit_dated_after_the_move_is_refused_with_where_the_child_is(file, director, there):  # D16
    file = days_ago(moved(file, there), 3)
    with pytest.raises(Refused, match=there.short_name):
        late(file, director, today() - DAY)
    assert not Visit.objects.exists()


def test_who_never_had_the_child_is_turned_away(file, there):
    file = moved(file, there)
    with pytest.raises(PermissionDenied):
        late(file, a_post(a_village()), today() - 5 * DAY)


def test_a_director_appointed_after_the_move_has_no_visits_from_before(file, here, there):
    file = moved(file, there)
    with pytest.raises(Refused):
        late(file, a_post(here, since=today()), today() - 5 * DAY)


def test_the_form_of_the_old_director_takes_it_and_shows_nothing_of_the_file(client, file, director, there):  # D16
    file = days_ago(moved(file, there), 3)
    sign_in(client, director)
    page = client.get(f"/children/{file.pk}/visit/")
    assert page.status_code == 200 and there.short_name in page.text
    assert "李桂英" not in page.text and "留守儿童" not in page.text
    sent = answers(visited_on=str(today() - DAY), late_reason="没有信号", hazard="no")
    page = client.post(f"/children/{file.pk}/visit/", sent)
    assert page.status_code == 422 and "那天以后的走访由那里记录" in page.text and "没有信号" in page.text
    sent["visited_on"] = str(today() - 4 * DAY)
    assert client.post(f"/children/{file.pk}/visit/", sent).status_code == 302
    assert Visit.objects.get().made_by == director.person


def test_the_api_gives_the_same_verdict(client, file, director, there):  # D16
    file = days_ago(moved(file, there), 3)
    sign_in(client, director)
    body = answers(child=str(file.pk), visited_on=str(today() - DAY), late_reason="没有信号")
    refused = client.post("/api/v1/visits/", body, content_type="application/json")
    assert refused.status_code == 422 and there.short_name in refused.text
    taken = client.post(
        "/api/v1/visits/", body | {"visited_on": str(today() - 4 * DAY)}, content_type="application/json"
    )
    assert taken.status_code == 201


def test_a_visit_on_the_morning_of_the_move_stays_with_the_old_side(file, director, here, there):
    visit = a_visit(file, by=director)
    file = moved(file, there)
    visit.refresh_from_db()
    assert visit.due.village == here
    assert [due.village for due in file.dues.order_by("pk")] == [here, here, there]
    assert file.dues.open().get().since == today()


# --- figures


def figures(unit, month):
    return numbers_of(Figure.objects.get(unit=unit, period=month).numbers)


def counted(months, *counties):
    for month in months:
        for county in counties:
            roll_up(county.pk, month, force=True)


@pytest.mark.both
def test_past_months_stay_where_they_were_counted_and_nobody_counts_twice(file, director, here, there):
    open_periods()
    now = Period.of()
    months = [now.key, now.back(1), now.back(2)]
    counted(months, here.county, there.county)
    before = {(unit, month): figures(unit, month) for unit in (here, there) for month in months}
    assert before[here, now.key]["registered"] == 1 and before[here, now.back(1)]["left_behind"] == 1
    moved(file, there)
    counted(months, here.county, there.county)
    for unit in (here, there):
        for month in months[1:]:
            assert figures(unit, month) == before[unit, month]
    assert [figures(unit, now.key)["registered"] for unit in (here, there)] == [0, 1]
    assert [figures(unit, now.key)["left_behind"] for unit in (here, there)] == [0, 1]
    assert figures(here, now.key)["left"] == 1 and figures(there, now.key)["joined"] == 1
    assert all(first_wrong(Period.of(month)) is None for month in months)


@pytest.mark.both
def test_closed_and_reopened_the_months_between_count_nobody(file, here):
    open_periods()
    now, clerk = Period.of(), a_post(here.township)
    months = [now.key, now.back(1), now.back(2)]
    day = Period.of(now.back(2)).as_of
    with time_machine.travel(datetime.datetime.combine(day, datetime.time(4), datetime.UTC), tick=False):
        close_file(file, by=clerk, seen_version=file.version, reason="moved", on=day)
    again = {"left_behind": {}}
    reopen_file(file, by=clerk, seen_version=file.version, reason="回来", categories=again)
    counted(months, here.county)
    assert [figures(here, month)["registered"] for month in months] == [1, 0, 0]
    for month in months:
        row = figures(here, month)
        assert row["registered"] == row["before"] + row["joined"] - row["left"]
    assert figures(here, now.back(2))["left"] == 1 and figures(here, now.key)["joined"] == 1


def test_the_list_behind_a_past_figure_counts_who_moved_and_names_nobody(client, file, here, there):
    now = Period.of()
    moved(file, there)
    page = sign_in(client, a_post(here.township)).get(f"/figures/{here.uid}/registered/", {"period": now.back(1)})
    assert page.status_code == 200 and "欧***" in page.text and file.name not in page.text


def test_within_a_county_the_child_is_counted_once(file, here):
    target = a_unit(a_unit(here.county))
    open_periods()
    moved(file, target)
    counted([Period.of().key], here.county)
    assert figures(here.county, Period.of().key)["registered"] == 1
