"""Pages speak Chinese until somebody chooses English."""

import pytest

from tests.builders import a_post, a_village, an_approved_file, sign_in

pytestmark = pytest.mark.django_db
ENGLISH = {"Accept-Language": "en-US,en;q=0.9"}


def test_a_browser_that_prefers_english_gets_chinese_until_english_is_chosen(client):
    assert "登录名" in client.get("/accounts/login/", headers=ENGLISH).text
    client.post("/i18n/setlang/", {"language": "en", "next": "/accounts/login/"})
    page = client.get("/accounts/login/").text
    assert 'lang="en"' in page and "登录名" not in page
    client.post("/i18n/setlang/", {"language": "zh-hans"})
    assert "登录名" in client.get("/accounts/login/").text


def test_a_made_up_language_is_chinese(client):
    client.cookies["django_language"] = "xx'); DROP"
    assert 'lang="zh-hans"' in client.get("/accounts/login/").text


def test_the_api_answers_in_the_language_that_is_asked_for(client):
    answer = client.post("/api/v1/auth/token/", {"username": "x", "password": "y"}, headers=ENGLISH)
    assert answer.status_code == 401 and answer.json()["detail"].isascii()


def test_a_page_s_own_script_is_answered_in_the_page_s_language(client):
    """The phone's page fetches its children over the API: what its browser prefers is asked for by nobody."""
    post = a_post(a_village())
    an_approved_file(post.unit)
    sign_in(client, post)
    assert "留守儿童" in client.get("/api/v1/sync/", headers=ENGLISH).text
    client.post("/i18n/setlang/", {"language": "en", "next": "/today/"})
    assert "留守儿童" not in client.get("/api/v1/sync/").text
