"""Units that change: what was reported keeps the names of then, and nobody waits for a unit that has gone."""

import datetime
import io

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from openpyxl import load_workbook

from childwelfare.jobs import services as jobs
from childwelfare.jobs.models import Job
from childwelfare.workflow.refusals import Refused
from orgs.inbox.models import Message
from orgs.inbox.reminders import remind_all
from orgs.posts.models import Appointment
from orgs.reorganisation.preview import preview_of
from orgs.reorganisation.rules import Part
from orgs.units.models import OrgUnit
from reports.exports.kinds import REPORTED, SUMMARY
from reports.exports.services import order_export, read_export
from reports.submissions.locking import lock_in_time
from reports.submissions.models import Submission
from reports.submissions.official import differences
from reports.submissions.services import look_at, send_back, withdraw
from reports.submissions.sheets import sheet_of
from reports.submissions.views import current_of
from reports.submissions.workbench import month_to_report, to_decide, to_send
from tests.builders import a_county, a_post, a_township, a_village, fresh, sign_in
from tests.orgs.reorganisation.world import heir, let_children_follow, ordered
from tests.reports.submissions.world import NOVEMBER, OCTOBER, a_reporting_county, pass_on, report_all, row_of, send

pytestmark = pytest.mark.django_db
NEW = "新高街道"
DAY = datetime.date(2026, 11, 5)


def printed(unit: OrgUnit) -> list:
    """Every cell of the sheet as it was reported."""
    post = fresh(a_post(unit))
    record = order_export(by=post, kind=SUMMARY, unit=unit.uid, period=OCTOBER, source=REPORTED)
    jobs.run(record.pk)
    content = read_export(Job.objects.get(pk=record.pk), by=post)[0]
    return [cell.value for row in load_workbook(io.BytesIO(content)).worksheets[0].iter_rows() for cell in row]


def test_what_was_reported_keeps_the_names_of_then_on_paper_on_pages_and_over_the_api(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(datetime.datetime(2026, 11, 2, 1, tzinfo=datetime.UTC), tick=False) as clock:
        country = a_reporting_county(children=1)
        country.open()
        township, county, old = country.townships[0], country.county, country.townships[0].name
        for unit in (*country.villages, *country.townships, county):
            send(unit)
            pass_on(unit)
        before = printed(county)
        clock.move_to(datetime.datetime(2026, 11, 5, 1, tzinfo=datetime.UTC))
        ordered("rename", Part(township, name=NEW), on=DAY)
        assert OrgUnit.objects.get(pk=township.pk).name == NEW
        assert printed(county) == before, "reprinted cell for cell"
        sent = send(country.city).current.told  # signed after the renaming, of a month before it
        assert [each["name"] for each in sent["parts"]] == [county.name]
        assert row_of(county).approved.told["parts"][0]["name"] in (old, country.townships[1].name)
        sign_in(client, a_post(county))
        for address in (
            reverse("submission-detail", args=[row_of(county).pk]),
            reverse("submission-detail", args=[row_of(township).pk]),
            f"/figures/{county.uid}/?period={OCTOBER}&as=official",
            f"/figures/{township.uid}/registered/?period={OCTOBER}&as=official",
            f"/api/v1/submissions/?below={county.uid}&period={OCTOBER}",
            f"/api/v1/figures/?unit={county.uid}&period={OCTOBER}&as=official",
            f"/figures/{township.uid}/late/?period={OCTOBER}",
            f"/api/v1/figures/?unit={township.uid}&period={OCTOBER}&as=official&rows=sex&columns=visit",
        ):
            page = client.get(address).text
            assert township.short_name in page and NEW not in page, address
        call_command("verify_chain")


def test_a_sheet_that_is_signed_after_a_renaming_says_what_the_unit_was_called_in_its_month():
    with time_machine.travel(datetime.datetime(2026, 11, 2, 1, tzinfo=datetime.UTC), tick=False) as clock:
        country = a_reporting_county(children=1)
        country.open()
        township, old = country.townships[0], country.townships[0].name
        clock.move_to(datetime.datetime(2026, 11, 5, 1, tzinfo=datetime.UTC))
        ordered("rename", Part(township, name=NEW), on=DAY)
        for unit in country.villages[:2]:
            send(unit)
            pass_on(unit)
        told = send(township).current.told
        assert told["unit"]["name"] == old and told["unit"]["path"][-1] == old
        assert old in str(row_of(township).unit_then.path_label)


@pytest.mark.both
@pytest.mark.parametrize(("day", "opened_before"), [(1, True), (15, False), (31, True)])
def test_the_month_of_a_merger_counts_who_was_there_before_it(client, day, opened_before):
    """期初 is what was reported of the month before, and what the county signs is what its figures page counts; the
    director who took over sends both villages' sheets."""
    with time_machine.travel(datetime.datetime(2026, 10, 1, 2, tzinfo=datetime.UTC), tick=False) as clock:
        country = a_reporting_county(children=2)
        county, township, (gone, stays, *_others) = country.county, country.townships[0], country.villages
        director = a_post(stays)
        country.open("2026-09")
        report_all(country, "2026-09")
        clock.move_to(datetime.datetime(2026, 10, day, 2, tzinfo=datetime.UTC))
        if opened_before:
            country.open()
        ordered("merge", Part(gone, target=stays), on=datetime.date(2026, 10, day), follow=False)
        clock.shift(datetime.timedelta(hours=8))  # that evening
        let_children_follow()
        clock.move_to(datetime.datetime(2026, 11, 1, 2, tzinfo=datetime.UTC))
        country.open()
        assert {row.unit_id for row in to_send(fresh(director))} == {gone.pk, stays.pk}
        notice = month_to_report(fresh(director))
        assert stays.short_name not in str(notice.text) and gone.short_name not in str(notice.text), "its own first"
        sign_in(client, director)
        page = client.get(reverse("submission-home")).text
        assert page.count(f"/ledger/{row_of(gone).pk}/") == 1, "beside its own"
        assert page.count(f"/ledger/{row_of(gone, '2026-09').pk}/") == 0, "its own months are its own"
        assert f"由{stays.path_label}接续" in client.get(f"/ledger/{row_of(gone).pk}/").text
        for unit in (stays, gone):
            send(unit, by=director)
        assert month_to_report(fresh(director)) is None
        sheet = row_of(gone).current.numbers
        assert [sheet[key] for key in ("before", "joined", "left", "registered")] == [2, 0, 2, 0]
        assert row_of(gone) in to_decide(fresh(a_post(township)))
        for unit in (gone, stays):
            pass_on(unit)
        for unit in (*country.villages[2:], *country.townships):
            send(unit)
            pass_on(unit)
        signed = send(county)
        assert signed.current.told["explanations"] == {}, "nothing to explain"
        assert [signed.current.numbers[key] for key in ("before", "joined", "left", "registered")] == [8, 2, 2, 8]
        assert differences(county, signed.period.month, signed.current.numbers) == []
        call_command("verify_chain")


def test_a_village_that_opens_on_the_last_day_is_in_the_sum():
    with time_machine.travel(datetime.datetime(2026, 10, 31, 2, tzinfo=datetime.UTC), tick=False) as clock:
        country = a_reporting_county(children=2)
        country.open()
        gone = [Part(each, name="和平社区") for each in country.villages[:2]]
        ordered("merge", *gone, on=datetime.date(2026, 10, 31))
        clock.move_to(datetime.datetime(2026, 11, 1, 2, tzinfo=datetime.UTC))
        country.open()
        report_all(country)
        row = row_of(country.county)
        assert row.approved.numbers["registered"] == 8
        assert row_of(OrgUnit.objects.get(name="和平社区")).approved.numbers["registered"] == 4


def test_who_took_over_on_the_first_sends_the_months_before_and_is_told_of_their_last_day(client):
    """A station becomes another one below another county: the people of the new one send and decide what was left."""
    with time_machine.travel(datetime.datetime(2026, 10, 31, 2, tzinfo=datetime.UTC), tick=False) as clock:
        country = a_reporting_county(children=1)
        other = a_county(country.city)
        township, village = country.townships[0], country.villages[0]
        director, clerk = a_post(village), a_post(township)
        country.open()
        clock.move_to(datetime.datetime(2026, 11, 1, 2, tzinfo=datetime.UTC))
        ordered("move", Part(township, parent=other), on=datetime.date(2026, 11, 1))
        now, below = heir(township), heir(village)
        director, clerk = (Appointment.objects.current().get(person=post.person) for post in (director, clerk))
        assert (director.unit, clerk.unit) == (below, now)
        assert row_of(village) in to_send(fresh(director))
        assert village.short_name in str(month_to_report(fresh(director)).text)
        assert current_of(fresh(director)) == row_of(village)
        clock.move_to(datetime.datetime(2026, 11, 2, 2, tzinfo=datetime.UTC))
        remind_all()
        told = Message.objects.filter(kind="ledger_due").values_list("recipient", flat=True)
        assert {director.pk, clerk.pk} <= set(told)
        sign_in(client, director)
        page = client.get(f"/ledger/{row_of(village).pk}/").text
        assert f"由{below.path_label}接续" in page, "told apart from what bears the same name"
        sign_in(client, clerk)
        page = client.get(f"/ledger/{row_of(village).pk}/").text
        assert f"/ledger/{row_of(township).pk}/" in page, "the way back to the sum"
        send(village, by=director)
        assert row_of(village) in to_decide(fresh(clerk))
        pass_on(village, by=clerk)
        Appointment.objects.filter(unit=heir(country.villages[1])).update(valid_to=datetime.date(2026, 11, 2))
        vacant = send(country.villages[1], by=clerk)
        assert vacant not in to_decide(fresh(clerk)) and vacant in to_decide(fresh(a_post(now))), "not her own work"
        assert vacant in to_decide(fresh(a_post(country.county))), "the next above, where there is no colleague"
        pass_on(country.villages[1], by=a_post(country.county))
        assert row_of(township) in to_send(fresh(clerk))
        send(township, by=clerk)
        assert row_of(township) in to_decide(fresh(a_post(country.county))), "the county of then"
        assert row_of(township) not in to_decide(fresh(a_post(other)))


def test_what_a_station_sent_for_a_vacant_village_before_it_moved_is_decided_and_returned():
    """By the county of then, and who sent it is told where her post is now."""
    with time_machine.travel(datetime.datetime(2026, 11, 1, 2, tzinfo=datetime.UTC), tick=False) as clock:
        country = a_reporting_county(children=1)
        other, (township, *_more), village = a_county(country.city), country.townships, country.villages[0]
        clerk, officer = a_post(township), a_post(country.county)
        Appointment.objects.filter(unit=village).update(valid_to=datetime.date(2026, 11, 1))
        country.open()
        look_at(send(village, by=clerk), fresh(officer))
        clock.move_to(datetime.datetime(2026, 11, 2, 2, tzinfo=datetime.UTC))
        ordered("move", Part(township, parent=other), on=datetime.date(2026, 11, 2))
        row = row_of(village)
        assert row in to_decide(fresh(officer))
        send_back(row, by=fresh(officer), seen_version=row.version, reason="少一户")
        now = Appointment.objects.current().get(person=clerk.person)
        assert now.unit == heir(township)
        assert Message.objects.filter(kind="ledger_returned", recipient=now).exists()
        assert row_of(village) in to_send(fresh(now))


def test_what_is_sent_after_a_merger_says_who_has_it_before_it(client):
    """The station that took over, not the one that closed."""
    with time_machine.travel(datetime.datetime(2026, 10, 31, 2, tzinfo=datetime.UTC), tick=False) as clock:
        country = a_reporting_county(children=1)
        (closed, stays), village = country.townships, country.villages[0]
        director = a_post(village)
        country.open()
        clock.move_to(datetime.datetime(2026, 11, 1, 2, tzinfo=datetime.UTC))
        ordered("merge", Part(closed, target=stays), on=datetime.date(2026, 11, 1))
        director = Appointment.objects.current().get(person=director.person)
        sign_in(client, director)
        row = row_of(village)
        page = client.get(f"/ledger/{row.pk}/").text
        assert f"上报{stays.centre_name}" in page and closed.centre_name not in page
        asked = {"version": row.version, "seen": sheet_of(row).seen}
        page = client.post(f"/ledger/{row.pk}/submit/", asked, follow=True).text
        assert f"已送到{stays.centre_name}" in page


def test_the_villages_of_a_vacant_station_are_approved_together_by_its_county(client):
    with time_machine.travel(datetime.datetime(2026, 11, 2, 1, tzinfo=datetime.UTC), tick=False):
        country = a_reporting_county(children=1)
        station, villages = country.townships[0], country.villages[:2]
        country.open()
        for village in villages:
            send(village)
        Appointment.objects.filter(unit=station).update(valid_to=datetime.date(2026, 11, 2))
        officer = a_post(country.county)
        a_post(country.city)
        sign_in(client, officer)
        address = f"/ledger/{row_of(station).pk}/"
        ticked = [f"{row.pk}:{row.version}:{row.current.hash}" for row in map(row_of, villages)]
        page = client.get(address).text
        assert all(f'value="{each}"' in page for each in ticked)
        page = client.post(f"{address}approve-many/", {"approve": ticked}, follow=True).text
        assert "已通过 2 个单位的上报" in page
        assert {row_of(village).state for village in villages} == {"approved"}
        assert f"上报{country.city.centre_name}" in client.get(address).text, "who decides it, not who sends it"
        send(country.villages[2])
        a_post(country.townships[1])
        other = client.get(f"/ledger/{row_of(country.townships[1]).pk}/").text
        assert "approve-many" not in other, "a station with people does so itself"


def test_an_order_counts_as_reported_what_stands_as_sent_and_names_what_is_still_owed():
    """A sheet that came back, or was withdrawn, is not reported."""
    with time_machine.travel(datetime.datetime(2026, 11, 2, 1, tzinfo=datetime.UTC), tick=False):
        country = a_reporting_county(children=1)
        country.open()
        returned, withdrawn, sent, passed = country.villages
        rows = [send(unit) for unit in country.villages]
        send_back(row_of(returned), by=a_post(returned.township), seen_version=2, reason="少一户")
        withdraw(row_of(withdrawn), by=fresh(rows[1].made_in), seen_version=2)
        pass_on(passed)
        counts = dict(preview_of("close", [Part(unit) for unit in country.villages]).counts)
        assert counts["已报过的月份（份数），原样保留"] == 2
        assert counts["没有报或退回要重报的月份（份数），还要报"] == 2
        lock_in_time(row_of(sent).period)
        counts = dict(preview_of("close", [Part(unit) for unit in country.villages]).counts)
        assert counts["没有报或退回要重报的月份（份数），还要报"] == 0, "after the lock it is supplied by an amendment"


@pytest.mark.both
def test_a_station_whose_villages_all_went_by_orders_is_not_waited_for(client):
    """In the month of the orders it still sums up whom its villages had; from the next on it reports nothing, its page
    says why, and what lies above goes on without it. One that never had a unit below is told to have it set up."""
    with time_machine.travel(datetime.datetime(2026, 11, 2, 1, tzinfo=datetime.UTC), tick=False) as clock:
        country = a_reporting_county(children=2)
        county, (left, stays), villages = country.county, country.townships, country.villages
        beside = a_county(country.city)
        hamlet = a_village(a_township(beside))
        clerk = a_post(left)
        country.open()
        report_all(country)
        clock.move_to(datetime.datetime(2026, 11, 28, 1, tzinfo=datetime.UTC))
        ordered("move", Part(villages[0], parent=stays), on=datetime.date(2026, 11, 28))
        ordered("merge", Part(villages[1], target=villages[2]), on=datetime.date(2026, 11, 28))
        november = country.open(NOVEMBER)
        assert november.submissions.filter(unit__in=[beside.pk, hamlet.township_id, hamlet.pk]).count() == 3
        clock.move_to(datetime.datetime(2026, 11, 29, 1, tzinfo=datetime.UTC))
        ordered("close", Part(hamlet), on=datetime.date(2026, 11, 29))
        expected = set(november.submissions.values_list("unit", flat=True))
        assert not expected & {beside.pk, hamlet.township_id, hamlet.pk}, "nothing counted, so nothing to sum up"
        assert expected >= {left.pk, villages[0].pk, villages[1].pk}
        clock.move_to(datetime.datetime(2026, 12, 2, 1, tzinfo=datetime.UTC))
        report_all(country, NOVEMBER)
        assert row_of(left, NOVEMBER).approved.numbers["registered"] == 0
        clock.move_to(datetime.datetime(2027, 1, 4, 1, tzinfo=datetime.UTC))
        december = country.open("2026-12")
        assert set(december.submissions.filter(unit__level=3).values_list("unit", flat=True)) == {stays.pk}
        sign_in(client, clerk)
        for address in ("/ledger/", "/ledger/?period=2026-12"):
            page = client.get(address).text
            assert "2026年12月不用上报" in page and f"机构调整后，{left.short_name}下面没有村（居）了" in page
            assert "看2026年11月的月报" in page and f'href="/ledger/{row_of(left, NOVEMBER).pk}/"' in page
        assert client.get(f"/figures/{left.uid}/?period=2026-12&as=official").status_code == 200
        assert month_to_report(fresh(clerk)) is None
        send(villages[3], "2026-12")
        pass_on(villages[3], "2026-12")
        above, day = row_of(county, "2026-12"), december.deadlines.of_level(3)
        Submission.objects.create(period=december, unit=left, above=county, parent=above, due_on=day)
        country.open("2026-12")
        assert not december.submissions.filter(unit=left).exists(), (
            "nor where it was expected before, though others sent"
        )
        report_all(country, "2026-12")
        sheet = row_of(county, "2026-12").approved
        assert [sheet.numbers[key] for key in ("before", "joined", "left", "registered")] == [8, 0, 0, 8]
        assert sheet.told["explanations"] == {} and differences(county, december.month, sheet.numbers) == []
        assert send(country.city, "2026-12").current.numbers["registered"] == 8
        sign_in(client, a_post(county))
        page = client.get(f"/ledger/{row_of(county, '2026-12').pk}/").context["page"]
        assert [row.submission.unit for row in page.rows] == [stays]
        call_command("verify_chain")
        clock.move_to(datetime.datetime(2027, 1, 28, 1, tzinfo=datetime.UTC))
        never = a_county(country.city)
        assert not country.open("2027-01").submissions.filter(unit=left).exists()
        ordered("open", Part(parent=left, name="向阳新村"), on=datetime.date(2027, 1, 28))
        built = OrgUnit.objects.get(name="向阳新村")
        assert row_of(built, "2027-01").parent == row_of(left, "2027-01"), "expected again"
        clock.move_to(datetime.datetime(2027, 2, 2, 1, tzinfo=datetime.UTC))
        with pytest.raises(Refused, match="下面没有单位，没有可以汇总的数；请先由市级建立下级单位"):
            send(never, "2027-01")
