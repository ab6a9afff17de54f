"""Signing in, choosing a post, passwords, ended posts with an open session."""

import datetime

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse

from orgs.accounts.models import ApiToken, Person
from orgs.accounts.services import set_one_time_password
from orgs.posts.models import Appointment
from orgs.posts.services import appoint, end_appointment
from tests.builders import PASSWORD, a_city, a_person, a_post, a_unit, a_village, sign_in

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


def enter(client, person, password=PASSWORD, **more):
    return client.post(LOGIN, {"username": person.username, "password": password} | more)


def test_one_post_is_taken_at_once(client):
    post = a_post(a_village())
    assert enter(client, post.person).url == "/"
    assert client.get("/", follow=True).redirect_chain[-1][0] == reverse("today")


@pytest.mark.both
def test_the_case_of_a_login_name_does_not_count_but_that_of_the_password_does(client):
    person = a_post(a_village()).person
    person.username = "wangfang"
    person.save()
    for typed in ("Wangfang", " WANGFANG ", "ｗａｎｇｆａｎｇ"):
        token = client.post("/api/v1/auth/token/", {"username": typed, "password": PASSWORD})
        assert token.status_code in (200, 201), typed
        assert client.post(LOGIN, {"username": typed, "password": PASSWORD}).url == "/", typed
        client.logout()
    assert client.post(LOGIN, {"username": "wangfang", "password": PASSWORD.swapcase()}).status_code == 422


def test_wrong_passwords_count_for_a_name_however_it_is_written(client):
    person = a_post(a_village()).person
    person.username = "wangfang"
    person.save()
    for typed in ("wangfang", "Wangfang", "WANGFANG", "wangFang", "wAngfang", "waNgfang", "wanGfang", "wangfAng") * 2:
        client.post(LOGIN, {"username": typed, "password": "wrong"})
    answer = client.post(LOGIN, {"username": "wangfang", "password": PASSWORD})
    assert answer.status_code != 302, "locked"


def test_with_several_posts_one_chooses(client):
    person, one, other = a_person(), a_village(), a_village()
    a_post(one, person=person), a_post(other, person=person)
    answer = enter(client, person)
    assert answer.url.startswith("/accounts/post/")
    page = client.get(answer.url)
    assert one.short_name in page.text and other.short_name in page.text
    chosen = Appointment.objects.get(unit=other)
    client.post("/accounts/post/", {"post": chosen.uid})
    assert client.session["post"] == chosen.pk


def test_somebody_elses_post_can_not_be_taken(client):
    mine, theirs = a_post(a_village()), a_post(a_village())
    sign_in(client, mine)
    client.post("/accounts/post/", {"post": theirs.uid})
    assert client.session["post"] == mine.pk


def test_a_wrong_password_says_what_to_do_and_eight_lock_the_name(client, settings):
    settings.AXES_COOLOFF_TIME = datetime.timedelta(minutes=20)
    person = a_post(a_village()).person
    page = enter(client, person, "wrong")
    assert page.status_code == 422 and "登录名或密码不对" in page.text
    for _ in range(8):
        page = enter(client, person, "wrong")
    assert page.status_code == 429 and page.text.count("20 分钟") == 2
    assert enter(client, person).status_code == 429
    assert enter(client, a_post(a_village()).person).status_code == 302  # the office's address is not locked


def test_an_ended_post_loses_the_open_session_at_once(client):  # D21
    post = a_post(a_village())
    sign_in(client, post)
    assert client.get("/children/").status_code == 200
    end_appointment(post)
    assert client.get("/children/").status_code == 302
    assert "没有岗位" in client.get("/accounts/post/").text


def test_an_ended_post_loses_its_token(client):  # D21
    post = a_post(a_village())
    key = ApiToken.objects.issue(post)
    ask = {"Authorization": f"Token {key}"}
    assert client.get("/api/v1/children/", headers=ask).status_code == 200
    end_appointment(post)
    assert client.get("/api/v1/children/", headers=ask).status_code == 401


def test_a_password_set_by_others_must_be_changed_first(client):
    post = a_post(a_village())
    post.person.must_change_password = True
    post.person.save()
    sign_in(client, post)
    assert client.get("/children/").url == "/accounts/password/"
    new = {"old_password": PASSWORD, "new_password1": "brand-new-word-9", "new_password2": "brand-new-word-9"}
    client.post("/accounts/password/", new)
    assert client.get("/children/").status_code == 200


@pytest.mark.parametrize(
    "easy", ["zhengzhou1", "ZhengZhou@2026", "ertongfuli88", "xingyangshi1", "xingyang.2026", "wangxiulan1"]
)
def test_a_password_of_local_names_and_digits_is_refused_in_words(easy):
    a_unit(a_unit(name="郑州市"), name="荥阳市")
    person = a_person(name="王秀兰")
    with pytest.raises(ValidationError, match="容易被猜到"):
        validate_password(easy, person)
    validate_password(f"{easy}-huangguacai", person)


@pytest.mark.parametrize("easy", ["m0284m0284", "M0284-M0284!", "m0284202611", "2026.m0284.11", "m0284zhengzhou"])
def test_a_password_of_the_login_name_over_again_or_with_digits_is_refused(easy):
    a_unit(a_unit(name="郑州市"), name="荥阳市")
    person = a_person(name="王秀兰")
    person.username = "m0284"
    with pytest.raises(ValidationError, match="容易被猜到"):
        validate_password(easy, person)
    for other in (f"{easy}-huangguacai", f"{easy}黄瓜菜"):
        validate_password(other, person)


def test_the_way_back_after_signing_in_stays_on_this_site(client):
    post = a_post(a_village())
    assert enter(client, post.person, next="https://evil.example/x").url == "/"
    client.post("/accounts/logout/")
    assert enter(client, post.person, next="/children/").url == "/children/"


def test_pages_of_signed_in_people_are_not_kept_by_the_browser(client):
    sign_in(client, a_post(a_village()))
    assert "no-store" in client.get("/children/")["Cache-Control"]


def test_a_token_and_what_it_opens_are_kept_by_nobody_on_the_way(client):
    post = a_post(a_village())
    told = client.post("/api/v1/auth/token/", {"username": post.person.username, "password": PASSWORD})
    ask = {"Authorization": f"Token {told.json()['token']}"}
    for answer in (told, client.get("/api/v1/children/", headers=ask), client.get("/api/v1/children/")):
        assert "no-store" in answer["Cache-Control"] and "private" in answer["Cache-Control"]


def test_the_administrator_appoints_and_the_new_person_signs_in(client):
    village = a_village()
    admin = a_post(village.city, "city_admin")
    sign_in(client, admin)
    form = {"role": "village_director", "username": "wangxl", "name": "赵美玲", "phone": "", "document": ""}
    page = client.post(f"/units/{village.uid}/appoint/", form, follow=True)
    assert "初始密码" in page.text
    appointed = Appointment.objects.get(person__username="wangxl")
    assert appointed.unit == village and appointed.person.must_change_password
    ended = client.post(f"/posts/{appointed.uid}/end/", follow=True)
    assert "已离任" in ended.text


def test_nobody_appoints_himself(client):
    city = a_city()
    admin = a_post(city, "city_admin")
    sign_in(client, admin)
    form = {"role": "city_officer", "username": admin.person.username, "name": admin.person.name}
    page = client.post(f"/units/{city.uid}/appoint/", form)
    assert page.status_code == 422 and "不能给自己任命" in page.text
    assert admin.person.appointments.count() == 1


def test_a_token_names_its_post(client):
    person, one, other = a_person(), a_village(), a_village()
    first = a_post(one, person=person)
    ask = {"username": person.username, "password": PASSWORD}
    assert client.post("/api/v1/auth/token/", ask).json()["post"]["id"] == str(first.uid)
    appoint(person, other, "village_director")
    assert client.post("/api/v1/auth/token/", ask).status_code == 400
    assert client.post("/api/v1/auth/token/", ask | {"post": str(first.uid)}).status_code == 200
    assert client.post("/api/v1/auth/token/", ask | {"password": "x"}).status_code == 401


@pytest.mark.django_db
def test_a_post_holds_from_its_first_day_to_the_day_before_it_ends():
    post = a_post(a_village(), since=datetime.date(2026, 3, 1))
    end_appointment(post, on=datetime.date(2026, 9, 1))
    held = {
        day: post.is_current(day) for day in (datetime.date(2026, *each) for each in ((2, 28), (3, 1), (8, 31), (9, 1)))
    }
    assert list(held.values()) == [False, True, True, False]


def test_rules_of_passwords_address_their_reader_as_all_texts_do():
    from django.contrib.auth.password_validation import password_validators_help_texts
    from django.utils.translation import override

    with override("zh-hans"):
        rules = " ".join(map(str, password_validators_help_texts()))
    assert "您的密码" in rules and "你" not in rules


def test_a_token_asked_with_the_old_password_opens_nothing_once_it_is_changed(client, monkeypatch):
    post = a_post(a_village())

    def changed_meanwhile(_request):
        set_one_time_password(Person.objects.get(pk=post.person_id))
        Person.objects.filter(pk=post.person_id).update(must_change_password=False)
        return "curl"

    monkeypatch.setattr("orgs.accounts.api.device_of", changed_meanwhile)
    told = client.post("/api/v1/auth/token/", {"username": post.person.username, "password": PASSWORD})
    ask = {"Authorization": f"Token {told.json()['token']}"}
    assert client.get("/api/v1/children/", headers=ask).status_code == 401


def test_a_password_set_by_an_administrator_is_not_written_over_with_the_old_one(client, monkeypatch):
    post = a_post(a_village())
    sign_in(client, post)
    asked = Person.objects.select_for_update

    def set_meanwhile():
        set_one_time_password(Person.objects.get(pk=post.person_id))
        return asked()

    monkeypatch.setattr(Person.objects, "select_for_update", set_meanwhile)
    new = {"old_password": PASSWORD, "new_password1": "brand-new-word-9", "new_password2": "brand-new-word-9"}
    assert client.post("/accounts/password/", new).status_code == 422
    assert not Person.objects.get(pk=post.person_id).check_password("brand-new-word-9")
