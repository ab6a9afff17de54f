"""The check against the month before knows what an order did: it asks nobody what the order says, and still asks of
what changed beside it."""

import datetime

import pytest
import time_machine
from django.urls import reverse

from childwelfare.workflow.refusals import Refused
from orgs.reorganisation.rules import Part
from orgs.units.models import OrgUnit
from registry.child.models import ChildFile
from registry.placing.services import place_children
from reports.submissions.before import before_of
from reports.submissions.models import Submission
from reports.submissions.services import waive
from tests.builders import a_county, a_post, a_township, a_village, an_approved_file, fresh, sign_in
from tests.orgs.reorganisation.world import heir, let_children_follow, ordered
from tests.reports.submissions.world import OCTOBER, SINCE, a_reporting_county, pass_on, report_all, row_of, send

pytestmark = [pytest.mark.django_db, pytest.mark.both]
SEPTEMBER, DAY = "2026-09", datetime.date(2026, 10, 12)
ORDER = "10月12日（郑政文〔2026〕31号）"


@pytest.fixture
def country():
    """On 12 October 2026, with six children in each of five villages, one of them in another county; September was
    reported."""
    with time_machine.travel("2026-10-01T02:00:00Z", tick=False) as clock:
        country = a_reporting_county(children=6)
        country.other = a_county(country.city)
        village = a_village(a_township(country.other))
        for _ in range(6):
            an_approved_file(village, on=SINCE)
        country.open(SEPTEMBER)
        report_all(country, SEPTEMBER)
        clock.move_to("2026-10-12T02:00:00Z")
        country.clock = clock
        yield country


def explained(key: str = OCTOBER) -> list:
    rows = Submission.objects.filter(period__key=key).exclude(current=None).select_related("current")
    return [row.current.told["explanations"] for row in rows if row.current.told["explanations"]]


def report_october() -> None:
    """Sent by the people of each unit or of who took over, where nobody did by the unit above; nothing is explained."""
    for level in (4, 3, 2, 1):
        rows = Submission.objects.filter(period__key=OCTOBER, unit__level=level).select_related("unit__taken_over_by")
        for row in rows.select_related("above__taken_over_by"):
            sender, decider = (unit.taken_over_by or unit for unit in (row.unit, row.above))
            send(row.unit, by=a_post(decider if sender.valid_to else sender))
            pass_on(row.unit, by=a_post(decider))


def end_of_the_month(country) -> None:
    country.clock.move_to("2026-11-01T02:00:00Z")
    country.open()


def test_a_moved_station_and_a_merged_village_ask_nobody_and_the_sheet_says_what_is_compared(client, country):
    (township, _other), (first, _second, gone, stays) = country.townships, country.villages
    ordered("move", Part(township, parent=country.other), on=DAY)
    ordered("merge", Part(gone, target=stays), on=DAY)
    end_of_the_month(country)
    report_october()
    assert explained() == []
    numbers = {unit: row_of(unit).approved.numbers["registered"] for unit in (country.county, country.other)}
    assert numbers == {country.county: 12, country.other: 18}
    said = {unit: before_of(row_of(unit)).words for unit in (country.county, first, heir(first), gone, stays)}
    assert said[country.county] == f"上月上报 24 人，减去{ORDER}划出的{township.short_name} 12 人，按 12 人比。"
    assert said[first] == f"上月上报 6 人，减去{ORDER}划出的{first.short_name} 6 人，按 0 人比。"
    assert said[heir(first)] == f"上月还没有本单位，加上{ORDER}划入的{first.short_name} 6 人，按 6 人比。"
    assert said[stays] == f"上月上报 6 人，加上{ORDER}划入的{gone.short_name} 6 人，按 12 人比。"
    assert before_of(row_of(country.city)).words == "", "it all stayed within"
    for unit in (country.county, heir(first)):
        sign_in(client, a_post(unit))
        assert said[unit] in client.get(reverse("submission-detail", args=[row_of(unit).pk])).text
    sign_in(client, a_post(country.other))
    relations = client.get(f"/api/v1/submissions/{row_of(country.other).pk}/").json()["sheet"]["relations"]
    (change,) = [each for each in relations if each["key"] == "change"]
    words = f"加上{ORDER}划入的{township.short_name} 12 人"
    assert change["gap"] == 0 and words in change["compared"]
    country.clock.move_to("2026-12-01T02:00:00Z")
    country.open("2026-11")
    assert before_of(row_of(country.county, "2026-11")).words == "", "the month after compares as ever"


def test_a_real_change_beside_the_order_is_still_asked_for(client, country):
    first = country.villages[0]
    ordered("move", Part(country.townships[0], parent=country.other), on=DAY)
    for _ in range(7):
        an_approved_file(heir(first), on=DAY)
    end_of_the_month(country)
    with pytest.raises(Refused, match="在册较上月变动"):
        send(heir(first))
    row, director = row_of(heir(first)), a_post(heir(first))
    sign_in(client, director)
    page = client.get(reverse("submission-detail", args=[row.pk])).text
    assert "左边 <b>13</b>，右边 <b>6</b>" in page and "划入的" in page
    send(heir(first), why={"change": "秋季摸底新建档七人"})


def test_children_placed_one_by_one_after_a_split_and_a_closing_are_followed(country):
    """Nothing says how many were whose before: those who were placed are counted."""
    split, closed = country.villages[:2]
    ordered("split", Part(split, name="和平社区"), Part(split, name="幸福社区"), on=DAY)
    ordered("close", Part(closed), on=DAY)
    parts = [OrgUnit.objects.with_path().get(name=name) for name in ("和平社区", "幸福社区")]
    clerk = a_post(country.townships[0])
    for unit, target in ((split, parts[0]), (closed, parts[1])):
        files = ChildFile.objects.filter(village=unit).values_list("pk", flat=True)
        place_children(list(files), target, by=fresh(clerk))
    end_of_the_month(country)
    report_october()
    assert explained() == []
    said = before_of(row_of(parts[1])).words
    assert said == f"上月还没有本单位，加上{ORDER}划入的{closed.short_name} 6 人，按 6 人比。"
    assert before_of(row_of(country.townships[0])).words == ""


def test_an_order_of_the_last_day_is_one_of_the_month(country):
    gone, stays = country.villages[:2]
    country.clock.move_to("2026-10-31T02:00:00Z")
    ordered("merge", Part(gone, target=stays), on=datetime.date(2026, 10, 31))
    end_of_the_month(country)
    assert (compared(gone), compared(stays)) == (0, 12)


def test_a_unit_whose_month_before_is_not_valid_is_compared_with_nothing(country):
    gone, stays = country.villages[:2]
    row = row_of(stays, SEPTEMBER)
    Submission.objects.filter(pk=row.pk).update(state="waived", approved=None)
    ordered("merge", Part(gone, target=stays), on=DAY)
    end_of_the_month(country)
    assert before_of(row_of(stays)).last.carried is None


def test_who_had_not_gone_by_the_end_of_the_month_is_not_carried_over(country):
    """An order of the last evening, whose job had placed two when the day ended."""
    gone, stays = country.villages[:2]
    country.clock.move_to("2026-10-31T15:59:00Z")
    ordered("merge", Part(gone, target=stays), on=datetime.date(2026, 10, 31), follow=False)
    place(gone, stays, a_post(country.townships[0]), of=2)
    country.clock.move_to("2026-10-31T16:01:00Z")
    let_children_follow()
    end_of_the_month(country)
    assert (compared(gone), compared(stays)) == (4, 8)
    report_october()
    assert explained() == []


def test_a_village_that_was_left_out_the_month_before_is_counted_where_it_went(country):
    gone, far = country.villages[0], country.villages[2]
    Submission.objects.filter(pk=row_of(gone, SEPTEMBER).pk).update(state="waived", approved=None)
    ordered("merge", Part(gone, target=far), on=DAY)
    end_of_the_month(country)
    assert compared(far) == 12


def place(unit: OrgUnit, target: OrgUnit, clerk, *, of: int | None = None) -> None:
    files = ChildFile.objects.filter(village=unit).order_by("pk").values_list("pk", flat=True)[:of]
    place_children(list(files), target, by=fresh(clerk))


def compared(unit: OrgUnit) -> int:
    return before_of(row_of(unit)).last.carried["registered"]


def test_who_was_placed_and_then_moved_with_a_station_is_followed_to_the_end(country):
    """Three orders after each other: closed and placed, split, and then the station to another county."""
    (township, _other), (stays, closed, *_others) = country.townships, country.villages
    clerk = a_post(township)
    ordered("close", Part(closed), on=DAY)
    place(closed, stays, clerk)
    country.clock.move_to("2026-10-15T02:00:00Z")
    ordered("move", Part(township, parent=country.other), on=datetime.date(2026, 10, 15))
    end_of_the_month(country)
    assert (compared(country.county), compared(country.other), compared(heir(stays))) == (12, 18, 12)
    report_october()
    assert explained() == []


def test_parts_of_a_split_village_are_followed_where_they_merge(country):
    (near, far), (split, _second, target, _last) = country.townships, country.villages
    ordered("split", Part(split, name="和平社区"), Part(split, name="幸福社区"), on=DAY)
    parts = [OrgUnit.objects.with_path().get(name=name) for name in ("和平社区", "幸福社区")]
    clerk = a_post(near)
    place(split, parts[0], clerk, of=2)
    place(split, parts[1], clerk)
    country.clock.move_to("2026-10-15T02:00:00Z")
    ordered("merge", Part(parts[1], target=target), on=datetime.date(2026, 10, 15), document="郑政文〔2026〕40号")
    end_of_the_month(country)
    assert (compared(near), compared(far), compared(parts[0])) == (8, 16, 2)
    assert "郑政文〔2026〕40号" in before_of(row_of(near)).words, "the order that took them out of the township"
    report_october()
    assert explained() == []


def test_a_village_that_took_over_and_was_split_itself_hands_on_both(country):
    clerk, (gone, split, *_others) = a_post(country.townships[0]), country.villages
    ordered("merge", Part(gone, target=split), on=DAY)
    country.clock.move_to("2026-10-15T02:00:00Z")
    ordered("split", Part(split, name="和平社区"), Part(split, name="幸福社区"), on=datetime.date(2026, 10, 15))
    parts = [OrgUnit.objects.with_path().get(name=name) for name in ("和平社区", "幸福社区")]
    place(split, parts[0], clerk, of=9)
    place(split, parts[1], clerk)
    end_of_the_month(country)
    assert (compared(parts[0]), compared(parts[1]), compared(split), compared(gone)) == (9, 3, 0, 0)
    report_october()
    assert explained() == []


def test_what_was_in_no_sum_of_the_month_before_is_taken_from_none(client):
    """The station was left out of September; in October it moved to another county."""
    with time_machine.travel("2026-10-01T02:00:00Z", tick=False) as clock:
        country = a_reporting_county(children=6)
        country.clock, other = clock, a_county(country.city)
        there = a_village(a_township(other))
        an_approved_file(there, on=SINCE)
        country.open(SEPTEMBER)
        township, kept = country.townships
        for village in (*country.villages, there):
            send(village, SEPTEMBER)
            pass_on(village, SEPTEMBER)
        row = row_of(township, SEPTEMBER)
        waive(row, by=a_post(country.county), seen_version=row.version, reason="收不齐")
        for unit in (kept, there.township, country.county, other, country.city):
            send(unit, SEPTEMBER)
            pass_on(unit, SEPTEMBER)
        clock.move_to("2026-10-12T02:00:00Z")
        ordered("move", Part(township, parent=other), on=DAY)
        end_of_the_month(country)
        assert before_of(row_of(country.county)).words == "", "those twelve were never in its twelve"
        assert (compared(country.county), compared(other)) == (12, 13)
