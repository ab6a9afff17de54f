"""A child lives with relatives elsewhere: the host village visits, the home village keeps the file and the count."""

import datetime
from contextlib import suppress

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from childwelfare.uploads.photos import MAX_PHOTOS
from childwelfare.workflow.refusals import Refused, Stale
from orgs.audit.models import Audit
from registry.child.models import ChildFile
from registry.closing.services import close_file, reopen_file
from registry.disclosure.document import document
from registry.merging.services.merge import merge_files
from registry.merging.services.unmerge import undo_merge
from registry.printing.file import file_sheet
from registry.stays.models import Stay, may_open
from registry.stays.services import begin_stay, end_stay, settle_stays
from registry.transfers.services import ask_transfer
from registry.transfers.workflow import TRANSFER
from reports.indicators.table import BY_KEY, numbers_of
from reports.rollup.models import Figure
from reports.rollup.months import Month
from reports.rollup.services import open_months, roll_up
from reports.rollup.verify import first_wrong
from tests.builders import (
    a_paper,
    a_post,
    a_stay,
    a_submitted_file,
    a_unit,
    a_village,
    a_visit,
    an_approved_file,
    answers,
    fresh,
    sign_in,
)
from tests.depth import examples
from visits.schedule.models import VisitDue
from visits.visit.models import Visit
from visits.visit.services.log import correct_visit, log_visit
from visits.visit.workflow import VISIT

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def today():
    return timezone.localdate()


@pytest.fixture
def there(here):
    """A village of another township of the county."""
    return a_unit(a_unit(here.county))


@pytest.fixture
def file(here):
    return an_approved_file(here, on=today() - 60 * DAY, name="欧阳文静")


@pytest.fixture
def host(there):
    return a_post(there)


def ended(stay, *, by=None, reason="已回家"):
    stay.refresh_from_db()
    return end_stay(stay, by=by or a_post(stay.child.township), reason=reason, seen_version=stay.version)


def visited(file, by, on=None):
    given = answers(visited_on=on or today(), late_reason="没有信号")
    return log_visit(ChildFile.objects.get(pk=file.pk), by=by, answers=given, hazards_looked_at=True)


# --- who visits


@pytest.mark.both
def test_the_host_owes_the_visits_from_its_first_day_and_the_home_village_owes_none(file, here, there):
    a_stay(file, there)
    old, new = file.dues.order_by("pk")
    assert (old.village, old.ended_on, old.visit) == (here, today(), None)
    assert (new.village, new.since, new.ended_on) == (there, today(), None)
    assert not VisitDue.objects.visible_to(a_post(here), "view_visit").open().exists()
    file.refresh_from_db()
    assert file.village == here and file.memberships.get().village == here and file.state == "approved"


def test_after_the_end_the_home_village_visits_again(file, here, there):
    ended(a_stay(file, there, days=10))
    owed = [(due.village, due.since, due.ended_on) for due in file.dues.order_by("pk")]
    assert owed == [(here, today() - 60 * DAY, today() - 10 * DAY), (there, today() - 10 * DAY, today()),
                    (here, today(), None)]  # fmt: skip


def test_begun_and_ended_on_one_day_it_changes_nothing(file, there):
    before = [(due.village_id, due.since, due.due_on, due.ended_on) for due in file.dues.all()]
    ended(a_stay(file, there))
    assert [(due.village_id, due.since, due.due_on, due.ended_on) for due in file.dues.all()] == before


def test_a_stay_that_was_known_late_makes_nobody_late_for_the_days_before(file, here, there):
    stay = a_stay(file, there, since=today() - 40 * DAY)
    assert stay.begun_on == today() and file.dues.open().get().since == today()


def test_a_stay_to_come_begins_by_itself_on_its_day(file, here, there, host):
    stay = a_stay(file, there, since=today() + 3 * DAY)
    assert not may_open(host, "view_child", file) and file.dues.open().get().village == here
    assert settle_stays(today() + 2 * DAY) == 0
    assert settle_stays(today() + 3 * DAY) == 1
    stay.refresh_from_db()
    assert stay.in_force and may_open(host, "view_child", file)
    assert file.dues.open().get().village == there and file.dues.open().get().since == today() + 3 * DAY


def test_after_a_missed_night_it_begins_on_the_day_that_was_agreed(file, there):
    stay = a_stay(file, there, since=today() + 3 * DAY)
    assert settle_stays(today() + 6 * DAY) == 1
    stay.refresh_from_db()
    assert stay.begun_on == today() + 3 * DAY and file.dues.open().get().since == today() + 3 * DAY


def test_on_the_day_of_return_it_ends_by_itself_be_the_night_missed_or_not(file, here, there, host):
    stay = a_stay(file, there, until=today() + 20 * DAY)
    assert settle_stays(today() + 19 * DAY) == 0
    assert settle_stays(today() + 23 * DAY) == 1 and settle_stays(today() + 23 * DAY) == 0
    stay.refresh_from_db()
    assert (stay.ended_on, stay.ended_by) == (today() + 20 * DAY, "until")
    assert file.dues.open().get().village == here and file.dues.open().get().since == today() + 20 * DAY
    assert not may_open(host, "view_child", file)
    assert file.events.last().action == "stay_end"


def test_the_county_of_the_host_says_how_often(file):
    from visits.schedule.models import VisitRule

    there = a_village()
    VisitRule.objects.create(county=there.county, risk=file.risk, days=9)
    a_stay(file, there)
    assert file.dues.open().get().days == 9


# --- who may open it


def test_the_host_opens_the_file_and_visits_but_changes_nothing(client, file, there, host):
    stay = a_stay(file, there, host_name="张玉兰", host_phone="13800007788", address="西头三排", days=5)
    sign_in(client, host)
    page = client.get(f"/children/{file.pk}/")
    assert page.status_code == 200 and "暂住" in page.text and "张玉兰" in page.text and "13800007788" not in page.text
    assert there.short_name in page.text
    for name in ("change", "history", "papers", "edit", "print", "close", "transfer", "stay"):
        assert f"/children/{file.pk}/{name}/" not in page.text
        assert client.get(f"/children/{file.pk}/{name}/").status_code in (403, 404), name
    assert client.get(f"/children/{file.pk}/visit/").status_code == 200
    sent = answers(visited_on=str(today()), hazard="no")
    assert client.post(f"/children/{file.pk}/visit/", sent).status_code == 302
    visit = Visit.objects.get()
    assert (visit.village, visit.due.village) == (file.village, there)
    assert client.get(f"/visits/{visit.pk}/").status_code == 200
    assert client.post(f"/children/{file.pk}/reveal/", {"field": "phone"}).status_code == 200
    assert Audit.objects.filter(action="reveal", post=host).exists()
    assert not host.may("propose_change", file) and stay.in_force


def test_after_the_end_the_host_reads_its_own_visits_and_nothing_else(client, file, there, host):
    stay = a_stay(file, there, days=10)
    before = a_visit(file, visited_on=today() - 20 * DAY, late_reason="补录")
    own = visited(file, host, today() - 5 * DAY)
    sign_in(client, host)
    assert client.get(f"/visits/{before.pk}/").status_code == 200
    ended(stay)
    assert client.get(f"/children/{file.pk}/").status_code == 404
    assert client.get(f"/api/v1/children/{file.pk}/").status_code == 404
    assert client.get(f"/visits/{before.pk}/").status_code == 404
    listed = client.get("/visits/", {"tab": "records"})
    assert [visit.pk for visit in listed.context["as_host"]] == [own.pk] and not list(listed.context["page"])
    page = client.get(f"/visits/{own.pk}/")
    assert page.status_code == 200 and "20" not in str(page.context["before"])


def test_papers_are_not_for_the_host(client, file, there, host, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    paper = a_paper(file)
    a_stay(file, there)
    sign_in(client, host)
    assert str(paper.pk) not in client.get(f"/children/{file.pk}/").text
    assert client.get(f"/children/{file.pk}/papers/{paper.pk}/").status_code == 404
    assert client.get(f"/api/v1/children/{file.pk}/papers/").status_code == 404


@pytest.mark.both
def test_the_host_finds_the_child_above_its_list_and_in_its_day(client, file, there, host):
    mine = an_approved_file(there, name="赵梦琪")
    stay = a_stay(file, there, address="西头三排", days=31)
    sign_in(client, host)
    page = client.get("/children/")
    assert "暂住在本辖区的孩子" in page.text and "欧阳文静" in page.text
    assert [row.pk for row in page.context["page"]] == [mine.pk], "the list itself is of files kept here"
    assert "欧阳文静" in client.get("/children/", {"q": "欧阳"}).text
    assert "暂住在本辖区的孩子" not in client.get("/children/", {"q": "赵"}).text
    day = client.get("/today/")
    assert "欧阳文静" in day.text and "西头三排" in day.text and day.context["due_here"] == 2
    ended(stay)
    assert "欧阳文静" not in client.get("/children/").text + client.get("/today/").text


def test_many_who_stay_cost_no_query_each(client, here, there, host, django_assert_max_num_queries):
    for number in range(6):
        a_stay(an_approved_file(here, on=today() - 60 * DAY), there, days=31 + number)
    sign_in(client, host)
    with django_assert_max_num_queries(9):
        assert len(client.get("/children/").context["hosted"]) == 6
    with django_assert_max_num_queries(20):
        assert len(client.get("/today/").context["overdue"]) == 6


def test_in_the_home_township_the_child_stands_in_the_list_alone(client, file, here):
    a_stay(file, a_unit(here.township))
    page = sign_in(client, a_post(here.township)).get("/children/")
    assert "暂住在本辖区的孩子" not in page.text and "欧阳文静" in page.text


def test_a_visit_of_the_host_is_reviewed_at_home_and_completed_where_it_was_made(client, file, here, there, host):
    stay = a_stay(file, there, days=10)
    visit = visited(file, host)
    VISIT.apply("return", visit, by=a_post(here.township), seen_version=1, reason="请写明实际照看人")
    ended(stay)
    sign_in(client, host)
    assert "请写明实际照看人" in client.get("/today/").text
    assert client.get(f"/visits/{visit.pk}/edit/").status_code == 200
    given = answers(carer_note="姑姑", visited_on=today())
    correct_visit(Visit.objects.get(), by=fresh(host), seen_version=2, answers=given, hazards_looked_at=True)
    assert Visit.objects.get().state == "submitted" and Visit.objects.get().due.village == there
    with pytest.raises(PermissionDenied):
        correct_visit(visit, by=a_post(a_village()), seen_version=3, answers=given, hazards_looked_at=True)


def test_a_visit_of_the_stay_that_comes_in_after_it_is_taken(client, file, there, host):
    ended(a_stay(file, there, days=10))
    Stay.objects.update(ended_on=today() - 3 * DAY)
    visit = visited(file, host, today() - 5 * DAY)
    assert visit.due.village == there
    with pytest.raises(Refused, match="结束"):
        visited(file, host, today() - DAY)
    page = sign_in(client, host).get(f"/children/{file.pk}/visit/")
    assert page.status_code == 200 and "临时居住已结束" in page.text and "李桂英" not in page.text
    assert f"最多 {MAX_PHOTOS} 张" in page.text
    with pytest.raises(PermissionDenied):
        visited(file, a_post(a_village()), today() - 5 * DAY)


def test_the_host_records_nothing_from_before_the_child_came(file, there, host):
    a_stay(file, there, days=5)
    with pytest.raises(ValidationError, match="才来这里暂住"):
        visited(file, host, today() - 8 * DAY)


# --- who begins and ends it


def test_the_host_station_ends_it_with_a_reason(file, here, there):
    stay, clerk = a_stay(file, there), a_post(there.township)
    with pytest.raises(ValidationError, match="怎样结束"):
        ended(stay, by=clerk, reason=" ")
    ended(stay, by=clerk, reason="孩子不在我村")
    stay.refresh_from_db()
    assert (stay.ended_by, stay.ended_on) == ("host", today())
    assert file.events.last().reason == "孩子不在我村" and file.dues.open().get().village == here
    with pytest.raises(Stale, match="已经结束"):
        ended(stay)


@pytest.mark.parametrize("who", ["director", "host", "county", "stranger", "other"])
def test_others_neither_begin_nor_end_it(file, here, there, who):
    posts = {"director": a_post(here), "host": a_post(there), "county": a_post(here.county),
             "stranger": a_post(a_village().township), "other": a_post(there.township)}  # fmt: skip
    with pytest.raises(PermissionDenied):
        a_stay(file, there, by=posts[who])
    stay = a_stay(file, there)
    if who != "other":
        with pytest.raises(PermissionDenied):
            ended(stay, by=posts[who])


@pytest.mark.both
def test_one_at_a_time_and_sent_twice_it_is_one(file, here, there):
    clerk, pk = a_post(here.township), ChildFile().pk
    assert a_stay(file, there, by=clerk, pk=pk) == a_stay(file, there, by=clerk, pk=pk)
    with pytest.raises(Refused, match="已登记了一次"):
        a_stay(file, a_village())
    assert Stay.objects.count() == 1


def test_only_a_child_in_the_registry_stays_elsewhere(here, there):
    with pytest.raises(Refused, match="在册"):
        a_stay(a_submitted_file(here), there)


def test_a_stay_is_registered_thirty_days_ahead_and_not_thirty_one(file, there):
    with pytest.raises(ValidationError, match="最多提前 30 天"):
        a_stay(file, there, since=today() + 31 * DAY)
    assert a_stay(file, there, since=today() + 30 * DAY).begun_on is None


BAD = {
    "village": [{"village": None}, {"village": "home"}, {"village": "township"}, {"village": "ended"}],
    "since": [{"since": None}, {"since": 31}, {"since": -1200}],
    "until": [{"until": 0}, {"since": 5, "until": 5}, {"since": -10, "until": -2}, {"until": 1200}],
    "reason": [{"reason": " "}, {"reason": "长" * 201}],
    "host_phone": [{"host_phone": "1380000"}],
    "address": [{"address": "长" * 121}],
}


@pytest.mark.parametrize(("field", "bad"), [(field, bad) for field, cases in BAD.items() for bad in cases])
def test_what_does_not_fit_is_named_and_nothing_is_saved(file, here, there, field, bad):
    gone = a_village()
    gone.valid_to = today()
    gone.save()
    places = {"home": here, "township": there.township, "ended": gone, None: None}
    sent = {"village": there, "since": 0, "until": None, "reason": "由姑姑照看"} | bad
    sent["village"] = places.get(sent["village"], there)
    for name in ("since", "until"):
        sent[name] = None if sent[name] is None else today() + sent[name] * DAY
    with pytest.raises(ValidationError) as caught:
        begin_stay(file, by=a_post(here.township), seen_version=file.version, **sent)
    assert list(caught.value.message_dict) == [field] and not Stay.objects.exists()


def test_an_old_screen_is_told(file, here, there):
    with pytest.raises(Stale):
        begin_stay(file, by=a_post(here.township), village=there, since=today(), reason="x", seen_version=99)


# --- what else ends it


def test_closing_ends_it_and_nobody_owes_anything(file, here, there, host):
    stay = a_stay(file, there, days=10)
    file.refresh_from_db()
    close_file(file, by=a_post(here.township), seen_version=file.version, reason="moved", on=today() - 3 * DAY)
    stay.refresh_from_db()
    assert (stay.ended_on, stay.ended_by) == (today() - 3 * DAY, "closed")
    assert not file.dues.open().exists() and not may_open(host, "view_child", file)
    reopen_file(file, by=a_post(here.township), seen_version=file.version, reason="回来",
                categories={"left_behind": {}})  # fmt: skip
    assert file.dues.open().get().village == here


def test_closed_from_a_day_before_it_began_it_ends_on_its_first_day(file, here, there):
    stay = a_stay(file, there, days=2)
    file.refresh_from_db()
    close_file(file, by=a_post(here.township), seen_version=file.version, reason="moved", on=today() - 5 * DAY)
    stay.refresh_from_db()
    assert stay.ended_on == stay.begun_on == today() - 2 * DAY


def test_handed_on_to_the_host_the_stay_is_over_and_the_host_keeps_the_file(file, here, there, host):
    stay = a_stay(file, there, days=10)
    file.refresh_from_db()
    transfer = ask_transfer(file, by=a_post(here.township), target=there, reason="长住", seen_version=file.version)
    TRANSFER.apply("accept", transfer, by=a_post(there.township), seen_version=1)
    stay.refresh_from_db()
    file.refresh_from_db()
    assert stay.ended_by == "moved" and file.village == there and host.may("view_child", file)
    assert [due.village for due in file.dues.order_by("pk")] == [here, there, there]
    assert file.dues.open().count() == 1


@pytest.mark.both
def test_merged_away_it_ends_and_the_way_back_restores_it(here, there, host):
    kept, gone = an_approved_file(here), an_approved_file(here, on=today() - 20 * DAY)
    stay, clerk = a_stay(gone, there, days=10, host_phone="13800007788"), a_post(here.township)
    kept.refresh_from_db()
    gone.refresh_from_db()
    merge = merge_files(kept, gone, by=clerk, seen_versions=(kept.version, gone.version))
    stay.refresh_from_db()
    assert stay.ended_by == "merged" and stay.village == there and not may_open(host, "view_child", gone)
    undo_merge(merge, by=clerk)
    stay.refresh_from_db()
    assert stay.in_force and stay.village == there and stay.host_phone == "13800007788"
    assert gone.dues.open().get().village == there and kept.dues.open().get().village == here


def test_a_survivor_goes_on_staying(here, there):
    kept, gone = an_approved_file(here), an_approved_file(here)
    stay, clerk = a_stay(kept, there), a_post(here.township)
    kept.refresh_from_db()
    merge_files(kept, gone, by=clerk, seen_versions=(kept.version, gone.version))
    stay.refresh_from_db()
    assert stay.in_force and kept.dues.open().get().village == there


# --- pages and API


def test_the_clerk_registers_it_on_a_page_and_both_sides_read_of_it(client, file, here, there):
    sign_in(client, a_post(here.township))
    where = f"/children/{file.pk}/stay/"
    assert where in client.get(f"/children/{file.pk}/").text
    assert str(there.uid) in client.get(where, {"q": there.name}).text
    sent = {"version": file.version, "village": str(there.uid), "since": str(today()), "reason": "", "host_phone": "12"}
    page = client.post(where, sent)
    assert page.status_code == 422 and "为什么去那里住" in page.text
    sent |= {"reason": "祖母住院", "host_phone": "138 0000 7788", "until": "2199-01-01"}
    assert "最长登记 3 年" in client.post(where, sent).text
    sent |= {"until": str(today() + 90 * DAY)}
    assert client.post(where, sent).status_code == 302
    page = client.get(f"/children/{file.pk}/")
    assert "暂住" in page.text and where not in page.text and "临时居住" in page.text
    assert there.short_name in client.get("/transfers/").text
    stay = Stay.objects.get()
    assert stay.host_phone == "13800007788"
    sign_in(client, a_post(there.township))
    notice = client.get("/transfers/")
    assert file.name in notice.text and f"/stays/{stay.pk}/end/" in notice.text
    page = client.post(f"/stays/{stay.pk}/end/", {"version": stay.version, "reason": ""})
    assert page.status_code == 422
    page = client.post(f"/stays/{stay.pk}/end/", {"version": stay.version, "reason": "孩子没有来"}, follow=True)
    assert page.status_code == 200 and file.name not in page.text and "欧***" in page.text
    assert client.get(f"/children/{file.pk}/").status_code == 404
    assert client.get(f"/stays/{stay.pk}/end/", follow=True).status_code == 200
    sign_in(client, a_post(here.township))
    assert "孩子没有来" in client.get("/transfers/").text and "孩子没有来" in client.get(f"/children/{file.pk}/").text
    assert {row.action for row in Audit.objects.filter(action__endswith="_stay")} == {"begin_stay", "end_stay"}


@pytest.mark.parametrize(
    "sent", [{"version": ""}, {"village": "x", "since": "31.02.2026"}, {"version": "a", "pk": "b"}]
)
def test_a_broken_form_is_told(client, file, here, sent):
    page = sign_in(client, a_post(here.township)).post(f"/children/{file.pk}/stay/", sent)
    assert page.status_code == 422 and not Stay.objects.exists()


def test_the_api_begins_reads_and_ends_it(client, file, here, there, host):
    sign_in(client, a_post(here.township))
    body = {"village": str(there.uid), "since": str(today()), "reason": "祖母住院", "version": file.version}
    made = client.post(f"/api/v1/children/{file.pk}/stay/", body, content_type="application/json")
    assert made.status_code == 201 and made.json()["in_force"] and made.json()["actions"] == ["end"]
    stay = made.json()["id"]
    sign_in(client, host)
    (row,) = client.get("/api/v1/stays/", {"open": "true"}).json()["results"]
    assert row["child"] == str(file.pk) and row["child_name"] == file.name and row["actions"] == []
    assert client.get(f"/api/v1/children/{file.pk}/").json()["name"] == file.name
    assert client.get("/api/v1/children/").json()["results"] == []
    assert client.post(f"/api/v1/children/{file.pk}/submit/", {"version": 1}).status_code in (403, 404)
    done = answers(child=str(file.pk), visited_on=str(today()))
    visit = client.post("/api/v1/visits/", done, content_type="application/json")
    assert visit.status_code == 201 and client.get(f"/api/v1/visits/{visit.json()['id']}/").status_code == 200
    sign_in(client, a_post(there.township))
    end = f"/api/v1/stays/{stay}/end/"
    assert client.post(end, {"version": 1}, content_type="application/json").status_code == 400
    assert client.post(end, {"version": 7, "reason": "x"}, content_type="application/json").status_code == 409
    done = client.post(end, {"version": 1, "reason": "没有来"}, content_type="application/json")
    assert done.status_code == 200 and done.json()["child"] is None and done.json()["child_name"] == "欧***"
    sign_in(client, a_post(a_village().township))
    assert client.get(f"/api/v1/stays/{stay}/").status_code == 404
    assert client.post(end, {"version": 2, "reason": "x"}, content_type="application/json").status_code == 404


@pytest.mark.parametrize("body", [{}, {"village": "x"}, {"village": None, "since": 3}, {"reason": "a" * 900}])
def test_the_api_says_what_is_wrong(client, file, here, body):
    sign_in(client, a_post(here.township))
    answer = client.post(f"/api/v1/children/{file.pk}/stay/", body, content_type="application/json")
    assert answer.status_code == 400 and not Stay.objects.exists()


def test_print_and_disclosure_say_where_the_child_is(file, there):
    assert "临时居住" not in str(file_sheet(file).blocks)
    a_stay(file, there, host_name="张玉兰", host_phone="13800007788")
    assert f"{there.short_name}" in str(file_sheet(file).blocks) and "13800007788" not in str(file_sheet(file).blocks)
    (row,) = document(file)["stays"]["rows"]
    assert row["host_name"]["text"] == "张玉兰" and "13800007788" not in str(row)
    assert there.short_name in row["village"]["text"]


# --- figures


@pytest.mark.both
def test_the_child_counts_at_home_and_the_visits_where_they_are_owed(file, here, there):
    open_months()
    stay, now = a_stay(file, there, days=40), Month.of().key
    VisitDue.objects.filter(ended_on=None).update(due_on=today() - 9 * DAY)
    for county in {here.county, there.county}:
        roll_up(county.pk, now, force=True)

    def figures(unit):
        return numbers_of(Figure.objects.get(unit=unit, month=now).numbers)

    home, host, county = figures(here), figures(there), figures(here.county)
    assert (home["registered"], host["registered"], county["registered"]) == (1, 0, 1)
    due = [key for key in BY_KEY if "due" in key or "overdue" in key]
    assert due and all(home[key] == 0 for key in due)
    assert any(host[key] == 1 for key in due) and all(county[key] == host[key] for key in due)
    assert first_wrong(now) is None and stay.in_force


# --- at any moment


ACTS = ("begin", "later", "end", "home", "host", "visit", "close", "reopen", "move", "night")


@pytest.mark.both
@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 2)), min_size=3, max_size=9))
def test_at_any_moment_one_village_owes_the_visit_and_may_open_the_file(here, acts):
    places = [here, a_unit(here.township), a_unit(a_unit(here.county))]
    directors = {place.pk: a_post(place) for place in places}
    clerks = {place.township_id: a_post(place.township) for place in places}
    file = an_approved_file(here, on=today() - 60 * DAY)
    for act, number in acts:
        file = ChildFile.objects.get(pk=file.pk)
        clerk, stay = clerks[file.township_id], file.stays.open().first()
        with suppress(Refused, ValidationError, PermissionDenied):
            _do(act, file, stay, places[number], clerk, clerks)
        file = ChildFile.objects.get(pk=file.pk)
        due = list(file.dues.open())
        assert len(due) == (file.state == "approved")
        hosted = file.stays.in_force().first()
        for each in due:
            assert each.village_id == (hosted or file).village_id
            owing = directors[each.village_id]
            assert may_open(owing, "view_child", file) and may_open(owing, "log_visit", file)
        opens = {pk for pk, post in directors.items() if may_open(post, "view_child", file)}
        assert opens == {file.village_id} | ({hosted.village_id} if hosted else set())
        assert opens == {
            pk for pk, post in directors.items() if ChildFile.objects.open_to(post, "view_child").filter(pk=file.pk)
        }
        rows = list(file.dues.order_by("since", "pk"))
        assert all(one.ended_on == two.since for one, two in zip(rows, rows[1:], strict=False) if one.visit_id is None
                   and two.since != file.counted_since)  # fmt: skip


def _do(act, file, stay, place, clerk, clerks) -> None:
    if act in ("begin", "later"):
        since = today() + (5 if act == "later" else 0) * DAY
        begin_stay(file, by=clerk, village=place, since=since, until=today() + 9 * DAY, reason="照看",
                   seen_version=file.version)  # fmt: skip
        if act == "begin":
            Stay.objects.filter(child=file, ended_on=None).update(begun_on=today() - 2 * DAY, since=today() - 2 * DAY)
    elif act in ("end", "host") and stay:
        side = clerks[stay.township_id] if act == "host" else clerk
        end_stay(stay, by=side, reason="回家", seen_version=stay.version)
    elif act == "visit":
        a_visit(file, by=a_post((stay if stay and stay.in_force else file).village))
    elif act == "close":
        close_file(file, by=clerk, seen_version=file.version, reason="moved", on=today())
    elif act == "reopen":
        reopen_file(file, by=clerk, seen_version=file.version, reason="回来", categories={"left_behind": {}})
    elif act == "move":
        transfer = ask_transfer(file, by=clerk, target=place, reason="迁居", seen_version=file.version)
        if transfer.state == "asked":
            TRANSFER.apply("accept", transfer, by=clerks[place.township_id], seen_version=1)
    elif act == "night":
        settle_stays(today() + 10 * DAY)
