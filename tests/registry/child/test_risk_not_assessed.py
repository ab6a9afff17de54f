"""Nobody's judgement is "not assessed", not 一般: at entry, in lists and figures, and for files of before."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command
from django.utils import timezone

from registry.changes.services import approve_change
from registry.child.codes import Risk
from registry.child.models import ChildFile
from registry.child.services.files import make_file
from registry.merging.services.merge import merge_files
from reports.figures.queries import figures_of
from reports.indicators.cross_checks import check_all
from reports.rollup.periods import Period
from tests.builders import a_change, a_post, a_rule, a_village, an_approved_file, facts, sign_in
from visits.schedule.services.rules import interval

pytestmark = pytest.mark.django_db


def test_a_file_in_which_nobody_said_it_is_not_assessed():
    post = a_post(a_village())
    assert make_file(by=post, village=post.unit, **facts()).risk == "unknown"


def test_it_is_counted_apart_listed_and_named(client):
    village = a_village()
    for risk in ("unknown", "unknown", "general"):
        an_approved_file(village, risk=risk)
    call_command("rollup", period=Period.of().key)
    figures = figures_of(village.township, Period.of().key)
    assert (figures["risk_unknown"], figures["risk_general"], figures["registered"]) == (2, 1, 3)
    assert not [check for check, gap in check_all(figures) if gap]
    sign_in(client, a_post(village.township))
    assert "未评估" in client.get("/children/", {"risk": "unknown"}).text
    rows = client.get("/api/v1/children/", {"risk": "unknown"}).json()["results"]
    assert [row["risk"] for row in rows] == ["unknown"] * 2


def test_a_file_of_before_keeps_what_was_said_and_loses_what_was_preset():
    village = a_village()
    preset, chosen = an_approved_file(village, risk="general"), an_approved_file(village, risk="watch")
    judged = an_approved_file(village, risk="high")
    change = a_change(judged, risk="general")
    approve_change(change, by=a_post(village.township), seen_version=change.version)
    import_module("registry.migrations.0012_risk_not_assessed").mark_not_assessed(apps, None)
    levels = dict(ChildFile.objects.values_list("pk", "risk"))
    assert levels == {preset.pk: "unknown", chosen.pk: "watch", judged.pk: "general"}


def test_until_then_the_child_is_visited_as_one_of_general():
    file = an_approved_file(a_village(), risk="unknown")
    assert interval(file, on=timezone.localdate()) == 30
    a_rule(file.county, risk=Risk.GENERAL, days=11, since=timezone.localdate())
    assert interval(file, on=timezone.localdate()) == 11


def test_of_two_files_the_level_that_somebody_judged_stands():
    one = an_approved_file(a_village(), risk="unknown")
    other, officer = an_approved_file(one.village, risk="high"), a_post(one.county)
    merge_files(one, other, by=officer, seen_versions=(one.version, other.version))
    assert ChildFile.objects.get(pk=one.pk).risk == "high"
