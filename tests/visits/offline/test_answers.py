"""What the phone says is wrong while one stands at the door is what the server would refuse, field by field."""

import datetime
import itertools
import json
import random
import subprocess

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from tests.builders import ROUTINE, a_post, a_village, an_approved_file
from tests.visits.offline.scripts import copy_of_scripts
from visits.alerts.api import AlertIn
from visits.alerts.services.raising import raise_alert
from visits.visit.answers import answers_of
from visits.visit.api.answers import VisitIn
from visits.visit.flags import LATE_AFTER_DAYS
from visits.visit.questions import ASKED_OF_OUTCOME, NEXT_STEPS, needed_answers
from visits.visit.services.log import log_visit

DATED = ["come_again"]
ASKED_WHEN_SEEN = [name for name in needed_answers() if name not in ("outcome", "hazards")]
pytestmark = pytest.mark.django_db
CASES = 300
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
        return {"hazard" if name == "hazards" else name for name in error.message_dict}
    return set()


def drawn(choices: dict[str, list]) -> list[dict]:
    """Cases of every value of every field, and mixtures of them; None is left out."""
    chance, names = random.Random(7), list(choices)
    first = {name: values[0] for name, values in choices.items()}
    alone = [first | {name: value} for name in names for value in choices[name]]
    mixed = [{name: chance.choice(choices[name]) for name in names} for _case in range(CASES - len(alone))]
    return [{name: value for name, value in case.items() if value is not None} for case in alone + mixed]


def test_phone_and_server_agree_about_a_visit(phone_says):
    director, today = a_post(a_village()), timezone.localdate()
    child = an_approved_file(director.unit, by=director, on=today - datetime.timedelta(days=60))

    def day(ago):
        return (today - datetime.timedelta(days=ago)).isoformat()

    unseen = list(itertools.chain(*NEXT_STEPS.values()))
    choices = {
        "visited_on": [day(0), day(1), day(LATE_AFTER_DAYS), day(LATE_AFTER_DAYS + 1), day(40), day(-1)],
        "outcome": ["seen", *NEXT_STEPS, "seen", "seen"],
        "late_reason": [None, "大雪封路"],
        "next_step": [None, *unseen],
        "whereabouts": [None, "去了外婆家"],
        "next_on": [None, day(-7), day(0), day(1), day(30)],
        "parent_contact_on": [None, day(0), day(2), day(-1)],
        "hazards": [[], ["fire"], None],
    } | {name: [ROUTINE[name], None] for name in ASKED_WHEN_SEEN}
    cases = [{"child": str(child.pk)} | case for case in drawn(choices)]
    for case in cases:
        if case["outcome"] == "seen":
            case.pop("next_step", None)  # the form asks for it only where nobody was met
    rules = {"asked": ASKED_WHEN_SEEN, "late": LATE_AFTER_DAYS}
    rules["outcomes"] = {"steps": NEXT_STEPS, "told": list(ASKED_OF_OUTCOME), "dated": DATED}
    told = phone_says("checkVisit", cases, today.isoformat(), rules)
    for case, wrong in zip(cases, told, strict=True):
        assert wrong == server_says(VisitIn, case, lambda data: log_visit(child, by=director, **answers_of(data))), case
    assert any(told) and not all(told)


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
