"""Who asks what: page, list, CSV and API say the same, to each what is its own, and every list leaves a trace."""

import csv
import io
import json
from html import unescape

import pytest
import time_machine
from django.urls import reverse

from orgs.audit.models import Audit
from orgs.audit.presentation import _known_words
from reports.crossing.dimensions import DIMENSIONS
from tests.builders import a_post, a_village, sign_in
from tests.reports.crossing.world import NOON, a_mixed_country
from tests.roles import ROLES, roles_without

pytestmark = pytest.mark.django_db
UNVISITED = "left_behind:due,left_behind:overdue"


@pytest.fixture(scope="module")
def mixed(shared_world):
    with time_machine.travel(NOON, tick=False):
        country = a_mixed_country()
        country.director.person.name, country.director.person.phone = "马海霞", "0371-5550 1177"
        country.director.person.save()
        country.officer = a_post(country.county)
        country.officer.person.name, country.officer.person.phone = "张红梅", "0371-5550 0002"
        country.officer.person.save()
    return country


@pytest.fixture
def country(mixed):
    with time_machine.travel(NOON, tick=False):
        yield mixed


def page(client, **query):
    return client.get(reverse("crossing"), query)


def test_the_county_reads_names_and_calls_the_director(client, country, django_assert_max_num_queries):
    sign_in(client, a_post(country.county))
    shown = page(client)
    assert shown.status_code == 200 and "点一格" in shown.text and not Audit.objects.filter(action="list_children")
    with django_assert_max_num_queries(22):
        shown = page(client, cells=UNVISITED)
    count = shown.context["page"].count
    assert f'留守儿童 · 未走访 <span class="tone-brand">{count}</span> 人' in shown.text
    person = shown.context["people"][0]["listed"]
    assert reverse("child-file", args=[person.child.pk]) in shown.text and "逾期 5 天" in shown.text
    here = country.villages[0]
    shown = page(client, unit=here.uid, cells="all:all")
    assert "马海霞" in shown.text and 'href="tel:0371-5550 1177"' in shown.text
    vacant = page(client, unit=country.villages[1].uid, cells="all:all")
    assert "主任空缺" in vacant.text
    trace = Audit.objects.filter(action="list_children").first()
    assert json.loads(trace.data)["cells"] == f"category.visit.{UNVISITED}" and "张子涵" not in trace.data
    assert _known_words("cells", f"category.visit.{UNVISITED}") == "留守儿童 · 未走访"
    assert _known_words("cells", "category.visit.gone:x") == ""


def test_the_city_reads_masked_rows_and_whom_to_call_in_the_county(client, country, django_assert_max_num_queries):
    sign_in(client, a_post(country.city))
    with django_assert_max_num_queries(22):
        shown = page(client, unit=country.county.uid, cells=UNVISITED)
    told = shown.text.partition("<main")[2].partition("</main>")[0]
    assert "张**" in told and "张红梅" in told and "0371-5550 0002" in told
    assert not [name for name in ("张子涵", "马海霞", "/children/") if name in told]


def test_the_units_below_add_up_and_lead_on(client, country):
    sign_in(client, a_post(country.city))
    shown = page(client, cells=UNVISITED)
    places = shown.context["places"]
    assert sum(place.count for place in places) == shown.context["page"].count and len(places) == 2
    assert all(place.parts for place in places)
    below = client.get(places[0].url)
    assert below.context["unit"].level == 2 and below.context["page"].count == places[0].count


def test_row_and_column_change_places_and_sums_stand_where_they_belong(client, country):
    sign_in(client, a_post(country.county))
    first = page(client)
    line = first.context["lines"][0]
    assert [each.number for each in line.sums] == [line.cells[1].number + line.cells[2].number]
    assert "多出的" in first.text and "不重复" in first.text
    other = client.get(first.context["swapped"])
    head = other.context["heads"][0]
    assert str(head.label) == "留守儿童" and head.sums[0].number == line.sums[0].number
    assert [line.label for line in other.context["lines"]][-1] == "合计"


def test_cells_are_chosen_one_by_one_and_outlined_as_one(client, country):
    sign_in(client, a_post(country.county))
    shown = page(client, cells="left_behind:due", several="1")
    nxt = shown.context["lines"][0].cells[2].url
    both = client.get(nxt.partition("#")[0])
    due, overdue = both.context["lines"][0].cells[1:3]
    assert due.chosen and due.edges == "edge-l edge-t edge-b" and overdue.edges == "edge-r edge-t edge-b"
    assert both.context["made_of"] == f"应访未访 {due.number} ＋ 逾期 {overdue.number}"
    less = client.get(due.url.partition("#")[0])
    assert [cell.chosen for cell in less.context["lines"][0].cells[1:3]] == [False, True]


@pytest.mark.parametrize(
    "asked, field",
    [
        ({"rows": "nothing"}, "rows"), ({"rows": "sex", "columns": "sex"}, "columns"),
        ({"period": "2026-13"}, "period"), ({"period": "2027-01"}, "period"),
        ({"unit": "1 OR 1=1"}, "unit"), ({"columns": "<b>"}, "columns"),
        ({"rows": "category", "columns": "category"}, "columns"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_said_at_its_field(client, country, asked, field):
    sign_in(client, a_post(country.county))
    shown = page(client, **asked)
    assert shown.status_code == 200 and list(shown.context["form"].errors) == [field]
    assert f'id="id_{field}_error"' in shown.text
    assert shown.context["table"].rows is not shown.context["table"].columns


def test_cells_that_are_not_there_and_pages_beyond_are_no_fault(client, country):
    sign_in(client, a_post(country.county))
    for cells in ("nothing", "left_behind:due;", "a:b:c", "," * 50, "left_behind:due," * 300):
        assert page(client, cells=cells).status_code == 200
    assert "没有这一格" in page(client, cells="x:y").text
    for number in ("0", "-1", "9999", "x", "99999999999999999999", "²"):
        assert page(client, cells="all:all", page=number).status_code == 200
    assert page(client, cells="all:all", page="9999").context["page"].number > 1


def test_what_lies_outside_is_not_there(client, country):
    sign_in(client, a_post(country.villages[0].township))
    for unit in (country.city, country.county, country.villages[4], a_village()):
        assert page(client, unit=unit.uid).status_code == 404
        assert client.get(reverse("crossing-csv"), {"unit": unit.uid}).status_code == 404
        asked = {"unit": unit.uid, "rows": "sex", "columns": "age"}
        assert client.get("/api/v1/figures/", asked).status_code == 404
    for role in roles_without("view_figures"):
        sign_in(client, a_post(getattr(country.villages[0], ROLES[role]), role))
        assert page(client).status_code == 403
    sign_in(client, a_post(country.villages[0]))  # a director sees her own, and takes nothing out
    assert page(client, cells="all:all").status_code == 200 and not page(client).context["csv_url"]
    assert client.get(reverse("crossing-csv")).status_code == 403


def test_page_csv_and_api_say_the_same(client, country, django_assert_max_num_queries):
    sign_in(client, a_post(country.county))
    for rows, columns in [(each.key, "visit") for each in DIMENSIONS[:-1]] + [("visit", "category")]:
        asked = {"rows": rows, "columns": columns, "period": "2026-10"}
        with django_assert_max_num_queries(8):
            told = client.get("/api/v1/figures/", asked | {"as": "live"}).json()
        table = page(client, **asked).context["table"]
        assert told["unit"] == str(country.county.uid) and told["as_of"] == "2026-10-31"
        assert told["all"]["total"] == table.number() > 0
        for line in [*told["rows"], told["all"]]:
            assert line["total"] == table.number(line["key"])
            assert {cell["key"]: cell["n"] for cell in line["cells"]} == {
                value.key: table.number(line["key"], value.key) for value in table.columns.values
            }
        answer = client.get(reverse("crossing-csv"), asked)
        sheet = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert [row[-1] for row in sheet[1 : len(told["rows"]) + 2]] == [
            str(line["total"]) for line in [*told["rows"], told["all"]]
        ]
        assert sheet[0][1:-1] == [column["label"] for column in told["columns"]]
    assert Audit.objects.filter(action="export").first().unit == country.county


@pytest.mark.parametrize(
    "asked, field",
    [
        ({"rows": "sex"}, "columns"), ({"columns": "sex"}, "rows"), ({"rows": "sex", "columns": "sex"}, "columns"),
        ({"rows": "sex", "columns": "nothing"}, "columns"), ({"rows": "", "columns": "sex"}, "rows"),
        ({"rows": "sex", "columns": "age", "as": "official"}, "as"),
        ({"rows": "sex", "columns": "age", "period": "soon"}, "period"),
        ({"rows": "sex", "columns": "age", "row": "x"}, "row"),
    ],
)  # fmt: skip
def test_the_api_says_which_parameter_is_wrong(client, country, asked, field):
    sign_in(client, a_post(country.county))
    answer = client.get("/api/v1/figures/", asked)
    assert answer.status_code == 400 and list(answer.json()) == [field]


def test_it_reads_in_english_too(client, country):
    sign_in(client, a_post(country.county))
    client.cookies["django_language"] = "en"
    shown = unescape(page(client, cells=UNVISITED).text)
    assert "Left-behind child · Not visited" in shown and "Cross" in shown
