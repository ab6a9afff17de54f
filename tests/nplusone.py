"""A page or an API answer that asks the database once for each row of a list fails its test, whatever the test is for.

Watched while a GET is answered, by the test's client and the live server alike; acts go record by record on purpose.
"""

import pytest

# (model, field): why this one is asked row by row. The field may be "get()".
ALLOWED: dict[tuple[str, str], str] = {}
ROWS = 3  # from so many on it is a list

_found: list[str] = []


@pytest.fixture(scope="session", autouse=True)
def _watched(django_test_environment):
    from django.core.handlers.base import BaseHandler
    from django.test.utils import override_settings
    from zeal import zeal_context
    from zeal.constants import initialize_app_registry
    from zeal.patch import patch
    from zeal.signals import nplusone_detected
    from zeal.util import get_stack

    answer = BaseHandler.get_response

    def watched(handler, request):
        if request.method != "GET":
            return answer(handler, request)

        def note(sender, exception, **_signal):
            place = next((frame for frame in get_stack() if "/tests/" not in frame[0]), ("", 0, ""))
            text = f"GET {request.path}: {exception} at {place[0]}:{place[1]}"
            if text not in _found:
                _found.append(text)

        nplusone_detected.connect(note)
        try:
            with zeal_context():
                return answer(handler, request)
        finally:
            nplusone_detected.disconnect(note)

    initialize_app_registry()
    patch()
    BaseHandler.get_response = watched
    allowed = [{"model": model, "field": field} for model, field in ALLOWED]
    # told by a signal: an exception would be the page's own 500
    with override_settings(ZEAL_RAISE=False, ZEAL_NPLUSONE_THRESHOLD=ROWS, ZEAL_ALLOWLIST=allowed):
        yield
    BaseHandler.get_response = answer


@pytest.fixture(autouse=True)
def _no_query_a_row():
    _found.clear()
    yield
    assert not _found, "asked row by row:\n" + "\n".join(_found)
