"""The workbench: what waits for a post by its clock, what the units below lack, what became of what was sent."""

import datetime
import json

import pytest
import time_machine
from django.db.models import DateTimeField, F
from django.urls import reverse
from django.utils import timezone

from orgs.audit.models import Audit
from orgs.posts.services import end_appointment
from orgs.stale_figures.services import mark_figures_stale
from orgs.workbench.kinds import NEWS_KINDS, TODO_KINDS, TodoKind
from orgs.workbench.services import age_in_words, bench_of
from registry.changes.models import Change
from registry.changes.services import amend_change, return_change
from registry.child.models import ChildFile
from registry.child.workflow import FILE
from registry.transfers.services import ask_transfer
from reports.rollup.services import roll_up
from tests.builders import (
    a_change,
    a_county,
    a_finding,
    a_person,
    a_post,
    a_submitted_file,
    a_village,
    a_visit,
    an_alert,
    an_approved_file,
    fresh,
    sign_in,
)
from visits.visit.review import FEW
from visits.visit.workflow import VISIT

pytestmark = pytest.mark.django_db

MONDAY = datetime.datetime(2026, 11, 16, 2, tzinfo=datetime.UTC)  # 10:00 in Shanghai
DAY = datetime.timedelta(days=1)


@pytest.fixture
def monday():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


def lines(post):
    return [(line.kind.key, line.title) for line in bench_of(post).lines]


@pytest.mark.both
def test_everything_that_waits_stands_in_one_list_the_urgent_first(here, clerk):
    file = an_approved_file(here, name="赵梦琪")
    a_change(file, address="五组")
    a_submitted_file(here, name="郑宇航")
    a_finding(file)
    moving = an_approved_file(a_village(), name="韩子墨")
    sender = a_post(moving.township)
    ask_transfer(moving, by=sender, target=here, reason="随父母搬来", seen_version=moving.version)
    an_alert(here, file=file)
    assert [key for key, _title in lines(clerk)][0] == "alert"
    assert {key for key, _title in lines(clerk)} == {"alert", "change", "file", "finding", "transfer"}
    assert ("file", "郑宇航") in lines(clerk) and ("change", "赵梦琪") in lines(clerk)


@pytest.mark.both
def test_of_two_the_one_with_less_time_left_stands_first(here, clerk, monday):
    a_submitted_file(here, name="先来的")
    monday.shift(DAY)
    a_submitted_file(here, name="后来的")
    assert [title for _key, title in lines(clerk)] == ["先来的", "后来的"]


@pytest.mark.both
@pytest.mark.parametrize(
    "days, words, tone",
    [(0, "还剩 5 天", ""), (2, "还剩 3 天", ""), (3, "还剩 2 天", "warm"), (5, "还剩 1 天", "warm"),
     (7, "今天到期", "warm"), (8, "逾期 1 天", "danger"), (20, "逾期 13 天", "danger")],
)  # fmt: skip
def test_the_clock_counts_working_days(here, clerk, monday, days, words, tone):
    """Five working days from a Monday end on the next Monday: the weekend between does not count."""
    a_submitted_file(here)
    monday.shift(days * DAY)
    clock = bench_of(clerk).lines[0].clock
    assert (clock.left, clock.tone) == (words, tone)


@pytest.mark.both
def test_a_public_holiday_stops_the_clock(here, clerk):
    """From 30 September the week of the National Day lies in between."""
    with time_machine.travel(datetime.datetime(2026, 9, 30, 2, tzinfo=datetime.UTC), tick=False) as clock:
        a_submitted_file(here)
        clock.move_to(datetime.datetime(2026, 10, 7, 2, tzinfo=datetime.UTC))
        assert bench_of(clerk).lines[0].clock.left == "还剩 5 天"


@pytest.mark.both
def test_a_report_of_danger_has_an_hour(here, clerk, monday):
    an_alert(here, file=an_approved_file(here))
    monday.shift(datetime.timedelta(minutes=50))
    assert bench_of(clerk).lines[0].clock.left == "还剩 10 分钟"
    monday.shift(datetime.timedelta(minutes=20))
    clock = bench_of(clerk).lines[0].clock
    assert clock.left == "已过 10 分钟" and clock.tone == "danger"


@pytest.mark.both
def test_visits_that_nothing_is_flagged_in_are_one_line(here, clerk):
    for number in range(FEW + 1):
        a_visit(an_approved_file(here, name=f"张{'一二三四'[number]}"))
    a_visit(an_approved_file(here, name="李明轩"), hazards=["water"])
    found = bench_of(clerk).lines
    assert [line.number for line in found if line.number > 1] == [FEW + 1]
    assert "李明轩" in [line.title for line in found] and "张一" not in [line.title for line in found]
    assert bench_of(clerk).total == FEW + 2


@pytest.mark.both
def test_what_one_made_oneself_does_not_wait_for_oneself(here, clerk):
    a_change(an_approved_file(here), by=clerk, address="五组")
    assert lines(clerk) == []
    colleague = a_post(here.township)
    assert [key for key, _title in lines(colleague)] == ["change"]


@pytest.mark.both
def test_what_came_back_waits_for_who_sent_it_and_is_told(here, clerk):
    change = a_change(an_approved_file(here, name="赵梦琪"), by=clerk, address="五组")
    colleague = a_post(here.township)
    return_change(change, by=colleague, seen_version=change.version, reason="门牌不对")
    assert lines(clerk) == [("change_back", "赵梦琪")]
    news = bench_of(clerk).news
    assert [each.title for each in news] == ["赵梦琪 的变更被退回"] and "门牌不对" in news[0].note
    assert bench_of(colleague).news == []


@pytest.mark.both
def test_a_line_names_who_wrote_what_it_says_now(here, clerk):
    """A change that came back and was completed by a colleague of who proposed it: it is hers now."""
    proposer, other = a_post(here), a_post(here, person=a_person("李秀英"))
    change = a_change(an_approved_file(here), by=proposer, address="五组")
    assert proposer.person.name in bench_of(clerk).lines[0].note
    return_change(change, by=clerk, seen_version=change.version, reason="门牌不对")
    amend_change(change, by=other, seen_version=change.version, values={"address": "七组"})
    assert "李秀英" in bench_of(clerk).lines[0].note and proposer.person.name not in bench_of(clerk).lines[0].note


@pytest.mark.both
def test_news_of_last_month_are_no_news(here, clerk, monday):
    change = a_change(an_approved_file(here), by=clerk, address="五组")
    return_change(change, by=a_post(here.township), seen_version=change.version, reason="门牌不对")
    monday.shift(29 * DAY)
    assert bench_of(clerk).news
    monday.shift(2 * DAY)
    assert not bench_of(clerk).news


@pytest.mark.both
def test_a_neighbour_sees_nothing_of_it(here):
    file = an_approved_file(here)
    a_change(file, address="五组")
    an_alert(here, file=file)
    a_finding(file)
    for stranger in (a_post(a_village(here.township.parent).township), a_post(a_county())):
        assert lines(stranger) == []


def test_who_left_the_post_has_no_workbench(client, here, clerk):
    sign_in(client, clerk)
    end_appointment(clerk, by=a_post(here.city, "city_admin"), on=timezone.localdate())
    assert client.get("/workbench/").status_code == 302
    assert lines(fresh(clerk)) == []


@pytest.mark.both
def test_a_county_has_what_its_stations_made_themselves(here, officer):
    a_change(an_approved_file(here, name="田家豪"), by=a_post(here.township), address="五组")
    a_change(an_approved_file(here, name="别的"), address="五组")  # the director's: for the station
    assert ("change", "田家豪") in lines(officer) and ("change", "别的") not in lines(officer)


@pytest.mark.both
def test_the_city_reads_masked_names_and_can_only_look(here):
    an_alert(here, file=an_approved_file(here, name="吴俊杰"))
    line = bench_of(a_post(here.city)).lines[0]
    assert line.title == "吴**" and str(line.action) == "查看"


@pytest.mark.both
def test_units_below_say_what_they_lack_the_worst_first_with_whom_to_call(here, clerk):
    there = a_village(here.township)
    director = a_post(here)
    director.person.phone = "037155500000"
    director.person.save()
    today = timezone.localdate()
    an_approved_file(here, on=today - 60 * DAY)
    an_approved_file(there, on=today - 2 * DAY)
    a_submitted_file(there)
    ChildFile.objects.filter(state="submitted").update(state="returned")
    roll_up(here.county_id, f"{today:%Y-%m}")
    below = bench_of(clerk).below
    assert [each.unit for each in below] == [here, there]
    assert [str(lack.text) for lack in below[0].lacks][-1] == "逾期 1" and director in below[0].posts
    assert "退回未改 1" in [str(lack.text) for lack in below[1].lacks]


@pytest.mark.both
def test_what_came_back_to_units_below_is_one_number_of_files_changes_and_visits(here, clerk):
    director, other = a_post(here), a_post(a_village(here.township))
    file = an_approved_file(here, by=director)
    a_submitted_file(here, by=director)
    ChildFile.objects.filter(state="submitted").update(state="returned")
    change, visit = a_change(file, by=director, address="五组"), a_visit(file, by=director)
    return_change(change, by=clerk, seen_version=1, reason="门牌不对")
    VISIT.apply("return", visit, by=clerk, seen_version=visit.version, reason="写清楚")
    own = a_change(an_approved_file(other.unit), by=clerk, address="六组")
    return_change(own, by=a_post(here.county), seen_version=1, reason="门牌不对")
    county = a_post(here.county)

    def came_back(post):
        return {each.unit: [lack.text for lack in each.lacks if "退回" in lack.text] for each in bench_of(post).below}

    assert came_back(clerk) == {here: ["退回未改 3"]}, "what the station wrote itself waits for the station"
    assert came_back(county) == {here.township: ["退回未改 4"]}


@pytest.mark.both
def test_the_month_is_that_of_the_figures(here, clerk):
    an_approved_file(here, on=timezone.localdate() - 60 * DAY)
    roll_up(here.county_id, f"{timezone.localdate():%Y-%m}")
    meters = {str(meter.label): (meter.done, meter.of) for meter in bench_of(clerk).meters}
    assert meters == {"走访": (0, 1), "勾稽关系": (8, 8)}


def test_the_month_says_when_it_was_counted_and_whether_it_is_being_counted_anew(client, here, clerk, monday):
    """As the figures' own page does."""
    an_approved_file(here, on=timezone.localdate() - 60 * DAY)
    roll_up(here.county_id, "2026-11")
    sign_in(client, clerk)
    page = client.get("/workbench/").text
    assert "截至 11月16日 10:00 统计" in page and "正在重新统计" not in page and "实时数" not in page
    mark_figures_stale(here.county_id, timezone.localdate())
    monday.shift(DAY)
    sign_in(client, clerk)
    page = client.get("/workbench/").text
    assert "截至 11月16日 10:00 统计" in page and "正在重新统计" in page


@pytest.mark.parametrize("role", ["township_clerk", "county_officer", "city_officer"])
def test_the_day_begins_here_and_who_saw_its_names_is_recorded(client, here, role):
    unit = {"township_clerk": here.township, "county_officer": here.county, "city_officer": here.city}[role]
    a_change(an_approved_file(here), address="五组")
    sign_in(client, a_post(unit, role))
    before = Audit.objects.count()
    page = client.get("/", follow=True)
    assert page.redirect_chain[-1][0] == "/workbench/" and page.status_code == 200
    assert Audit.objects.count() == before + 1, "the list, and no file"
    said = json.loads(Audit.objects.get(action="read_list").data)
    assert said == {"list": "workbench", "rows": len(page.context["lines"])}


def test_a_director_s_day_stays_today(client, director):
    sign_in(client, director)
    assert client.get("/", follow=True).redirect_chain[-1][0] == "/today/"


def test_kinds_are_filters_and_the_rest_is_a_tap_away(client, here, clerk):
    file = an_approved_file(here, name="赵梦琪")
    a_finding(file)
    for _ in range(12):
        a_submitted_file(here)
    sign_in(client, clerk)
    page = client.get("/workbench/")
    assert len(page.context["lines"]) == 9 and [group.number for group in page.context["rest"]] == [3, 1]
    assert len(client.get("/workbench/", {"all": "1"}).context["lines"]) == 13
    only = client.get("/workbench/", {"kind": "finding"})
    assert [line.kind.key for line in only.context["lines"]] == ["finding"]
    assert len(client.get("/workbench/", {"kind": "nonsense"}).context["lines"]) == 9


def the_rest(client):
    return " ".join(client.get("/workbench/").text.split("bench-end", 1)[1].split("</span>")[0].split())


@pytest.mark.parametrize(
    "days, words",
    [(0, "其余不急： 审核 3"), (7, "其余： 审核 3"), (8, "其余： 审核 3 （其中 3 件逾期）")],
)
def test_the_rest_is_said_to_have_time_only_where_it_has(client, here, clerk, monday, days, words):
    """Due on the seventh day: then nothing is overdue, and nothing has time."""
    for _number in range(12):
        a_submitted_file(here)
    monday.shift(days * DAY)
    sign_in(client, clerk)
    assert the_rest(client).endswith(words)


def test_of_visits_in_one_line_each_that_is_overdue_counts(client, here, clerk, monday):
    file = an_approved_file(here)
    for number in range(FEW + 1):
        a_visit(an_approved_file(here, name=f"张{'一二三四'[number]}"))
    for _number in range(9):
        a_change(file, address="五组")
    Change.objects.update(sent_at=MONDAY - DAY)  # they stand first
    monday.shift(8 * DAY)
    sign_in(client, clerk)
    assert the_rest(client).endswith(f"其余： 审核 {FEW + 1} （其中 {FEW + 1} 件逾期）")


def test_of_what_was_not_read_nobody_says_that_it_has_time(client, here, clerk, monday, monkeypatch):
    monkeypatch.setattr("orgs.workbench.services.READ", 10)
    for _number in range(12):
        a_submitted_file(here)
    sign_in(client, clerk)
    assert the_rest(client).endswith("其余： 审核 3")
    monday.shift(8 * DAY)
    sign_in(client, clerk)
    assert the_rest(client).endswith("其余： 审核 3 （至少 1 件逾期）")


@pytest.mark.both
@pytest.mark.parametrize("hours, age", [(0, "不到 1 天"), (9, "1 天"), (22, "1 天"), (33, "2 天")])
def test_what_was_found_on_a_day_is_as_old_as_the_days_since_in_local_time(here, clerk, hours, age):
    """Found at 15:00; the first midnight in Shanghai comes nine hours later, that of UTC seventeen."""
    with time_machine.travel(MONDAY + datetime.timedelta(hours=5), tick=False) as clock:
        a_finding(an_approved_file(here))
        clock.shift(datetime.timedelta(hours=hours))
        (line,) = bench_of(clerk).lines
        assert line.age == age and line.note.endswith("11月16日")


@pytest.mark.both
def test_what_was_found_before_eight_is_not_younger_than_nothing(here, clerk):
    """At 07:00 in Shanghai the day has begun, that of UTC not."""
    with time_machine.travel(MONDAY - datetime.timedelta(hours=3), tick=False):
        for _number in range(5):
            a_finding(an_approved_file(here))
        (line,) = bench_of(clerk).lines
        assert line.number == 5 and line.age == "最久 不到 1 天"
        assert timezone.localtime(line.since).hour == 0


def test_no_kind_gives_a_day_for_a_moment(here, clerk):
    for kind in TODO_KINDS.values():
        since = kind.columns.get("since")
        if since is not None:
            records = kind.waiting(clerk).annotate(since_asked=F(since) if isinstance(since, str) else since)
            assert isinstance(records.query.annotations["since_asked"].output_field, DateTimeField), kind.key


def test_an_age_is_never_negative():
    assert age_in_words(datetime.timedelta(minutes=-5)) == "0 分钟"


@pytest.mark.both
def test_where_more_waits_than_is_read_the_urgent_is_read_and_all_is_counted(client, here, clerk, monkeypatch):
    monkeypatch.setattr("orgs.workbench.services.READ", 5)
    for _ in range(6):
        a_submitted_file(here)
    file = an_approved_file(here, name="赵梦琪")
    for _ in range(3):
        a_finding(an_approved_file(here))
    a_visit(file)
    an_alert(here, file=file)  # the last to come, and the first in the list
    bench = bench_of(clerk)
    assert bench.cut and bench.lines[0].kind.key == "alert"
    numbers = {kind.key: number for kind, number in bench.counts}
    assert numbers == {"alert": 1, "file": 6, "finding": 3, "visit": 1} and bench.total == 11
    sign_in(client, clerk)
    page = client.get("/workbench/")
    assert sum(group.number for group in page.context["rest"]) + len(page.context["lines"]) == 11
    everything = client.get("/workbench/", {"all": "1"})
    assert "还有 6 件" in everything.text
    only = client.get("/workbench/", {"kind": "finding"})
    assert len(only.context["lines"]) == 3 and "还有" not in only.text, "what is filtered is read by itself"


@pytest.mark.both
def test_a_line_that_stands_for_many_says_that_it_is_not_all(here, clerk, monkeypatch):
    for _ in range(7):
        a_visit(an_approved_file(here))
    monkeypatch.setattr("orgs.workbench.services.READ", 4)
    (line,) = bench_of(clerk).lines
    assert line.title == "至少 4 条走访，没有标出异常" and bench_of(clerk).total == 7


@pytest.mark.both
def test_what_has_a_nearer_day_is_read_before_what_is_older(here, clerk, monkeypatch):
    monkeypatch.setattr("orgs.workbench.services.READ", 1)
    file = an_approved_file(here)
    a_change(file, address="五组")
    a_finding(file, due_on=timezone.localdate() - DAY)
    assert [line.kind.key for line in bench_of(clerk).lines] == ["finding"]


def test_the_badges_of_the_menu_count_the_same(client, here, clerk):
    file = an_approved_file(here)
    a_finding(file)
    a_submitted_file(here)
    a_change(file, address="五组")
    sign_in(client, clerk)
    page = client.get("/workbench/")
    badges = {entry["url"]: entry["count"] for entry in page.context["nav"]}
    numbers = {kind.key: number for kind, number in page.context["bench"].counts}
    assert badges["/review/"] == numbers["file"] + numbers["change"] == 2
    assert badges["/eligibility/findings/"] == numbers["finding"] == 1


@pytest.mark.parametrize("tier", ["township", "county", "city"])
def test_a_first_page_asks_fourteen_questions_at_most(client, here, tier, django_assert_max_num_queries):
    file = an_approved_file(here)
    for made in (a_change(file, address="五组"), an_alert(here, file=file), a_submitted_file(here), a_finding(file)):
        assert made
    roll_up(here.county_id, f"{timezone.localdate():%Y-%m}")
    sign_in(client, a_post(getattr(here, tier)))
    client.get("/workbench/")
    with django_assert_max_num_queries(14):  # two: that the list was read
        assert client.get("/workbench/").status_code == 200


def test_a_new_kind_costs_an_entry_and_stands_in_list_filter_and_count(client, here, clerk, monkeypatch):
    """A concept adds what waits in its hooks.py, and nothing else anywhere."""
    kind = TodoKind(
        key="made_up",
        label="家访预约",
        icon="house",
        waiting=lambda post: ChildFile.objects.visible_to(post, "view_child").filter(state="approved"),
        columns={"since": F("updated_at"), "child": ""},
        what=lambda row: "约个时间",
        url=lambda row: reverse("child-file", args=[row.pk]),
        action="去约",
        days=3,
    )
    monkeypatch.setitem(TODO_KINDS, "made_up", kind)
    an_approved_file(here, name="张子涵")
    sign_in(client, clerk)
    page = client.get("/workbench/").text
    assert "家访预约<b>1</b>" in page and "张子涵" in page and "约个时间" in page and "去约" in page


@pytest.mark.both
def test_every_kind_can_be_asked_of_every_role(here):
    """The union takes rows of every kind on both databases, for posts that hold nothing of it too."""
    file = an_approved_file(here)
    a_visit(file)
    waiting = a_submitted_file(here)
    FILE.apply("return", waiting, by=a_post(here.township), seen_version=waiting.version, reason="请补充")
    for unit, role in ((here, ""), (here.township, ""), (here.county, ""), (here.city, "city_admin")):
        post = a_post(unit, role)
        for kind in TODO_KINDS.values():
            assert list(kind.rows(post)) is not None
        for kind in NEWS_KINDS.values():
            assert list(kind.rows(post, after=timezone.now() - DAY)) is not None
        assert bench_of(post) is not None
