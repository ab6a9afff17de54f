"""Whatever befalls a change is told on its page in words."""

import ast
from pathlib import Path

import pytest

from registry.changes.models import EVENT_WORDS
from registry.changes.workflow import CHANGE

WRITTEN_BY_HAND = Path("registry/changes/services.py")


def test_each_move_and_each_event_that_is_written_by_hand_has_its_words(pytestconfig):
    calls = ast.walk(ast.parse((pytestconfig.rootpath / WRITTEN_BY_HAND).read_text()))
    given = [
        each.value for call in calls if isinstance(call, ast.Call) for each in call.keywords if each.arg == "action"
    ]
    by_hand = {value.value for value in given if isinstance(value, ast.Constant)}
    assert {"propose", "bring_in", "unmerge"} <= by_hand
    assert by_hand | set(CHANGE.transitions) <= EVENT_WORDS.keys()


@pytest.mark.parametrize("action", sorted(EVENT_WORDS))
def test_the_words_are_words(action):
    assert str(EVENT_WORDS[action]) != action
