"""Fixtures that every test may use: a shared Chromium, pages as a phone and a desktop see them, true teardown."""

import gc
import os
import re
import shutil

import pytest

from tests.databases import migrated_once

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright's event loop lives in the tests' own thread

# draws pages as Chromium does, without its windows and menus, which took half of its time
CHROMIUM, WHOLE_CHROMIUM = shutil.which("chromium-headless-shell"), shutil.which("chromium")
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SCREENS = {
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "has_touch": True,
        "is_mobile": True,
        "device_scale_factor": 2,
    },
    "desktop": {"viewport": {"width": 1366, "height": 768}},
}
MADE_BY_MIGRATE = {"django_content_type", "auth_permission"}  # and the same for every test
# answers that a page is meant to show, each an error on Chromium's console; what htmx was asking when its page was left
MEANT = re.compile(r"Failed to load resource.* status of (401|403|404|409|422|429)|htmx:(sendAbort|afterRequest)")


def pytest_collection_finish():
    """What the program itself holds is not looked through again and again for what may be let go."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """pytest-django asks for it before it makes the database of a worker."""
    with migrated_once():
        yield


@pytest.fixture(scope="session", autouse=True)
def _committed_rows_go_quickly():
    """A test on committed rows ends with empty tables, those of append-only acts as well.

    Django's own way makes all files of ninety tables anew, then permissions and triggers; that took longer than most
    of these tests.
    """
    from django.test import TransactionTestCase

    from childwelfare.security.append_only import gate_open

    flush = TransactionTestCase._fixture_teardown

    def empty(case):
        for name in case._databases_names(include_mirrors=False):
            with gate_open(name):
                _empty_patiently(name)

    TransactionTestCase._fixture_teardown = empty
    yield
    TransactionTestCase._fixture_teardown = flush


def _empty_patiently(database: str):
    """A page that still asks while its test ends may hold what is to be emptied: then once more."""
    from django.db import OperationalError

    for _try in range(3):
        try:
            return _empty(database)
        except OperationalError as error:
            deadlock = error
    raise deadlock


def _empty(database: str):
    from django.db import connections, transaction

    connection = connections[database]
    tables = sorted({*connection.introspection.django_table_names(only_existing=True)} - MADE_BY_MIGRATE)
    with transaction.atomic(database), connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # what a page still asks for is done before, or finds nothing
            cursor.execute(f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE")
        for table in tables:
            cursor.execute(f"DELETE FROM {table}")


@pytest.fixture(scope="session", autouse=True)
def _keys_of_encrypted_fields():
    """Outside the embedded mode keys are made by a command, never by the way."""
    from pathlib import Path

    from django.conf import settings

    from childwelfare.security.keys import make_keys

    make_keys(Path(settings.CWR_KEYS))


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords():
    """Argon2 is slow on purpose; a world of twenty people must not wait for it."""
    from django.test.utils import override_settings

    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session", autouse=True)
def _one_context_a_page(django_test_environment):
    """``page.context`` is what the page itself was given. Django's client copies it once more for each of the hundreds
    of parts that a page includes, which took a tenth of its time."""
    from django.test import client

    keep_all = client.store_rendered_templates

    def keep(store, signal, sender, template, context, **more):
        if context.template is not template:  # a part, or what the page extends
            store.setdefault("templates", []).append(template)
            return
        keep_all(store, signal, sender, template, context, **more)

    client.store_rendered_templates = keep
    yield
    client.store_rendered_templates = keep_all


@pytest.fixture(scope="session", autouse=True)
def _static_files_looked_for_once(django_test_environment):
    """A client loads the middleware with its first request, and WhiteNoise went through all static files for each."""
    from django.conf import settings
    from whitenoise.middleware import WhiteNoiseMiddleware

    look, found = WhiteNoiseMiddleware.add_files_from_finders, {}

    def look_once(middleware):
        where = middleware.static_prefix, *map(str, settings.STATICFILES_DIRS)
        if where not in found:
            before = {*middleware.files}
            look(middleware)
            found[where] = {url: file for url, file in middleware.files.items() if url not in before}
        middleware.files.update(found[where])

    WhiteNoiseMiddleware.add_files_from_finders = look_once
    yield
    WhiteNoiseMiddleware.add_files_from_finders = look


@pytest.fixture(scope="session", autouse=True)
def _static_files_read_once(django_test_environment):
    """The live server answers a browser's thirty requests for the program's files without a word to Django, as
    WhiteNoise does, and tells the browser to keep them: their address carries their version."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.handlers.wsgi import WSGIRequest, get_path_info
    from django.http import Http404

    answer, read = StaticFilesHandler.__call__, {}

    def answered(handler, environ, start_response):
        path = get_path_info(environ)
        if path not in read:
            if not handler._should_handle(path):
                return handler.application(environ, start_response)
            environ.pop("HTTP_IF_MODIFIED_SINCE", None)
            try:
                found = handler.serve(WSGIRequest(environ))
            except Http404:
                return answer(handler, environ, start_response)
            read[path] = [*found.items(), ("Cache-Control", "max-age=86400")], b"".join(found)
            found.close()
        headers, body = read[path]
        start_response("200 OK", headers)
        return [body]

    StaticFilesHandler.__call__ = answered
    yield
    StaticFilesHandler.__call__ = answer


@pytest.fixture(scope="session", autouse=True)
def _columns_told_apart_quickly():
    """An ordered query looks up each of its columns; Django finds out by its constructor's signature what makes a
    column the same as another, for each anew, which took a twentieth of a page."""
    from django.db.models.expressions import Col, Expression
    from django.utils.functional import cached_property

    def identity(column):
        args, kwargs = column._constructor_args
        if len(args) < 2:
            return Expression.identity.func(column)
        alias, target, shown_as = (*args, kwargs.get("output_field"))[:3]
        said = {"alias": alias, "target": column._identity(target), "output_field": column._identity(shown_as)}
        return Col, *said.items()

    Col.identity = cached_property(identity)
    Col.identity.__set_name__(Col, "identity")
    yield
    del Col.identity  # that of every expression


@pytest.fixture
def at_noon():
    """Noon of today: a test that lets minutes or hours pass stays on one day, whenever it is run."""
    import time_machine
    from django.utils import timezone

    noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    with time_machine.travel(noon, tick=True):
        yield


@pytest.fixture(scope="session")
def chromium():
    """One browser for each xdist worker."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def faults():
    """What went wrong on this test's pages, as text."""
    return []


@pytest.fixture
def open_page(chromium, live_server, faults):
    """``open_page("phone", **context options)`` → a page on the live server, in a context (a person) of its own.

    The test fails when any of them saw an error on its console, an uncaught exception or a breach of the CSP.
    What a test provokes on purpose it names in ``page.expected``, a list of regular expressions.
    """
    contexts = []

    def opened(screen: str, **options):
        options = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "service_workers": "block"} | options
        context = chromium.new_context(base_url=live_server.url, **SCREENS[screen] | options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.expected = [MEANT.pattern]

        def note(kind, text):
            if not any(re.search(pattern, text) for pattern in page.expected):
                faults.append(f"{screen} {page.url}: {kind}: {text}")

        page.on("console", lambda message: message.type == "error" and note("console", message.text))
        page.on("pageerror", lambda error: note("exception", str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not faults, "\n".join(faults)


@pytest.fixture
def phone(open_page):
    """A page 390 px wide with touch."""
    return open_page("phone")


@pytest.fixture
def desktop(open_page):
    """A page of 1366 × 768."""
    return open_page("desktop")
