"""A phone that was lost wipes itself at its next contact, with or without a session; who ordered it sees when."""

import json
import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from childwelfare.workflow.refusals import Refused
from orgs.audit.models import Audit
from orgs.posts.services import end_appointment
from tests.builders import a_post, a_village, an_approved_file, fresh, sign_in
from tests.roles import ROLES, roles_without
from tests.visits.phones.test_sync import Phone
from visits.phones.models import SyncPhone
from visits.phones.services.wipe import order_wipe
from visits.visit.models import Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(client, post):
    phone = Phone(client, post)
    phone.pull(device="phone-1", app="1")
    return phone


def ordered(clerk) -> SyncPhone:
    return order_wipe(SyncPhone.objects.get(), by=clerk, reason="手机丢失")


def contact(phone, **query):
    envelope = {"account": str(phone.post.person.uid), "device": "phone-1", "app": "1", "items": []}
    address = "/api/v1/sync/?" + "&".join(f"{name}={value}" for name, value in query.items())
    return phone.client.post(address, envelope, content_type="application/json")


@pytest.mark.parametrize("session", ["hers", "nobody's", "another's"])
def test_the_order_reaches_the_phone_whoever_is_signed_in(phone, clerk, post, session):
    assert contact(phone, device="phone-1").json()["wipe"] == []
    order = ordered(clerk)
    if session == "nobody's":
        phone.client.logout()
    if session == "another's":
        sign_in(phone.client, a_post(post.unit))
    answer = contact(phone, device="phone-1")
    assert answer.status_code == {"hers": 200, "nobody's": 401, "another's": 409}[session]
    assert answer.json()["wipe"] == [{"account": str(post.person.uid), "key": str(order.wipe_key)}]
    assert contact(phone, device="phone-2").json()["wipe"] == [], "another phone of hers is left alone"


def test_what_was_saved_there_is_taken_before(phone, clerk, post):
    item = phone.sealed(phone.payload(an_approved_file(post.unit)))
    ordered(clerk)
    assert phone.verdict(item)["verdict"] == "accepted" and Visit.objects.count() == 1


@pytest.mark.both
def test_done_is_told_once_and_by_who_knows_the_key(phone, clerk, client):
    order = ordered(clerk)
    client.logout()
    for wrong in ("x", "00000000-0000-0000-0000-000000000000"):
        contact(phone, device="phone-1", wiped=wrong)
    assert SyncPhone.objects.to_be_wiped().count() == 1
    answer = contact(phone, device="phone-1", wiped=order.wipe_key)
    assert answer.status_code == 401 and answer.json()["wipe"] == []
    contact(phone, device="phone-1", wiped=order.wipe_key)
    assert SyncPhone.objects.get().wiped_at
    told = Audit.objects.get(action="phone_wiped")
    assert (told.person, told.post, told.unit) == (None, None, phone.post.unit), "in nobody's name"
    sign_in(client, a_post(phone.post.unit.city, "auditor"))
    assert client.get("/audit/").status_code == 200


def test_an_order_needs_a_reason_and_is_given_once(phone, clerk):
    with pytest.raises(ValidationError):
        order_wipe(SyncPhone.objects.get(), by=clerk, reason="  ")
    ordered(clerk)
    with pytest.raises(Refused):
        ordered(clerk)
    assert Audit.objects.filter(action="order_wipe").count() == 1


@pytest.mark.parametrize("role", ROLES)
def test_the_station_and_the_county_may_order_it(phone, post, client, role):
    """Who accepts visits, and who decides what a station wrote."""
    may = role not in roles_without("accept_visit", "settle_station_work")
    sign_in(client, a_post(getattr(post.unit, ROLES[role]), role))
    answer = client.post(f"/visits/phones/{SyncPhone.objects.get().pk}/wipe/", {"reason": "手机丢失"})
    assert answer.status_code == (302 if may else 403)
    assert SyncPhone.objects.to_be_wiped().exists() is may


def test_the_next_station_orders_nothing(phone, client):
    stranger = a_post(a_village().township)
    with pytest.raises(PermissionDenied):
        ordered(stranger)
    sign_in(client, stranger)
    assert client.post(f"/visits/phones/{SyncPhone.objects.get().pk}/wipe/", {"reason": "x"}).status_code == 404


def test_the_page_shows_ordered_and_done(phone, clerk, client):
    sign_in(client, clerk)
    page = client.get("/visits/phones/").text
    assert "清除这部手机（最近联系 " in page and "1 名主任" in page and "PHON" not in page
    client.post(f"/visits/phones/{SyncPhone.objects.get().pk}/wipe/", {"reason": "手机丢失"})
    page = client.get("/visits/phones/").text
    assert "要求清除，等它联系" in page and "清除这部手机（" not in page
    contact(phone, device="phone-1", wiped=SyncPhone.objects.get().wipe_key)
    page = client.get("/visits/phones/").text
    assert "已清除" in page and "清除这部手机（" not in page, "nothing is left to wipe"


def test_a_phone_in_use_again_can_be_wiped_again(phone, clerk, client, post):
    contact(phone, device="phone-1", wiped=ordered(clerk).wipe_key)
    sign_in(client, post)
    phone.pull(device="phone-1", app="1")
    sign_in(client, fresh(clerk))
    assert "清除这部手机（" in client.get("/visits/phones/").text
    assert ordered(fresh(clerk)).wiped_at is None


def test_the_phone_is_told_when_its_post_is_over(phone, post):
    held, query = phone.pull(), {"device": "phone-1", "post": str(post.uid)}
    end_appointment(post, by=a_post(post.unit.city, "city_admin"), on=timezone.localdate())
    answer = phone.client.get("/api/v1/sync/", query)
    assert (answer.status_code, answer.json()["ended"]) == (403, True) and held["post"] == query["post"]
    assert phone.client.get("/api/v1/sync/", query | {"post": "x"}).json()["ended"] is False
    assert post.person.name not in json.dumps(answer.json())


def test_a_post_that_was_never_hers_has_not_ended(phone, post):
    """A phone that heard otherwise would wipe what it holds."""
    another = a_post(post.unit)
    end_appointment(another)
    sign_in(phone.client, a_post(post.unit.city, "auditor", person=post.person))
    for said in (uuid.uuid4(), another.uid):
        answer = phone.client.get("/api/v1/sync/", {"device": "phone-1", "post": str(said)})
        assert (answer.status_code, answer.json()["ended"]) == (403, False)


def test_who_only_acts_in_another_post_keeps_the_list(phone, post, client):
    other = a_post(post.unit.city, "auditor", person=post.person)
    sign_in(client, other)
    answer = client.get("/api/v1/sync/", {"post": str(post.uid)})
    assert (answer.status_code, answer.json()["ended"]) == (403, False)
