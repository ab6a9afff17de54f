"""我的账号: where one is signed in, and signing out there."""

import datetime
import json

import pytest
import time_machine
from axes.models import AccessLog
from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import BadRequest
from django.test import Client
from django.utils import timezone
from django.utils.module_loading import import_string

from orgs.access.views import interrupted
from orgs.accounts.devices import end_one
from orgs.accounts.models import ApiToken, DeviceSession
from orgs.accounts.sessions import SessionStore
from orgs.audit.models import Audit
from tests.builders import PASSWORD, a_post, a_village, sign_in

pytestmark = pytest.mark.django_db

PHONE = "Mozilla/5.0 (Linux; Android 10; HMA-AL00) AppleWebKit/537.36 Chrome/83.0 Mobile Safari/537.36"


def signed_in_on(post, agent: str) -> Client:
    browser = Client(headers={"User-Agent": agent})
    browser.post("/accounts/login/", {"username": post.person.username, "password": PASSWORD})
    return browser


@pytest.mark.both
def test_the_owner_sees_each_device_and_signs_one_of_them_out(clerk):
    desk, phone = signed_in_on(clerk, "Mozilla/5.0 (Windows NT 10.0) Firefox/115"), signed_in_on(clerk, PHONE)
    page = desk.get("/accounts/mine/")
    assert (
        "Windows · Firefox" in page.text and "Android · Chrome" in page.text and page.text.count("现在这台</span>") == 1
    )
    lost = DeviceSession.objects.get(device="Android · Chrome")
    assert lost.session_key not in page.text
    desk.post(f"/accounts/mine/devices/session/{lost.uid}/end/")
    assert phone.get("/children/").status_code == 302 and desk.get("/children/").status_code == 200
    assert Audit.objects.filter(action="end_device", person=clerk.person).count() == 1
    again = desk.post(f"/accounts/mine/devices/session/{lost.uid}/end/", follow=True)
    assert "已经退出了" in again.text


def test_signing_out_everywhere_ends_tokens_too_and_leaves_this_one(clerk, director):
    desk, phone = signed_in_on(clerk, "Firefox/115"), signed_in_on(clerk, PHONE)
    token, other = ApiToken.objects.issue(clerk), ApiToken.objects.issue(director)
    desk.post("/accounts/mine/devices/end/")
    assert desk.get("/children/").status_code == 200 and phone.get("/children/").status_code == 302
    status = [
        Client().get("/api/v1/children/", headers={"Authorization": f"Token {key}"}).status_code
        for key in (token, other)
    ]
    assert status == [401, 200]


def test_a_token_says_for_what_program_it_was_given_and_when_it_was_last_used(clerk):
    given = Client(headers={"User-Agent": "curl/8.5"}).post(
        "/api/v1/auth/token/", {"username": clerk.person.username, "password": PASSWORD}
    )
    ask = {"Authorization": f"Token {given.json()['token']}"}
    later = timezone.now() + datetime.timedelta(hours=1)
    with time_machine.travel(later, tick=False):
        assert Client().get("/api/v1/units/", headers=ask).status_code == 200
    token = ApiToken.objects.get()
    assert (token.device, token.used_at) == ("curl", later)
    desk = signed_in_on(clerk, "Firefox/115")
    assert "curl" in desk.get("/accounts/mine/").text
    desk.post(f"/accounts/mine/devices/token/{token.uid}/end/")
    assert Client().get("/api/v1/units/", headers=ask).status_code == 401


@pytest.mark.parametrize("kind", ["session", "token"])
def test_nobody_ends_what_is_another_s(client, clerk, director, kind):
    signed_in_on(director, PHONE)
    ApiToken.objects.issue(director)
    found = {"session": DeviceSession.objects.filter(person=director.person), "token": ApiToken.objects.all()}[kind]
    sign_in(client, clerk)
    client.post(f"/accounts/mine/devices/{kind}/{found.get().uid}/end/")
    assert found.exists()


def test_the_last_use_is_written_once_in_ten_minutes(client, clerk):
    sign_in(client, clerk)
    client.get("/units/")
    session = DeviceSession.objects.get(person=clerk.person)
    with time_machine.travel(session.used_at + datetime.timedelta(minutes=9), tick=False):
        client.get("/search/")
        assert DeviceSession.objects.get(person=clerk.person).used_at == session.used_at
    with time_machine.travel(session.used_at + datetime.timedelta(minutes=11), tick=False):
        client.get("/search/")
        now = timezone.now()
    after = DeviceSession.objects.get(person=clerk.person)
    assert (after.used_at, after.since, after.uid) == (now, session.since, session.uid)


@pytest.mark.both
def test_a_device_is_the_same_after_its_post_is_chosen(clerk):
    other = a_post(a_village(), person=clerk.person)
    phone, desk = signed_in_on(clerk, PHONE), signed_in_on(clerk, "Firefox/115")
    on_the_list = DeviceSession.objects.get(device="Android · Chrome")
    assert on_the_list.person_id == clerk.person_id
    phone.post("/accounts/post/", {"post": other.uid})
    again = DeviceSession.objects.get(device="Android · Chrome")
    assert again.session_key != on_the_list.session_key and phone.get("/children/").status_code == 200
    said = desk.post(f"/accounts/mine/devices/session/{on_the_list.uid}/end/", follow=True)
    assert "那一处已退出" in said.text and phone.get("/children/").status_code == 302


def test_a_device_that_is_ended_while_its_post_is_chosen_does_not_come_back(clerk):
    signed_in_on(clerk, PHONE)
    phone = DeviceSession.objects.get()
    store = SessionStore(phone.session_key)
    assert store["device"] == "Android · Chrome"  # read before it is ended
    end_one(clerk.person, "session", phone.uid)
    with pytest.raises(SessionInterrupted):
        store.cycle_key()
    assert not DeviceSession.objects.exists()


def test_a_device_that_is_ended_while_a_view_saves_it_is_interrupted_too(clerk):
    signed_in_on(clerk, PHONE)
    store = SessionStore(DeviceSession.objects.get().session_key)
    store["searched"] = "x"
    DeviceSession.objects.all().delete()
    with pytest.raises(SessionInterrupted):
        store.save()


def test_a_session_that_is_written_while_all_others_are_ended_opens_nothing(clerk):
    desk, phone = signed_in_on(clerk, "Firefox/115"), signed_in_on(clerk, PHONE)
    meanwhile = SessionStore()
    meanwhile.update(dict(phone.session.items()) | {"device_uid": "00000000-0000-4000-8000-000000000001"})
    desk.post("/accounts/mine/devices/end/")
    meanwhile.save()
    phone.cookies["sessionid"] = meanwhile.session_key
    assert phone.get("/children/").status_code == 302 and desk.get("/children/").status_code == 200


def test_a_sign_in_is_on_its_owner_s_list_before_its_answer_is_there(client, clerk, monkeypatch):
    found = []
    monkeypatch.setattr(
        "orgs.accounts.views._posts", lambda person: found.extend(DeviceSession.objects.filter(person=person)) or []
    )
    client.post("/accounts/login/", {"username": clerk.person.username, "password": PASSWORD})
    assert len(found) == 1


def ended_meanwhile(monkeypatch, person, where: str):
    """While the view at ``where`` works, its session is ended elsewhere."""
    original = import_string(where)

    def ends(*args, **kwargs):
        DeviceSession.objects.filter(person=person).delete()
        return original(*args, **kwargs)

    monkeypatch.setattr(where, ends)


@pytest.mark.parametrize("place", ["orgs.accounts.views.act_in", "orgs.accounts.views.redirect"])
def test_a_session_that_is_ended_while_it_changes_leads_to_the_sign_in_page(clerk, monkeypatch, place):
    """While its post is chosen, before the new key is given and after; Django answers a bare 400."""
    other = a_post(a_village(), person=clerk.person)
    phone = signed_in_on(clerk, PHONE)
    if place.endswith("redirect"):
        chosen, post = (
            "/accounts/password/",
            {"old_password": PASSWORD} | dict.fromkeys(("new_password1", "new_password2"), "Quince-and-Plum-4471"),
        )
    else:
        chosen, post = "/accounts/post/", {"post": other.uid}
    ended_meanwhile(monkeypatch, clerk.person, place)
    answer = phone.post(chosen, post)
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?ended=1")
    page = phone.get(answer["Location"])
    assert page.status_code == 200 and "刚才的登录已在别处退出" in page.text
    assert "刚才的登录已在别处退出" not in phone.get("/accounts/login/").text
    monkeypatch.undo()
    assert signed_in_on(clerk, PHONE).get("/accounts/mine/").status_code in (200, 302)


def test_by_get_it_leads_back_and_over_the_api_it_is_401_in_words(rf):
    gone = SessionInterrupted("gone")
    page = interrupted(rf.get("/children/", {"state": "draft"}), gone)
    assert page["Location"] == "/accounts/login/?ended=1&next=%2Fchildren%2F%3Fstate%3Ddraft"
    answer = interrupted(rf.post("/api/v1/children/"), gone)
    assert answer.status_code == 401 and "请重新登录" in json.loads(answer.content)["detail"]
    assert interrupted(rf.get("/"), BadRequest("no")).status_code == 400


def test_two_of_one_kind_are_told_apart_by_their_posts_and_their_last_use(clerk):
    """Signed in within the same minute with the same browser."""
    other = a_post(a_village(), person=clerk.person)
    one, two, three = (signed_in_on(clerk, PHONE) for _n in range(3))
    one.post("/accounts/post/", {"post": clerk.uid})
    two.post("/accounts/post/", {"post": other.uid})
    ApiToken.objects.issue(other)
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=1), tick=False):
        two.get("/units/")
        one.get("/units/")
    page = one.get("/accounts/mine/")
    devices = page.context["devices"]
    assert [(each.post, each.is_this) for each in devices[:2]] == [(clerk, True), (other, False)]
    assert [each.last_used for each in devices[1:]] == sorted((each.last_used for each in devices[1:]), reverse=True)
    assert {(each.kind, each.post) for each in devices[2:]} == {("token", other), ("session", None)}
    moments = {f"{timezone.localtime(each.since):%H:%M:%S} 登录" for each in devices}
    assert all(moment in page.text for moment in moments)
    assert f"{other.role_label} · " in page.text and three.get("/accounts/post/").status_code == 200


def test_a_token_makes_no_session(client, clerk):
    asked = {"username": clerk.person.username, "password": PASSWORD}
    assert client.post("/api/v1/auth/token/", asked).status_code == 200
    assert not DeviceSession.objects.exists() and "sessionid" not in client.cookies
    assert AccessLog.objects.get().username == clerk.person.username
