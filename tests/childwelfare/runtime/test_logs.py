"""Logs are JSON and hold nobody's number."""

import io
import json
import logging
import logging.config

import pytest
import structlog
from django.conf import settings

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
