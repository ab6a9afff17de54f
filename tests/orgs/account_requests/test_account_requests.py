"""Whose account it is, and who has to agree before anything about it changes."""

import datetime
import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from childwelfare.workflow.refusals import Refused, Stale
from orgs.account_requests import services
from orgs.account_requests.models import AccountRequest, State
from orgs.account_requests.reach import is_oneself
from orgs.accounts.models import Person
from orgs.audit.models import Audit
from orgs.posts.services import end_appointment
from tests.builders import PASSWORD, a_county, a_person, a_post, a_village, fresh, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(village):
    """Of the county."""
    return a_post(village.county, "city_admin", person=a_person("周敏"))


def a_post_asked(by, unit, person, role="village_director", **given):
    return services.ask_post(by=by, unit=unit, role=role, username=person.username, name=person.name, **given).request


def acts(person=None):
    return list(Audit.objects.filter(person=person).order_by("id").values_list("action", flat=True))


def knows(person, password=PASSWORD):
    return Person.objects.get(pk=person.pk).check_password(password)


def test_a_county_cannot_take_the_citys_auditor_by_giving_him_a_post(client, village, admin, auditor):
    sign_in(client, admin)
    form = {"role": "village_director", "username": auditor.person.username, "name": auditor.person.name}
    said = client.post(f"/units/{village.uid}/appoint/", form, follow=True)
    assert "任命还没有生效" in said.text and auditor.person.appointments.count() == 1
    # with the post it would be enough to reset the password
    post = services.accept(AccountRequest.objects.get().pk, person=auditor.person)
    held = auditor.person.appointments.get(role=post.role)
    said = client.post(f"/posts/{held.uid}/password/", follow=True)
    assert "还有不归您管理的岗位" in said.text and knows(auditor.person)
    assert not AccountRequest.objects.filter(kind="password").exists()


def test_whether_the_name_fits_a_foreign_login_is_not_told(client, village, admin, auditor):
    sign_in(client, admin)
    said = []
    for name in (auditor.person.name, "吴过"):
        form = {"role": "village_director", "username": auditor.person.username, "name": name}
        page = client.post(f"/units/{village.uid}/appoint/", form, follow=True)
        shown = client.get("/account-requests/").text
        said.append((page.status_code, "任命还没有生效" in page.text, shown.count("待本人接受")))
    assert said == [(200, True, 1), (200, True, 2)]
    fitting, other = AccountRequest.objects.order_by("asked_at")
    assert (fitting.person, other.person) == (auditor.person, None)


def test_the_owner_accepts_once_and_the_post_runs_from_then_on(client, village, admin, officer):
    other = a_post(a_village())
    a_post_asked(admin, village, other.person)
    sign_in(client, other)
    first = client.get("/today/")
    assert "您的账号有新的消息" in first.text
    offer = AccountRequest.objects.get()
    client.post(f"/accounts/mine/offers/{offer.pk}/accept/")
    assert other.person.appointments.current().filter(unit=village).count() == 1
    assert acts(other.person)[-1] == "accept_post"
    assert "您的账号有新的消息" not in client.get("/today/").text
    client.post(f"/accounts/mine/offers/{offer.pk}/accept/")
    assert other.person.appointments.current().count() == 2


def test_the_owner_declines_with_a_reason_and_nobody_else_answers(client, village, admin):
    other, stranger = a_post(a_village()), a_post(a_village())
    offer = a_post_asked(admin, village, other.person)
    sign_in(client, stranger)
    assert client.post(f"/accounts/mine/offers/{offer.pk}/accept/").status_code == 404
    sign_in(client, other)
    client.post(f"/accounts/mine/offers/{offer.pk}/decline/", {"reason": " "})
    offer.refresh_from_db()
    assert offer.state == State.OFFERED
    client.post(f"/accounts/mine/offers/{offer.pk}/decline/", {"reason": "路太远"})
    sign_in(client, admin)
    assert "路太远" in client.get("/account-requests/").text
    assert other.person.appointments.count() == 1


@pytest.mark.parametrize("ending", ["expired", "withdrawn", "password"])
def test_an_offer_that_is_over_is_not_accepted(ending, village, admin, city_admin):
    other = a_post(a_village())
    offer = a_post_asked(admin, village, other.person)
    if ending == "expired":
        assert offer.ends_at - offer.asked_at >= datetime.timedelta(days=14)
        AccountRequest.objects.update(ends_at=timezone.now())
    elif ending == "withdrawn":
        services.withdraw(offer.pk, by=admin)
    else:  # whoever set the password would else accept in his name
        services.ask_password(other, by=a_post(other.unit.county, "city_admin", person=a_person("赵四")))
    with pytest.raises(Refused):
        services.accept(offer.pk, person=other.person)
    assert other.person.appointments.count() == 1
    assert not AccountRequest.objects.offered_to(other.person_id).exists()


def test_who_left_all_posts_still_belongs_where_the_last_one_was(village, admin):
    left = a_post(a_village())
    end_appointment(left)
    assert a_post_asked(admin, village, left.person).state == State.OFFERED
    own = a_post(village)
    end_appointment(own)
    assert a_post_asked(admin, village, own.person).state == State.DONE


def test_a_password_is_set_only_where_every_post_is_in_reach(village, admin, city_admin, director):
    there = a_county(village.city)
    a_post(there, "county_officer", person=director.person)
    with pytest.raises(Refused, match="不归您管理"):
        services.ask_password(director, by=admin)
    assert knows(director.person)
    assert services.ask_password(director, by=city_admin).password
    with pytest.raises(PermissionDenied):
        services.ask_password(director, by=a_post(there, "city_admin"))


def test_the_owner_is_told_of_a_password_that_others_set(client, village, admin, director):
    password = services.ask_password(director, by=admin).password
    client.post("/accounts/login/", {"username": director.person.username, "password": password})
    page = client.get("/accounts/password/")
    assert "您的账号有新的消息" in page.text
    client.post(
        "/accounts/password/",
        {"old_password": password, "new_password1": "qing-shan-lv-9!", "new_password2": "qing-shan-lv-9!"},
    )
    page = client.get("/accounts/mine/")
    assert "周敏" in page.text and "重设密码" in page.text
    client.post("/accounts/mine/seen/")
    assert "您的账号有新的消息" not in client.get("/accounts/mine/").text
    assert "您的账号有新的消息" not in client.get("/today/").text


def test_the_password_of_the_auditor_needs_a_second_administrator(client, village, city_admin, second, auditor):
    sign_in(client, city_admin)
    said = client.post(f"/posts/{auditor.uid}/password/", follow=True)
    assert "还没有生效" in said.text and knows(auditor.person)
    asked = AccountRequest.objects.get()
    said = client.post(f"/account-requests/{asked.pk}/confirm/", follow=True)
    assert "请由另一位管理员确认" in said.text and knows(auditor.person)
    sign_in(client, second)
    assert "等您作为第二位管理员确认" in client.get("/units/", follow=True).text
    said = client.post(f"/account-requests/{asked.pk}/confirm/", follow=True)
    assert "新密码：" in said.text and not knows(auditor.person)
    assert acts(city_admin.person)[-1] == "ask_account_request"
    assert acts(second.person)[-2:] == ["confirm_account_request", "reset_password"]
    assert "等您作为第二位" not in client.get("/units/", follow=True).text


def test_who_may_not_be_the_second(village, admin, city_admin, second, auditor):
    asked = services.ask_password(second, by=city_admin).request
    for by in (city_admin, second):
        with pytest.raises(Refused, match="另一位管理员"):
            services.confirm(asked.pk, by=by)
    with pytest.raises(AccountRequest.DoesNotExist):
        services.confirm(asked.pk, by=admin)  # of a county, about the city
    lower = services.ask_post(
        by=city_admin, unit=village.county, role="auditor", username="newone", name="郑直"
    ).request
    with pytest.raises(Refused, match="同级或上级"):
        services.confirm(lower.pk, by=admin)
    assert knows(second.person) and not Person.objects.filter(username="newone").exists()


@pytest.mark.parametrize("change", ["late", "left", "refused"])
def test_what_was_not_confirmed_in_time_changes_nothing(change, city_admin, second, auditor):
    asked = services.ask_password(auditor, by=city_admin).request
    assert asked.ends_at - asked.asked_at == datetime.timedelta(hours=24)
    if change == "late":
        AccountRequest.objects.update(ends_at=timezone.now())
    elif change == "left":
        end_appointment(city_admin)
    else:
        services.refuse(asked.pk, by=second, reason="没有打通电话")
    with pytest.raises(Refused):
        services.confirm(asked.pk, by=second)
    assert knows(auditor.person)


@pytest.mark.parametrize("role", ["auditor", "city_admin"])
def test_nobody_opens_a_privileged_account_alone(role, village, city_admin, second):
    given = {"by": city_admin, "unit": village.city, "role": role, "username": "second-self", "name": "郑直"}
    outcome = services.ask_post(**given)
    assert not outcome.password and not Person.objects.filter(username="second-self").exists()
    confirmed = services.confirm(outcome.request.pk, by=second)
    assert confirmed.password and Person.objects.get(username="second-self").appointments.get().role == role


def test_an_account_in_ones_own_reach_becomes_no_auditor_alone(village, city_admin, director):
    """Its one-time password may be known to who opened it."""
    assert a_post_asked(city_admin, village.city, director.person, "auditor").state == State.TO_CONFIRM
    assert director.person.appointments.count() == 1


def test_who_asked_knows_no_password_of_what_the_second_confirms(village, city_admin, second):
    """Opened as an ordinary account between asking and confirming: the second's one-time password is the only one."""
    who = {"username": "ghost", "name": "赵新人", "by": city_admin}
    asked = services.ask_post(unit=village.city, role="city_admin", **who).request
    opened = services.ask_post(unit=village.township, role="township_clerk", **who)
    assert opened.password
    confirmed = services.confirm(asked.pk, by=second)
    person = Person.objects.get(username="ghost")
    assert confirmed.password and confirmed.password != opened.password
    assert knows(person, confirmed.password) and not knows(person, opened.password) and person.must_change_password


@pytest.mark.parametrize(
    ("name", "phone"),
    [("钱立", ""), ("钱 立", ""), ("郑直", "13800000000"), ("郑直", "138-0000-0000"), ("郑直", "+86 138 0000 0000")],
)
def test_a_second_account_for_oneself_needs_a_second_administrator(name, phone, village, city_admin, second):
    Person.objects.filter(pk=city_admin.person_id).update(phone="13800000000")
    by = fresh(city_admin)
    given = {"unit": village.county, "role": "county_officer", "username": "second-self", "name": name, "phone": phone}
    outcome = services.ask_post(by=by, **given)
    assert outcome.request.state == State.TO_CONFIRM and not Person.objects.filter(username="second-self").exists()
    assert services.confirm(outcome.request.pk, by=second).password


@pytest.mark.parametrize(
    ("own", "other"),
    [
        (("Zhou Min", ""), ("zhou min", "")),
        (("Zhou Min", ""), ("ＺＨＯＵ·ＭＩＮ", "")),
        (("王一", "0371-55500004"), ("孙八", "037155500004")),
        (("王一", "13800000000"), ("孙八", "0086 138 0000 0000")),
    ],
)
def test_one_is_oneself_in_whatever_typing(own, other, city_admin):
    city_admin.person.name, city_admin.person.phone = own
    assert is_oneself(city_admin, *other)
    assert not is_oneself(city_admin, "李四", "") and not is_oneself(city_admin, "李四", "13900000000")


def test_the_account_that_is_there_already_is_looked_at_too(village, city_admin):
    """Its own phone tells whose it is, whatever the asker types."""
    Person.objects.filter(pk=city_admin.person_id).update(phone="13800000000")
    twin = a_person("孙八")
    Person.objects.filter(pk=twin.pk).update(phone="138 0000 0000")
    post, by = a_post(village.township, person=twin), fresh(city_admin)
    given = {"unit": village.county, "role": "county_officer", "username": twin.username, "name": "孙八"}
    assert services.ask_post(by=by, **given).request.state == State.TO_CONFIRM
    assert services.ask_password(post, by=by).request.state == State.TO_CONFIRM


@pytest.mark.parametrize("kind", ["post", "password", "end"])
@pytest.mark.parametrize("same_as", ["asker", "concerned"])
@pytest.mark.parametrize("told_by", ["name", "phone"])
def test_one_person_with_two_accounts_is_no_second_administrator(kind, same_as, told_by, village, city_admin, auditor):
    Person.objects.filter(pk__in=[city_admin.person_id, auditor.person_id]).update(phone="13800000000")
    twin_of = {"asker": city_admin, "concerned": auditor}[same_as].person
    name, phone = (twin_of.name, "") if told_by == "name" else ("郑直", "13800000000")
    if told_by == "phone":
        Person.objects.exclude(pk=twin_of.pk).update(phone="")
    by, whom = fresh(city_admin), fresh(auditor)
    asked = {
        "post": lambda: services.ask_post(
            by=by, unit=village.city, role="city_admin", username=whom.person.username, name=whom.person.name,
            phone=whom.person.phone,
        ),
        "password": lambda: services.ask_password(whom, by=by),
        "end": lambda: services.ask_end(whom, by=by),
    }[kind]().request  # fmt: skip
    second_account = a_person(name)
    Person.objects.filter(pk=second_account.pk).update(phone=phone)
    second_account.refresh_from_db()
    twin = a_post(village.city, "city_admin", person=second_account)
    with pytest.raises(Refused, match="另一位管理员"):
        services.confirm(asked.pk, by=twin)
    asked.refresh_from_db()
    assert asked.state == State.TO_CONFIRM
    assert services.has_a_second(by) is (same_as == "concerned")


def test_the_api_follows_the_same_rules(client, village, admin, city_admin, second, auditor):
    def send(who, path, **body):
        sign_in(client, who)
        return client.post(f"/api/v1/account-requests/{path}", body, content_type="application/json")

    given = {"unit": str(village.uid), "role": "village_director", "username": auditor.person.username}
    offered = send(admin, "", name=auditor.person.name, **given)
    assert offered.status_code == 201 and offered.json()["status"] == "待本人接受"
    assert send(a_post(village), "", name="x", **given).status_code == 403
    assert send(admin, f"{offered.json()['id']}/accept/").status_code == 404
    assert send(auditor, f"{offered.json()['id']}/decline/", reason="不合适").json()["status"] == "本人谢绝"
    asked = send(city_admin, "password/", post=str(auditor.uid)).json()
    assert asked["password"] == "" and knows(auditor.person)
    assert send(city_admin, f"{asked['id']}/confirm/").status_code == 422
    told = send(second, f"{asked['id']}/confirm/").json()
    assert knows(auditor.person, told["password"])
    assert send(second, f"{asked['id']}/confirm/").status_code == 409
    sign_in(client, second)
    assert len(client.get("/api/v1/account-requests/").json()["results"]) == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_confirm_at_once_make_one_password():
    city = a_village().city
    asker, auditor = (
        a_post(city, role, person=a_person(name)) for role, name in (("city_admin", "甲"), ("auditor", "乙"))
    )
    others = [a_post(city, "city_admin", person=a_person(name)) for name in "丙丁戊己"]
    asked, start, told = services.ask_password(auditor, by=asker).request, threading.Barrier(4), []

    def confirm(post):
        post = fresh(post)
        start.wait()
        try:
            told.append(services.confirm(asked.pk, by=post).password)
        except Stale:
            told.append("")
        finally:
            connection.close()

    threads = [threading.Thread(target=confirm, args=(post,)) for post in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    passwords = [password for password in told if password]
    assert len(told) == 4 and len(passwords) == 1 and knows(auditor.person, passwords[0])
