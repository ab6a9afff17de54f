"""The inbox: a post is told what became of its work and what waits for it, each thing once, in words for it alone."""

import datetime
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import resolve
from django.utils import timezone, translation

from childwelfare.jobs.schedule import SCHEDULE
from orgs.inbox.jobs import KEPT_FOR, clear_inbox
from orgs.inbox.kinds import INBOX_KINDS, NEWS_FOR, About
from orgs.inbox.models import Message
from orgs.inbox.reading import SIZE, lines_of
from orgs.inbox.services import Author, Holders, mark_read, notify, settle_all
from orgs.posts.models import Appointment
from orgs.posts.services import end_appointment
from registry.changes.services import approve_change
from registry.changes.workflow import CHANGE
from registry.child.workflow import FILE
from registry.transfers.services import ask_transfer
from registry.transfers.workflow import TRANSFER
from tests.builders import (
    a_change,
    a_post,
    a_submitted_file,
    a_unit,
    a_village,
    a_visit,
    an_alert,
    an_approved_file,
    an_extra_visit,
    fresh,
    sign_in,
)
from visits.alerts.models import Alert
from visits.alerts.services.escalation import escalate
from visits.schedule.models import VisitDue
from visits.schedule.services.extra_visits import withdraw_extra
from visits.schedule.services.telling import tell_overdue
from visits.visit.workflow import VISIT

pytestmark = pytest.mark.django_db
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)


@pytest.fixture
def village():
    return a_village()


@pytest.fixture
def director(village):
    return a_post(village)


@pytest.fixture
def clerk(village):
    return a_post(village.township)


def titles(post: Appointment) -> list[str]:
    """What ``post`` reads, the newest first, what counts marked."""
    lines = lines_of(Message.objects.of(post).order_by("-sent_at", "-pk"), post)
    return [("* " if line.is_unread else "") + line.title for line in lines]


def badge(client) -> str:
    """What the bell says on a page that has nothing to do with it."""
    page = client.get("/units/").text
    bell = page.split('class="bar-bell"')[1].split("</a>")[0]
    return bell.split("<b>")[1].split("</b>")[0] if "<b>" in bell else ""


@pytest.mark.both
def test_who_made_a_file_is_told_that_it_came_back_and_led_to_it(client, village, director, clerk):
    file = a_submitted_file(village, by=director, name="张子涵")
    FILE.apply("return", file, by=clerk, seen_version=file.version, reason="请补充监护人电话")
    message = Message.objects.get()
    assert "张子涵" not in str(Message.objects.values()) and message.recipient == director

    sign_in(client, director)
    assert badge(client) == "1"
    page = client.get("/inbox/").text
    assert "张子涵的档案被退回，请补充" in page and "读过了" in page
    answer = client.get(f"/inbox/{message.pk}/")
    assert answer.url == f"/children/{file.pk}/edit/" and badge(client) == ""
    assert titles(director) == ["张子涵的档案被退回，请补充"]

    file.refresh_from_db()
    FILE.apply("submit", file, by=director, seen_version=file.version)
    FILE.apply("return", file, by=clerk, seen_version=file.version, reason="还缺一张照片")
    assert badge(client) == "1", "a second return is told of too"
    assert not Message.objects.of(clerk).exists()


@pytest.mark.both
def test_what_is_done_counts_no_more_and_says_so(client, village, director, clerk):
    file = a_submitted_file(village, by=director, name="张子涵")
    FILE.apply("return", file, by=clerk, seen_version=file.version, reason="请补充")
    file.refresh_from_db()
    FILE.apply("submit", file, by=director, seen_version=file.version)
    FILE.apply("approve", file, by=clerk, seen_version=file.version)
    assert settle_all() == 1 and settle_all() == 0
    assert titles(director) == ["* 张子涵的档案已通过，正式建档", "张子涵的档案被退回，请补充"]
    page = sign_in(client, director).get("/inbox/").text
    assert page.count("已办完") == 1
    FILE.undo(file, by=clerk, seen_version=file.version)
    assert titles(director) == ["张子涵的档案已通过，正式建档", "张子涵的档案被退回，请补充"]
    assert not Message.objects.unread().exists(), "reading the list keeps what it saw"


def test_every_room_tells_whom_it_concerns(village, director, clerk):
    file = an_approved_file(village, by=director, clerk=clerk, name="张子涵")
    change = a_change(file, by=director, address="五组")
    CHANGE.apply("return", change, by=clerk, seen_version=change.version, reason="请写门牌")
    other = a_change(file, by=director, nation="02")
    approve_change(other, by=clerk, seen_version=other.version)
    visit = a_visit(file, by=director)
    VISIT.apply("return", visit, by=clerk, seen_version=visit.version, reason="请补充")
    extra = an_extra_visit(file, by=clerk)
    told = titles(director)
    assert len(told) == 4 and all(title.startswith("* ") and "张子涵" in title for title in told)
    assert "加访" in told[0] and "走访被退回" in told[1] and "已通过" in told[2] and "变更被退回" in told[3]
    withdraw_extra(extra, by=clerk, reason="已去过")
    assert not titles(director)[0].startswith("* ")
    assert not Message.objects.of(clerk).exists(), "who did it needs no message"


def test_a_transfer_is_told_to_the_station_that_is_to_take_it_in_and_back_where_it_is_turned_away(village, clerk):
    there = a_unit(a_unit(village.county))
    receiver, file = a_post(there.township), an_approved_file(village, clerk=clerk, name="欧阳小满")
    transfer = ask_transfer(file, by=clerk, target=there, reason="搬家", seen_version=file.version)
    said = titles(receiver)
    assert len(said) == 1 and "接收" in said[0] and "欧阳小满" not in said[0], "its file is not open to them yet"
    TRANSFER.apply("refuse", transfer, by=receiver, seen_version=transfer.version, reason="没有这户")
    assert titles(clerk) == ["* 欧阳小满的转出被对方退回"] and not titles(receiver)[0].startswith("* ")


def test_a_report_that_nobody_signed_is_told_tier_by_tier(village, director):
    county, city = a_post(village.county), a_post(village.city)
    alert = an_alert(by=director)
    assert not Message.objects.exists()
    escalate(alert.clock_from + 1.5 * HOUR)
    assert len(titles(county)) == 1 and not titles(city)
    escalate(alert.clock_from + 2.5 * HOUR)
    escalate(alert.clock_from + 2.6 * HOUR)
    assert "无人签收" in titles(city)[0] and len(titles(county)) == len(titles(city)) == 1
    Alert.objects.update(state="handled")
    assert settle_all() == 2


@pytest.mark.both
def test_a_village_is_told_of_overdue_visits_once_a_week(village, director):
    an_approved_file(village, by=director), an_approved_file(village, by=director)
    a_post(a_village(village.township))  # nothing is overdue there
    monday = datetime.date(2031, 3, 3)
    VisitDue.objects.update(due_on=timezone.localdate() - DAY)
    for day in range(3):
        tell_overdue(monday + day * DAY)
    assert titles(director) == ["* 本村（居）有 2 个孩子的走访逾期"] and Message.objects.count() == 1
    tell_overdue(monday + 7 * DAY)
    assert Message.objects.of(director).count() == 2
    VisitDue.objects.update(due_on=timezone.localdate())
    assert settle_all() == 2 and titles(director)[0] == "逾期的走访都补上了"


@pytest.mark.both
def test_nobody_is_told_of_an_occasion_twice(village, director):
    file = a_submitted_file(village, by=director)
    for _again in range(2):
        with transaction.atomic():
            notify("file_returned", file, to=Author(director.pk, "create_child"), key="7")
            notify("file_returned", file, to=Holders(village.pk, "create_child"), key="7")
    assert Message.objects.count() == 1
    with pytest.raises(PermissionDenied), transaction.atomic():
        notify("file_returned", file, to=Holders(village.pk, "create_child"), key="8")
        raise PermissionDenied
    assert Message.objects.count() == 1, "what was rolled back was told to nobody"


def test_a_post_reads_its_own_messages_only_and_nothing_when_it_ended(client, village, director, clerk):
    file = a_submitted_file(village, by=director, name="张子涵")
    FILE.apply("return", file, by=clerk, seen_version=file.version, reason="请补充")
    message = Message.objects.get()
    elsewhere = a_post(a_village(), person=director.person)  # the same person in another post
    for other in (elsewhere, clerk):
        sign_in(client, other)
        assert "还没有消息" in client.get("/inbox/").text and badge(client) == ""
        assert client.get(f"/inbox/{message.pk}/").status_code == 404
        assert client.post(f"/inbox/{message.pk}/read/").status_code == 404
        assert client.post(f"/api/v1/inbox/{message.pk}/read/").status_code == 404
    successor = a_post(village)
    end_appointment(fresh(director), by=None)
    assert sign_in(client, director).get("/inbox/").status_code == 302
    file.refresh_from_db()
    FILE.apply("submit", file, by=successor, seen_version=file.version)
    FILE.apply("return", file, by=clerk, seen_version=file.version, reason="请补充")
    assert titles(successor) == ["* 张子涵的档案被退回，请补充"], "who follows in the post is told"


def some_messages(post: Appointment, number: int) -> list[Message]:
    """So many approvals told to ``post``, the last one first."""
    file, now = an_approved_file(post.unit, by=post), timezone.now()
    rows = [
        Message(kind="file_approved", key=f"m{n}", recipient=post, record=file.pk, sent_at=now - n * HOUR)
        for n in range(1, number + 1)
    ]
    return Message.objects.bulk_create(rows)


def test_the_page_filters_turns_and_shows_the_unread_first(client, director, django_assert_max_num_queries):
    rows = some_messages(director, SIZE + 5)
    for row in rows[:2]:
        mark_read(row, by=director)
    file = a_submitted_file(director.unit, by=director)
    notify("file_returned", file, to=Author(director.pk, "create_child"))
    sign_in(client, director)
    with django_assert_max_num_queries(11):
        first = client.get("/inbox/?first=unread").text
    assert f"m-{rows[0].pk}" not in first and f"m-{rows[2].pk}" in first
    second = client.get(first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")).text
    assert second.index(f"m-{rows[-1].pk}") < second.index(f"m-{rows[0].pk}"), "the read ones follow"
    plain = client.get("/inbox/").text
    assert plain.index(f"m-{rows[0].pk}") < plain.index(f"m-{rows[2].pk}") and 'rel="next"' in plain
    only = client.get("/inbox/?kind=file_returned").text
    assert only.count('id="m-') == 1 and "档案退回" in only
    for odd in ("?kind=nothing", "?page=xyz&part=rest&first=unread", "?kind=visits_overdue"):
        assert client.get(f"/inbox/{odd}").status_code == 200


def test_all_are_read_at_once_but_for_what_came_in_meanwhile(client, director):
    some_messages(director, 3)
    sign_in(client, director)
    page = client.get("/inbox/").text
    until = page.split('name="until" value="')[1].split('"')[0]
    file = an_approved_file(director.unit, by=director)
    notify("file_approved", file, to=Author(director.pk, "create_child"))
    answer = client.post("/inbox/read/", {"until": until, "first": "unread"}, follow=True)
    assert "3 条已标为读过" in answer.text and answer.redirect_chain[0][0] == "/inbox/?first=unread"
    assert badge(client) == "1"
    client.post("/inbox/read/", {"kind": "file_approved", "until": "2031-13-45"})
    assert badge(client) == ""
    some = Message.objects.of(director).first()
    assert client.post(f"/inbox/{some.pk}/read/").url == "/inbox/"


def test_the_bell_counts_to_ninety_nine_and_costs_no_query_more(client, director, django_assert_max_num_queries):
    sign_in(client, director)
    client.get("/units/")
    with django_assert_max_num_queries(7) as before:
        client.get("/units/")
    some_messages(director, 120)
    with django_assert_max_num_queries(len(before)):
        assert badge(client) == "99+"


def test_the_api_lists_filters_and_marks(client, director):
    rows = some_messages(director, 3)
    mark_read(rows[0], by=director)
    sign_in(client, director)
    answer = client.get("/api/v1/inbox/?unread=true&kind=file_approved").json()
    assert answer["count"] == 2 and answer["results"][0]["id"] == str(rows[1].pk)
    told = answer["results"][0]
    assert told["kind"] == "file_approved" and told["unread"] and told["url"].startswith("/children/")
    assert client.get("/api/v1/inbox/?unread=false").json()["count"] == 1
    for odd, field in (("kind=nothing", "kind"), ("unread=maybe", "unread"), ("colour=red", "colour")):
        refused = client.get(f"/api/v1/inbox/?{odd}")
        assert refused.status_code == 400 and field in refused.text
    assert client.post(f"/api/v1/inbox/{rows[1].pk}/read/").status_code == 204
    refused = client.post("/api/v1/inbox/read-all/", {"kind": "nothing"}, content_type="application/json")
    assert refused.status_code == 400 and "nothing" in refused.text
    assert client.post("/api/v1/inbox/read-all/").json() == {"read": 1} and badge(client) == ""


def test_every_kind_leads_somewhere_and_says_it_in_both_languages(village):
    post = a_post(village.county)
    for kind in INBOX_KINDS.values():
        mark = {"visit_returned": "2031-03-01", "visits_overdue": "3"}.get(kind.key, "")
        record = uuid.uuid4()
        if kind.key.startswith("need_"):
            mark = "mind.mood|2031-03-01|partly|not"
        if kind.key == "visit_ordered":
            mark = f"2031-03-01 {record.hex}"
        about = About(kind.key, record, "张子涵", False, "上河村村委会", mark, True)
        assert resolve(kind.url(about)) and "张子涵" not in kind.title(about)
        with translation.override("en"):
            english = kind.title(about) + str(kind.label)
        assert not any("\u4e00" <= sign <= "\u9fff" for sign in english.replace(about.who, "").replace("上河村", ""))
        assert lines_of([Message(kind=kind.key, recipient=post, record=record)], post)[0].is_settled


def test_every_kind_ends_and_what_nobody_has_to_do_anything_about_ends_by_itself(director):
    endless = [kind.key for kind in INBOX_KINDS.values() if not kind.news and not kind.waits()]
    assert endless == [], "say what it waits for, or that it is news"
    kept = {"key": "1", "recipient": director, "record": uuid.uuid4(), "kind": "unit_changed"}
    old = Message.objects.create(**kept, sent_at=timezone.now() - NEWS_FOR - datetime.timedelta(minutes=1))
    new = Message.objects.create(**kept | {"key": "2"})
    settle_all()
    settled = dict(Message.objects.values_list("pk", "settled_at"))
    assert settled[old.pk] and not settled[new.pk]


def test_what_leads_to_nothing_any_more_says_so(client, director):
    gone = Message.objects.create(kind="file_returned", key="1", recipient=director, record=uuid.uuid4())
    unknown = Message.objects.create(kind="of_a_former_version", key="1", recipient=director, record=uuid.uuid4())
    sign_in(client, director)
    page = client.get("/inbox/")
    assert page.status_code == 200 and "已办完" in page.text and str(unknown.pk) not in page.text
    for each in (gone, unknown):
        assert "已经不在了" in client.get(f"/inbox/{each.pk}/", follow=True).text


def test_messages_are_kept_a_year(director):
    some_messages(director, 2)
    Message.objects.filter(key="m1").update(sent_at=timezone.now() - KEPT_FOR - DAY)
    clear_inbox()
    assert [message.key for message in Message.objects.all()] == ["m2"]
    assert {"settle-inbox", "send-reminders", "send-digests", "clear-inbox", "tell-overdue-visits"} <= set(SCHEDULE)
