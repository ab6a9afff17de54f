"""What the phone makes of an assessment and says is wrong with it is what the server does: levels by drawn systems and
answers, faults field by field."""

import dataclasses
import datetime
import json
import random
import subprocess

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from registry.assessments.services.answers import Given, is_worse
from registry.assessments.services.assess import assess_child
from registry.assessments.workflow import ASSESSMENT
from registry.instruments.definition import NO, UNKNOWN, YES, Answer, Indicator, Lift, When
from registry.instruments.example import EXAMPLE
from registry.instruments.scoring import score
from registry.needs.services.recording import record_need
from tests.builders import a_definition, a_post, a_small_instrument, a_village, an_approved_file, an_assessment
from tests.visits.offline.scripts import copy_of_scripts
from visits.help.sync import NeedItem

pytestmark = pytest.mark.django_db
CASES = 200  # four times as many with --long
DAY = datetime.timedelta(days=1)
ASK = """
import { readFileSync } from "fs";
import { pathToFileURL } from "url";
const [folder] = process.argv.slice(-1);
globalThis.self = globalThis;
const load = (name) => import(pathToFileURL(folder + "/offline/" + name));
const modules = [await load("scoring.js"), await load("assessment_answers.js"), await load("need_answers.js")];
const all = Object.assign({}, ...modules);
const { name, cases } = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(cases.map((given) => all[name](...given))));
"""


@pytest.fixture(scope="module")
def phone(tmp_path_factory):
    folder = copy_of_scripts(tmp_path_factory.mktemp("scripts"))

    def says(name: str, cases: list[list]) -> list:
        said = json.dumps({"name": name, "cases": cases}, default=str)
        command = ["node", "--input-type=module", "-e", ASK, str(folder)]
        done = subprocess.run(command, input=said, capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    return says


def drawn_definition(chance: random.Random):
    """The small or the large system, in either direction, with another lift, limit and order of its thresholds."""
    content = chance.choice([a_definition(), EXAMPLE])
    if chance.random() < 0.5:
        content = _with_more_points(content, chance)
    leasts = sorted(chance.sample(range(1, 70), len(content.levels) - 1), reverse=True) + [0]
    levels = tuple(dataclasses.replace(each, least=least) for each, least in zip(content.levels, leasts, strict=True))
    lift = chance.choice([None, Lift(2, 3), Lift(1, 2), Lift(1, 1)])
    changed = {"levels": levels, "lift": lift, "unknown_most": chance.choice([0, 10, 20, 50, 100])}
    return dataclasses.replace(content, higher_is_worse=chance.random() < 0.7, **changed)


def _with_more_points(content, chance):
    """Points are drawn, and each dimension gets a question that is asked by the answer to another."""
    dimensions = []
    for dimension in content.dimensions:
        first = dimension.indicators[0]
        opener = When(first.key, tuple(chance.sample([each.key for each in first.answers], 1)) + (UNKNOWN,))
        added = Indicator(f"more_{dimension.key}", "x", "x", (Answer("a", "a", 0), Answer("b", "b", 5)), when=(opener,))
        old = [
            dataclasses.replace(each, answers=tuple(
                dataclasses.replace(answer, points=chance.randint(0, 9)) for answer in each.answers
            ))
            for each in dimension.indicators
        ]  # fmt: skip
        dimensions.append(dataclasses.replace(dimension, indicators=(*old, added)))
    return dataclasses.replace(content, dimensions=tuple(dimensions))


def drawn_answer(indicator: Indicator, chance: random.Random):
    keys = [each.key for each in indicator.answers]
    if chance.random() < 0.15:
        return UNKNOWN
    if indicator.several:
        return chance.sample(keys, chance.randint(0, len(keys)))
    return chance.choice([*keys, *keys, "no such answer"])


def drawn_answers(content, chance: random.Random) -> tuple[dict, dict]:
    screen = {each.key: chance.choice([NO] * 20 + [YES, UNKNOWN]) for each in content.screen}
    answers = {each.key: drawn_answer(each, chance) for each in content.indicators() if chance.random() < 0.95}
    return screen, answers


def test_phone_and_server_come_to_the_same_level(phone, pytestconfig):
    chance, cases = random.Random(11), []
    for _case in range(CASES * (4 if pytestconfig.getoption("--long") else 1)):
        content = drawn_definition(chance)
        cases.append((content, *drawn_answers(content, chance)))
    told = phone("scoreAnswers", [[content.as_json(), screen, answers] for content, screen, answers in cases])
    for (content, screen, answers), said in zip(cases, told, strict=True):
        result = score(content, screen, answers)
        names = ("urgent", "level", "score", "unknown", "words")
        assert [said[name] for name in names] == [getattr(result, name) for name in names], (screen, answers)
        if not result.urgent:
            assert (said["scores"], said["worst"]) == (result.scores, result.worst)
            assert (said["by_score"], tuple(said["lifted_by"])) == (result.by_score, result.lifted_by)
    levels = {said["level"] for said in told}
    assert len(levels) == 5 and any(said["urgent"] for said in told) and any(said["lifted_by"] for said in told)


def test_phone_and_server_agree_what_is_worse_than_last_time(phone):
    chance, cases = random.Random(12), []
    for _case in range(CASES):
        content = drawn_definition(chance)
        indicator = chance.choice(list(content.indicators()))
        cases.append((content, indicator, drawn_answer(indicator, chance), drawn_answer(indicator, chance)))
    given = [[content.as_json(), dataclasses.asdict(indicator), now, then] for content, indicator, now, then in cases]
    told = phone("isWorse", given)
    assert told == [is_worse(*case) for case in cases]
    assert any(told) and not all(told)


@pytest.fixture
def child():
    file = an_approved_file(a_village(), on=timezone.localdate() - 90 * DAY)
    a_small_instrument(file.city)
    return file


def server_says(write) -> set[str]:
    try:
        with transaction.atomic():
            write()
            transaction.set_rollback(True)
    except ValidationError as error:
        return set(error.message_dict)
    return set()


def test_phone_and_server_agree_about_an_assessment(phone, child):
    director, today = a_post(child.village), timezone.localdate()
    before = an_assessment(
        child, by=director, assessed_on=today - 40 * DAY, answers={"duty": "weak", "contact": "often"}
    )
    ASSESSMENT.apply("confirm", before, by=a_post(child.township), seen_version=before.version)
    instrument, chance, cases = before.instrument, random.Random(13), []
    for _case in range(CASES):
        screen, answers = drawn_answers(instrument.content, chance)
        worse = {key: "奶奶病了" for key in answers if chance.random() < 0.4}
        cases.append(
            {
                "occasion": "regular", "assessed_on": chance.choice([today, today, today - DAY, today + DAY, None]),
                "screen": dict(list(screen.items())[: chance.choice([1, 2, 2, 2])]), "answers": answers,
                "worse_because": worse, "level": chance.choice(["", "", "high", "watch"]),
                "level_reason": chance.choice(["", "亲眼所见"]),
            }
        )  # fmt: skip
    asked = {
        "instrument": {"id": str(instrument.pk), "definition": instrument.definition}, "told": {},
        "last": {"on": before.assessed_on.isoformat(), "answers": before.answers},
    }  # fmt: skip
    for case in cases:  # a form sends no answer that it does not offer
        case["answers"] = {key: answer for key, answer in case["answers"].items() if answer != "no such answer"}
    said = [case | {"assessed_on": case["assessed_on"] and case["assessed_on"].isoformat()} for case in cases]
    told = phone("checkAssessment", [[case, today.isoformat(), asked] for case in said])
    fields = phone(
        "assessmentField", [[name] for name in ("screen.alone", "answers.duty", "worse_because.duty", "level")]
    )
    assert fields == ["screen_alone", "answer_duty", "why_duty", "level"]
    parts = {"screen": "screen_", "answers": "answer_", "worse_because": "why_"}
    for case, wrong in zip(cases, told, strict=True):
        named = server_says(lambda case=case: assess_child(child, by=director, given=Given(**case)))
        at_fields = {parts[name.partition(".")[0]] + name.partition(".")[2] if "." in name else name for name in named}
        assert set(wrong) == at_fields, case
    assert any(told) and not all(told)


def test_phone_and_server_agree_about_a_need(phone, child):
    director, today = a_post(child.village), timezone.localdate()
    chance, cases = random.Random(14), []
    for _case in range(CASES):
        case = {
            "kind": chance.choice(["education.study", "living.food"]), "urgency": chance.choice(["urgent", "normal"]),
            "words": "功课没人管", "source": chance.choice(["visit", "child"]),
            "found_on": (today - chance.choice([0, 1, 365, 366, -1]) * DAY).isoformat(),
        }  # fmt: skip
        cases.append(case)
    told = phone("checkNeed", [[case, today.isoformat()] for case in cases])
    for case, wrong in zip(cases, told, strict=True):
        reader = NeedItem(data=case | {"child": str(child.pk)})
        assert reader.is_valid(), reader.errors
        data = {name: value for name, value in reader.validated_data.items() if name != "child"}
        assert set(wrong) == server_says(lambda data=data: record_need(child, by=director, **data)), case
    assert any(told) and not all(told)


def test_what_the_form_reads_it_can_show_again(phone, child):
    instrument = {"id": "x", "definition": a_definition().as_json()}
    asked = {"instrument": instrument, "told": {"duty": ["good"]}, "last": None}
    entries = [
        ["screen_harm", "no"], ["screen_alone", "unknown"], ["answer_conflict", "yes"], ["answer_hazards", "water"],
        ["answer_hazards", "road"], ["answer_mood", "unknown"], ["why_conflict", "常吵"], ["occasion", "regular"],
        ["assessed_on", "2026-10-08"], ["child_view", "想妈妈"],
    ]  # fmt: skip
    (read,) = phone("readAssessment", [[entries, asked]])
    assert read["answers"] == {"conflict": "yes", "hazards": ["water", "road"], "mood": "unknown"}
    (values,) = phone("assessmentFieldValues", [[read]])
    again = [[name, value] for name, given in values.items() for value in given]
    assert phone("readAssessment", [[again, asked]]) == [read]
    none = phone("readAssessment", [[[["answer_hazards", "none_of_these"]], asked]])[0]
    assert none["answers"] == {"hazards": []}
    assert phone("assessmentFieldValues", [[none]])[0]["answer_hazards"] == ["none_of_these"]
