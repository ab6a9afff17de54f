"""A new question costs its code list, column, entry and translation: everything else follows from the table.

The program is started anew with three questions more (tests/added_question), on a database of its own.
"""

import json
import subprocess

import pytest

from tests.started_anew import what_it_saw
from tests.visits.offline.scripts import copy_of_scripts

pytestmark = pytest.mark.exhaustive

ASK = """
import { readFileSync } from "fs";
import { pathToFileURL } from "url";

const [folder] = process.argv.slice(-1);
globalThis.self = globalThis;
await import(pathToFileURL(folder + "/offline/outbox_rules.js"));
const answers = await import(pathToFileURL(folder + "/offline/answers.js"));
const { entries, questions, today } = JSON.parse(readFileSync(0, "utf8"));
const main = answers.readVisit(entries, questions);
const siblings = answers.readSiblings(entries, main, questions);
const wrong = answers.checkVisit(main, today, questions);
process.stdout.write(JSON.stringify({
  main, siblings, wrong, ofSiblings: answers.checkSiblings(siblings, today, questions),
  values: answers.visitFieldValues(main, questions),
}));
"""


@pytest.fixture(scope="module")
def seen(pytestconfig, tmp_path_factory):
    home = tmp_path_factory.mktemp("added")
    return what_it_saw("tests.added_question", root=pytestconfig.rootpath, home=home)


@pytest.fixture
def phone_reads(seen, tmp_path):
    """What the phone's script makes of a form's entries, with the questions that the shell holds."""
    folder = copy_of_scripts(tmp_path)

    def reads(entries: dict) -> dict:
        pairs = [[name, value] for name, value in entries.items()]
        said = json.dumps({"entries": pairs, "questions": seen["questions"], "today": seen["today"]})
        command = ["node", "--input-type=module", "-e", ASK, str(folder)]
        return json.loads(subprocess.run(command, input=said, capture_output=True, text=True, check=True).stdout)

    return reads


def test_the_form_asks_it_of_each_child_and_names_last_time(seen):
    form, sister = seen["form"], seen["sister"]
    assert form.count("孩子睡得怎样") == 2 and 'name="sleep"' in form and f'name="{sister}-sleep"' in form
    assert 'data-show-when="sleep=none"' in form and f'data-show-when="{sister}-sleep=none"' in form
    assert "上次：和大人同床" in form
    assert "&quot;sleep&quot;: &quot;shared&quot;" in form, "the button fills it in as last time"


def test_what_is_missing_or_wrong_is_said_at_its_field_and_saves_none(seen):
    status, page = seen["refused"]
    assert status == 422 and "家访晚于走访。" in page and "请写明睡在哪里。" in page


def test_each_child_has_its_answer_and_what_follows_from_it(seen):
    assert seen["sent"] == 302
    first, second = seen["stored"]
    assert first[:2] == ["own_bed", ""] and first[2] < seen["today"] and first[3] == []
    assert second == ["none", "谷仓", "None", ["poor_care"]]


def test_the_page_of_a_visit_compares_it(seen):
    assert "睡眠情况" in seen["page"] and "<del>和大人同床</del>" in seen["page"] and "自己的床" in seen["page"]
    assert "谷仓" in seen["page of the sister"] and "和大人同床" not in seen["page of the sister"]


def test_the_api_takes_it_gives_it_and_shows_it_in_its_example(seen):
    status, told = seen["api unknown"]
    assert status == 400 and [*told] == ["sleep"]
    status, told = seen["api missing"]
    assert status == 400 and told == {"sleep": ["请选择一项。"]}
    status, told = seen["api taken"]
    assert status == 201 and (told["sleep"], told["teacher_met_on"]) == ("shared", None)
    assert seen["example"]["sleep"] == "own_bed"


def test_a_phone_sends_it_and_is_told_last_time(seen):
    assert [item["verdict"] for item in seen["sync"]] == ["accepted"] and seen["sync stored"] == ["none", "沙发"]
    assert "own_bed" in [last["sleep"] for last in seen["last"].values() if last]


def test_the_phone_asks_it_and_checks_it(seen, phone_reads):
    assert 'name="sleep"' in seen["shell"] and "孩子睡得怎样" in seen["shell"]
    sister = seen["sister"]
    entries = {"visited_on": seen["today"], "outcome": "seen", "carer": "same", "teacher_met_on": "2999-01-01",
               "together": sister, f"{sister}-outcome": "seen", f"{sister}-sleep": "none"}  # fmt: skip
    read = phone_reads(entries)
    assert read["wrong"]["sleep"] == "请选择一项。" and read["wrong"]["teacher_met_on"] == "家访晚于走访。"
    assert "sleep_note" not in read["wrong"]
    assert read["ofSiblings"][f"{sister}-sleep_note"] == "写明睡在哪里。"
    (theirs,) = read["siblings"]
    assert theirs["answers"]["sleep"] == "none" and "teacher_met_on" not in theirs["answers"]
    assert phone_reads(entries | {"sleep": "own_bed"})["values"]["sleep"] == ["own_bed"]


def test_the_demo_answers_it(seen):
    assert set(seen["demo"]) == {"own_bed", "shared"}
