"""What the tests of phones share."""

import pytest

from tests.browser.front import Front
from tests.browser.phone import Phone


@pytest.fixture
def front(live_server):
    made = Front(live_server.url)
    yield made
    made.stop()


@pytest.fixture
def phone(chromium, front, tmp_path):
    made = Phone(chromium, tmp_path / "profile", front)
    yield made
    made.context.close()
