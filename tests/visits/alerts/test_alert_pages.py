"""The pages and the API of mandatory reports: what each post sees, and what wrong input gets."""

import datetime
import uuid

import pytest
from django.core import mail
from django.utils import timezone

from childwelfare.jobs import services as jobs
from childwelfare.jobs.models import Job
from orgs.audit.models import Audit
from tests.builders import a_post, a_stay, a_village, a_visit, an_alert, an_approved_file, sign_in
from visits.alerts.models import HANDLED_WITHIN, HANDLED_WITHIN_HOURS, Alert, AlertStep

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(village):
    return an_approved_file(village, name="欧阳小满")


@pytest.fixture
def alert(file):
    return an_alert(file=file, seen="胳膊上有青紫")


@pytest.fixture
def said():
    return {
        "situations": "abandoned",
        "call": "busy",
        "child_words": "四五岁女孩",
        "where": "村东桥头",
        "pk": uuid.uuid4(),
    }


def test_110_stands_before_everything_else(client, village):
    page = sign_in(client, a_post(village)).get("/alerts/new/").text
    assert 0 < page.index("tel:110") < page.index('name="situations"') and "tel:12345" in page


def test_a_report_from_the_form(client, village, said):
    sign_in(client, a_post(village))
    answer = client.post("/alerts/new/", said)
    alert = Alert.objects.get()
    assert answer.url == f"/alerts/{alert.pk}/" and alert.pk == said["pk"]
    client.post("/alerts/new/", said)
    assert Alert.objects.count() == 1
    assert "四五岁女孩" in client.get(answer.url).text


def test_every_page_says_in_how_many_hours_something_must_be_done(client, village, said):
    clock = f"{HANDLED_WITHIN_HOURS} 小时"
    sign_in(client, a_post(village))
    assert f"{clock}计时开始" in client.get("/alerts/new/").text
    page = client.post("/alerts/new/", said, follow=True).text
    assert f"{clock}计时已开始" in page and f"{clock}计时中" in page
    late = client.get("/alerts/", {"tab": "late"}).text
    assert f"超过 {clock}未处置" in late and f"没有超过 {clock}未处置的" in late
    Alert.objects.update(clock_from=timezone.now() - HANDLED_WITHIN - datetime.timedelta(hours=1))
    assert f"已超过 {clock}，没有处置记录" in client.get(f"/alerts/{said['pk']}/").text
    clerk, address = a_post(village.township), f"/alerts/{said['pk']}/"
    signed = sign_in(client, clerk).post(f"{address}acknowledge/", {"version": 1}, follow=True)
    assert f"{clock}内要有处置" in signed.text
    client.post(f"{address}step/", {"kind": "seen", "text": "到场"})
    assert f"首次处置超过 {clock}" in client.get(address).text


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"situations": []}, "请至少选一项"),
        ({"situations": "made_up"}, "made_up"),
        ({"call": ""}, "请先打 110"),
        ({"call": "made", "called_at": ""}, "请填写报警时间"),
        ({"call": "made", "called_at": "昨天"}, "有效"),
        ({"child_words": ""}, "请写明是哪个孩子"),
        ({"child": "nonsense"}, "有效"),
        ({"pk": "nonsense"}, "UUID"),
        ({"seen": "长" * 600}, "500"),
        ({"found_at": "2999-01-01T08:00"}, "现在之后"),
    ],
)
def test_wrong_answers_come_back_with_what_was_typed(client, village, said, given, says):
    answer = sign_in(client, a_post(village)).post("/alerts/new/", said | given)
    assert answer.status_code == 422 and says in answer.text and "村东桥头" in answer.text
    assert not Alert.objects.exists()


def test_a_child_of_the_list_and_words_about_another_come_back_whole(client, village, said):
    director = a_post(village)
    file = an_approved_file(village, by=director, name="张子涵")
    both = {"child": str(file.pk), "child_words": "隔壁的小女孩"}
    page = sign_in(client, director).post("/alerts/new/", said | both)
    assert page.status_code == 422 and "不知道有危险的是谁" in page.text
    assert f'value="{file.pk}" selected' in page.text and "隔壁的小女孩" in page.text and "村东桥头" in page.text
    sent = {"situations": ["abandoned"], "call": "busy"} | both
    answer = client.post("/api/v1/alerts/", sent, content_type="application/json")
    assert answer.status_code in (400, 422) and "不知道有危险的是谁" in answer.text
    assert not Alert.objects.exists()


def test_the_bell_rings_until_the_tier_has_signed(client, alert, village):
    clerk = a_post(village.township)
    sign_in(client, clerk)
    assert "有紧急报告等着签收" in client.get("/review/").text
    client.post(f"/alerts/{alert.pk}/acknowledge/", {"version": 1})
    assert "有紧急报告等着签收" not in client.get("/review/").text
    assert "有紧急报告等着签收" in sign_in(client, a_post(village.county)).get("/children/").text
    assert "有紧急报告等着签收" not in sign_in(client, a_post(village.city)).get("/exports/").text


def test_the_city_reads_the_report_with_the_name_masked(client, alert, village):
    sign_in(client, a_post(village.city))
    for address in ("/alerts/", f"/alerts/{alert.pk}/", f"/api/v1/alerts/{alert.pk}/", "/api/v1/alerts/"):
        page = client.get(address).text
        assert alert.number in page and "欧阳小满" not in page


def test_each_reading_leaves_a_trace(client, alert, village):
    sign_in(client, a_post(village.county))
    client.get(f"/alerts/{alert.pk}/")
    client.get("/alerts/")
    client.get(f"/api/v1/alerts/{alert.pk}/")
    acts = list(Audit.objects.filter(action__in=("view_alert", "list_alerts")).values_list("action", flat=True))
    assert sorted(acts) == ["list_alerts", "view_alert", "view_alert"]
    assert "青紫" not in str(list(Audit.objects.values_list("data", flat=True)))


def test_the_child_is_marked_for_those_who_may_know_and_for_no_other(client, alert, file, village):
    visit, knows = a_visit(file), a_post(village.township)
    for post, told in ((knows, True), (alert.made_in, True), (a_post(village), False)):
        sign_in(client, post)
        pages = [f"/children/{file.pk}/", f"/visits/{visit.pk}/"]
        pages += [] if post == knows else ["/today/", f"/children/{file.pk}/visit/"]
        for address in pages:
            assert (f"/alerts/{alert.pk}/" in client.get(address).text) == told, address


def test_another_director_and_the_next_station_find_no_page(client, alert, village):
    for post in (a_post(village), a_post(a_village().township), a_post(a_village().county)):
        sign_in(client, post)
        assert client.get(f"/alerts/{alert.pk}/").status_code == 404
        assert client.post(f"/alerts/{alert.pk}/step/", {"kind": "news", "text": "x"}).status_code == 404
        assert client.get(f"/api/v1/alerts/{alert.pk}/").status_code == 404
        assert client.get("/api/v1/alerts/").json()["count"] == 0


def test_from_signing_to_closing_on_the_page(client, alert, village):
    clerk, county, page = a_post(village.township), a_post(village.county), f"/alerts/{alert.pk}/"
    sign_in(client, clerk)
    assert client.post(page + "acknowledge/", {"version": 1}).status_code == 302
    for step in ({"kind": "seen", "text": "已到场"}, {"kind": "answered", "text": "已答复"}):
        assert client.post(page + "step/", step).status_code == 302
    assert client.post(page + "close/", {}).status_code == 403
    sign_in(client, county)
    close = {"outcome": "temporary", "grounds": ["t6"], "placement": "welfare", "text": "需要带离"}
    refused = client.post(page + "close/", close | {"version": 1})
    assert refused.status_code == 409 and "有过变动，请重新打开" in refused.text and "需要带离" in refused.text
    wrong = client.post(page + "close/", close | {"version": 4, "grounds": []})
    assert wrong.status_code == 422 and "法定情形" in wrong.text
    assert client.post(page + "close/", close | {"version": 4}).status_code == 302
    assert "已办结" in client.get(page).text and "需要带离" in client.get(page).text
    assert f'action="{page}undo/"' in client.get(page).text
    empty = client.post(page + "undo/", {"version": 5, "text": ""})
    assert empty.status_code == 422 and "请写明情况" in empty.text
    undone = client.post(page + "undo/", {"version": 5, "text": "办错了一份"}, follow=True).text
    assert "办结已撤销" in undone and "撤销办结" in undone and "办错了一份" in undone
    assert f'action="{page}undo/"' not in undone
    assert client.post(page + "close/", close | {"version": 6}).status_code == 302
    sign_in(client, clerk)
    assert f'action="{page}undo/"' not in client.get(page).text, "another's closing"
    assert client.post(page + "reopen/", {"version": 7, "text": "新情况"}).status_code == 302
    alert.refresh_from_db()
    assert alert.state == "raised" and alert.township_at is None


# --- the API


@pytest.fixture
def call(client):
    def send(post, path, data=None, method="post"):
        sign_in(client, post)
        return getattr(client, method)(f"/api/v1/alerts/{path}", data or {}, content_type="application/json")

    return send


def test_the_whole_way_over_the_api(call, village):
    director, clerk, county = a_post(village), a_post(village.township), a_post(village.county)
    pk, sent = str(uuid.uuid4()), {"situations": ["abandoned"], "child_words": "四五岁女孩", "call": "busy"}
    made = call(director, "", sent | {"id": pk})
    assert made.status_code == 201 and made.json()["id"] == pk
    assert call(director, "", sent | {"id": pk}).json()["number"] == made.json()["number"]
    assert call(clerk, f"{pk}/acknowledge/", {"version": 1}).json()["state"] == "handled"
    assert call(clerk, f"{pk}/acknowledge/", {"version": 1}).status_code == 409
    assert call(county, f"{pk}/acknowledge/", {"version": 1}).status_code == 409
    assert call(clerk, f"{pk}/step/", {"kind": "handed_over", "text": "移交"}).status_code == 400
    assert call(clerk, f"{pk}/step/", {"kind": "handed_over", "organ": "police", "text": "移交"}).status_code == 200
    assert call(clerk, f"{pk}/step/", {"kind": "answered", "text": "答复"}).json()["version"] == 4
    called = {"version": 4, "call": "made", "called_at": timezone.now().isoformat(), "police_receipt": "J1"}
    assert call(clerk, f"{pk}/call/", called).json()["police_receipt"] == "J1"
    close = {"version": 5, "outcome": "long_term", "grounds": ["l1"], "placement": "welfare", "text": "查找不到父母"}
    assert call(clerk, f"{pk}/close/", close).status_code == 403
    assert call(county, f"{pk}/close/", close | {"grounds": ["t1"]}).json().keys() == {"grounds"}
    assert call(county, f"{pk}/close/", close).json()["state"] == "closed"
    assert {*call(county, f"{pk}/", method="get").json()["actions"]} == {"reopen", "undo"}
    assert "undo" not in call(clerk, f"{pk}/", method="get").json()["actions"]
    undo = {"version": 6, "text": "办错了一份"}
    assert call(clerk, f"{pk}/undo/", undo).status_code == 403
    assert call(county, f"{pk}/undo/", {"version": 6}).status_code == 400
    assert call(county, f"{pk}/undo/", undo).json()["state"] == "handled"
    assert call(county, f"{pk}/close/", close | {"version": 7}).json()["state"] == "closed"
    assert call(director, f"{pk}/reopen/", {"version": 8, "text": "母亲来认领"}).json()["state"] == "raised"
    shown = call(director, f"{pk}/", method="get").json()
    assert [step["kind"] for step in shown["steps"]] == [
        "handed_over", "answered", "closed", "undone", "closed", "reopened",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        {"situations": "abandoned"},
        {"situations": []},
        {"situations": ["x"]},
        {"situations": [{"a": 1}]},
        {"call": None},
        {"call": ["made"]},
        {"call": "made", "called_at": "yesterday"},
        {"child": "x"},
        {"child": str(uuid.uuid4())},
        {"village": "x"},
        {"child_words": {"a": 1}},
        {"child_words": "\x00"},
        {"found_at": "99999-01-01"},
        {"id": "x"},
        {"seen": "长" * 501},
    ],
)
def test_bad_input_is_a_400_and_saves_nothing(call, village, wrong):
    sent = {"situations": ["abandoned"], "child_words": "四五岁女孩", "call": "busy"}
    answer = call(a_post(village), "", sent | wrong)
    assert answer.status_code == 400 and not Alert.objects.exists(), answer.content


def test_a_step_with_bad_input_is_a_400(call, alert, village):
    clerk = a_post(village.township)
    for wrong in ({}, {"kind": "seen"}, {"kind": "closed", "text": "x"}, {"kind": "seen", "text": 5, "done_at": "x"}):
        assert call(clerk, f"{alert.pk}/step/", wrong).status_code == 400
    assert not AlertStep.objects.exists()


# --- outside the registry


def test_a_message_goes_out_with_number_place_and_time_alone(
    file, settings, django_capture_on_commit_callbacks, monkeypatch
):
    settings.CWR_ALERT_EMAILS = ["duty@example.gov.cn"]
    monkeypatch.setattr(jobs, "publish", jobs.run)
    with django_capture_on_commit_callbacks(execute=True):
        alert = an_alert(file=file, seen="胳膊上有青紫")
    (sent,) = mail.outbox
    whole = sent.subject + sent.body
    assert alert.number in whole and file.village.short_name in whole and sent.to == ["duty@example.gov.cn"]
    assert not any(word in whole for word in ("欧阳小满", "青紫", "多处受伤"))
    assert Job.objects.get().state == "done"


def test_a_webhook_that_fails_is_tried_again_and_the_report_stands(
    file, settings, django_capture_on_commit_callbacks, monkeypatch
):
    settings.CWR_ALERT_WEBHOOK = "http://127.0.0.1:9/nobody-listens"
    monkeypatch.setattr(jobs, "publish", jobs.run)
    with django_capture_on_commit_callbacks(execute=True):
        an_alert(file=file)
    job = Job.objects.get()
    assert (job.state, job.attempts) == ("queued", 1) and Alert.objects.exists()


@pytest.mark.parametrize(
    "since, status, found",
    [
        ("2026-01-01T00:00:00+08:00", 200, 1),
        ("0247-12-19T01:47:17-22:47", 200, 1),  # an offset that PostgreSQL does not take
        ("9999-12-31T23:59:59-22:47", 400, None),  # in UTC after the year 9999
        ("gestern", 400, None),
    ],
)
def test_the_api_narrows_by_any_moment_that_can_be_written(client, since, status, found):
    village = a_village()
    an_alert(village)
    sign_in(client, a_post(village.township))
    answer = client.get("/api/v1/alerts/", {"since": since})
    assert answer.status_code == status and answer.json().get("count") == found


def test_what_was_typed_into_a_report_that_was_closed_meanwhile_is_shown(client, alert, village):
    clerk, county, page = a_post(village.township), a_post(village.county), f"/alerts/{alert.pk}/"
    sign_in(client, clerk)
    client.post(page + "acknowledge/", {"version": 1})
    for step in ({"kind": "seen", "text": "已到场"}, {"kind": "answered", "text": "已答复"}):
        client.post(page + "step/", step)
    sign_in(client, county)
    close = {"outcome": "temporary", "grounds": ["t6"], "placement": "welfare", "text": "需要带离"}
    assert client.post(page + "close/", close | {"version": 4}).status_code == 302
    for act, told in (("close", {"version": 4} | close), ("step", {"kind": "seen"}), ("call", {"version": 4})):
        text = "police_unit" if act == "call" else "text"
        late = client.post(page + f"{act}/", told | {text: "东关派出所老张"})
        assert late.status_code in (409, 422), act
        assert "东关派出所老张" in late.text.partition("没有存上，可以从这里复制")[2], act


def test_of_a_child_who_stays_here_the_report_names_where_it_is_now(client, village):
    file = an_approved_file(a_village(village.township), name="董梦琪", address="三组")
    a_stay(file, village, address="二组8号")
    sign_in(client, a_post(village))
    page = client.get("/alerts/new/").text
    assert "董梦琪 二组8号" in page and "董梦琪 三组" not in page
