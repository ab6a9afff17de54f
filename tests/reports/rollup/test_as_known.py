"""A month that is over gives what it gave on its last day; what is written later of earlier days is listed beside."""

import datetime
import uuid

import pytest
import time_machine
from django.core.management import CommandError, call_command

from orgs.audit.models import Audit
from orgs.publicity.services import log_publicity
from registry.categories.services import open_membership
from registry.closing.services import close_file
from reports.indicators.cross_checks import CHECKS
from reports.indicators.table import numbers_of
from reports.rollup.late import effect_of, late_facts
from reports.rollup.models import Figure
from reports.rollup.periods import Period
from reports.rollup.services import roll_up
from tests.builders import a_change, a_post, a_village, an_approved_file, answers, fresh, sign_in
from visits.visit.services.log import log_visit

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(2026, 11, 10, 4, tzinfo=datetime.UTC)
LAST = datetime.date(2026, 10, 31)
OCTOBER, NOVEMBER = "2026-10", "2026-11"


@pytest.fixture(autouse=True)
def _november():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def village():
    return a_village()


@pytest.fixture
def clerk(village):
    return a_post(village.township)


@pytest.fixture
def file(village):
    """In the registry since September, with a brother who stays as he is."""
    an_approved_file(village, on=datetime.date(2026, 9, 1))
    return an_approved_file(village, on=datetime.date(2026, 9, 1), name="刘欣怡")


def figures(unit, key):
    assert roll_up(unit.county_id, key, force=True)
    return numbers_of(Figure.objects.get(unit=unit, period=key).numbers)


@pytest.mark.both
def test_a_closing_of_an_earlier_month_leaves_that_month_as_it_was(village, file, clerk):
    before = figures(village, OCTOBER)
    assert before["registered"] == 2
    close_file(
        file, by=fresh(clerk), seen_version=file.version, reason="moved", note="", on=LAST - datetime.timedelta(2)
    )
    assert figures(village, OCTOBER) == before
    november = figures(village, NOVEMBER)
    assert (november["registered"], november["before"], november["left"]) == (1, 1, 0)
    assert all(check.difference(november) == 0 for check in CHECKS if check.sign == "=")
    assert effect_of(village, Period.of(OCTOBER)) == {
        "registered": -1, "left_behind": -1, "sex_female": -1, "age_6_13": -1, "guardianship_fair": -1,
        "school_in": -1, "risk_unknown": -1, "left": 1, "disabled_none": -1, "lb_total": -1, "lb_age_6_13": -1,
        "lb_age_6_13_female": -1, "lb_guardianship_fair": -1, "lb_school_primary": -1,
        "visits_due": -1, "visits_overdue": -1, "unmet": -1, "assessment_never": -1, "needing_none": -1,
    }  # fmt: skip
    (late,) = late_facts(village, Period.of(OCTOBER))
    assert (
        late.child == file and late.words == ["补记：期末已不在册"] and late.known_from == datetime.date(2026, 11, 10)
    )


@pytest.mark.both
def test_a_category_of_an_earlier_month_likewise(village, file, clerk):
    before = figures(village, OCTOBER)
    open_membership(file, "orphan", by=fresh(clerk), since=LAST)
    assert figures(village, OCTOBER) == before
    assert effect_of(village, Period.of(OCTOBER)) == {"orphan": 1, "orphan_female": 1}
    (late,) = late_facts(village, Period.of(OCTOBER))
    assert late.words == ["类别：留守儿童 → 孤儿、留守儿童"]


def test_what_is_altered_today_is_no_late_fact(village, file, clerk):
    change = a_change(file, schooling="junior")
    from registry.changes.services import approve_change

    approve_change(change, by=fresh(clerk), seen_version=change.version)
    assert late_facts(village, Period.of(OCTOBER)) == [] and effect_of(village, Period.of(OCTOBER)) == {}
    assert late_facts(village, Period.of(NOVEMBER)) == [], "the month still runs"


@pytest.mark.both
def test_the_recount_proves_it_as_it_was_known(village, file, clerk):
    figures(village, OCTOBER)
    close_file(file, by=fresh(clerk), seen_version=file.version, reason="moved", note="", on=LAST)
    call_command("rollup_verify", "--period", OCTOBER)
    call_command("rollup_verify", "--as-known", "2026-10-31")
    with pytest.raises(CommandError, match="统计为 2，直接数为 1"):
        call_command("rollup_verify", "--period", OCTOBER, "--as-known", "2026-11-10")
    with pytest.raises(CommandError, match="还不知道"):
        call_command("rollup_verify", "--period", OCTOBER, "--as-known", "2026-10-30")


def test_the_recount_finds_a_child_who_counts_as_something_else_than_the_file_says(village, file):
    figures(village, NOVEMBER)
    type(file).objects.filter(pk=file.pk).update(risk="high")  # past every service
    with pytest.raises(CommandError, match="在册状况与档案不一致"):
        call_command("rollup_verify", "--period", NOVEMBER)


def test_the_page_says_so_and_lists_them(client, village, file, clerk):
    figures(village, OCTOBER)
    close_file(file, by=fresh(clerk), seen_version=file.version, reason="moved", note="", on=LAST)
    sign_in(client, clerk)
    where = f"/figures/{village.township.uid}/"
    assert "以后又补记了 1 条" in client.get(where, {"period": OCTOBER}).text
    page = client.get(f"{where}late/", {"period": OCTOBER}).text
    assert "刘欣怡" in page and f"/children/{file.pk}/" in page and "期末已不在册" in page and "-1" in page
    assert Audit.objects.filter(action="list_children", data__contains='"late"').exists()


def test_the_city_reads_masked_names(client, village, file, clerk):
    figures(village, OCTOBER)
    close_file(file, by=fresh(clerk), seen_version=file.version, reason="moved", note="", on=LAST)
    page = sign_in(client, a_post(village.city)).get(f"/figures/{village.city.uid}/late/", {"period": OCTOBER}).text
    assert "刘欣怡" not in page and f"/children/{file.pk}/" not in page and "期末已不在册" in page


def test_of_another_county_nothing_is_shown(client, village, file):
    stranger = a_post(a_village().county)
    assert sign_in(client, stranger).get(f"/figures/{village.township.uid}/late/").status_code == 404


@pytest.mark.both
def test_a_late_visit_and_a_late_activity_are_listed_with_what_they_change(client, village, file, clerk):
    director = a_post(village)
    with time_machine.travel(NOON - datetime.timedelta(days=9), tick=False):  # the morning after
        before = figures(village, OCTOBER)
    log_visit(
        file, by=fresh(director), answers=answers(visited_on=LAST, late_reason="没有信号"), hazards_looked_at=True
    )
    told = {"held_on": LAST, "where": "村部", "topic": "防溺水", "audience": ["children"], "people": 30}
    log_publicity(by=fresh(director), pk=uuid.uuid4(), answers=told)
    assert figures(village, OCTOBER) == before
    effect = effect_of(village, Period.of(OCTOBER))
    assert effect == {"visits_done": 1, "visits_overdue": -1, "unmet": -1, "publicity": 1}
    sign_in(client, clerk)
    shown = client.get(f"/figures/{village.uid}/late/", {"period": OCTOBER}).text
    assert "补记：2026年10月31日走访" in shown and file.name in shown and "补记的宣传活动" in shown
    assert "以后又补记了 1 条" in client.get(f"/figures/{village.uid}/", {"period": OCTOBER}).text
