"""Who takes back what was asked for an account."""

import pytest

from childwelfare.workflow.refusals import Refused
from orgs.account_requests import services
from orgs.account_requests.models import State
from orgs.posts.services import end_appointment
from tests.builders import a_person, a_post, a_village, sign_in

pytestmark = pytest.mark.django_db

KINDS = ("post", "password", "end")


def asked_about(kind, other, *, by):
    """What ``by`` asks for the account of the administrator ``other``, which waits for a third one."""
    if kind == "password":
        return services.ask_password(other, by=by).request
    if kind == "end":
        return services.ask_end(other, by=by).request
    account = {"username": other.person.username, "name": other.person.name}
    return services.ask_post(by=by, unit=by.unit, role="auditor", **account).request


def withdraw(client, way, request):
    if way == "page":
        return client.post(f"/account-requests/{request.pk}/withdraw/", follow=True)
    return client.post(f"/api/v1/account-requests/{request.pk}/withdraw/")


@pytest.mark.parametrize("way", ["page", "API"])
@pytest.mark.parametrize("kind", KINDS)
def test_whom_it_concerns_does_not_end_it_by_withdrawing_it(client, kind, way, city_admin, second):
    request = asked_about(kind, second, by=city_admin)
    sign_in(client, second)
    assert "与您本人有关" in withdraw(client, way, request).text
    request.refresh_from_db()
    assert request.state == State.TO_CONFIRM
    with pytest.raises(Refused, match="与您本人有关"):
        services.refuse(request.pk, by=second, reason="不同意")


def test_whom_it_concerns_is_known_by_the_login_under_another_name_too(city_admin, second):
    login = {"username": second.person.username.upper(), "name": "吴过"}
    request = services.ask_post(by=city_admin, unit=city_admin.unit, role="auditor", **login).request
    for no in (services.withdraw, lambda pk, by: services.refuse(pk, by=by, reason="不同意")):
        with pytest.raises(Refused, match="与您本人有关"):
            no(request.pk, by=second)


@pytest.mark.parametrize("way", ["page", "API"])
@pytest.mark.parametrize("kind", KINDS)
def test_who_asked_takes_it_back(client, kind, way, city_admin, second):
    request = asked_about(kind, second, by=city_admin)
    sign_in(client, city_admin)
    assert "撤回这项申请" in client.get("/account-requests/").text
    assert withdraw(client, way, request).status_code == 200
    request.refresh_from_db()
    assert request.state == State.WITHDRAWN


@pytest.mark.parametrize("way", ["page", "API"])
@pytest.mark.parametrize("kind", KINDS)
def test_an_administrator_who_could_confirm_it_takes_it_back_and_who_asked_reads_who_it_was(
    client, kind, way, city_admin, second
):
    third = a_post(city_admin.unit, "city_admin", person=a_person("赵四"))
    request = asked_about(kind, second, by=city_admin)
    sign_in(client, third)
    withdraw(client, way, request)
    sign_in(client, city_admin)
    page = client.get("/account-requests/").text
    assert "已撤回" in page and "赵四" in page


def test_an_offer_of_the_city_is_not_taken_back_by_the_county(client, village, city_admin):
    elsewhere = a_post(a_village()).person
    account = {"username": elsewhere.username, "name": elsewhere.name}
    offer = services.ask_post(by=city_admin, unit=village, role="village_director", **account).request
    assert offer.state == State.OFFERED
    below = a_post(village.county, "city_admin", person=a_person("周敏"))
    sign_in(client, below)
    assert "撤回这项申请" not in client.get("/account-requests/").text
    with pytest.raises(Refused, match="同级、上级"):
        services.withdraw(offer.pk, by=below)


def test_what_somebody_asked_who_has_left_can_still_be_taken_back(city_admin, second, auditor):
    request = services.ask_end(auditor, by=city_admin).request
    end_appointment(city_admin)
    assert services.withdraw(request.pk, by=second).state == State.WITHDRAWN
