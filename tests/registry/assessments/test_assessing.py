"""Assessing a child: what is asked, what the points say, what a person decides, what is refused."""

import copy
import datetime
import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from childwelfare.workflow.refusals import Refused, SentBefore
from registry.assessments.models import Assessment
from registry.assessments.services.assess import assess_child
from registry.closing.services import close_file
from registry.instruments.facts import FACTS, Fact, FactSource
from tests.builders import (
    a_definition,
    a_file,
    a_post,
    a_small_instrument,
    a_village,
    an_approved_file,
    an_assessment,
    found,
    sign_in,
)

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def file():
    file = an_approved_file(a_village(), name="张子涵")
    a_small_instrument(file.city)
    return file


@pytest.fixture
def director(file):
    return a_post(file.village)


def confirm(assessment):
    from registry.assessments.workflow import ASSESSMENT

    ASSESSMENT.apply("confirm", assessment, by=a_post(assessment.township), seen_version=assessment.version)
    return assessment


def refused(file, by, **given):
    with pytest.raises(ValidationError) as refusal:
        assess_child(file, by=by, given=found(**given))
    return refusal.value.message_dict


def test_points_give_the_level_and_the_day_of_the_next(file, director):
    day = datetime.date(2026, 3, 31)
    assessment = assess_child(
        file,
        by=director,
        given=found(
            assessed_on=day, answers={"duty": "weak", "contact": "often", "conflict": "yes"}, child_view="想妈妈"
        ),
    )
    assert (assessment.score, assessment.scores) == (30, {"care": 10, "home": 20, "safe": 0, "mind": 0})
    assert assessment.proposed == assessment.level == "high"  # 30 points are 较高; all of 家庭 lifts it
    assert assessment.guardianship_words == "监护不足"
    assert (assessment.state, assessment.next_on) == ("submitted", datetime.date(2026, 4, 30))
    assert Assessment.objects.get().child_view == "想妈妈"


def test_what_is_not_asked_is_dropped(file, director):
    assessment = assess_child(file, by=director, given=found(answers={"contact": "rare", "made_up": "x"}))
    assert assessment.answers == {"duty": "good", "conflict": "no", "hazards": [], "mood": "good"}
    assert (assessment.score, assessment.level) == (0, "watch")


def test_every_asked_indicator_is_answered(file, director):
    problems = refused(file, director, answers={"duty": "weak", "mood": "happy", "hazards": "water"}, screen={})
    asked = ["screen.harm", "screen.alone", "answers.contact", "answers.hazards", "answers.mood"]
    assert sorted(problems) == sorted(asked) and "不清楚" in problems["answers.contact"][0]
    assert not Assessment.objects.exists()


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("assessed_on", {"assessed_on": None}),
        ("assessed_on", {"assessed_on": timezone.localdate() + 2 * DAY}),
        ("assessed_on", {"assessed_on": datetime.date(2019, 12, 31)}),
        ("occasion", {"occasion": "holiday"}),
        ("occasion", {"occasion": "second"}),
        ("child_view", {"child_view": "长" * 301}),
        ("level", {"level": "terrible"}),
        ("level_reason", {"level": "high"}),
        ("guardianship_words", {"guardianship_words": "不好"}),
        ("instrument", {"instrument": uuid.uuid4()}),
    ],
)
def test_what_is_wrong_is_said_at_its_place(file, director, field, given):
    assert list(refused(file, director, **given)) == [field]


def test_a_person_decides_another_level_with_a_reason(file, director):
    assessment = assess_child(
        file, by=director, given=found(level="general", level_reason="祖母年底要住院", guardianship_words="监护不足")
    )
    assert (assessment.proposed, assessment.level, assessment.level_reason) == ("watch", "general", "祖母年底要住院")
    assert assessment.guardianship_words == "监护不足"


def test_too_much_unknown_gives_no_level(file, director):
    assessment = assess_child(file, by=director, given=found(answers={"duty": "unknown", "mood": "unknown"}))
    assert (assessment.level, assessment.proposed, assessment.unknown) == ("", "", 50)
    assert assessment.is_unfinished and assessment.next_on == timezone.localdate() + 30 * DAY


def test_worse_than_last_time_asks_for_a_reason(file, director):
    confirm(assess_child(file, by=director, given=found(answers={"mood": "unknown"})))
    assert list(refused(file, director, answers={"duty": "weak", "contact": "often", "mood": "low"})) == [
        "worse_because.duty"
    ]
    worse = {"duty": "入秋后祖母腿疼", "mood": "不问的不留"}
    assessment = assess_child(
        file, by=director, given=found(answers={"duty": "weak", "contact": "often"}, worse_because=worse)
    )
    assert assessment.reasons_given == {"duty": "入秋后祖母腿疼"}
    assert "祖母" not in str(Assessment.objects.filter(pk=assessment.pk).values("answers", "scores"))


def test_sent_twice_it_is_one(file, director):
    pk = uuid.uuid4()
    for _ in range(2):
        assess_child(file, by=director, pk=pk, given=found())
    assert Assessment.objects.count() == 1
    with pytest.raises(SentBefore):
        assess_child(file, by=director, pk=pk, given=found(answers={"mood": "low"}))
    with pytest.raises(Refused):
        assess_child(file, by=a_post(file.township), pk=pk, given=found())


DECIDED = {
    "answers": {"duty": "weak", "contact": "often"}, "worse_because": {"duty": "奶奶腿疼"}, "level": "high",
    "level_reason": "父亲下月外出", "guardianship_words": "监护失当",
}  # fmt: skip
OTHERWISE = [
    {"level_reason": "母亲改嫁"},
    {"level": "", "level_reason": ""},
    {"level": "raised"},
    {"worse_because": {"duty": "爷爷住院"}},
    {"guardianship_words": "监护正常"},
    {"guardianship_words": ""},
]


@pytest.mark.parametrize("other", OTHERWISE)
def test_sent_twice_with_another_decision_is_told_and_never_lost(file, director, other):
    confirm(assess_child(file, by=director, given=found()))
    pk = uuid.uuid4()
    first = assess_child(file, by=director, pk=pk, given=found(**copy.deepcopy(DECIDED)))
    assert assess_child(file, by=director, pk=pk, given=found(**copy.deepcopy(DECIDED))) == first
    with pytest.raises(SentBefore):
        assess_child(file, by=director, pk=pk, given=found(**copy.deepcopy(DECIDED | other)))


def test_sent_twice_as_the_points_say_it_is_one(file, director):
    pk = uuid.uuid4()
    given = {"answers": {"duty": "weak", "contact": "often"}}
    first = assess_child(file, by=director, pk=pk, given=found(**copy.deepcopy(given)))
    same = {"level": first.level, "level_reason": "不用说明", "guardianship_words": first.guardianship_words}
    assert assess_child(file, by=director, pk=pk, given=found(**copy.deepcopy(given) | same)) == first


def test_over_the_api_another_decision_is_a_409(client, file, director):
    confirm(assess_child(file, by=director, given=found()))
    sign_in(client, director)
    said = DECIDED | {
        "occasion": "regular", "assessed_on": timezone.localdate().isoformat(), "screen": {"harm": "no", "alone": "no"},
    }  # fmt: skip
    said["answers"] = {"duty": "weak", "contact": "often", "conflict": "no", "hazards": [], "mood": "good"}
    said |= {"id": str(uuid.uuid4()), "child": str(file.pk)}
    for given, status in ((said, 201), (said, 201), (said | {"level_reason": "母亲改嫁"}, 409)):
        answer = client.post("/api/v1/assessments/", given, content_type="application/json")
        assert answer.status_code == status, answer.content.decode()


def test_on_the_page_another_decision_is_told(client, file, director):
    confirm(assess_child(file, by=director, given=found()))
    sign_in(client, director)
    given = found(**copy.deepcopy(DECIDED))
    form = {"pk": str(uuid.uuid4()), "occasion": "regular", "assessed_on": timezone.localdate().isoformat()}
    form |= {f"screen_{key}": answer for key, answer in given.screen.items()}
    form |= {f"answer_{key}": answer for key, answer in given.answers.items() if answer != []}
    form |= {"answer_hazards": ["none_of_these"], "why_duty": "奶奶腿疼"}
    form |= {name: DECIDED[name] for name in ("level", "level_reason", "guardianship_words")}
    link = reverse("child-assess", args=[file.pk])
    assert client.post(link, form).status_code == 302
    answer = client.post(link, form | {"guardianship_words": "监护正常"})
    assert answer.status_code == 409 and "第一次填的已经存上" in answer.content.decode()


def test_only_who_keeps_the_child_assesses_it(file):
    for post in (a_post(a_village()), a_post(file.city)):
        with pytest.raises(PermissionDenied):
            assess_child(file, by=post, given=found())
    assert list(refused(file, a_post(file.county))) == ["occasion"]


def test_a_file_that_is_not_in_the_registry_is_not_assessed(file, director):
    with pytest.raises(Refused, match="还没有审核通过"):
        assess_child(a_file(file.village), by=director, given=found())
    clerk = a_post(file.township)
    close_file(file, by=clerk, seen_version=file.version, reason="moved", on=timezone.localdate())
    with pytest.raises(Refused, match="已结案"):
        assess_child(file, by=director, given=found())


def test_nothing_is_assessed_before_a_system_is_published(director):
    file = an_approved_file(a_village())
    assert "发布" in refused(file, a_post(file.village))["assessed_on"][0]


def test_a_phone_may_send_what_was_answered_by_the_version_before(file, director):
    old = file.city.instruments.get()
    today = timezone.localdate()
    old.until = today
    old.save()
    new = a_small_instrument(file.city, since=today)
    problems = refused(file, director, instrument=old.pk)
    assert "第 1 版" in problems["instrument"][0] and "第 2 版" in problems["instrument"][0]
    yesterday = found(instrument=old.pk, assessed_on=today - DAY)
    assert assess_child(file, by=director, given=yesterday).instrument == old
    assert assess_child(file, by=director, given=found(instrument=new.pk)).instrument == new


def test_what_the_file_tells_is_not_asked(file, director, monkeypatch):
    """The fact counts, whatever is sent beside it; a fact that the file does not tell is asked."""
    import dataclasses

    definition = a_definition()
    care, *others = definition.dimensions
    duty, contact = care.indicators
    answers = tuple(dataclasses.replace(each, values=(each.key,)) for each in duty.answers)
    duty = dataclasses.replace(duty, source="test_duty", answers=answers)
    definition = dataclasses.replace(
        definition, dimensions=(dataclasses.replace(care, indicators=(duty, contact)), *others)
    )
    told = {file.pk: Fact("none", "祖母 李桂英")}
    source = FactSource("test_duty", "履责", lambda files, on: told, codes={"none": "不尽责"})
    monkeypatch.setitem(FACTS._items if hasattr(FACTS, "_items") else FACTS, "test_duty", source)
    file.city.instruments.update(until=timezone.localdate())
    a_small_instrument(file.city, definition=definition, since=timezone.localdate())
    assessment = assess_child(file, by=director, given=found(answers={"contact": "rare"}))
    assert assessment.answers["duty"] == "none" and assessment.score == 30
    assert assessment.computed == {"duty": {"value": "none", "words": "祖母 李桂英"}}
    told.clear()
    assert assess_child(file, by=director, given=found()).answers["duty"] == "good"
    assert an_assessment(file).computed == {}
