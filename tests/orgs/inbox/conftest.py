"""Here messages are counted: files that tests begin with come without theirs."""

import pytest


@pytest.fixture(autouse=True)
def _builders_tell_nobody(monkeypatch):
    monkeypatch.setattr("tests.builders.tell_of_approval", lambda file, by, event: None)
