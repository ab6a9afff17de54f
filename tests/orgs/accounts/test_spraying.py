"""Many names from one address, and a busy office behind one address."""

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.core.cache import cache

from orgs.accounts.services import set_one_time_password
from orgs.accounts.spraying import NAMES
from tests.builders import PASSWORD, a_post

pytestmark = pytest.mark.django_db
PAGE, TOKEN = "/accounts/login/", "/api/v1/auth/token/"


@pytest.fixture(autouse=True)
def _nothing_counted_yet():
    cache.clear()


def tries(client, where: str, name: str, password: str = PASSWORD) -> int:
    return client.post(where, {"username": name, "password": password}).status_code


@pytest.mark.parametrize("where", [PAGE, TOKEN])
def test_one_password_on_many_names_lets_in_only_who_is_known_at_the_address(client, clerk, director, where):
    assert tries(client, PAGE, clerk.person.username) == 302
    client.post("/accounts/logout/")
    for n in range(NAMES):
        assert tries(client, where, f"somebody{n}", "Spring-2026-xyz") in (401, 422), n
    assert tries(client, where, director.person.username) == 429, "the right password, by chance"
    assert tries(client, where, clerk.person.username) in (200, 302), "the office goes on"
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    asked = {"username": director.person.username, "password": PASSWORD}
    assert client.post(TOKEN, asked, **elsewhere).status_code == 200


def test_who_got_in_at_last_is_not_counted(client, clerk, village):
    posts = [a_post(village) for _n in range(NAMES)]
    for post in posts:
        tries(client, TOKEN, post.person.username, "wrong")
        assert tries(client, TOKEN, post.person.username) == 200
    assert tries(client, TOKEN, clerk.person.username) == 200


def test_sixty_sign_ins_a_minute_of_an_office_stop_nobody_but_a_program_that_goes_round_is_slowed(
    client, clerk, village
):
    for post in [a_post(village) for _n in range(6)]:
        for _n in range(11):
            assert tries(client, TOKEN, post.person.username) == 200
    answers = [tries(client, TOKEN, clerk.person.username) for _n in range(21)]
    assert answers == [200] * 20 + [429]


@pytest.mark.parametrize("where", [PAGE, TOKEN])
def test_trying_does_not_tell_who_is_known_at_the_address_nor_keep_out_its_new_people(client, clerk, director, where):
    assert tries(client, PAGE, clerk.person.username) == 302
    client.post("/accounts/logout/")
    password = set_one_time_password(director.person)
    for n in range(NAMES):
        tries(client, where, f"somebody{n}", "Spring-2026-xyz")
    told = [
        client.post(where, {"username": name, "password": "Spring-2026-xyz"}, headers={"Accept-Language": "zh-hans"})
        for name in (clerk.person.username, director.person.username, "nobody")
    ]
    assert [answer.status_code for answer in told] == [429] * 3
    assert tries(client, PAGE, director.person.username, password) == 302


@pytest.mark.parametrize("where", [PAGE, TOKEN])
def test_what_was_typed_for_a_login_name_is_kept_only_where_somebody_has_it(client, clerk, where):
    """It may be a password in the wrong field. The limit of a name counts all the same."""
    typed = "Quince-and-Plum-4471"
    answers = [tries(client, where, typed, "x") for _n in range(settings.AXES_FAILURE_LIMIT)]
    assert answers[0] in (401, 422) and answers[-1] == 429
    tries(client, where, clerk.person.username, "wrong")
    kept = list(AccessAttempt.objects.values())
    assert len(kept) == 2 and typed not in str(kept)
    assert {row["username"].partition(":")[0] for row in kept} == {"login", clerk.person.username}
    assert tries(client, where, clerk.person.username) in (200, 302)
    assert AccessAttempt.objects.count() == 1, "who got in is counted no more"
