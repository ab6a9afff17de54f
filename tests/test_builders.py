"""The builders write rows at once; they are the rows that the services leave, column for column."""

import datetime
import itertools
import re
import uuid

import pytest
import time_machine
from django.apps import apps
from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.utils import timezone

from orgs.access.scope import TIERS
from orgs.posts.services import appoint
from orgs.units.models import OrgUnit
from registry.child.models import ChildFile
from registry.child.services.files import make_file
from registry.child.workflow import FILE
from tests import builders
from tests.builders import (
    ROLE_AT,
    a_file,
    a_person,
    a_post,
    a_rule,
    a_submitted_file,
    a_village,
    an_approved_file,
    facts,
)
from visits.schedule.services.dues import reschedule

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 20, 2, 30, tzinfo=datetime.UTC)
CHILDREN = {
    "left behind": {},
    "an orphan in difficulty": {
        "categories": {"orphan": {"grounds": "民政局证明"}, "difficulty": {"since": None, "difficulty": "poverty"}},
        "risk": "high", "phone": "", "incomes": ["wages"], "flags": ["single_parent"], "address": "三组",
    },
    "without a number": {"id_number": "", "name": "阿依努尔·麦麦提", "nation": "05"},
}  # fmt: skip
UUID = re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b")


def services_unit(parent, level):
    """As a list of divisions is loaded: first the unit, then its place in the tree."""
    unit = OrgUnit(parent=parent, level=level, name=f"{builders.NAMES[level]}{next(builders._serial)}")
    for tier in TIERS[: level - 1]:
        setattr(unit, f"{tier}_id", getattr(parent, f"{tier}_id"))
    unit.save()
    setattr(unit, f"{TIERS[level - 1]}_id", unit.pk)
    unit.save()
    return OrgUnit.objects.with_path().get(pk=unit.pk)


def services_village():
    unit = None
    for level in (1, 2, 3, 4):
        unit = services_unit(unit, level)
    return unit


def services_post(unit):
    return appoint(a_person(), unit, ROLE_AT[unit.level], since=datetime.date(2020, 1, 1))


def services_file(village, child, *, till, on=None):
    by = services_post(village)
    clerk = services_post(village.township) if till == "approved" else None
    file = make_file(by=by, village=village, **facts(**child))
    if till != "draft":
        FILE.apply("submit", file, by=by, seen_version=file.version)
    if till == "approved":
        FILE.apply("approve", file, by=clerk, seen_version=file.version)
        ChildFile.objects.filter(pk=file.pk).update(approved_on=on)  # the one thing that no service does
        file = ChildFile.objects.get(pk=file.pk)
        builders.write_statuses(file)
        file.dues.all().forget()
        reschedule(file)
        file.dues.update(known_from=None)  # as if it had been known in time
    return file


@pytest.fixture
def rows(monkeypatch):
    """``rows(make)`` → all rows of all tables after ``make()``, which leaves nothing; keys told by their order."""

    def taken(make):
        monkeypatch.setattr(builders, "_serial", itertools.count(100))
        with transaction.atomic(), time_machine.travel(NOW, tick=False):
            made = make()
            found = everything()
            transaction.set_rollback(True)
        return made, found

    return taken


def everything() -> dict[str, list[dict]]:
    names, told = {}, {}
    kept = [model for model in apps.get_models() if model._meta.managed and not model._meta.proxy]
    held = {model: sorted(model._base_manager.all(), key=in_order) for model in kept}
    for model in kept:
        if model._meta.label in ("contenttypes.ContentType", "auth.Permission"):
            continue  # made by migrating
        for number, row in enumerate(held[model]):
            names[(model, row.pk)] = f"{model._meta.label} {number}"
            for field in model._meta.concrete_fields:
                value = field.value_from_object(row)
                if isinstance(value, uuid.UUID):
                    names.setdefault(value, f"{model._meta.label}.{field.name} {number}")
    for model in kept:
        if model._meta.label == "orgs.CountyMonth":
            continue  # what is to be counted again, not what is so: a post of the builders marks nothing
        rows = [{f.attname: plain(f, f.value_from_object(row), names) for f in model._meta.concrete_fields}
                for row in held[model]]  # fmt: skip
        told[model._meta.label] = sorted(rows, key=str)
    return told


def in_order(row):
    """Rows with a serial by it, others by what they say: their keys are drawn by lot."""
    if not isinstance(row.pk, uuid.UUID):
        return (row.pk,)
    kept = [field for field in row._meta.concrete_fields if not field.is_relation and not field.primary_key]
    values = (field.value_from_object(row) for field in kept)
    return tuple(UUID.sub("", str(value)) for value in values if not isinstance(value, uuid.UUID))


def plain(field, value, names):
    if field.primary_key and not field.is_relation:
        return "its own key"
    if field.is_relation and value is not None:
        return names.get((field.related_model, value), value)
    if isinstance(value, uuid.UUID):
        return names[value]
    if field.name == "password":
        return check_password(builders.PASSWORD, value)
    if isinstance(value, str):
        value = UUID.sub(lambda found: names.get(uuid.UUID(found[0]), found[0]), value)
        if field.name == "key":  # of an occasion, the serial of its event
            value = re.sub(r":\d+$", ":n", value)
        return re.sub(r"\bU\d+-", "U-", value)  # the number of a file in a village without a code
    return value


def same(one, other):
    """Every table of the two, the first difference first."""
    assert one.keys() == other.keys()
    for label in one:
        assert one[label] == other[label], label


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_a_unit_and_its_post(rows, level):
    def unit_of(village):
        return getattr(village, TIERS[level - 1])

    same(rows(lambda: services_post(unit_of(services_village())))[1], rows(lambda: a_post(unit_of(a_village())))[1])


@pytest.mark.parametrize("child", CHILDREN)
@pytest.mark.parametrize("till", ["draft", "submitted", "approved"])
def test_a_file(rows, child, till):
    on = timezone.localdate(NOW) - datetime.timedelta(days=400)
    make = {
        "draft": lambda village: a_file(village, **CHILDREN[child]),
        "submitted": lambda village: a_submitted_file(village, **CHILDREN[child]),
        "approved": lambda village: an_approved_file(village, on=on, **CHILDREN[child]),
    }[till]
    made, told = rows(lambda: services_file(services_village(), CHILDREN[child], till=till, on=on))
    mine, ours = rows(lambda: make(a_village()))
    assert told["registry.ChildFile"] and told["registry.ChildFile"][0]["state"] == till
    same(told, ours)
    assert mine.state == made.state and mine.version == made.version


def test_two_files_of_a_village_under_a_rule_of_its_own(rows):
    """The second number, the same county's mark again, another interval."""

    def two(village, make):
        a_rule(village.county, days=12)
        return [make(village) for _number in range(2)]

    on = timezone.localdate(NOW) - datetime.timedelta(days=3)
    told = rows(lambda: two(services_village(), lambda v: services_file(v, {}, till="approved", on=on)))[1]
    ours = rows(lambda: two(a_village(), lambda v: an_approved_file(v, on=on)))[1]
    same(told, ours)
    assert {due["days"] for due in ours["visits.VisitDue"]} == {12}


def test_the_comparison_sees_a_column_that_differs(rows, monkeypatch):
    """A builder that leaves out a mark is found."""
    right = rows(lambda: an_approved_file(a_village()))[1]
    monkeypatch.setattr(builders, "WRITTEN_LATER", builders.WRITTEN_LATER[1:])
    wrong = rows(lambda: an_approved_file(a_village()))[1]
    with pytest.raises(AssertionError, match="registry.ChildFile"):
        same(right, wrong)


def test_a_world_costs_few_queries(django_assert_max_num_queries):
    with django_assert_max_num_queries(50):
        an_approved_file(a_village())
