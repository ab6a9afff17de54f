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
from orgs.reorganisation.rules import Part
from orgs.units.models import OrgUnit
from reports.exports.kinds import REPORTED, SUMMARY
from reports.exports.services import order_export, read_export
from reports.submissions.models import Submission
from tests.builders import a_post, fresh, sign_in
from tests.orgs.reorganisation.world import let_children_follow, ordered
from tests.reports.submissions.world import OCTOBER, a_reporting_county, pass_on, row_of, send

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


def test_a_village_that_is_merged_on_the_last_day_of_the_month_is_not_waited_for():
    """Its children are placed after the order; the night after, who has gone leaves, until somebody has reported."""
    last_evening = datetime.datetime(2026, 10, 31, 10, tzinfo=datetime.UTC)
    with time_machine.travel(last_evening, tick=False) as clock:
        country = a_reporting_county(children=1)
        country.open()
        gone, stays = country.villages[:2]
        ordered("merge", Part(gone, target=stays), on=last_evening.date(), follow=False)
        let_children_follow()
        clock.shift(datetime.timedelta(days=1))
        country.open()
        assert not Submission.objects.filter(unit=gone).exists()
        assert row_of(stays).unit == stays
        for unit in (*country.villages[1:], *country.townships):
            send(unit)
            pass_on(unit)
        assert send(country.county).current.numbers["registered"] == 4
        assert row_of(country.townships[0]).approved.numbers["registered"] == 2
