"""The demo: believable, the same for the same seed, nobody real, and true to every rule of the registry."""

import hashlib
import json

import pytest
import time_machine
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db.models import DateTimeField
from django.utils import timezone

from childwelfare.demo.accounts import demo_accounts, demo_file, write_accounts
from childwelfare.demo.examples import ACCOUNT
from orgs.access.permissions import MATRIX
from orgs.posts.models import Appointment
from orgs.stale_figures.models import CountyMonth
from orgs.units.integrity import problems
from orgs.units.models import OrgUnit
from registry.child.id_number import read_id_number
from registry.child.models import ChildFile, FileState
from registry.stays.models import Stay
from reports.rollup.models import Figure
from reports.rollup.periods import Period
from reports.rollup.services import roll_up
from reports.rollup.verify import first_wrong
from tests.builders import a_city, a_unit, sign_in
from visits.phones.models import SyncVerdict
from visits.schedule.models import VisitDue
from visits.visit.models import Visit, VisitState

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive]
DEADLINES = ("due_at", "ends_at", "expires_at", "expire_date")  # until when something holds


@pytest.fixture
def tree(settings, tmp_path):
    settings.CWR_HOME, settings.CWR_EMBEDDED = tmp_path, True
    county = a_unit(a_city(), name="荥阳市", code="410182000000")
    for place in ("高村乡", "索河街道"):
        township = a_unit(county, name=place)
        for number, village in enumerate(("刘沟村委会", "枣树沟村委会", "吴村村委会")):
            a_unit(township, name=village, code=f"4101822{len(place)}{number:04}")


@pytest.mark.both
def test_a_city_that_keeps_every_rule(tree):
    call_command("demo", children=120)
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


@pytest.mark.both
def test_months_that_were_counted_while_nothing_was_there_are_counted_again(tree):
    months = {Period.of().back(n) for n in range(3)}
    county = OrgUnit.objects.get(level=2)
    assert all(roll_up(county.pk, month, force=True) for month in months)
    call_command("demo", children=40, no_rollup=True)
    assert months <= set(CountyMonth.objects.stale(timezone.now()).values_list("period", flat=True))


@pytest.mark.parametrize("hour", [0, 3, 12])
def test_nothing_of_it_happens_after_now(tree, hour):
    """Whenever it is made: what lies ahead can't be taken back, and waits for less than nothing."""
    now = timezone.localtime().replace(hour=hour, minute=5, second=0, microsecond=0)
    made = [model for model in apps.get_models() if not model._base_manager.exists()]
    with time_machine.travel(now, tick=False):
        call_command("demo", children=120, no_rollup=True)
    ahead = {}
    for model in made:
        for field in model._meta.concrete_fields:
            is_moment = isinstance(field, DateTimeField) and field.name not in DEADLINES
            if is_moment and (n := model._base_manager.filter(**{f"{field.name}__gt": now}).count()):
                ahead[f"{model._meta.label}.{field.name}"] = n
    days = Visit.objects.filter(visited_on__gt=now.date()).count()
    assert not ahead and not days


def test_some_children_stay_with_relatives(tree):
    call_command("demo", children=120, no_rollup=True)
    stays = {stay.child.village.name: stay for stay in Stay.objects.in_force()}
    assert len(stays) == 2 and any(stay.village.name == "刘沟村委会" for stay in stays.values())
    assert all(stay.child.dues.open().get().village == stay.village for stay in stays.values())
    assert Stay.objects.exclude(ended_on=None).get().ended_by == "host"
    assert Stay.objects.open().filter(begun_on=None).count() == 1


@pytest.mark.both
def test_the_same_seed_makes_the_same_city(tree):
    def made():
        from django.db import transaction

        with transaction.atomic():
            call_command("demo", children=60, no_rollup=True)
            files = sorted(ChildFile.objects.values_list("file_number", "name", "birth_date", "state", "pk"))
            visits = sorted(Visit.objects.values_list("pk", "visited_on", "state"))
            transaction.set_rollback(True)
        return files, visits

    assert made() == made()


def test_the_accounts_are_known_where_the_demo_is_and_each_signs_in(tree, client):
    assert demo_accounts() == []
    with pytest.raises(CommandError):
        call_command("demo_accounts")
    call_command("demo", children=30, no_rollup=True)
    accounts = json.loads(demo_file().read_text())
    missing = MATRIX.keys() - {account["role"] for account in accounts}
    assert not missing, f"{sorted(missing)}: an account in `named` of orgs/posts/demo.py"
    assert demo_file().stat().st_mode & 0o077 == 0
    for account in accounts:
        form = {"username": account["username"], "password": account["password"]}
        assert client.post("/accounts/login/", form).status_code == 302
        assert Appointment.objects.filter(pk=client.session["post"], role=account["role"]).exists()
        client.post("/accounts/logout/")


def test_it_never_mixes_with_real_children(tree):
    call_command("demo", children=30, no_rollup=True)
    with pytest.raises(CommandError, match="只能载入空的系统"):
        call_command("demo", children=30)


def test_production_neither_loads_it_nor_shows_its_password(tree, client, settings):
    write_accounts([{"role": "city_admin", "username": "demo", "password": "shown-to-all", "unit": ""}])
    assert "shown-to-all" in client.get("/accounts/login/").text
    settings.CWR_EMBEDDED = False
    assert "shown-to-all" not in client.get("/accounts/login/").text
    for command, words in (("demo", "不能载入正式系统"), ("demo_accounts", "没有载入演示数据")):
        with pytest.raises(CommandError, match=words):
            call_command(command)
    assert not Appointment.objects.exists() and not ChildFile.objects.exists()


def test_a_client_made_from_the_api_s_description_alone_is_understood(tree, client):
    call_command("demo", children=60, no_rollup=True)
    sign_in(client, Appointment.objects.with_unit().get(person__uid=ACCOUNT))
    paths = client.get("/api/schema/?format=json").json()["paths"]
    examples = paths["/api/v1/sync/"]["post"]["requestBody"]["content"]["application/json"]["examples"]
    assert set(examples) >= {"Visit", "Correction", "Alert"}
    for name, example in examples.items():
        answer = client.post("/api/v1/sync/", json.dumps(example["value"]), content_type="application/json").json()
        assert answer["items"][0]["verdict"] == SyncVerdict.ACCEPTED, (name, answer)
        (item,) = example["value"]["items"]
        assert item["hash"] == hashlib.sha256(item["payload"].encode()).hexdigest()


def test_some_doors_were_closed_one_visit_was_to_two_and_one_found_a_change(tree):
    call_command("demo", children=120, no_rollup=True)
    steps = set(Visit.objects.not_seen().values_list("next_step", flat=True))
    assert steps == {"come_again", "together", "correct_address", "tell_station"}
    together = Visit.objects.exclude(family=None)
    assert together.count() == 2 and together.values("family").distinct().count() == 1
    assert {change.note for visit in Visit.objects.all() for change in visit.noticed.all()} == {"走访中发现"}
