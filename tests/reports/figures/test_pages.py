"""Pages and API of the figures: who sees what, and that dashboard, list and API say the same."""

import csv
import datetime
import io

import openpyxl
import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse

from childwelfare.jobs import services as jobs
from childwelfare.jobs.models import Job
from orgs.audit.models import Audit
from orgs.posts.services import end_appointment
from reports.exports.excel.summary import write_summary
from reports.figures.queries import table_of
from reports.indicators.table import INDICATORS
from reports.indicators.templates import SUMMARY
from reports.rollup.models import Figure
from reports.rollup.periods import Period
from tests.builders import a_post, a_village, sign_in
from tests.reports.world import a_country
from tests.roles import ROLES, roles_without

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2026, 11, 15, 4, tzinfo=datetime.UTC)


@pytest.fixture(scope="module")
def counted(shared_world):
    with time_machine.travel(NOON, tick=False):
        country = a_country()
        for place, name in ((0, "张子涵"), (0, "欧阳小雨"), (1, "李思远"), (4, "郭佳怡")):
            child = country.child(place, name=name, sex="female" if place else "male")
            country.category(child, "left_behind", datetime.date(2026, 1, 1))
            country.due(child, datetime.date(2026, 11, 10))
        call_command("rollup", months=2)
    return country


@pytest.fixture
def country(counted):
    with time_machine.travel(NOON, tick=False):
        yield counted


def page(client, unit, indicator="", **query):
    args = [unit.uid, *([indicator] if indicator else [])]
    return client.get(reverse("figure-list" if indicator else "figure-unit", args=args), query)


@pytest.mark.parametrize("tier", ["city", "county", "township", "village"])
def test_every_tier_sees_its_figures_within_ten_queries(client, country, tier, django_assert_max_num_queries):
    village = country.villages[0]
    sign_in(client, a_post(getattr(village, tier)))
    with django_assert_max_num_queries(10):
        shown = client.get(reverse("figure-home"))
    assert shown.status_code == 200 and "信息汇总表" in shown.text and "截至 11月15日" in shown.text


def test_it_drills_from_the_city_to_the_names_of_a_village(client, country):
    village = country.villages[0]
    sign_in(client, a_post(village.county))
    for above, below in ((village.county, village.township), (village.township, village)):
        assert f"/figures/{below.uid}/" in page(client, above).text
    assert f"/figures/{village.uid}/registered/?period=2026-11" in page(client, village).text
    shown = page(client, village, "registered")
    assert "张子涵" in shown.text and "欧阳小雨" in shown.text and "李思远" not in shown.text


def test_dashboard_list_and_api_say_the_same(client, country):
    """D25, but for Excel: every figure of every unit that the county shows."""
    county = country.county
    sign_in(client, a_post(county))
    rows = client.get("/api/v1/figures/", {"period": "2026-11"}).json()["results"]
    assert [row["level"] for row in rows] == [2, 3, 3]
    stored = Figure.objects.get(unit=county, period="2026-11").numbers
    assert rows[0]["values"] == stored and list(rows[0]["values"]) == [each.key for each in INDICATORS]
    for indicator in INDICATORS:
        number = stored[indicator.key]
        shown = page(client, county, indicator.key)
        assert shown.context["count"] == number == len(shown.context["page"].rows)


def test_the_city_reads_masked_rows_without_a_way_into_a_file(client, country):
    sign_in(client, a_post(country.city))
    shown = page(client, country.villages[0], "left_behind").text
    assert "张**" in shown and "欧***" in shown
    assert "张子涵" not in shown and "/children/" not in shown.partition("<table")[2].partition("</table>")[0]


@pytest.mark.parametrize("tier", ["city", "county"])
def test_a_list_costs_few_queries_and_leaves_a_trace(client, country, tier, django_assert_max_num_queries):
    unit = getattr(country.villages[0], tier)
    sign_in(client, a_post(unit))
    with django_assert_max_num_queries(10):  # six to read, four to write the trace in a transaction of its own
        page(client, unit, "visits_overdue")
    trace = Audit.objects.get(action="list_children")
    assert trace.unit == unit and '"indicator": "visits_overdue"' in trace.data and "张" not in trace.data


def test_what_lies_outside_is_not_there(client, country):
    sign_in(client, a_post(country.villages[0].township))
    for unit in (country.city, country.county, country.villages[4], a_village()):
        assert page(client, unit).status_code == 404
        assert page(client, unit, "registered").status_code == 404
        assert client.get("/api/v1/figures/", {"unit": unit.uid}).status_code == 404
        assert client.post(reverse("figure-recount", args=[unit.uid])).status_code == 404


def test_an_unknown_figure_is_not_there(client, country):
    sign_in(client, a_post(country.county))
    assert page(client, country.county, "nothing").status_code == 404


@pytest.mark.parametrize("period", ["2026-13", "soon", "2027-01", "2026-11' OR 1=1", "１２"])
def test_a_period_that_cannot_be_gives_this_month_and_says_so(client, country, period):
    sign_in(client, a_post(country.county))
    shown = page(client, country.county, period=period)
    assert shown.status_code == 200 and shown.context["period"].key == "2026-11" and shown.context["messages"]
    assert client.get("/api/v1/figures/", {"period": period}).status_code == 400


def test_a_month_that_was_never_counted_says_so_instead_of_zeros(client, country):
    sign_in(client, a_post(country.county))
    shown = page(client, country.county, period="2025-12")
    assert "2025年12月还没有统计" in shown.text and not shown.context["counted"]


def test_a_write_shows_as_being_counted_anew(client, country):
    from orgs.stale_figures.services import mark_figures_stale

    sign_in(client, a_post(country.county))
    assert "正在重新统计" not in page(client, country.county).text
    mark_figures_stale(country.county.pk)
    assert "正在重新统计" in page(client, country.county).text


def test_a_recount_runs_beside_the_page_and_shows_its_progress(client, country):
    country.child(0)
    sign_in(client, a_post(country.city))
    answer = client.post(reverse("figure-recount", args=[country.city.uid]), {"period": "2026-11"})
    job = Job.objects.get(kind="rollup")
    assert str(job.pk) in answer["Location"]
    shown = client.get(answer["Location"]).text
    assert "排队中" in shown and reverse("figure-job", args=[job.pk]) in shown
    assert jobs.run(job.pk)
    done = client.get(reverse("figure-job", args=[job.pk]))
    assert done["HX-Refresh"] == "true" and "已完成" in done.text
    assert Figure.objects.get(unit=country.city, period="2026-11")
    assert page(client, country.city).context["figures"]["registered"] == 5
    sign_in(client, a_post(country.city))
    assert client.get(reverse("figure-job", args=[job.pk])).status_code == 404  # another post's


def test_an_ended_post_sees_no_figures(client, country):
    post = a_post(country.county)
    sign_in(client, post)
    end_appointment(post)
    assert page(client, country.county).status_code == 302
    assert client.get("/api/v1/figures/").status_code in (401, 403)


@pytest.mark.parametrize("role", roles_without("view_figures"))
def test_who_may_not_see_figures_is_told(client, country, role):
    sign_in(client, a_post(getattr(country.villages[0], ROLES[role]), role))
    assert client.get(reverse("figure-home")).status_code == 403
    assert page(client, country.city, "registered").status_code == 403
    assert client.get("/api/v1/figures/").status_code == 403


def test_long_lists_are_paged_without_loss(client, country):
    for _ in range(60):
        country.child(0)
    sign_in(client, a_post(country.villages[0]))
    first = page(client, country.villages[0], "registered")
    older = first.context["page"].older
    second = page(client, country.villages[0], "registered", page=older)
    seen = [entry["pk"] for shown in (first, second) for entry in shown.context["page"].rows]
    assert len(seen) == len(set(seen)) == first.context["count"] == 62


def test_a_broken_relation_is_boxed_and_told(client, country):
    figure = Figure.objects.get(unit=country.villages[0].township, period="2026-11")
    figure.numbers["sex_male"] += 1
    figure.save()
    sign_in(client, a_post(country.county))
    shown = page(client, country.county).text
    assert "cell-bad" in shown and "1 处不平" in shown and f"{country.villages[0].township.short_name}差 1" in shown


def test_what_was_not_counted_then_is_a_dash_and_never_a_zero(client, country):
    """A row from before an indicator was declared: page, API, CSV and Excel say that it is missing."""
    for figure in Figure.objects.filter(period="2026-11"):
        for key in ("risk_high", "sex_male", "visits_done"):
            del figure.numbers[key]
        figure.save()
    sign_in(client, a_post(country.county))
    shown = page(client, country.county)
    cells = {each.key: cell for each, cell in zip(SUMMARY.indicators, shown.context["total"], strict=True)}
    assert cells["risk_high"] == {"number": "—", "url": "", "bad": False, "first": False}
    assert "cell-bad" not in shown.text  # a relation with a missing column is not called broken
    assert {card["value"] for card in shown.context["cards"] if card["label"] == "高风险"} == {"—"}
    values = client.get("/api/v1/figures/", {"period": "2026-11"}).json()["results"][0]["values"]
    assert values["risk_high"] is None and values["registered"] == 3
    column = SUMMARY.columns.index("risk_high") + 1
    answer = client.get(f"/figures/{country.county.uid}/table.csv", {"period": "2026-11"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {row[column] for row in rows[1:]} == {""} and rows[-1][1] == "3"
    sheet = io.BytesIO()
    table = table_of(country.county, "2026-11")
    write_summary(sheet, unit=country.county, period=Period.of(), table=table, day=Period.of().as_of, person="周敏")
    printed = openpyxl.load_workbook(sheet, data_only=True).active
    assert printed.cell(5 + len(table), column + 2).value == "—"
