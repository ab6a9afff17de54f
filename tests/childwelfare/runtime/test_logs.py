"""Logs are JSON and hold nobody's number."""

import datetime
import io
import json
import logging
import logging.config
import re
from types import SimpleNamespace

import pytest
import structlog
from django.conf import settings
from gunicorn.config import Config
from gunicorn.glogging import Logger

from childwelfare.runtime.logging import mask

NUMBER, PHONE = "410199201203040019", "13800138000"


@pytest.fixture
def written():
    """The lines that the settings' own handler wrote, read back."""
    root, buffer = logging.getLogger(), io.StringIO()
    before = root.handlers[:]
    logging.config.dictConfig(settings.LOGGING)
    root.handlers[0].setStream(buffer)
    yield lambda: [json.loads(line) for line in buffer.getvalue().splitlines()]
    root.handlers[:] = before


@pytest.mark.parametrize("number", [NUMBER, NUMBER[:-1] + "X", NUMBER[:-1] + "x", PHONE])
def test_a_number_is_masked_wherever_it_stands(number):
    for value in (number, f"证件{number}。", {"a": [number]}, {number: 1}, (f"{number},",)):
        assert number not in str(mask(value))
    if number.isdigit():
        assert mask(int(number)) != int(number)


@pytest.mark.parametrize("text", ["410182001201", "2026-11-25 07:18:33", "a0b13800138000c", "1380013800", 3, None, 1.5])
def test_codes_dates_and_identifiers_stay(text):
    assert mask(text) == text


def test_both_kinds_of_logger_write_masked_json(written):
    logging.getLogger("orgs").warning("no file for %s", NUMBER, extra={"phone": PHONE})
    structlog.get_logger("registry").info("opened", number=NUMBER)
    one, two = written()
    assert one["event"] == "no file for [id-number]" and one["phone"] == "[phone]" and one["level"] == "warning"
    assert two == two | {"event": "opened", "number": "[id-number]", "logger": "registry", "level": "info"}


def test_a_traceback_is_masked_too(written):
    try:
        raise ValueError(f"{NUMBER} is taken")
    except ValueError:
        logging.getLogger("orgs").exception("failed")
    (line,) = written()
    assert NUMBER not in json.dumps(line) and "[id-number] is taken" in line["exception"]


def test_what_was_searched_for_is_in_no_line_of_django(written, client):
    client.raise_request_exception = False
    for where in ("/no-such-page/", "/api/v1/children/"):
        client.get(where, {"q": "张子涵", "search": "0019"})
    logging.getLogger("django.server").warning('"%s" %s', "GET /children/?q=0019 HTTP/1.1", 404)
    lines = written()
    assert [line["event"].split("/")[1] for line in lines] == ["no-such-page", "api", "children"]
    assert "0019" not in json.dumps(lines) and "%E5" not in json.dumps(lines) and "?[query]" in json.dumps(lines)


def test_what_was_searched_for_is_in_no_line_of_gunicorn(pytestconfig):
    command = (pytestconfig.rootpath / "Dockerfile").read_text().split("\nCMD ")[1].replace("\\\n", "")
    arguments = json.loads(command)
    log = Logger(Config())
    asked = SimpleNamespace(headers=[("REFERER", "https://x/children/?q=0019")])
    environ = {"REQUEST_METHOD": "GET", "RAW_URI": "/children/?q=0019", "PATH_INFO": "/children/",
               "QUERY_STRING": "q=0019", "HTTP_REFERER": "https://x/children/?q=0019",
               "SERVER_PROTOCOL": "HTTP/1.1"}  # fmt: skip
    answer = SimpleNamespace(status="200 OK", sent=10, headers=[])
    atoms = log.atoms_wrapper_class(log.atoms(answer, asked, environ, datetime.timedelta(seconds=1)))
    line = arguments[arguments.index("--access-logformat") + 1] % atoms
    assert "GET /children/ 200" in line and "0019" not in line


def test_the_front_writes_no_line_with_what_was_searched_for(pytestconfig):
    front = (pytestconfig.rootpath / "deploy" / "Caddyfile").read_text()
    kept = front.split("(without_what_was_searched) {")[1].split("\n}\n")[0]
    assert 'request>uri regexp "[?].*$" ""' in kept and "request>headers>Referer delete" in kept
    logs = re.findall(r"\blog(?: default)? \{\n(.*?)\n\t+\}", front, re.S)
    assert len(logs) == 2 and all("import without_what_was_searched" in log for log in logs)
