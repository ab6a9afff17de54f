"""A request about a month before units were reorganised: its figures are those of the ledger of then; what is missing
is asked of whoever stands in their place today, each once."""

import copy
import csv
import datetime
import io
from types import SimpleNamespace

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from openpyxl import load_workbook

from childwelfare.workflow.refusals import Stale
from orgs.inbox.models import Message
from orgs.posts.models import Appointment
from orgs.reorganisation.rules import Part
from orgs.units.models import OrgUnit
from reports.requests.models import DataAnswer, DataRequest
from reports.requests.services import answering, asking, drafting
from reports.requests.sheet import former_values, sheet_of
from reports.requests.units import units_then
from reports.requests.workbench import to_answer
from reports.rollup.models import Figure
from reports.rollup.periods import Period
from reports.submissions.models import Submission
from reports.submissions.official import reported_of
from tests.builders import a_county, a_post, a_township, a_village, an_approved_file, fresh, sign_in, the_answer
from tests.orgs.reorganisation.world import an_admin, heir, ordered
from tests.reports.requests.world import SWIM
from tests.reports.submissions.world import NOVEMBER, OCTOBER, SINCE, a_reporting_county, report_all

pytestmark = [pytest.mark.django_db, pytest.mark.both]
SIGNED_ON, DAY = datetime.date(2026, 11, 3), datetime.date(2026, 11, 13)


def at(day):
    return time_machine.travel(datetime.datetime.combine(day, datetime.time(4), datetime.UTC), tick=False)


@pytest.fixture(scope="module")
def signed_month(shared_world):
    """October is signed up to the county, that of the county beside as well; its villages have one, two, three and four
    children."""
    with at(SIGNED_ON):
        country = a_reporting_county(children=0)
        for number, village in enumerate(country.villages, start=1):
            for _n in range(number):
                an_approved_file(village, on=SINCE)
        beside = a_county(country.city)
        beyond = a_village(a_township(beside))
        an_approved_file(beyond, on=SINCE)
        country.open()
        report_all(country)
    with at(DAY):
        return SimpleNamespace(
            country=country,
            officer=a_post(country.county),
            beside=beside,
            beyond=beyond,
            admin=an_admin(country.county),
        )


@pytest.fixture
def signed(signed_month):
    """Some days later; each test has its own copy, and what it writes is taken back."""
    with at(DAY):
        yield copy.deepcopy(signed_month)


def order(signed, kind: str, *parts: Part) -> None:
    ordered(kind, *parts, on=DAY, by=signed.admin)


def draft(post, *, level: int = 4, period: str = OCTOBER, **given) -> DataRequest:
    by = fresh(post)
    facts = {"title": "防溺水", "purpose": "暑期安全", "document": "", "period": period, "level": level}
    facts |= {"due_on": drafting.usual_answers(by)["due_on"]} | given
    request = drafting.save_request(by=by, **facts)
    return drafting.set_columns(request, ["registered"], by=by, seen_version=request.version)


def asked(post, **given) -> DataRequest:
    request, by = draft(post, **given), fresh(post)
    drafting.add_question(request, by=by, seen_version=request.version, though_alike=True, **SWIM)
    request = drafting.fresh(request)
    asking.send(request, by=by, seen_version=request.version)
    return drafting.fresh(request)


def answer(request: DataRequest, unit: OrgUnit, number: int) -> DataAnswer:
    row = the_answer(request, unit)
    by = fresh(a_post(unit))
    values = {request.questions.get().field: str(number)}
    answering.submit(row, by=by, seen_version=row.version, given=values)
    return the_answer(request, unit)


def ledger(unit: OrgUnit) -> int:
    return reported_of(unit, OCTOBER).numbers["registered"]


def shown(request: DataRequest) -> list[tuple]:
    """(what is written beside each line, its figure, its answer or who gives it)."""
    sheet = sheet_of(drafting.fresh(request))
    return [(row.place.split(" › ", 1)[-1], *sheet.numbers(row), (row.answered_by or sheet.said(row)[0])
             if sheet.questions else "") for row in sheet.rows]  # fmt: skip


def name(unit: OrgUnit) -> str:
    return unit.short_name


def test_renamed_moved_and_merged_villages_stand_in_the_sheet_as_in_the_ledger_of_then(client, signed):
    country = signed.country
    renamed, moved, merged, kept = country.villages
    was = name(renamed)
    order(signed, "rename", Part(renamed, name="新高社区居委会"))
    order(signed, "move", Part(moved, parent=country.townships[1]))
    order(signed, "merge", Part(merged, target=kept))
    request = asked(signed.officer)
    assert request.asked_units == 3, "nobody is asked twice"
    told = set(DataAnswer.objects.filter(request=request).values_list("unit", flat=True))
    assert told == {renamed.pk, heir(moved).pk, kept.pk}
    for unit, number in ((renamed, 5), (heir(moved), 6), (kept, 7)):
        answer(request, unit, number)
    open_lines = shown(request)
    assert open_lines == [
        (f"{was}（现名新高社区）", 1, 5),
        (f"{name(moved)}（现属{name(country.townships[1])}）", 2, 6),
        (f"{name(merged)}（现属{name(kept)}）", 3, name(kept)),
        (f"{name(kept)}（含原{name(merged)}）", 4, 7),
    ]
    sheet = sheet_of(request)
    assert sheet.number_totals == [ledger(country.county)] == [10] and sheet.answer_totals == [18]
    assert sheet.sources == {"reported"}

    sign_in(client, signed.officer)
    page = client.get(f"/requests/{request.pk}/").text
    assert "现名新高社区" in page and f"由{name(kept)}填" in page and "上报数 4 个单位" in page
    told = client.get(f"/api/v1/requests/{request.pk}/").json()
    assert told["totals"] == [10, 18] and [row["numbers"] for row in told["rows"]] == [[1], [2], [3], [4]]
    assert told["rows"][2]["answered_by"] == name(kept) and "现属" in told["rows"][2]["place"]
    lines = list(csv.reader(io.StringIO(client.get(f"/requests/{request.pk}/sheet.csv").content.decode("utf-8-sig"))))
    assert lines[-1] == ["合计", "10", "18", ""] and lines[3][-1] == f"由{name(kept)}填"
    book = load_workbook(io.BytesIO(client.get(f"/requests/{request.pk}/sheet.xlsx").content), data_only=True).active
    assert [book["C8"].value, book["D8"].value] == [10, 18] and "2026年10月的建制" in book["A9"].value
    assert [book.cell(row, 2).value.split(" › ", 1)[-1] for row in range(4, 8)] == [line[0] for line in open_lines]

    asking.close(request, by=fresh(signed.officer), seen_version=drafting.fresh(request).version)
    order(signed, "rename", Part(kept, name="再改名村委会"))
    assert [line[1:] for line in shown(request)] == [(1, 5), (2, 6), (3, "再改名村"), (4, 7)]
    assert sheet_of(drafting.fresh(request)).number_totals == [10]
    again = drafting.ask_again(drafting.fresh(request), by=fresh(signed.officer))
    assert again.period == NOVEMBER
    assert {unit.pk for unit in units_then(country.county, Period.of(NOVEMBER), 4)} > {heir(moved).pk, kept.pk}


def test_a_street_that_went_to_another_county_stays_in_the_old_ones_sheet_and_answers_from_there(client, signed):
    country, street = signed.country, signed.country.townships[0]
    order(signed, "move", Part(street, parent=signed.beside))
    moved, village = heir(street), heir(country.villages[0])
    request = asked(signed.officer, level=3)
    assert [(line[0], line[1]) for line in shown(request)] == [
        (f"原{name(street)}（现属{name(signed.beside)}）", 3), (name(country.townships[1]), 7),
    ]  # fmt: skip
    assert sheet_of(request).number_totals == [ledger(country.county)]
    row, theirs = answer(request, moved, 4), a_post(signed.beside)
    sign_in(client, theirs)
    assert client.get(f"/requests/{request.pk}/").status_code == 404, "what the other county asks is its own"
    sign_in(client, signed.officer)
    where = f"/requests/answers/{row.pk}/"
    assert "现属" in client.get(where).text and "退回，请对方改" in client.get(where).text
    with pytest.raises(PermissionDenied):
        answering.send_back(row, by=fresh(theirs), seen_version=row.version, reason="不对")
    assert client.post(f"{where}return/", {"version": row.version, "reason": "请核对"}).status_code == 302
    assert the_answer(request, moved).state == "returned"

    beside = asked(theirs)  # its own ledger of October had one village
    assert [(line[1]) for line in shown(beside)] == [1] == [ledger(signed.beside)]
    with pytest.raises(ValidationError) as refused:
        draft(theirs, within=[moved])
    assert "还不属于本单位" in refused.value.message_dict["within"][0]
    clerk = a_post(moved)
    own = asked(clerk)  # who took it over asks about what it was
    assert sheet_of(own).number_totals == [ledger(street)] == [3] and own.asked_units == 2
    assert the_answer(own, village).covered == [country.villages[0].pk]
    sign_in(client, a_post(village))
    page = client.get(f"/requests/answers/{the_answer(own, village).pk}/").text
    assert "按那个月的单位填" in page and name(country.villages[0]) in page and ">1</a>" in page


def test_a_split_village_is_one_row_whose_parts_each_answer_and_a_closed_one_is_named_and_not_asked(client, signed):
    country = signed.country
    closed = a_village(country.townships[0])
    split = country.villages[3]
    order(signed, "split", Part(split, name="东沟村委会"), Part(split, name="西沟村委会"))
    east, west = (OrgUnit.objects.with_path().get(name=each) for each in ("东沟村委会", "西沟村委会"))
    order(signed, "close", Part(closed))
    request = asked(signed.officer, period="2026-09")  # no ledger was opened then: those that stood in the month
    assert request.asked_units == 5
    lines = {line[0]: line[1:] for line in shown(request)}
    assert lines[f"{name(closed)}（已撤销）"][1] is None
    request = asked(signed.officer)
    for number, unit in enumerate((*country.villages[:3], east, west), start=1):
        answer(request, unit, number)
    label = f"{name(split)}（现分为东沟村、西沟村）"
    assert shown(request)[3:] == [
        (label, 4, "东沟村、西沟村"),
        (f"东沟村（{name(split)}的一部分）", None, 4),
        (f"西沟村（{name(split)}的一部分）", None, 5),
    ]
    sheet = sheet_of(request)
    assert sheet.number_totals == [ledger(country.county)] == [10] and sheet.answer_totals == [15]
    assert not sheet.missing and len(sheet.units) == 4
    later = asked(signed.officer, title="再要一次")
    (question,) = later.questions.all()
    assert former_values(the_answer(later, east), [question]) == {str(question.pk): 4}, "its own, not of the whole"
    director = a_post(east)
    sign_in(client, director)
    page = client.get(f"/requests/answers/{the_answer(request, east).pk}/").text
    assert "只填现在归本单位的那一部分" in page and "已有的，不用填" not in page, "the figures of then are not its own"
    with pytest.raises(ValidationError) as refused:
        draft(signed.officer, within=[east])
    assert "东沟村" in refused.value.message_dict["within"][0]


def test_streets_that_were_merged_answer_once_and_their_villages_are_all_there(signed):
    country = signed.country
    order(signed, "merge", *(Part(each, name="合并街道") for each in country.townships))
    merged = OrgUnit.objects.with_path().get(name="合并街道")
    request = asked(signed.officer, level=3)
    assert request.asked_units == 1 and set(the_answer(request, merged).covered) == {t.pk for t in country.townships}
    answer(request, merged, 9)
    assert [line[1:] for line in shown(request)] == [(3, "合并街道"), (7, "合并街道"), (None, 9)]
    sheet = sheet_of(request)
    assert sheet.number_totals == [ledger(country.county)] and sheet.answer_totals == [9]
    below = asked(a_post(merged))
    assert sheet_of(below).number_totals == [10] and below.asked_units == 4
    named = asked(signed.officer, within=[merged])
    assert sheet_of(named).number_totals == [10]


def test_what_is_open_goes_to_who_takes_over_and_what_was_said_stays(signed):
    first, second, third, fourth = signed.country.villages
    request = asked(signed.officer)
    answer(request, first, 5), answer(request, fourth, 6)
    kept = the_answer(request, third)
    director = a_post(third)
    field = request.questions.get().field
    answering.keep(kept, by=director, seen_version=1, given={field: "7"})
    order(signed, "merge", Part(first, target=second))
    order(signed, "merge", Part(third, target=fourth))
    request = drafting.fresh(request)
    assert request.asked_units == 3
    reopened = the_answer(request, fourth)
    assert (reopened.state, reopened.covered) == ("open", [fourth.pk, third.pk]), "what it said is no longer all"
    event = reopened.events.order_by("at", "id").last()
    assert (event.action, list(event.values.values()), event.person) == ("extend", [6], signed.admin.person)
    assert the_answer(request, second).covered == [second.pk], "what the closed one had answered counts"
    told = Message.objects.filter(kind="data_asked", record=reopened.pk).values_list("key", flat=True)
    assert len(set(told)) == 2, "that it is asked, and what came to it"
    with pytest.raises((Stale, PermissionDenied)):
        answering.submit(the_answer(request, third), by=director, seen_version=2, given={field: "7"})
    answer(request, second, 1), answer(request, fourth, 13)
    sheet = sheet_of(request)
    assert sheet.answer_totals == [19] and sheet.number_totals == [10] and not sheet.missing

    moving = asked(signed.officer, title="再要一次")
    row = the_answer(moving, second)
    order(signed, "move", Part(second, parent=signed.country.townships[1]))
    assert the_answer(moving, heir(second)).pk == row.pk and the_answer(moving, heir(second)).version > row.version
    assert moving.asked_units == drafting.fresh(moving).asked_units


def test_what_a_closed_unit_answered_comes_back_to_who_took_over_or_to_the_tier_above(client, signed):
    first, second, third, fourth = signed.country.villages
    request = asked(signed.officer)
    for number, village in enumerate((first, second, third, fourth), start=1):
        answer(request, village, number)
    field = request.questions.get().field
    order(signed, "merge", Part(first, target=second))
    order(signed, "move", Part(third, parent=signed.country.townships[0]))
    order(signed, "close", Part(fourth))
    taken, moved, closed = (the_answer(request, each) for each in (first, third, fourth))

    for row in (taken, moved, closed):
        answering.send_back(row, by=fresh(signed.officer), seen_version=row.version, reason="少算一户")
    again = the_answer(request, second)
    assert (again.state, set(again.covered)) == ("open", {first.pk, second.pk}), "it answers for both"
    handed = the_answer(request, heir(third))
    assert (handed.pk, handed.state, handed.covered) == (moved.pk, "returned", [third.pk])
    director = a_post(heir(third))
    answering.submit(handed, by=fresh(director), seen_version=handed.version, given={field: "30"})

    clerk = a_post(signed.country.townships[1])
    left = the_answer(request, fourth)
    assert [each.pk for each in to_answer(fresh(clerk))] == [left.pk]
    assert Message.objects.filter(kind="data_returned", record=left.pk, recipient__unit=clerk.unit).exists()
    assert {row.answer.pk for row in sheet_of(drafting.fresh(request)).behind} == {again.pk, left.pk}
    answering.submit(left, by=fresh(clerk), seen_version=left.version, given={field: "40"})
    sent = the_answer(request, fourth)
    answering.take_back(sent, by=fresh(clerk), seen_version=sent.version)
    sent = the_answer(request, fourth)
    answering.submit(sent, by=fresh(clerk), seen_version=sent.version, given={field: "41"})
    answer(request, second, 12)
    sheet = sheet_of(drafting.fresh(request))
    assert sheet.answer_totals == [12 + 30 + 41] and not sheet.missing


def test_a_county_that_took_another_over_goes_on_with_what_that_one_had_asked(client, signed):
    request = asked(signed.officer)
    order(signed, "merge", Part(signed.country.county, target=signed.beside))
    officer = a_post(signed.beside)
    sign_in(client, officer)
    assert client.get(f"/requests/{request.pk}/").status_code == 200
    request = drafting.fresh(request)
    asking.close(request, by=fresh(officer), seen_version=request.version)
    own = draft(officer)
    assert sheet_of(own).number_totals == [11], "both ledgers of then"


def test_what_was_left_out_of_the_ledger_is_said_where_the_sum_is_another(client, signed):
    left = signed.country.villages[3]
    rows = Submission.objects.filter(period__key=OCTOBER)
    rows.filter(unit=left).update(state="waived", approved=None)
    as_of = datetime.date(2026, 10, 31)
    Figure.objects.create(unit=left, period=OCTOBER, numbers={"registered": 4}, as_of=as_of, counted_at=timezone.now())
    request = draft(signed.officer)
    sheet = sheet_of(request)
    assert sheet.number_totals == sheet.ledger_totals == [10] and sheet.counted == {"reported": 3, "live": 1}
    Figure.objects.filter(unit=left, period=OCTOBER).update(numbers={"registered": 5})
    sheet = sheet_of(request)
    assert [(signed_, total) for _each, signed_, total in sheet.apart_from_ledger] == [(10, 11)]
    sign_in(client, signed.officer)
    page = client.get(f"/requests/{request.pk}/").text
    assert "签过的台账是 10，这里是 11" in page and "实时数（未上报）1 个单位" in page
    told = client.get(f"/api/v1/requests/{request.pk}/").json()
    assert (told["totals"], told["ledger_totals"]) == ([11], [10])
    assert sheet_of(draft(signed.officer, within=[signed.country.townships[0]])).ledger_totals == [None]


def test_what_it_costs_does_not_grow_with_what_was_reorganised(signed, django_assert_max_num_queries):
    country = signed.country
    for village in country.villages[:2]:
        order(signed, "move", Part(village, parent=country.townships[1]))
    request = asked(signed.officer)
    with django_assert_max_num_queries(13):
        sheet_of(request)


def test_a_closed_unit_without_an_heir_leaves_the_count_and_when_nobody_is_left_the_asker_is_told(client, signed):
    first, second, third, fourth = signed.country.villages
    request = asked(signed.officer)
    for village in (first, second, third):
        answer(request, village, 1)
    assert request.asked_units == 4 and not Message.objects.filter(kind="data_complete").exists()
    order(signed, "close", Part(fourth))
    request = drafting.fresh(request)
    assert request.asked_units == 3
    told = Message.objects.filter(kind="data_complete")
    assert told.get().recipient == signed.officer, "all that are left have answered"
    sign_in(client, signed.officer)
    page = client.get(f"/requests/{request.pk}/").text
    assert "已答 3 / 3" in page and "另有 1 个单位已撤销，没有接续的单位，不用再答，不计在内" in page


def test_what_a_unit_without_people_asked_is_finished_by_the_tier_above(client, signed):
    """It is told when all have answered, opens the draft and changes it, and sends it."""
    township = signed.country.townships[0]
    clerk = a_post(township)
    request = asked(clerk)
    draft = drafting.ask_again(request, by=fresh(clerk))
    Appointment.objects.filter(unit=township).update(valid_to=DAY - datetime.timedelta(days=5))
    for village in signed.country.villages[:2]:
        answer(request, village, 1)
    told = set(Message.objects.filter(kind="data_complete").values_list("recipient__unit", flat=True))
    assert told == {signed.country.county.pk}
    other = a_post(signed.beside)
    sign_in(client, other)
    assert client.get(f"/requests/{draft.pk}/").status_code == 404
    sign_in(client, signed.officer)
    assert client.get(f"/requests/{draft.pk}/").status_code == 200
    assert client.get(f"/requests/{draft.pk}/columns/").status_code == 200
    page = client.get(f"/requests/{draft.pk}/edit/")
    labels = {str(label) for _value, label in page.context["form"].fields["level"].choices}
    assert page.status_code == 200 and labels == {"村（居）"}, "of the station, not of the county"
    said = {name: page.context["form"].initial[name] for name in ("title", "purpose", "period", "level", "version")}
    said |= {"due_on": page.context["form"].initial["due_on"].isoformat(), "title": "溺水隐患", "document": ""}
    saved = client.post(f"/requests/{draft.pk}/edit/", said)
    draft = drafting.fresh(draft)
    assert saved.status_code == 302 and (draft.title, draft.unit) == ("溺水隐患", township)
    asking.send(draft, by=fresh(signed.officer), seen_version=draft.version)
    assert drafting.fresh(draft).asked_units == 2
    asking.close(drafting.fresh(request), by=fresh(signed.officer), seen_version=drafting.fresh(request).version)
