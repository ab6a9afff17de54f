"""Server and page read phone numbers alike: one list of inputs for both."""

import json
import subprocess

import pytest
from django.core.exceptions import ValidationError

from childwelfare.text.cleaning import check_phone, clean_phone
from tests.visits.offline.scripts import SCRIPTS

RIGHT = {
    "13800001234": "13800001234",
    "138 0000 1234": "13800001234",
    "138-0000-1234": "13800001234",
    "138.0000.1234": "13800001234",
    "+86 138-0000-1234": "13800001234",
    "\u202a+86 138 0000 1234\u202c": "13800001234",  # a phone's contacts
    "\u2066+86\u00a0138\u00a00000\u00a01234\u2069": "13800001234",
    "(+86)13800001234": "13800001234",
    "（+86）138 0000 1234": "13800001234",
    "0086 13800001234": "13800001234",
    "008613800001234": "13800001234",
    "8613800001234": "13800001234",
    "１３８００００１２３４": "13800001234",
    "＋８６１３８００００１２３４": "13800001234",
    "138\u200b00001234\ufe0f": "13800001234",
    "138—0000–1234": "13800001234",
    "138\u201100001234": "13800001234",
    "0371-55500118": "037155500118",
    "(0371) 55500118": "037155500118",
    "（0371）5550 0118": "037155500118",
    "+86 0371 55500118": "037155500118",
    "010-55500118": "01055500118",
    "": "",
    " ": "",
    "+86": "",
    "0086": "",
}
WRONG = [
    "1380000123",
    "138000012345",
    "55500118",
    "0371",
    "00861",
    "138abc01234",
    "138*0001234",
    "37155500118x",
    "+1 555 0100",
    "一三八",
]


@pytest.mark.parametrize("typed", RIGHT)
def test_a_number_in_any_typing(typed):
    assert check_phone(typed) == RIGHT[typed]


@pytest.mark.parametrize("typed", WRONG)
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(ValidationError):
        check_phone(typed)


def test_the_page_s_script_reads_each_as_the_server_does(tmp_path):
    (tmp_path / "phone_number.mjs").write_text((SCRIPTS / "phone_number.js").read_text())
    (tmp_path / "ask.mjs").write_text(
        'import { cleanPhone, findPhoneProblem } from "./phone_number.mjs";\n'
        "const typed = JSON.parse(process.argv[2]);\n"
        "console.log(JSON.stringify(typed.map((t) => [cleanPhone(t), Boolean(findPhoneProblem(cleanPhone(t)))])));\n"
    )
    typed = [*RIGHT, *WRONG]
    done = subprocess.run(["node", str(tmp_path / "ask.mjs"), json.dumps(typed)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for text, answer in zip(typed, json.loads(done.stdout), strict=True):
        assert answer == [clean_phone(text), text in WRONG], text
