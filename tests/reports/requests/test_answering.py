"""A village answers: what is there is filled in, the rest is a few fields; it comes back with a remark, or is sent."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from childwelfare.workflow.refusals import Refused, Stale
from orgs.inbox.models import Message
from orgs.posts.models import Appointment
from reports.requests.counts import Asked, asked_by, by_month, by_unit
from reports.requests.models import DataAnswer, DataRequest
from reports.requests.notices import tell_left
from reports.requests.services import answering, asking, drafting
from reports.requests.sheet import former_values, own_figures, sheet_of
from reports.requests.workbench import to_answer
from tests.builders import a_data_request, a_post, fresh, sign_in, the_answer
from tests.reports.requests.world import an_asking_county, fill
from tests.threads import done_or_told

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return an_asking_county()


def filling(request, *values):
    return {each.field: value for each, value in zip(request.questions.all(), values, strict=True)}


@pytest.mark.both
def test_it_is_sent_returned_with_a_remark_and_sent_again_and_each_is_kept(place):
    request, director, village = place.asked(), place.directors[0], place.villages[0]
    answer = fill(request, director, "3")
    assert (answer.state, list(answer.values.values()), answer.on_time) == ("answered", [3], True)
    with pytest.raises(Refused, match="原因"):
        answering.send_back(answer, by=place.officer, seen_version=answer.version, reason="")
    due_on = answer.due_on
    answering.send_back(answer, by=place.officer, seen_version=answer.version, reason="请核对")
    assert answer.due_on >= due_on and Message.objects.get(kind="data_returned").recipient == director
    assert [row.unit for row in sheet_of(request).missing] == place.villages
    fill(request, director, "4")
    events = the_answer(request, village).events.all()
    assert [(each.action, list(each.values.values())) for each in events] == [
        ("submit", [3]), ("return", [3]), ("submit", [4]),
    ]  # fmt: skip
    sheet = sheet_of(request)
    assert sheet.answer_totals == [4] and sheet.number_totals == [46] and len(sheet.missing) == 3


def test_it_is_kept_for_later_and_taken_back_until_it_is_closed(place):
    request, director = place.asked(), place.directors[0]
    answer = the_answer(request, director.unit)
    kept = answering.keep(answer, by=director, seen_version=1, given=filling(request, ""), note="问了再填")
    assert (kept.state, kept.note, kept.version, kept.values) == ("open", "问了再填", 2, {})
    answering.submit(kept, by=director, seen_version=2, given=filling(request, "5"))
    answering.take_back(kept, by=director, seen_version=3)
    answering.submit(kept, by=director, seen_version=4, given=filling(request, "6"))
    asking.close(request, by=place.officer, seen_version=request.version)
    with pytest.raises(Stale, match="不用再填"):
        answering.take_back(the_answer(request, director.unit), by=director, seen_version=5)


def test_what_its_station_kept_for_a_vacant_village_reads_the_same_on_page_and_api(client, place):
    request, village = place.asked(), place.villages[0]
    Appointment.objects.filter(unit=village).update(valid_to=timezone.localdate())
    clerk, answer = a_post(place.townships[0]), the_answer(request, village)
    answering.keep(answer, by=clerk, seen_version=1, given=filling(request, "7"), note="村里报的")
    address = f"/api/v1/requests/answers/{answer.pk}/"
    sign_in(client, clerk)
    told = client.get(address).json()
    assert (list(told["values"].values()), told["note"]) == ([7], "村里报的")
    assert 'value="7"' in client.get(f"/requests/answers/{answer.pk}/").text
    sign_in(client, place.officer)
    told = client.get(address).json()
    assert (told["values"], told["note"]) == ({}, ""), "it is not sent yet"


def test_a_vacant_station_leaves_its_answer_and_those_of_its_vacant_villages_to_the_county(place):
    """As with reporting: the next unit above where somebody is in post."""
    city = a_post(place.city)
    request = a_data_request(place.city, by=city, level=4)
    village = place.villages[0]
    Appointment.objects.filter(unit__in=[village, place.townships[0]]).update(valid_to=timezone.localdate())
    assert [row.unit_id for row in to_answer(fresh(place.officer))] == [village.pk]
    tell_left()
    told = Message.objects.filter(kind="data_left", recipient=place.officer)
    assert [each.record for each in told] == [the_answer(request, village).pk]
    of_station = a_data_request(place.city, by=fresh(city), level=3)
    vacant = [place.townships[0].pk, place.townships[1].pk]
    found = {row.unit_id for row in to_answer(fresh(place.officer)) if row.request_id == of_station.pk}
    assert found == set(vacant) - set(Appointment.objects.current().values_list("unit", flat=True))


def test_what_was_taken_back_is_on_time_by_when_it_is_sent_again(place):
    request, director = place.asked(), place.directors[0]
    sent = fill(request, director)
    assert the_answer(request, director.unit).on_time is True
    answering.take_back(the_answer(request, director.unit), by=director, seen_version=sent.version)
    assert the_answer(request, director.unit).on_time is None
    DataAnswer.objects.update(due_on=datetime.date(2026, 1, 5))
    assert fill(request, director).on_time is False


def test_what_came_late_and_was_returned_stays_late_though_it_is_taken_back(place):
    request, director = place.asked(), place.directors[0]
    DataAnswer.objects.update(due_on=datetime.date(2026, 1, 5))
    answer = fill(request, director)
    assert answer.on_time is False
    answering.send_back(answer, by=fresh(place.officer), seen_version=answer.version, reason="请核对")
    answer = fill(request, director)
    answering.take_back(answer, by=fresh(director), seen_version=answer.version)
    assert the_answer(request, director.unit).on_time is False


def test_who_answers_late_is_marked_by_whole_days_as_everywhere(place):
    request, director = place.asked(), place.directors[0]
    DataAnswer.objects.update(due_on=datetime.date(2026, 1, 5))
    for moment, days in (((5, 17, 59), None), ((5, 18, 1), 0), ((6, 0, 1), 1), ((7, 23, 59), 2)):
        day, hour, minute = moment
        local = timezone.make_aware(datetime.datetime(2026, 1, day, hour, minute))
        with time_machine.travel(local, tick=False):
            assert the_answer(request, director.unit).days_late == days
            assert DataAnswer.objects.late().exists() is (days is not None)
    assert fill(request, director).on_time is False


def test_a_number_may_be_typed_on_any_keyboard(place):
    request = place.asked()
    typed = zip(place.directors, ("１２", " 3 ", "1,200", "７"), strict=True)
    assert [next(iter(fill(request, each, text).values.values())) for each, text in typed] == [12, 3, 1200, 7]


@pytest.mark.parametrize(
    ("kind", "given", "words"),
    [
        ("number", "三个", "整数"), ("number", "１２万", "整数"), ("number", "-1", "整数"), ("number", "1.5", "整数"),
        ("number", "9" * 10, "太大"), ("number", "", "请填"), ("yes_no", "maybe", "是或否"),
        ("choice", "其他", "选一项"),
        ("text", "字" * 61, "最多 60 字"), ("text", "好\ue000", "不是能印出来的字"),
        ("text", "410199201703150012", "个人信息"), ("text", "打 13800000000", "个人信息"),
    ],
)  # fmt: skip
def test_an_answer_that_can_not_be_is_explained_at_its_field(place, kind, given, words):
    request = place.draft()
    facts = {"kind": kind, "name": "护水", "meaning": "护水员的安排", "measure": "人", "choices": ["有", "无"]}
    question = drafting.add_question(request, by=place.officer, seen_version=1, though_alike=True, **facts)
    asking.send(drafting.fresh(request), by=place.officer, seen_version=2)
    answer = the_answer(request, place.villages[0])
    with pytest.raises(ValidationError) as refused:
        answering.submit(answer, by=place.directors[0], seen_version=1, given={question.field: given})
    assert words in refused.value.message_dict[question.field][0]
    if not given:  # what a unit does not know is said, not made up
        answering.submit(answer, by=place.directors[0], seen_version=1, given={}, note="村里没有统计过")
        assert sheet_of(drafting.fresh(request)).answer_totals == [None]


def test_what_is_no_question_and_a_number_of_a_person_in_the_note_are_refused(place):
    request, director = place.asked(), place.directors[0]
    with pytest.raises(ValidationError) as refused:
        answering.submit(
            the_answer(request, director.unit), by=director, seen_version=1, given={"q-x": "1"}, note="13800000000"
        )
    assert set(refused.value.message_dict) == {"values", "note"}


def test_last_times_answer_and_the_figures_are_there_already(place, django_assert_max_num_queries):
    first = place.asked()
    fill(first, place.directors[0], "7")
    second = drafting.ask_again(first, by=place.officer)
    asking.send(second, by=place.officer, seen_version=second.version)
    (question,) = second.questions.all()
    with django_assert_max_num_queries(3):
        assert former_values(the_answer(second, place.villages[0]), [question]) == {str(question.pk): 7}
    assert former_values(the_answer(second, place.villages[1]), [question]) == {}
    ((_place, numbers),) = own_figures(the_answer(first, place.villages[0]))
    assert [number for _each, number in numbers] == [10]


def test_only_the_village_answers_and_only_the_asker_returns(place):
    request = place.asked()
    answer = the_answer(request, place.villages[0])
    for stranger in (place.directors[1], a_post(place.townships[0]), a_post(place.city), place.officer):
        with pytest.raises(PermissionDenied):
            answering.submit(answer, by=stranger, seen_version=1, given=filling(request, "1"))
    answer = fill(request, place.directors[0])
    for other in (a_post(place.city), a_post(place.townships[0]), place.directors[0]):
        with pytest.raises(PermissionDenied):
            answering.send_back(answer, by=other, seen_version=answer.version, reason="不对")


def test_of_two_who_answer_the_second_is_told_who_was_first(place):
    request, director = place.asked(), place.directors[0]
    stale = the_answer(request, director.unit)
    fill(request, director)
    with pytest.raises(Stale, match="王秀兰"):
        answering.submit(stale, by=director, seen_version=1, given=filling(request, "1"))
    with pytest.raises(Stale, match="王秀兰"):
        answering.keep(the_answer(request, director.unit), by=director, seen_version=1, given={})


@pytest.mark.django_db(transaction=True)
def test_answering_while_it_is_closed_is_in_the_sheet_or_refused(place):
    request, director = place.asked(), place.directors[0]
    answer, ours = the_answer(request, director.unit), drafting.fresh(request)
    given = filling(request, "3")
    answers = done_or_told(
        lambda: answering.submit(answer, by=fresh(director), seen_version=1, given=given),
        lambda: answering.submit(the_answer(request, director.unit), by=fresh(director), seen_version=1, given=given),
        lambda: asking.close(ours, by=fresh(place.officer), seen_version=ours.version),
    )
    assert answers[2] == "done" and answers[:2].count("done") <= 1
    assert the_answer(request, director.unit).events.count() == answers[:2].count("done")


# --- how much is asked


def test_what_is_asked_is_counted_by_unit_and_month(place):
    place.asked()
    clerk = a_post(place.townships[0])
    a_data_request(place.townships[0], by=clerk)
    request = drafting.set_columns(place.draft(), ["registered"], by=place.officer, seen_version=1)
    asking.settle(request, by=place.officer, seen_version=request.version)
    place.draft()  # not asked yet: not counted
    a_data_request(an_asking_county().county)  # elsewhere
    DataRequest.objects.filter(unit=place.townships[0]).update(month="2026-01")
    (now,) = set(DataRequest.objects.filter(unit=place.county).exclude(month="").values_list("month", flat=True))
    found = asked_by(a_post(place.city), [now, "2026-01"])
    assert found == {
        (place.county.pk, now): Asked(requests=2, at_once=1, columns=2, questions=1, units=4, answers=4),
        (place.townships[0].pk, "2026-01"): Asked(requests=1, columns=1, questions=1, units=2, answers=2),
    }
    months = by_month(found, [now, "2026-01"])
    assert [(each.asked.answers, each.change) for each in months] == [(4, 2), (2, None)]
    (row,) = by_unit(found, [now, "2026-01"], place.city)
    assert row.unit == place.county and row.total.answers == 6
    assert set(asked_by(clerk, [now, "2026-01"])) == {(place.townships[0].pk, "2026-01")}
    assert asked_by(place.directors[0], [now]) == {}
