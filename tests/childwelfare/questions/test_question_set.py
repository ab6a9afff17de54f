"""A table of questions: what is shown, needed, wrong, flagged and read; two versions side by side."""

import datetime
import json

import pytest
from django import forms
from django.utils import timezone
from rest_framework import serializers

from childwelfare.questions import question_set as registry
from childwelfare.questions.api_fields import rows_of, serializer_fields
from childwelfare.questions.conditions import ANSWERED, Condition
from childwelfare.questions.form_fields import answer_of, form_fields, initial_of, opener_problems
from childwelfare.questions.question import Kind, Opener, Question
from childwelfare.questions.question_set import QuestionSet, Step, newest, question_set, register
from tests.childwelfare.questions.made_up import FIRST, SECOND

DAY = datetime.date(2026, 6, 20)
ANSWERS = {"looked_on": DAY, "home": "house", "heating": "coal", "lacks": []}


@pytest.fixture
def both_versions(monkeypatch):
    monkeypatch.setattr(registry, "QUESTION_SETS", {})
    return [register(each) for each in (FIRST, SECOND)]


def wrong(on=DAY, **given) -> dict:
    return SECOND.check(ANSWERS | given, on=on)


@pytest.mark.parametrize(
    ("values", "said", "holds"),
    [
        (("house",), "house", True),
        (("house",), "flat", False),
        (("house",), None, False),
        (("house",), "", False),
        (("yes",), True, True),
        (("no",), False, True),
        (("bed",), ["desk", "bed"], True),
        (("bed",), [], False),
        ((ANSWERED,), "any", True),
        ((ANSWERED,), 0, True),
        ((ANSWERED,), None, False),
        ((">3d",), DAY - datetime.timedelta(days=4), True),
        ((">3d",), "2026-06-16", True),
        ((">3d",), DAY - datetime.timedelta(days=3), False),
    ],
)
def test_a_condition_holds_for_one_of_its_values(values, said, holds):
    assert Condition("it", values).holds({"it": said}, on=DAY) is holds


def test_a_condition_says_its_rule_to_the_script():
    condition = Condition("home", ("house", "flat"))
    assert condition.text() == "home=house|flat" and condition.text("a1") == "a1-home=house|flat"
    assert condition.as_json() == {"question": "home", "values": ["house", "flat"]}


def test_what_is_all_right_is_not_wrong():
    assert wrong() == {}


def test_what_is_shown_and_needed_must_be_answered():
    assert wrong(home="") == {"home": ["请选择一项。"]}, "the second step is not shown, nothing of it is missing"
    assert wrong(heating="") == {"heating": ["请选择一项。"]}
    assert wrong(lacks=None) == {"lacks": ["请看看屋里缺什么。"]}
    assert wrong(home="none", heating="") == {"again_on": ["这一项要填。"]}


def test_a_date_too_old_asks_why():
    late = DAY + datetime.timedelta(days=4)
    assert wrong(on=late) == {"late_words": ["这一项要填。"]}
    assert wrong(on=late, late_words="下雪") == {}


def test_an_answer_fits_another():
    assert wrong(heating="central") == {"heating": ["可以是：烧煤。"]}
    assert wrong(home="none", again_on=DAY.replace(day=25)) == {"heating": ["没有住处就没有取暖。"]}


def test_dates_stand_in_their_order():
    assert wrong(moved_in_on=DAY) == {} and wrong(again_on=DAY.replace(day=21)) == {}
    assert wrong(moved_in_on=DAY.replace(day=21)) == {"moved_in_on": ["晚于看的那天。"]}
    assert wrong(again_on=DAY) == {"again_on": ["应在看的那天之后。"]}


def test_a_date_is_not_long_after_another_and_the_calendar_offers_none_that_can_not_be():
    limit, looked_on = SECOND["again_on"].soon_after, ANSWERS["looked_on"]
    last = looked_on + datetime.timedelta(days=limit.days)
    assert wrong(again_on=last) == {}
    assert wrong(again_on=last + datetime.timedelta(days=1)) == {"again_on": [limit.problem]}
    today = timezone.localdate()
    offered = form_fields(SECOND)["again_on"].widget.attrs["max"]
    assert offered == (today + datetime.timedelta(days=limit.days)).isoformat()
    assert SECOND.json_of(SECOND["again_on"])["soon_after"]["days"] == limit.days


def test_answers_raise_flags():
    assert SECOND.flags(ANSWERS, on=DAY) == set()
    assert SECOND.flags({"home": "none", "lacks": ["bed"]}, on=DAY) == {"homeless"}, "who has no home was not asked"
    assert SECOND.flags({"home": "flat", "lacks": ["bed"]}, on=DAY) == {"lacks"}


def test_the_form_asks_all_and_gives_the_answers():
    class HomeForm(forms.Form):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.fields |= form_fields(SECOND)

    said = {"looked_on": "2026年6月20日", "home": "house", "lack": "yes", "lacks": ["desk"], "own_bed": "no"}
    form = HomeForm(said)
    assert form.is_valid(), form.errors
    answers = {question.name: answer_of(question, form.cleaned_data) for question in SECOND.questions}
    assert answers["looked_on"] == DAY and answers["own_bed"] is False and answers["lacks"] == ["desk"]
    assert opener_problems(SECOND, form.cleaned_data) == {}
    assert opener_problems(SECOND, {"lack": "yes", "lacks": []}) == {"lacks": "缺什么？"}
    assert opener_problems(SECOND, {"lack": "no", "lacks": ["bed"]}) == {"lack": "缺还是不缺？"}
    initial = initial_of(SECOND, answers)
    assert (initial["lack"], initial["own_bed"], initial["home"]) == ("yes", "no", "house")
    assert not HomeForm({}).is_valid(), "a date that is always needed is required by its field"
    assert 'data-show-when="home=house|flat"' in str(form["heating"]), "central heating has none in a house"


def test_the_api_reads_it_and_it_is_kept_as_rows():
    reader = type("HomeIn", (serializers.Serializer,), serializer_fields(SECOND))
    sent = {"looked_on": "2026/6/20", "home": "house", "heating": "coal", "lacks": ["desk", "bed"], "own_bed": False}
    read = reader(data=sent)
    assert read.is_valid(), read.errors
    rows = rows_of(SECOND, read.validated_data)
    assert json.loads(json.dumps(rows)) == sent | {"looked_on": "2026-06-20", "lacks": ["bed", "desk"]}
    assert SECOND.check(rows, on=DAY) == {}
    assert not reader(data=sent | {"home": "tent"}).is_valid()
    assert not reader(data=sent | {"words": "长" * 201}).is_valid()


def test_the_page_shows_last_time_beside_it():
    before = ANSWERS | {"home": "flat", "lacks": ["bed"]}
    lines = {line.label: line for line in SECOND.lines(ANSWERS | {"own_bed": False}, before, on=DAY)}
    assert [*lines] == ["哪天看的", "住的是什么房", "取暖", "缺什么", "有自己的床"]
    home = lines["住的是什么房"]
    assert (home.then, home.now, home.changed) == ("楼房", "平房", True)
    assert (lines["缺什么"].then, lines["缺什么"].now) == ("床", "不缺")
    assert (lines["有自己的床"].now, lines["取暖"].then) == ("否", "")


def test_what_was_not_asked_last_time_has_not_changed():
    (line, *_rest) = SECOND.lines({"home": "house"}, {"home": ""}, on=DAY)
    assert (line.now, line.changed) == ("平房", False)


def test_two_versions_live_side_by_side(both_versions):
    old = {"version": 1, "answers": {"home": "none"}}
    new = {"version": 2, "answers": ANSWERS}
    read = [question_set("homes", record["version"]).lines(record["answers"], on=DAY) for record in (old, new)]
    assert [(line.label, line.now) for line in read[0]] == [("住在哪里", "没有住处")]
    assert ("住的是什么房", "平房") in [(line.label, line.now) for line in read[1]]
    assert newest("homes") is SECOND
    with pytest.raises(ValueError, match="already"):
        register(FIRST)


def test_the_phone_is_told_the_same():
    told = json.loads(json.dumps(SECOND.as_json()))
    heating = next(question for question in told["questions"] if question["name"] == "heating")
    assert heating["shown"] == [[{"question": "home", "values": ["house", "flat"]}]]
    assert heating["fits"]["answers"]["house"] == ["coal"] and heating["missing"] == "请选择一项。"
    assert {"opener": "lack", "needed": True}.items() <= next(
        question for question in told["questions"] if question["name"] == "lacks"
    ).items()


def test_answers_to_what_is_not_asked_are_left_blank():
    said = {"looked_on": DAY, "home": "none", "heating": "coal", "lacks": ["bed"], "own_bed": True, "again_on": DAY}
    asked = SECOND.asked_answers(said, on=DAY)
    assert asked == said | {"heating": "", "lacks": [], "own_bed": None}, "what is needed without a home is asked"
    assert SECOND.asked_answers(ANSWERS | {"late_words": "下雪"}, on=DAY) == ANSWERS | {"late_words": ""}
    assert wrong(home="none", heating="", again_on=DAY.replace(day=25), moved_in_on=DAY.replace(day=21)) == {}


@pytest.mark.parametrize("sent", ["2147483648", "-1", "9" * 40, "x"])
def test_a_number_that_no_column_holds_is_refused_in_words(sent):
    field, reader = form_fields(SECOND)["rooms"], serializer_fields(SECOND)["rooms"]
    with pytest.raises(forms.ValidationError, match="数|整数"):
        field.clean(sent)
    with pytest.raises(serializers.ValidationError):
        reader.run_validation(sent)
    assert field.clean("2147483647") == 2147483647


def test_a_question_with_an_opener_is_shown_on_its_yes_alone():
    """The script shows a card where one of its rules holds: the opener's and another would show it on either."""
    opener = Opener("lack", "屋里缺吗", "不缺", "缺", unnamed="缺什么？", contrary="缺还是不缺？")
    ill = (Condition("ill", ("yes",)),)
    for when in ({"when": ill}, {"once_when": ill}):
        with pytest.raises(ValueError, match="'lacks'.*`when` of their Step"):
            Question("lacks", Kind.SEVERAL, "缺什么", opener=opener, **when)


def test_names_take_no_symbols():
    who = Question("who", Kind.TEXT, "谁在家", longest=50, names_people=True)
    asked = QuestionSet("visitors", 1, [Step("door", "门口", [who])])
    assert asked.check({"who": "李桂英（奶奶）、张〇"}, on=DAY) == {}
    told = asked.check({"who": "李桂英😀"}, on=DAY)["who"]
    assert told == [asked.json_of(who)["no_symbols"]] and "表情" in told[0]
