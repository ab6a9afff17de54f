"""Headers that nobody can read, as the application itself is given them by its server."""

import io
from importlib import import_module

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db

UNREADABLE = [
    "text/plain; x*=nope''%75",
    "text/plain; x*=idna''%75",
    "text/plain; x*=punycode''%FF",
    "text/plain; x*=undefined''%75",
    "text/plain; x*=\0''%75",
    "text/plain; x*0*=idna''%75; x*1*=%66",
    "text/plain; x*=utf-8''a; x*1*=b",
    "application/json; charset*=idna''utf-8",
    "application/x-www-form-urlencoded; charset*=nope''%75tf-8",
    "multipart/form-data; boundary*=punycode''%FF",
]
ODD_PARTS = ["x*=nope''%75", "x*=idna''%75", "x*=utf-8''a; x*1*=b"]


@pytest.fixture
def ask(monkeypatch):
    """Asks the application as gunicorn and waitress do: (status, headers, text) of its answer."""
    monkeypatch.setattr(connection, "ensure_connection", lambda: None)  # the test's own is open
    monkeypatch.setattr(connection, "close", lambda: None)
    application = import_module("childwelfare.wsgi").application

    def answer_of(where, method="GET", body=b"", **headers):
        said = []
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": where,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "HTTP_HOST": "localhost",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "CONTENT_LENGTH": str(len(body)),
        }
        answer = application(environ | headers, lambda status, given: said.append((int(status[:3]), dict(given))))
        text = b"".join(answer).decode()
        answer.close()
        return *said[0], text

    return answer_of


@pytest.mark.parametrize("kind", UNREADABLE)
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("where", ["/accounts/login/", "/healthz", "/children/"])
def test_a_page_refuses_a_kind_of_content_that_nobody_can_read_in_words(ask, kind, method, where):
    status, given, text = ask(where, method, b"a=1", CONTENT_TYPE=kind)
    assert (status, given["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert "UTF-8" in text


@pytest.mark.parametrize("kind", UNREADABLE)
@pytest.mark.parametrize("where", ["/api/v1/auth/token/", "/api/v1/children/"])
def test_the_api_refuses_a_kind_of_content_that_nobody_can_read_in_words(ask, kind, where):
    status, given, text = ask(where, "POST", b"{}", CONTENT_TYPE=kind)
    assert (status, given["Content-Type"]) == (400, "application/json")
    assert "UTF-8" in text


@pytest.mark.parametrize("kind", UNREADABLE)
def test_an_accept_that_nobody_can_read_asks_for_nothing(ask, kind):
    status, given, _text = ask("/api/v1/children/", HTTP_ACCEPT=f"*/*;q=0.1, {kind}")
    assert (status, given["Content-Type"]) == (401, "application/json")


@pytest.mark.parametrize("odd", ODD_PARTS)
@pytest.mark.parametrize("where", ["/accounts/login/", "/api/v1/auth/token/"])
def test_a_part_of_a_form_whose_header_nobody_can_read_breaks_nothing(ask, odd, where):
    part = f'--b\r\nContent-Disposition: form-data; name="username"; {odd}\r\n\r\na\r\n--b--\r\n'
    status, _given, _text = ask(where, "POST", part.encode(), CONTENT_TYPE="multipart/form-data; boundary=b")
    assert 400 <= status < 500, status


def test_what_can_be_read_is_answered(ask):
    status, _given, text = ask("/accounts/login/", CONTENT_TYPE="text/plain; charset*=utf-8''utf-8")
    assert status == 200 and "<form" in text
