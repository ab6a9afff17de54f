"""What is sent in another encoding than UTF-8."""

import pytest

from tests.builders import sign_in

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("charset", ["punycode", "idna", "base64", "utf-16", "gbk", "nonsense", ""])
@pytest.mark.parametrize("where", ["/login/", "/drafts/", "/children/new/", "/api/v1/changes/", "/api/v1/auth/token/"])
@pytest.mark.parametrize("signed_in", [False, True])
def test_it_is_refused_in_words(client, clerk, where, charset, signed_in):
    client.raise_request_exception = False
    if signed_in:
        sign_in(client, clerk)
    for kind in (FORM, "multipart/form-data; boundary=x", "application/json"):
        answer = client.generic("POST", where, b"a=\xff", content_type=f"{kind}; charset={charset}")
        assert answer.status_code == 400 and "UTF-8" in answer.text, (kind, answer.status_code)


@pytest.mark.parametrize("charset", ["utf-8", "UTF8", "us-ascii"])
def test_ours_is_read(client, clerk, charset):
    sign_in(client, clerk)
    body = b"q=a&find=1"
    assert client.generic("POST", "/children/", body, content_type=f"{FORM}; charset={charset}").status_code == 302
