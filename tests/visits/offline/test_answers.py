"""What the phone says is wrong while one stands at the door is what the server would refuse, field by field."""

import datetime
import json
import random
import subprocess

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from childwelfare.questions.question import Kind, Question
from tests.builders import a_post, a_village, an_approved_file
from tests.visits.offline.scripts import copy_of_scripts
from visits.alerts.api import AlertIn
from visits.alerts.services.raising import raise_alert
from visits.visit.answers import answers_of
from visits.visit.api.answers import VisitIn
from visits.visit.questions import AGREED_WITHIN_DAYS, LATE_AFTER_DAYS, VISIT_QUESTIONS
from visits.visit.services.log import log_visit

pytestmark = pytest.mark.django_db
AHEAD = (-3650, -AGREED_WITHIN_DAYS - 1, -AGREED_WITHIN_DAYS)
CASES = 500  # four times as many with --long
FIELDS = {question.name: question.opener.name for question in VISIT_QUESTIONS.questions if question.opener}
ASK = """
import { readFileSync } from "fs";
import { pathToFileURL } from "url";
const [folder] = process.argv.slice(-1);
globalThis.self = globalThis;
await import(pathToFileURL(folder + "/offline/outbox_rules.js"));
const answers = await import(pathToFileURL(folder + "/offline/answers.js"));
const said = JSON.parse(readFileSync(0, "utf8"));
const wrong = said.cases.map((one) => Object.keys(answers[said.check](one, said.day, said.rules)));
process.stdout.write(JSON.stringify(wrong));
"""


@pytest.fixture(scope="module")
def phone_says(tmp_path_factory):
    folder = copy_of_scripts(tmp_path_factory.mktemp("scripts"))

    def says(check: str, cases: list[dict], day, rules=None) -> list[set[str]]:
        said = json.dumps({"check": check, "cases": cases, "day": day, "rules": rules})
        command = ["node", "--input-type=module", "-e", ASK, str(folder)]
        done = subprocess.run(command, input=said, capture_output=True, text=True, check=True)
        return [set(wrong) for wrong in json.loads(done.stdout)]

    return says


def server_says(reader, case: dict, write) -> set[str]:
    read = reader(data=case)
    assert read.is_valid(), read.errors
    try:
        with transaction.atomic():
            write(dict(read.validated_data))
            transaction.set_rollback(True)
    except ValidationError as error:
        return {FIELDS.get(name, name) for name in error.message_dict}
    return set()


def drawn(choices: dict[str, list], number: int = CASES) -> list[dict]:
    """Cases of every value of every field, and mixtures of them; None is left out."""
    chance, names = random.Random(7), list(choices)
    first = {name: values[0] for name, values in choices.items()}
    alone = [first | {name: value} for name in names for value in choices[name]]
    mixed = [{name: chance.choice(choices[name]) for name in names} for _case in range(number - len(alone))]
    return [{name: value for name, value in case.items() if value is not None} for case in alone + mixed]


def answers_to(question: Question, day) -> list:
    """Answers that a phone may send, None for none; the usual one first and often."""
    match question.kind:
        case Kind.CHOICE:
            usual = question.example or question.codes.values[0]
            return [*[usual] * len(question.codes), *question.codes.values, None]
        case Kind.SEVERAL:
            codes = question.codes.values
            return [[], codes[:1], codes[:2], *([None] if question.opener else [])]
        case Kind.YES_NO:
            return [True, False, None]
        case Kind.DATE:
            return [None, *(day(ago) for ago in (*AHEAD, -30, -1, 0, 2, LATE_AFTER_DAYS, LATE_AFTER_DAYS + 1, 40))]
        case Kind.TICK:
            return [None, True]
        case Kind.HIDDEN_NUMBER:
            return [None, 1]
        case _:
            return [None, question.example or "去了外婆家"]


def test_phone_and_server_agree_about_a_visit(phone_says, pytestconfig):
    director, today = a_post(a_village()), timezone.localdate()
    child = an_approved_file(director.unit, by=director, on=today - datetime.timedelta(days=60))

    def day(ago):
        return (today - datetime.timedelta(days=ago)).isoformat()

    choices = {question.name: answers_to(question, day) for question in VISIT_QUESTIONS.questions}
    for name in ("visited_on", "outcome"):  # what a form never leaves out
        choices[name] = [answer for answer in choices[name] if answer is not None]
    choices["visited_on"] += [day(0)] * 9
    number = CASES * 4 if pytestconfig.getoption("--long") else CASES
    cases = [{"child": str(child.pk)} | case for case in drawn(choices, number)]
    told = phone_says("checkVisit", cases, today.isoformat(), VISIT_QUESTIONS.as_json())
    for case, wrong in zip(cases, told, strict=True):
        assert wrong == server_says(VisitIn, case, lambda data: log_visit(child, by=director, **answers_of(data))), case
    needed = {question.opener.name if question.opener else question.name
              for question in VISIT_QUESTIONS.questions if "missing" in VISIT_QUESTIONS.json_of(question)}  # fmt: skip
    assert needed - {"visited_on", "outcome"} <= set().union(*told), "each is missing or wrong in some case"
    assert not all(told), "and some case is all right"


def test_phone_and_server_agree_about_a_report(phone_says):
    director, now = a_post(a_village()), timezone.now().replace(microsecond=0)
    child = an_approved_file(director.unit, by=director)

    def at(minutes):
        return (now + datetime.timedelta(minutes=minutes)).isoformat()

    choices = {
        "child": [str(child.pk), None], "child_words": [None, "红衣男孩"], "situations": [["other"], []],
        "call": ["made", "others", "busy", "no_signal", "unsafe"],
        "called_at": [at(-5), None, at(5), at(60)], "found_at": [None, at(-60), at(5), at(60)],
    }  # fmt: skip
    cases = drawn(choices)
    told = phone_says("checkAlert", cases, int(now.timestamp() * 1000))
    for case, wrong in zip(cases, told, strict=True):
        assert wrong == server_says(AlertIn, case, lambda data: raise_alert(by=director, answers=data)), case
    assert any(told) and not all(told)
