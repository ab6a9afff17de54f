"""A new installation gets its first administrator from the command line."""

import pytest
from django.core.management import CommandError, call_command

from orgs.posts.models import Appointment
from tests.builders import a_city, a_village

pytestmark = pytest.mark.django_db


def test_the_first_administrator_signs_in_and_must_choose_a_password(client, capsys):
    city = a_city()
    call_command("appoint", "zhoumin", "周敏")
    said = capsys.readouterr().out
    password = said.split("初始密码 ")[1][:10]
    post = Appointment.objects.get()
    assert (post.unit, post.role) == (city, "city_admin")
    client.post("/accounts/login/", {"username": "zhoumin", "password": password})
    assert client.get("/units/").url == "/accounts/password/"


def test_a_role_at_the_wrong_tier_or_an_unknown_unit_is_refused_and_no_account_is_left(client):
    from orgs.accounts.models import Person

    village = a_village()
    with pytest.raises(CommandError, match="没有这个岗位"):
        call_command("appoint", "zhoumin", "周敏", unit=village.name)
    with pytest.raises(CommandError, match="0 个机构"):
        call_command("appoint", "zhoumin", "周敏", unit="不存在")
    assert not Person.objects.exists()
