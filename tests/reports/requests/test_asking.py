"""Who wants figures sees what exists first; only what is missing goes down, to whom it was meant for."""

import datetime
import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from childwelfare.workflow.refusals import Refused, SentBefore, Stale
from orgs.audit.models import Audit
from orgs.inbox.models import Message
from orgs.units.models import OrgUnit
from reports.requests.columns import find_columns, held_by
from reports.requests.likeness import like, likeness
from reports.requests.models import DataAnswer, DataRequest
from reports.requests.services import answering, asking, drafting
from reports.requests.sheet import sheet_of
from reports.requests.workbench import to_answer
from tests.builders import a_post, a_village, fresh, the_answer
from tests.reports.requests.world import MONTH, SWIM, an_asking_county, counted, fill
from tests.roles import roles_without

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return an_asking_county()


@pytest.mark.both
def test_what_exists_is_answered_at_once_and_nobody_below_is_asked(place, django_assert_max_num_queries):
    request = drafting.set_columns(place.draft(), ["registered"], by=place.officer, seen_version=1)
    with django_assert_max_num_queries(11):
        sheet = sheet_of(request)
    assert [sheet.numbers(row) for row in sheet.rows] == [[10], [11], [12], [13]] and sheet.number_totals == [46]
    asking.settle(request, by=place.officer, seen_version=request.version)
    request = drafting.fresh(request)
    assert (request.state, request.at_once, request.asked_units) == ("closed", True, 0)
    assert not DataAnswer.objects.exists() and not Message.objects.exists()
    counted(a_village(place.townships[0]), registered=99)  # what is there later does not alter the sheet that was taken
    assert sheet_of(request).number_totals == [46]
    acts = list(Audit.objects.filter(action__endswith="_data_request").values_list("action", flat=True))
    assert acts == ["save_data_request", "save_data_request", "settle_data_request"]
    with pytest.raises(Stale):
        drafting.set_columns(request, [], by=place.officer, seen_version=request.version)


@pytest.mark.both
def test_only_missing_columns_go_down_to_each_unit_that_stands(place):
    OrgUnit.objects.filter(pk=place.villages[3].pk).update(valid_to=timezone.localdate())
    request = place.asked()
    assert (request.state, request.asked_units, request.asked_columns, request.asked_questions) == ("sent", 3, 1, 1)
    told = Message.objects.filter(kind="data_asked").values_list("recipient", flat=True)
    assert set(told) == {each.pk for each in place.directors[:3]}
    with pytest.raises(Stale):
        asking.send(request, by=place.officer, seen_version=request.version)


def test_a_village_without_a_director_is_told_at_its_station_which_answers_for_it(place):
    left = a_village(place.townships[0])
    clerk = a_post(place.townships[0])
    request = place.asked()
    assert Message.objects.get(recipient=clerk, kind="data_in_place").record == request.pk
    values = {request.questions.get().field: "0"}
    answer = the_answer(request, left)
    assert [each.pk for each in to_answer(fresh(clerk))] == [answer.pk], "it lies on the station's table"
    assert not to_answer(fresh(place.directors[0])).filter(pk=answer.pk).exists()
    with pytest.raises(PermissionDenied):
        answering.submit(
            the_answer(request, place.villages[0]), by=clerk, seen_version=1, given=values
        )  # which has a director
    answering.submit(answer, by=clerk, seen_version=1, given=values)
    assert the_answer(request, left).state == "answered"


def test_units_may_be_chosen_by_what_lies_above_them(place):
    request = place.asked(within=[place.townships[1]])
    assert {each.unit_id for each in request.answers.all()} == {each.pk for each in place.villages[2:]}


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"title": " "}, "title", "请填写"),
        ({"title": "长" * 61}, "title", "最多 60 字"),
        ({"purpose": ""}, "purpose", "请填写"),
        ({"level": 2}, "level", "下级"),
        ({"level": 9}, "level", "下级"),
        ({"period": "2026Q1"}, "period", "月份"),
        ({"period": "2099-01"}, "period", "还没有到"),
        ({"period": "x"}, "period", "2026-10"),
        ({"due_on": datetime.date(2020, 1, 1)}, "due_on", "两个工作日"),
        ({"due_on": datetime.date(2199, 1, 1)}, "due_on", "60 天"),
    ],
)
def test_what_can_not_be_is_explained_at_its_field(place, given, field, words):
    with pytest.raises(ValidationError) as refused:
        place.draft(**given)
    assert words in refused.value.message_dict[field][0] and not DataRequest.objects.exists()


def test_a_unit_elsewhere_or_too_low_is_not_asked(place):
    for unit in (a_village(), place.county):
        with pytest.raises(ValidationError) as refused:
            place.draft(within=[unit])
        assert unit.short_name in refused.value.message_dict["within"][0]


def test_the_same_form_with_other_units_is_another_request_and_no_list_of_people_is_a_title(place):
    pk = uuid.uuid4()
    first = place.draft(pk=pk, within=[place.townships[0]])
    assert place.draft(pk=pk, within=[place.townships[0]]) == first
    with pytest.raises(SentBefore):
        place.draft(pk=pk, within=[place.townships[1]])
    with pytest.raises(ValidationError) as refused:
        place.draft(title="困境儿童姓名和身份证号")
    assert "花名册" in refused.value.message_dict["title"][0]


def ask(place, request, **facts):
    return drafting.add_question(request, by=place.officer, seen_version=request.version, **(SWIM | facts))


@pytest.mark.parametrize(
    ("facts", "field", "words"),
    [
        ({"name": "孩子的身份证号"}, "name", "花名册"),
        ({"name": "监护人手机号"}, "name", "花名册"),
        ({"name": "家庭住址"}, "name", "花名册"),
        ({"name": "姓 名"}, "name", "花名册"),
        ({"name": "每个孩子的称呼"}, "name", "花名册"),
        ({"meaning": "写每个孩子的姓名"}, "meaning", "花名册"),
        ({"kind": "choice", "choices": ["有银行卡", "没有"]}, "choices", "花名册"),
        ({"name": ""}, "name", "请填写"),
        ({"meaning": ""}, "meaning", "请填写"),
        ({"measure": ""}, "measure", "人、元、户"),
        ({"kind": "list"}, "kind", "怎么填"),
        ({"kind": "choice", "choices": ["好"]}, "choices", "2 到 12"),
        ({"kind": "choice", "choices": [str(n) for n in range(13)]}, "choices", "2 到 12"),
        ({"kind": "choice", "choices": ["好", "好"]}, "choices", "重复"),
    ],
)
def test_nothing_of_a_person_is_asked_for_and_a_column_says_what_it_means(place, facts, field, words):
    with pytest.raises(ValidationError) as refused:
        ask(place, place.draft(), **facts)
    assert words in refused.value.message_dict[field][0]


def test_what_is_close_to_an_indicator_or_was_asked_before_is_named_first(place):
    place.asked()
    neighbour = an_asking_county()
    for name, known in (("逾期走访", "逾期"), ("留守儿童人数", "留守"), ("会游泳的孩子", "会游泳的")):
        with pytest.raises(ValidationError) as refused:
            ask(place, place.draft(), name=name, meaning="按本县口径另行填写说明")
        assert "已有" in str(refused.value) and known in str(refused.value)
    assert not [each for each in like("会游泳的", "x", root=neighbour.city) if each.question]
    made = ask(place, place.draft(), though_alike=True)
    assert made.name == "会游泳的"
    assert likeness("有护水员的坑塘", "参加医保") == 0


def test_at_most_twelve_and_no_name_twice(place):
    request = place.draft()
    for number in range(12):
        ask(place, request, name=f"第{number}种护水标志", though_alike=True)
        request = drafting.fresh(request)
    with pytest.raises(ValidationError, match="同名"):
        ask(place, request, name="第3种护水标志", though_alike=True)
    with pytest.raises(Refused, match="12"):
        ask(place, request, name="再来一种", though_alike=True)


def test_the_catalogue_is_found_by_name_meaning_and_letters():
    def found(typed):
        return {each.key for _group, columns in find_columns(typed) for each in columns}

    assert "left_behind" in found("留守") and "left_behind" in found("liushou") and "left_behind" in found("ls")
    assert "orphan" in found("孤儿人数") and "disabled_all" in found("残疾儿童") and "sex_female" in found("女孩")
    assert "risk_high" in found("高风险") and "school_dropped_out" in found("失学儿童")
    assert "visits_overdue" in found("逾期") and found("天上没有") == set() and len(found("")) > 50


def test_reported_figures_come_before_live_ones_and_a_missing_month_is_no_nought(place):
    bare = a_village(place.townships[0])
    held = held_by([*place.villages, bare], MONTH)
    assert held[place.villages[0].pk].source == "live" and bare.pk not in held
    request = drafting.set_columns(place.draft(), ["registered"], by=place.officer, seen_version=1)
    assert sheet_of(request).number_totals == [None]


def test_all_have_answered_and_the_asker_is_told_then_it_is_closed_for_good(place):
    request = place.asked()
    for director in place.directors:
        fill(request, director)
    assert Message.objects.get(kind="data_complete").recipient == place.officer
    asking.close(request, by=place.officer, seen_version=request.version)
    sheet = sheet_of(drafting.fresh(request))
    assert (sheet.number_totals, sheet.answer_totals) == ([46], [12])
    with pytest.raises(Stale, match="收结"):
        fill_again(request, place.directors[0])


def fill_again(request, director):
    answer = the_answer(request, director.unit)
    answering.take_back(answer, by=director, seen_version=answer.version)


def test_the_same_again_is_one_draft_of_the_next_month_however_often_it_is_pressed(place):
    former = place.asked(within=[place.townships[0]])
    made = drafting.ask_again(former, by=place.officer)
    assert drafting.ask_again(former, by=place.officer) == made
    assert (made.period, made.state, list(made.within.all())) == ("2026-02", "draft", [place.townships[0]])
    assert [each.name for each in made.questions.all()] == ["会游泳的"] and made.columns == ["registered"]
    asking.send(made, by=place.officer, seen_version=made.version)
    assert drafting.ask_again(former, by=place.officer) != made
    with pytest.raises(PermissionDenied):
        drafting.ask_again(former, by=a_post(place.city))


def test_a_withdrawn_request_needs_a_reason_and_waits_for_nobody(place):
    request = place.asked()
    with pytest.raises(Refused, match="原因"):
        asking.withdraw(request, by=place.officer, seen_version=request.version, reason=" ")
    asking.withdraw(request, by=place.officer, seen_version=request.version, reason="重复了")
    assert not DataAnswer.objects.expected().exists()


@pytest.mark.parametrize("role", roles_without("ask_figures"))
def test_who_may_not_ask(place, role):
    at = {"village_director": place.villages[0]}.get(role, place.county)
    with pytest.raises(PermissionDenied):
        drafting.save_request(by=fresh(a_post(at, role)), title="x")
