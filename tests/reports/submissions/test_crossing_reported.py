"""Reported figures crossed: counted from the sealed rosters, whatever became of the children since."""

import copy
import datetime

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse

from orgs.audit.models import Audit
from registry.child.models import ChildFile
from registry.closing.services import close_file
from reports.crossing.dimensions import BY_KEY, DIMENSIONS
from reports.crossing.reported import NotReported, rows_of
from reports.crossing.source import LiveRows
from reports.crossing.table import crossing_of
from reports.rollup.periods import Period
from reports.submissions.official import reported_of
from tests.builders import a_post, sign_in
from tests.reports.submissions.world import OCTOBER, a_reporting_county, pass_on, report_all, send

pytestmark = [pytest.mark.django_db, pytest.mark.both]
NOVEMBER_SECOND = "2026-11-02T04:00:00Z"


@pytest.fixture(scope="module")
def reported_month(shared_world):
    with time_machine.travel(NOVEMBER_SECOND, tick=False):
        country = a_reporting_county(3)
        ChildFile.objects.filter(village=country.villages[0]).update(sex="male")
        country.open()
        report_all(country)
        return country


@pytest.fixture
def country(reported_month):
    with time_machine.travel(NOVEMBER_SECOND, tick=False):
        yield copy.deepcopy(reported_month)


def table(source, rows="sex", columns="visit"):
    return crossing_of(source, BY_KEY[rows], BY_KEY[columns])


def test_what_was_reported_is_crossed_as_it_was_counted(country):
    for unit in (country.county, country.townships[0], country.villages[0]):
        month = Period.of(OCTOBER)
        reported, live = rows_of(unit, month, official=True), LiveRows(unit, month)
        figures = reported_of(unit, OCTOBER).numbers
        for rows, columns in zip(DIMENSIONS, [*DIMENSIONS[1:], DIMENSIONS[0]], strict=True):
            found = table(reported, rows.key, columns.key)
            assert found.numbers == table(live, rows.key, columns.key).numbers, (unit, rows.key)
            assert found.number() == figures["registered"] > 0


def test_it_stays_when_a_child_leaves_and_says_who_it_was(country, client):
    child = ChildFile.objects.filter(village=country.villages[0]).first()
    clerk = a_post(child.township)
    close_file(child, by=clerk, seen_version=child.version, reason="moved", on=datetime.date(2026, 10, 20))
    sign_in(client, a_post(country.county))
    asked = {"unit": country.county.uid, "period": OCTOBER, "rows": "sex", "columns": "visit", "cells": "all:all"}
    shown = client.get(reverse("crossing"), asked | {"as": "official"})
    assert shown.context["page"].count == 12 and child.name in shown.text
    assert reported_of(country.county, OCTOBER).short_hash in shown.text
    assert all("as=official" in cell.url for line in shown.context["lines"] for cell in line.cells if cell.url)
    assert Audit.objects.filter(action="list_children").exists()
    csv = client.get(shown.context["csv_url"]).content.decode()
    assert reported_of(country.county, OCTOBER).hash in csv
    api = client.get("/api/v1/figures/", {name: asked[name] for name in asked if name != "cells"} | {"as": "official"})
    assert api.json()["all"]["total"] == 12 and api.json()["snapshot"] == reported_of(country.county, OCTOBER).hash


def test_where_nothing_is_valid_it_says_so_and_shows_what_is_live(country, client):
    month = Period.of("2026-11")
    with pytest.raises(NotReported):
        rows_of(country.county, month, official=True)
    sign_in(client, a_post(country.city))  # its own sheet is not sent yet
    shown = client.get(reverse("crossing"), {"period": OCTOBER, "as": "official"})
    assert "还没有审核通过的上报数" in shown.text and "下面是实时数" in shown.text and not shown.context["official"]
    assert client.get(reverse("crossing-csv"), {"period": OCTOBER, "as": "official"}).status_code == 404
    asked = {"period": OCTOBER, "rows": "sex", "columns": "age", "as": "official"}
    refused = client.get("/api/v1/figures/", asked)
    assert refused.status_code == 400 and list(refused.json()) == ["as"]
    assert "还没有审核" in refused.json()["as"][0] and "下面" not in refused.json()["as"][0], "nothing is below"


def test_a_city_adds_up_what_its_counties_reported_opens_no_roster_twice_and_lists_a_county_at_a_time(
    country, client, monkeypatch
):
    cache.clear()
    send(country.city)
    pass_on(country.city)
    month = Period.of(OCTOBER)
    city, county = rows_of(country.city, month, official=True), rows_of(country.county, month, official=True)
    for rows, columns in zip(DIMENSIONS, [*DIMENSIONS[1:], DIMENSIONS[0]], strict=True):
        assert table(city, rows.key, columns.key).numbers == table(county, rows.key, columns.key).numbers
    sign_in(client, a_post(country.city))
    asked = {"period": OCTOBER, "rows": "sex", "columns": "visit", "cells": "all:all", "as": "official"}
    shown = client.get(reverse("crossing"), asked)
    number = table(county).number()
    assert shown.context["official"] and shown.context["page"].count == number > 0
    assert not shown.context["people"] and "点下面的单位" in shown.text
    (place,) = shown.context["places"]
    assert place.count == number and "as=official" in place.url and str(country.county.uid) in place.url
    child = ChildFile.objects.filter(village=country.villages[0]).first()
    assert child.name not in shown.text and client.get(place.url).context["people"], "there they are, masked"
    api = client.get("/api/v1/figures/", {name: asked[name] for name in asked if name != "cells"}).json()
    assert api["all"]["total"] == 12 and api["snapshot"] == reported_of(country.city, OCTOBER).hash
    monkeypatch.setattr("reports.crossing.reported.open_roster", None)
    assert client.get(reverse("crossing"), asked).context["page"].count == number, "kept under the hash of the sheet"


def test_the_api_gives_what_each_unit_reported(country, client, django_assert_max_num_queries):
    sign_in(client, a_post(country.county))
    with django_assert_max_num_queries(12):
        told = client.get("/api/v1/figures/", {"period": OCTOBER, "as": "official"}).json()
    assert [row["name"] for row in told["results"]] == [unit.name for unit in (country.county, *country.townships)]
    for row, unit in zip(told["results"], (country.county, *country.townships), strict=True):
        snapshot = reported_of(unit, OCTOBER)
        assert row["snapshot"] == snapshot.hash and row["values"] == snapshot.numbers
        assert row["as_of"] == "2026-10-31" and row["recounting"] is False
    assert client.get("/api/v1/figures/", {"as": "official"}).json()["results"] == []
    quarter = client.get("/api/v1/figures/", {"period": "2026Q3", "as": "official"})
    assert quarter.status_code == 400 and list(quarter.json()) == ["period"]
    live = client.get("/api/v1/figures/", {"period": OCTOBER}).json()["results"]
    assert {row["snapshot"] for row in live} <= {None}
