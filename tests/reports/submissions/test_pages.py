"""The month on pages and over the API: the same figures, the same refusals."""

import copy
import datetime

import pytest
import time_machine
from django.urls import reverse

from childwelfare.text.canonical import canonical_bytes
from orgs.accounts.models import Person
from orgs.audit.models import Audit
from orgs.posts.models import Appointment
from registry.status.models import ChildStatus
from reports.rollup.services import roll_up
from reports.snapshots.content import content_hash
from reports.submissions.models import Submission
from reports.submissions.services import send_back
from reports.submissions.sheets import sheet_of
from tests.builders import a_post, an_approved_file, fresh, sign_in
from tests.reports.submissions.world import (
    NOVEMBER,
    OCTOBER,
    SINCE,
    a_reporting_county,
    pass_on,
    report_all,
    row_of,
    send,
)
from tests.roles import roles_without

pytestmark = pytest.mark.django_db
MORNING = datetime.datetime(2026, 11, 2, 1, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _beginning_of_november():
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture(scope="module")
def open_month(shared_world):
    """Built once; each test has its own copy, and what it writes is taken back."""
    with time_machine.travel(MORNING, tick=False):
        country = a_reporting_county(children=1)
        country.open()
        return country


@pytest.fixture
def country(open_month):
    return copy.deepcopy(open_month)


def press(client, submission: Submission, action: str, **said):
    said = {"version": submission.version} | said
    return client.post(reverse("submission-move", args=[submission.pk, action]), said)


def call(client, submission: Submission, action: str = "", **said):
    base = f"/api/v1/submissions/{submission.pk}/"
    if not action:
        return client.get(base)
    return client.post(f"{base}{action}/", {"version": submission.version} | said, content_type="application/json")


def test_a_month_by_its_buttons(client, country):
    """The director presses once, the station ticks and sends, the county likewise; the city signs with two."""
    for village in country.villages:
        sign_in(client, a_post(village))
        shown = client.get(reverse("submission-home"))
        assert "本月完成" in shown.text and "没有草稿和退回未改的" in shown.text
        row = row_of(village)
        sent = press(client, row, "submit", seen=sheet_of(row).seen)
        assert sent.status_code == 302
    for township in country.townships:
        sign_in(client, a_post(township))
        own = row_of(township)
        page = client.get(reverse("submission-home")).text
        assert "待审核 2" in page and "还不能上报" in page
        ticked = [f"{each.pk}:{each.version}:{each.current.hash}" for each in own.children.all()]
        done = client.post(reverse("submission-approve-many", args=[own.pk]), {"approve": ticked}, follow=True)
        assert "已通过 2 个单位的上报" in done.text and "合计（2 个）" in done.text
        assert press(client, own, "submit", seen=sheet_of(own).seen).status_code == 302
    for unit in country.townships:
        pass_on(unit)
    send(country.county)
    pass_on(country.county)
    assert row_of(country.county).approved.numbers["registered"] == 4


@pytest.mark.parametrize("tier", ["city", "county", "township", "village"])
def test_the_page_of_each_tier_asks_few_queries(client, country, tier, django_assert_max_num_queries):
    report_all(country, upto=3)
    unit = getattr(country.villages[0], tier)
    sign_in(client, a_post(unit))
    with django_assert_max_num_queries(26):
        shown = client.get(reverse("submission-home"))
    assert shown.status_code == 200 and unit.name in shown.text


def test_what_is_refused_is_said_on_the_page_and_what_was_written_stays(client, country):
    village = country.villages[0]
    send(village)
    row = row_of(village)
    sign_in(client, a_post(country.townships[0]))
    blank = press(client, row, "return", reason="  ")
    assert blank.status_code == 422 and "请写明原因" in blank.text
    long = press(client, row, "return", reason="多" * 501)
    assert long.status_code == 422 and "原因最多 500 字" in long.text and "多" * 501 in long.text
    stale = client.post(reverse("submission-move", args=[row.pk, "approve"]), {"version": 1, "hash": row.current.hash})
    assert stale.status_code == 409 and "有过变动" in stale.text
    assert client.post(reverse("submission-move", args=[row.pk, "nonsense"])).status_code == 404
    assert row_of(village).state == "submitted"


def test_a_remark_at_a_number_is_read_by_who_has_to_put_it_right(client, country):
    village = country.villages[0]
    row = send(village)
    sign_in(client, a_post(country.townships[0]))
    said = {"reason": "王家的孩子 10 月搬走了", "cell-registered": "多一人", "cell-left": ""}
    assert press(client, row, "return", **said).status_code == 302
    sign_in(client, a_post(village))
    page = client.get(reverse("submission-home")).text
    assert "退回了，请改好再报" in page and "王家的孩子" in page and "在册合计：多一人" in page


def test_a_contradiction_is_asked_about_where_it_is_sent(client, country):
    report_all(country, upto=4)
    village = country.villages[0]
    for _ in range(7):
        an_approved_file(village, on=datetime.date(2026, 11, 10))
    with time_machine.travel(datetime.datetime(2026, 12, 1, 1, tzinfo=datetime.UTC), tick=False):
        country.open(NOVEMBER)
        sign_in(client, a_post(village))
        row = row_of(village, NOVEMBER)
        page = client.get(reverse("submission-home")).text
        assert 'name="why-change"' in page and "cell-bad" not in page
        silent = press(client, row, "submit", seen=sheet_of(row).seen)
        assert silent.status_code == 422 and "在册较上月变动" in silent.text
        long = press(client, row, "submit", seen=sheet_of(row).seen, **{"why-change": "多" * 301})
        assert long.status_code == 422 and "说明最多 300 字" in long.text and "多" * 301 in long.text
        odd = press(client, row, "submit", seen=sheet_of(row).seen, **{"why-change": "\ue000 两处"})
        assert odd.status_code == 422 and "印不出来的字" in odd.text
        assert press(client, row, "submit", seen=sheet_of(row).seen, **{"why-change": "摸底"}).status_code == 302
        signed = client.get(reverse("submission-detail", args=[row.pk])).text
        assert "“摸底”" in signed, "whoever signs or looks reads why"


def test_only_what_does_not_hold_is_explained(client, country):
    village = country.villages[0]
    sign_in(client, a_post(village))
    row = row_of(village)
    seen = sheet_of(row).seen
    for name, text, words in (
        ("why-" + "k" * 200, "x", "不用说明"),
        ("why-ages", "没有不平", "没有不平的“ages”"),
        ("why-twice", "两个村都有", "没有不平的“twice”"),
    ):
        refused = press(client, row, "submit", seen=seen, **{name: text})
        assert refused.status_code == 422 and words in refused.text
    assert row_of(village).state == "draft"


def test_a_number_of_a_signed_sheet_opens_what_was_counted_when_it_was_signed(client, country):
    """Whatever came since, valid or not yet; of what was never sent, what is known now."""
    village, township = country.villages[0], country.townships[0]
    director = a_post(village)
    first = send(village, by=director)
    clerk = a_post(township)
    send_back(first, by=fresh(clerk), seen_version=first.version, reason="少一户")
    an_approved_file(village, on=SINCE)
    second = send(village, by=director)
    an_approved_file(village, on=SINCE)
    sign_in(client, clerk)
    row = client.get(f"/ledger/{row_of(township).pk}/", {"sheet": "summary"}).context["rows"][0]
    opened = {cell.indicator.key: cell for cell in row.cells}
    assert opened["registered"].number == 2 and f"sheet={second.current.hash}" in opened["registered"].url
    for key, cell in opened.items():
        if cell.number:
            assert client.get(cell.url).context["count"] == cell.number, key
    Appointment.objects.filter(pk=director.pk).update(valid_to=datetime.date(2026, 11, 1))
    posts = client.get(opened["directors"].url)
    assert director.person.name in posts.text and second.current.short_hash in posts.text
    earlier = client.get(opened["registered"].url.replace(second.current.hash, first.current.hash))
    assert earlier.context["count"] == 1
    assert client.get(opened["registered"].url.replace(second.current.hash, "0" * 64)).status_code == 404


def test_who_is_behind_stands_with_a_phone(client, country):
    Person.objects.filter(appointments__unit=country.villages[1]).update(phone="0371-55501234")
    with time_machine.travel(datetime.datetime(2026, 11, 5, 1, tzinfo=datetime.UTC), tick=False):
        sign_in(client, a_post(country.townships[0]))
        page = client.get(reverse("submission-home")).text
    assert "tel:0371-55501234" in page and "逾期 2 天" in page


def test_a_role_without_a_part_in_it_reads_nothing(client, country):
    for role in roles_without("submit_ledger"):
        sign_in(client, a_post(country.city, role))
        assert client.get(reverse("submission-home")).status_code == 403
        assert client.get("/api/v1/submissions/").status_code == 403


def test_the_neighbour_county_is_not_there(client, country):
    other = a_reporting_county(children=0)
    sign_in(client, a_post(other.county))
    row = row_of(country.villages[0])
    assert client.get(reverse("submission-detail", args=[row.pk])).status_code == 404
    assert call(client, row).status_code == 404


def test_the_api_says_what_the_page_says(client, country):
    village, township = country.villages[0], country.townships[0]
    director, clerk = a_post(village), a_post(township)
    sign_in(client, director)
    row = row_of(village)
    told = call(client, row).json()
    assert told["actions"] == ["submit"] and told["sheet"]["values"]["registered"] == 1
    assert call(client, row, "submit", seen="0" * 64).status_code == 409
    strange = (
        {"k" * 100_000: "x"},
        {"\x00": "x"},
        {"\uffff": "x"},
        {str(n): "x" for n in range(2000)},
        {"ages": 1},
        [1],
    )
    for explanations in strange:
        refused = call(client, row, "submit", seen=told["sheet"]["seen"], explanations=explanations)
        assert refused.status_code == 400 and list(refused.json()) == ["explanations"] and len(refused.content) < 300
    settled = call(client, row, "submit", seen=told["sheet"]["seen"], explanations={"ages": "没有不平"})
    assert settled.status_code == 422 and "没有不平的“ages”，不用说明" in settled.json()["detail"]
    sent = call(client, row, "submit", seen=told["sheet"]["seen"])
    assert sent.status_code == 200 and sent.json()["state"] == "submitted" and sent.json()["on_time"]
    sign_in(client, clerk)
    row = row_of(village)
    assert call(client, row, "approve", hash="0" * 64).status_code == 409
    assert call(client, row, "return", reason="不对", remarks={"nonsense": "x"}).status_code == 400
    assert call(client, row, "approve", hash=row.current.hash).json()["state"] == "approved"
    assert call(client, row_of(village), "submit", seen="x").status_code == 403
    below = client.get("/api/v1/submissions/", {"below": str(township.uid), "period": OCTOBER}).json()["results"]
    assert {each["state"] for each in below} == {"approved", "draft"}
    snapshot = client.get(f"/api/v1/snapshots/{row.current.hash}/").json()
    assert content_hash(canonical_bytes(snapshot["content"])) == snapshot["hash"]


def test_an_amendment_over_the_api_and_on_its_page(client, country):
    report_all(country, upto=2)
    village = country.villages[0]
    director, clerk = a_post(village), a_post(country.townships[0])
    sign_in(client, director)
    base = f"/api/v1/submissions/{row_of(village).pk}/amend/"
    said = {"reason": "漏了一人", "document": ""}
    assert client.post(base, said, content_type="application/json").status_code == 400
    said["document"] = "荥民〔2026〕31号"
    made = client.post(base, said, content_type="application/json")
    assert made.status_code == 201 and made.json()["state"] == "asked"
    assert client.post(base, said, content_type="application/json").status_code == 422
    an_approved_file(village, on=datetime.date(2026, 10, 28))
    page = reverse("amendment-detail", args=[made.json()["id"]])
    sign_in(client, clerk)
    assert "同意更正" in client.get(page).text
    assert client.post(f"{page}open_amendment/", {"version": 1}).status_code == 302
    sign_in(client, fresh(director))
    shown = client.get(page).text
    assert "报送更正" in shown and "在册合计" in shown
    told = client.get(f"/api/v1/amendments/{made.json()['id']}/").json()
    sent = client.post(f"{page}submit_amendment/", {"version": told["version"], "seen": told["seen"]})
    assert sent.status_code == 302 and "待审核" in client.get(page).text


def test_the_city_moves_the_days_of_a_month_and_locks_it_when_they_are_over(client, country):
    sign_in(client, a_post(country.city))
    period = row_of(country.city).period
    page = client.get(reverse("period-list")).text
    assert "2026年10月" in page and "现在锁定" not in page
    edit = reverse("period-edit", args=[period.pk])
    days = {"village": "2026-11-05", "township": "2026-11-04", "county": "2026-11-06", "city": "2026-11-09"}
    days |= {"locks": "2026-11-12", "reason": "培训周", "version": 1}
    backwards = client.post(edit, days)
    assert backwards.status_code == 422 and "不能早于" in backwards.text
    assert client.post(edit, days | {"township": "2026-11-05"}).status_code == 302
    assert str(row_of(country.villages[0]).due_on) == "2026-11-05"
    assert client.post(edit, days | {"township": "2026-11-05"}).status_code == 409
    with time_machine.travel(datetime.datetime(2026, 11, 10, 1, tzinfo=datetime.UTC), tick=False):
        sign_in(client, a_post(country.city))
        assert client.post(reverse("period-lock", args=[period.pk]), {"version": 2}).status_code == 302
        assert row_of(country.city).period.is_locked
    sign_in(client, a_post(country.city))
    rule = {"village": 3, "township": 2, "county": 5, "city": 8, "locks": 12, "version": 0}
    assert client.post(reverse("period-days"), rule).status_code == 422
    assert client.post(reverse("period-days"), rule | {"township": 4}).status_code == 302
    assert "村（居）3，乡镇 4" in client.get(reverse("period-list")).text


def test_two_officers_at_once_one_wins_and_the_other_is_told(client, country):
    village, township = country.villages[0], country.townships[0]
    row = send(village)
    first, second = a_post(township), a_post(township)
    sign_in(client, first)
    assert press(client, row, "approve", hash=row.current.hash).status_code == 302
    sign_in(client, second)
    late = press(client, row, "return", reason="不对")
    assert late.status_code == 409 and first.person.name in late.text and "通过" in late.text


def test_reported_and_live_stand_on_one_switch_and_the_difference_names_its_cause(client, country):
    """What a village knows by now of October, beside what it signed."""
    report_all(country, upto=2)
    village = country.villages[0]
    late = an_approved_file(village, on=datetime.date(2026, 10, 28))
    ChildStatus.objects.filter(child=late).update(known_from=datetime.date(2026, 11, 2))
    roll_up(village.county_id, OCTOBER, force=True)
    sign_in(client, a_post(country.county))
    base = reverse("figure-unit", args=[country.county.uid])
    answer = client.get(base, {"period": OCTOBER, "as": "official"})
    told = {each.indicator.key: (each.reported, each.now) for each in answer.context["differences"]}
    assert told["registered"][1] == told["registered"][0] + 1, "with what came late"
    shown = answer.text
    assert "有效的那份" in shown and "上报数与实时数（此刻）的差" in shown and "看是哪些补记" in shown
    assert "as=official" in shown
    behind = client.get(
        reverse("figure-list", args=[country.county.uid, "registered"]), {"period": OCTOBER, "as": "official"}
    ).text
    assert "上报时所在村（居）" in behind and behind.count("<tr>") == 1 + 4, (
        "the four that were counted, not the late one"
    )
    girls = client.get(
        reverse("figure-list", args=[country.county.uid, "sex_female"]), {"period": OCTOBER, "as": "official"}
    ).text
    assert girls.count("<tr>") == 1 + row_of(country.county).approved.numbers["sex_female"] > 1
    act = Audit.objects.filter(action="list_children").latest("pk")
    assert row_of(country.county).approved.hash in act.data
    sign_in(client, a_post(country.city))
    masked = client.get(reverse("figure-list", args=[village.uid, "registered"]), {"period": OCTOBER, "as": "official"})
    assert late.name not in masked.text and "脱敏名单" in masked.text
    unreported = client.get(base, {"period": "2026-09", "as": "official"}).text
    assert "还没有通过审核的上报数" in unreported


def test_what_was_sent_is_not_offered_again_as_a_draft(client, country):
    """The page keeps what is written under the key that is dropped when it is sent."""
    village = country.villages[0]
    row = send(village)
    sign_in(client, a_post(country.townships[0]))
    page = client.get(reverse("submission-detail", args=[row.pk])).text
    assert f'data-draft="submission-move-{row.pk}-return"' in page
    press(client, row, "return", reason="少一户")
    assert client.session["draft_done"] == f"submission-move-{row.pk}-return"
