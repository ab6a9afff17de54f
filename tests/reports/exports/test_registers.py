"""Registers of what happened in a period: who may order which, what they name, that all rows are in them."""

import datetime
import io

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from openpyxl import load_workbook

from childwelfare.jobs import services as jobs
from childwelfare.jobs.models import Job
from orgs.publicity.services import log_publicity
from registry.child.models import ChildFile
from registry.needs.services.handling import settle
from registry.plans.workflow import PLAN
from reports.exports.kinds import ALERTS, ASSESSMENTS, EXPORT_KINDS, NEEDS, PLANS, PUBLICITY, STAFF, VISITS
from reports.exports.services import order_export, read_export
from reports.indicators.breaks import breaks_in, changed_since, counted_as
from reports.indicators.indicator import Indicator
from reports.indicators.table import BY_KEY
from tests.builders import (
    a_need,
    a_plan,
    a_post,
    a_village,
    a_visit,
    an_alert,
    an_approved_file,
    an_assessment,
    fresh,
    sign_in,
)

pytestmark = pytest.mark.django_db
MONTH = "2026-11"


@pytest.fixture(autouse=True)
def _november(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(datetime.datetime(2026, 11, 15, 4, tzinfo=datetime.UTC), tick=False):
        yield


@pytest.fixture
def village():
    village = a_village()
    file = an_approved_file(village, name="张子涵")
    a_visit(file)
    an_alert(village)
    answers = {
        "held_on": timezone.localdate(),
        "where": "村委会",
        "topic": "未成年人保护法",
        "audience": [],
        "people": 30,
    }
    log_publicity(by=a_post(village), answers=answers | {"audience": ["guardians"]})
    return village


def rows_of(post, kind) -> list[tuple]:
    record = order_export(by=post, kind=kind, unit=post.unit.uid, period=MONTH)
    jobs.run(record.pk)
    record = Job.objects.get(pk=record.pk)
    assert record.state == "done", record.problem
    sheet = load_workbook(io.BytesIO(read_export(record, by=post)[0])).active
    assert sheet["A1"].value.endswith(str(EXPORT_KINDS[kind].label))
    return [row for row in sheet.iter_rows(min_row=5, values_only=True) if isinstance(row[0], int)]


def test_each_register_lists_what_happened(village):
    a_village(village.township)  # without a director
    post = a_post(village.county)
    (visit,) = rows_of(post, VISITS)
    assert visit[2] == "张子涵" and village.short_name in visit[3]
    (alert,) = rows_of(post, ALERTS)
    assert len(alert[1]) == 13 and not any("张子涵" in str(cell) for cell in alert)
    (activity,) = rows_of(post, PUBLICITY)
    assert activity[3:5] == ("未成年人保护法", "村委会") and activity[6] == 30
    staff = rows_of(post, STAFF)
    assert "空缺" in staff[-1] and post.person.name in [row[2] for row in staff]


@pytest.mark.parametrize("kind, refused", [(VISITS, "city"), (ALERTS, "village"), (STAFF, "village")])
def test_who_may_not_is_refused(client, village, kind, refused):
    post = a_post(getattr(village, refused))
    with pytest.raises(PermissionDenied):
        order_export(by=post, kind=kind, unit=post.unit.uid, period=MONTH)
    sign_in(client, post)
    order = {"kind": kind, "unit": str(post.unit.uid)}
    assert client.post("/api/v1/exports/", order, content_type="application/json").status_code == 403


@pytest.mark.parametrize(
    "order, words",
    [
        ({"kind": "export_submission", "period": "2026"}, "按月"),
        ({"kind": "export_summary", "sheet": "nothing"}, "没有这种表样"),
        ({"kind": "export_summary", "source": "reported", "period": "2026Q4"}, "按月"),
        ({"kind": "export_summary", "source": "guessed"}, "guessed"),
        ({"kind": "export_summary", "scale": "wan"}, "不能用这个单位|没有统计好"),
        ({"kind": "export_counties"}, "只有市级"),
    ],
)
def test_a_bad_order_is_explained(client, village, order, words):
    sign_in(client, a_post(village.county))
    answer = client.post("/api/v1/exports/", {"unit": str(village.county.uid)} | order, content_type="application/json")
    assert answer.status_code in (400, 422)
    assert any(word in answer.text for word in words.split("|")), answer.text


def test_a_definition_that_changed_breaks_the_series():
    old = BY_KEY["registered"]
    new = Indicator(old.key, old.label, old.group, old.definition, old.fact, version=2)
    periods = [("2026-09", {"registered": 5}), ("2026-10", {}), ("2026-11", {"registered.2": 7})]
    assert breaks_in(new, periods) == ["2026-11"] and breaks_in(old, periods) == []
    assert [counted_as(new, stored) for _key, stored in periods] == [(1, 5), None, (2, 7)]
    assert changed_since([new], {"registered": 5}) == [new] and not changed_since([new], {"registered.2": 5})


def test_registers_of_help_list_what_was_done(village):
    file = ChildFile.objects.get(village=village)
    director, clerk = a_post(village), a_post(village.township)
    found = a_need(file, by=director)
    settle(a_need(file, by=director, kind="health.treatment"), by=fresh(director), seen_version=1, outcome="met",
           satisfaction="satisfied")  # fmt: skip
    assessment = an_assessment(file, by=fresh(director))
    plan = a_plan(file, by=fresh(director))
    PLAN.apply("approve", plan, by=fresh(clerk), seen_version=plan.version)
    county = a_post(village.county)
    needs = {row[5]: row for row in rows_of(county, NEEDS)}
    assert needs["情绪"][2] == "张子涵" and needs["情绪"][7] == found.words and needs["情绪"][11] == "在办"
    assert needs["就医"][13] == "已解决" and needs["就医"][15] == "满意"
    (assessed,) = rows_of(county, ASSESSMENTS)
    assert assessed[2] == "张子涵" and assessed[5] == assessment.score and assessed[-1] == "待复核"
    (goal,) = rows_of(county, PLANS)
    assert goal[1:3] == (plan.number, "张子涵") and goal[8] == "愿意说话，睡得好"


def test_the_city_reads_masked_names_and_no_words_of_needs_it_never_held(village):
    found = a_need(ChildFile.objects.get(village=village), by=a_post(village))
    (row,) = rows_of(a_post(village.city), NEEDS)
    assert row[2] != "张子涵" and found.words not in row and row[5] == "情绪"


@pytest.mark.parametrize("kind, refused", [(NEEDS, "village"), (PLANS, "city"), (ASSESSMENTS, "city")])
def test_who_may_not_have_a_register_of_help(village, kind, refused):
    post = a_post(getattr(village, refused))
    with pytest.raises(PermissionDenied):
        order_export(by=post, kind=kind, unit=post.unit.uid, period=MONTH)
