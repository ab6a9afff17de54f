"""The demo: believable, the same for the same seed, nobody real, and true to every rule of the registry."""

import pytest
import time_machine
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db.models import DateTimeField
from django.utils import timezone

from childwelfare.demo.accounts import demo_accounts, write_accounts
from orgs.posts.models import Appointment
from orgs.stale_figures.models import CountyMonth
from orgs.units.models import OrgUnit
from registry.child.models import ChildFile
from registry.help_status.models import HelpStatus, Kind
from registry.help_status.verify import first_help_differing
from registry.status.verify import first_differing
from reports.rollup.periods import Period
from reports.rollup.services import roll_up
from tests.childwelfare.demo.places import a_county_of_two_townships
from visits.visit.models import Visit

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive]
DEADLINES = ("due_at", "ends_at", "expires_at", "expire_date")  # until when something holds


@pytest.fixture
def tree(settings, tmp_path):
    settings.CWR_HOME, settings.CWR_EMBEDDED = tmp_path, True
    a_county_of_two_townships()


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


def test_what_counts_is_what_the_records_say(tree):
    call_command("demo", children=300, no_rollup=True)
    kinds = set(HelpStatus.objects.filter(until=None).values_list("kind", flat=True))
    assert kinds == set(Kind.values), "each kind of help is shown"
    assert first_help_differing() is None and first_differing() is None


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


def test_before_it_is_loaded_no_account_is_known(tree):
    assert demo_accounts() == []
    with pytest.raises(CommandError):
        call_command("demo_accounts")


def test_production_neither_loads_it_nor_shows_its_password(tree, client, settings):
    write_accounts([{"role": "city_admin", "username": "demo", "password": "shown-to-all", "unit": ""}])
    assert "shown-to-all" in client.get("/accounts/login/").text
    settings.CWR_EMBEDDED = False
    assert "shown-to-all" not in client.get("/accounts/login/").text
    for command, words in (("demo", "不能载入正式系统"), ("demo_accounts", "没有载入演示数据")):
        with pytest.raises(CommandError, match=words):
            call_command(command)
    assert not Appointment.objects.exists() and not ChildFile.objects.exists()
