"""A city of the demo, made once for those who look at it: believable, nobody real, true to every rule."""

import hashlib
import json

import pytest
from django.core.management import CommandError, call_command
from django.test.utils import override_settings

from childwelfare.demo.accounts import demo_file
from childwelfare.demo.examples import ACCOUNT
from orgs.access.permissions import MATRIX
from orgs.posts.models import Appointment
from orgs.units.integrity import problems
from registry.child.id_number import read_id_number
from registry.child.models import ChildFile, FileState
from registry.stays.models import Stay
from reports.rollup.models import Figure
from reports.rollup.periods import Period
from reports.rollup.verify import first_wrong
from tests.builders import sign_in
from tests.childwelfare.demo.places import a_county_of_two_townships
from visits.phones.models import SyncVerdict
from visits.schedule.models import VisitDue
from visits.visit.models import Visit, VisitState

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive]


@pytest.fixture(scope="module")
def city(shared_world, tmp_path_factory):
    with override_settings(CWR_HOME=tmp_path_factory.mktemp("demo"), CWR_EMBEDDED=True):
        a_county_of_two_townships()
        call_command("demo", children=120)
        yield


@pytest.mark.both
def test_a_city_that_keeps_every_rule(city):
    assert ChildFile.objects.filter(merged_into=None).count() == 121, "one is registered twice (registry.twins)"
    for file in ChildFile.objects.filter(merged_into=None).exclude(id_index=""):
        facts = read_id_number(file.id_number)
        assert facts.number.startswith("410199") and (facts.birth_date, facts.sex) == (file.birth_date, file.sex)
    assert list(problems()) == []
    month = Figure.objects.values_list("period", flat=True).first()
    assert month and first_wrong(Period.of(month)) is None
    states = set(Visit.objects.values_list("state", flat=True))
    assert {VisitState.ACCEPTED, VisitState.SUBMITTED} <= states
    assert VisitDue.objects.open().exists() and Visit.objects.exclude(flags=[]).exists()
    numbers = ChildFile.objects.exclude(file_number="").values_list("file_number", flat=True)
    assert len(numbers) == len(set(numbers)) == ChildFile.objects.exclude(approved_on=None).count()
    open_dues = VisitDue.objects.open().values("child").distinct().count()
    assert open_dues == ChildFile.objects.filter(state=FileState.APPROVED).count()


def test_some_children_stay_with_relatives(city):
    stays = {stay.child.village.name: stay for stay in Stay.objects.in_force()}
    assert len(stays) == 2 and any(stay.village.name == "刘沟村委会" for stay in stays.values())
    assert all(stay.child.dues.open().get().village == stay.village for stay in stays.values())
    assert Stay.objects.exclude(ended_on=None).get().ended_by == "host"
    assert Stay.objects.open().filter(begun_on=None).count() == 1


def test_the_accounts_are_known_where_the_demo_is_and_each_signs_in(city, client):
    accounts = json.loads(demo_file().read_text())
    missing = MATRIX.keys() - {account["role"] for account in accounts}
    assert not missing, f"{sorted(missing)}: an account in `named` of orgs/posts/demo.py"
    assert demo_file().stat().st_mode & 0o077 == 0
    for account in accounts:
        form = {"username": account["username"], "password": account["password"]}
        assert client.post("/accounts/login/", form).status_code == 302
        assert Appointment.objects.filter(pk=client.session["post"], role=account["role"]).exists()
        client.post("/accounts/logout/")


def test_it_never_mixes_with_real_children(city):
    with pytest.raises(CommandError, match="只能载入空的系统"):
        call_command("demo", children=30)


def test_a_client_made_from_the_api_s_description_alone_is_understood(city, client):
    sign_in(client, Appointment.objects.with_unit().get(person__uid=ACCOUNT))
    paths = client.get("/api/schema/?format=json").json()["paths"]
    examples = paths["/api/v1/sync/"]["post"]["requestBody"]["content"]["application/json"]["examples"]
    assert set(examples) >= {"Visit", "Correction", "Alert"}
    for name, example in examples.items():
        answer = client.post("/api/v1/sync/", json.dumps(example["value"]), content_type="application/json").json()
        assert answer["items"][0]["verdict"] == SyncVerdict.ACCEPTED, (name, answer)
        (item,) = example["value"]["items"]
        assert item["hash"] == hashlib.sha256(item["payload"].encode()).hexdigest()


def test_some_doors_were_closed_one_visit_was_to_two_and_one_found_a_change(city):
    steps = set(Visit.objects.not_seen().values_list("next_step", flat=True))
    assert steps == {"come_again", "together", "correct_address", "tell_station"}
    together = Visit.objects.exclude(family=None)
    assert together.count() == 2 and together.values("family").distinct().count() == 1
    assert {change.note for visit in Visit.objects.all() for change in visit.noticed.all()} == {"走访中发现"}
