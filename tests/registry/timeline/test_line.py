"""The line of time: every concept's lanes, what is next, what happened; drawn, and as data."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from orgs.audit.models import Audit
from registry.child.models import ChildFile
from registry.timeline.drawing import LABELS, WIDTH, draw
from registry.timeline.lanes import Bar, Dot, Lane, Tick
from registry.timeline.span import Span, span_of
from tests.builders import a_plan, a_post, a_village, a_visit, an_alert, an_approved_file, sign_in

DAY = datetime.timedelta(days=1)
JULY = Span(datetime.date(2026, 7, 1), datetime.date(2026, 12, 31))


def test_a_day_stands_at_its_share_of_the_span():
    drawing = draw([Lane(key="a", label="走访", dots=(Dot(on=JULY.since, title="x"),))], JULY, JULY.until)
    assert drawing.lanes[0].dots[0].x == LABELS
    assert [mark.label for mark in drawing.marks] == ["7月", "8月", "9月", "10月", "11月", "12月"]
    bar = Bar(since=JULY.since - 90 * DAY, until=None, label="一般")
    drawn = draw([Lane(key="a", label="等级", bars=(bar,))], JULY, JULY.until).lanes[0].bars[0]
    assert (drawn.x, drawn.x + drawn.width) == (LABELS, WIDTH)


def test_what_lies_outside_the_span_is_not_drawn_but_a_label_that_fits_not_is():
    lane = Lane(
        key="a",
        label="需求",
        bars=(
            Bar(since=JULY.since, until=JULY.since, label="很长很长的标签"),
            Bar(since=JULY.until + DAY, until=None, label="x"),
        ),
        dots=(Dot(on=JULY.until + DAY, title="x"),),
        ticks=(Tick(on=JULY.since - DAY, label="x"), Tick(on=JULY.until, label="12月31日前办结")),
    )
    drawn = draw([lane], JULY, JULY.until).lanes[0]
    assert [bar.label for bar in drawn.bars] == [""] and drawn.bars[0].width >= 4
    assert drawn.dots == [] and [tick.anchor for tick in drawn.ticks] == ["end"]
    assert "很长很长的标签" in "".join(map(str, drawn.words))


def test_a_long_file_is_marked_by_years(db):
    file = ChildFile(approved_on=datetime.date(2015, 3, 7))
    file.counted_since = None
    key, span = span_of("all", file, datetime.date(2026, 2, 28))
    assert key == "all" and all(day.month == 1 for day in span.marks()) and len(span.marks()) >= 10
    assert span_of("x", file, datetime.date(2026, 2, 28))[0] == "half"
    assert span_of("half", file, datetime.date(2026, 2, 28))[1].since == datetime.date(2025, 10, 1)


@pytest.fixture
def file(db):
    return an_approved_file(a_village(), name="欧阳小满")


def test_the_page_shows_visits_alerts_plans_and_what_is_next(client, file, django_assert_max_num_queries):
    a_visit(file), a_plan(file)
    an_alert(file=file)
    sign_in(client, a_post(file.township))
    with django_assert_max_num_queries(60):
        page = client.get(reverse("child-line", args=[file.pk]))
    for words in ("走访", "紧急报告", "方案", "下一步", "方案待审批", "经过"):
        assert words in page.text
    assert Audit.objects.filter(action="view_file").exists()
    for span in ("half", "year", "all", "x"):
        assert client.get(reverse("child-line", args=[file.pk]), {"span": span}).status_code == 200
    only = client.get(reverse("child-line", args=[file.pk]), {"kind": "care"})
    assert "制定，送审批" in only.text and "家访走访" not in only.text


def test_who_may_not_open_the_file_gets_no_line(client, file):
    sign_in(client, a_post(a_village()))
    assert client.get(reverse("child-line", args=[file.pk])).status_code == 404
    assert client.get(f"/api/v1/children/{file.pk}/timeline/").status_code == 404


def test_a_program_reads_the_same(client, file):
    a_visit(file), a_plan(file)
    sign_in(client, a_post(file.village))
    answer = client.get(f"/api/v1/children/{file.pk}/timeline/?span=year")
    told = answer.json()
    assert answer.status_code == 200 and {lane["key"] for lane in told["lanes"]} >= {"visits", "plans"}
    assert [step["title"] for step in told["next"]].count("方案待审批") == 1
    assert told["until"] > str(timezone.localdate())
    assert client.get(f"/api/v1/children/{file.pk}/timeline/?sapn=year").status_code == 400
