"""Who sees what: lists, single checks and a naive walk up the tree say the same."""

import datetime

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orgs.access.permissions import ACTIONS, MATRIX, ROLE_LEVELS
from orgs.posts.services import end_appointment
from orgs.units.models import OrgUnit
from registry.child.models import HOSTED, ChildFile
from registry.stays.models import Stay, may_open
from tests.builders import a_city, a_file, a_person, a_post, a_stay, a_township, a_unit, a_village, fresh
from tests.depth import examples

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """Two counties with two townships each, two villages a township, a file a village; and a file of another city."""
    city = a_city()
    for _ in range(2):
        county = a_unit(city)
        for _ in range(2):
            township = a_unit(county)
            for _ in range(2):
                a_file(a_unit(township))
    a_file(a_village())
    return city


def ancestors(unit):
    """The naive definition: walk from the unit up."""
    while unit:
        yield unit.pk
        unit = unit.parent


@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_lists_single_checks_and_a_walk_agree(world, data):
    role = data.draw(st.sampled_from(sorted(MATRIX)))
    units = list(OrgUnit.objects.filter(level__in=ROLE_LEVELS[role]).order_by("pk"))
    unit = data.draw(st.sampled_from(units))
    permission = data.draw(st.sampled_from(sorted(ACTIONS)))
    post = a_post(unit, role)
    files = list(ChildFile.objects.select_related("village__parent__parent__parent"))
    allowed = permission in MATRIX[role]
    walked = {file.pk for file in files if allowed and unit.pk in ancestors(file.village)}
    listed = set(ChildFile.objects.visible_to(post, permission).values_list("pk", flat=True))
    checked = {file.pk for file in files if post.may(permission, file)}
    post.person.acting_post = post
    asked = {file.pk for file in files if post.person.has_perm(f"orgs.{permission}", file)}
    assert listed == checked == walked == asked


@settings(max_examples=examples(30), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_kept_and_hosted_together_are_what_the_check_and_a_walk_let_open(world, data):
    """With children staying elsewhere: the main list is of files kept, ``open_to`` adds those hosted, nothing more."""
    files = list(ChildFile.objects.select_related("village__parent__parent__parent").order_by("pk"))
    villages = list(OrgUnit.objects.filter(level=4).select_related("parent__parent__parent").order_by("pk"))
    ChildFile.objects.update(state="approved", approved_on=timezone.localdate() - datetime.timedelta(days=30))
    hosts = {}
    Stay.objects.filter(ended_on=None).update(ended_on=timezone.localdate())  # those of the example before
    for file in data.draw(st.lists(st.sampled_from(files), unique=True, max_size=5)):
        host = data.draw(st.sampled_from([village for village in villages if village != file.village]))
        begun, over = data.draw(st.booleans()), data.draw(st.booleans())
        stay = a_stay(file, host, since=timezone.localdate() + datetime.timedelta(days=0 if begun else 9))
        if over:
            Stay.objects.filter(pk=stay.pk).update(ended_on=timezone.localdate())
        elif begun:
            hosts[file.pk] = host
    role = data.draw(st.sampled_from(sorted(MATRIX)))
    unit = data.draw(st.sampled_from(list(OrgUnit.objects.filter(level__in=ROLE_LEVELS[role]).order_by("pk"))))
    permission = data.draw(st.sampled_from(sorted(HOSTED) * 3 + sorted(ACTIONS)))
    post, allowed = a_post(unit, role), permission in MATRIX[role]
    kept = {file.pk for file in files if allowed and unit.pk in ancestors(file.village)}
    hosted = {pk for pk, host in hosts.items() if allowed and permission in HOSTED and unit.pk in ancestors(host)}
    assert set(ChildFile.objects.visible_to(post, permission).values_list("pk", flat=True)) == kept
    assert set(ChildFile.objects.hosted_at(post, permission).values_list("pk", flat=True)) == hosted
    assert set(ChildFile.objects.open_to(post, permission).values_list("pk", flat=True)) == kept | hosted
    assert {file.pk for file in files if may_open(post, permission, file)} == kept | hosted


def test_fifty_checks_cost_one_query(world, django_assert_num_queries):
    post = a_post(OrgUnit.objects.filter(level=2).first())
    files = list(ChildFile.objects.all()) * 7
    with django_assert_num_queries(1):
        assert sum(post.may("view_child", file) for file in files) == 28


def test_a_post_acts_for_its_own_unit_alone():
    """Two posts of one person: in each she sees that place only."""
    person, one, other = a_person(), a_village(), a_village()
    first, second = a_post(one, person=person), a_post(other, person=person)
    here, there = a_file(one), a_file(other)
    assert first.may("view_child", here) and not first.may("view_child", there)
    assert second.may("view_child", there) and not second.may("view_child", here)


def test_two_roles_at_one_unit_do_not_mix():
    city, person = a_city(), a_person()
    officer, admin = a_post(city, "city_officer", person=person), a_post(city, "city_admin", person=person)
    assert officer.holds("view_figures") and not officer.holds("manage_posts")
    assert admin.holds("manage_posts") and not admin.holds("view_figures")


def test_an_ended_post_sees_nothing_from_that_day():  # D21
    village = a_village()
    file, post = a_file(village), a_post(village)
    end_appointment(post)
    assert not fresh(post).may("view_child", file)
    assert not ChildFile.objects.visible_to(fresh(post), "view_child").exists()


def test_a_village_of_the_next_township_is_out_of_sight():
    county = a_township().county
    here, there = a_village(a_unit(county)), a_village(a_unit(county))
    assert not a_post(here.township).may("view_child", a_file(there))


def test_the_city_holds_no_named_child_and_the_administrator_none_at_all():
    assert not MATRIX["city_officer"] & {"view_child", "reveal_child", "view_visit", "export_roster"}
    assert not MATRIX["city_admin"] & {"view_child", "list_masked", "view_visit", "view_figures"}
    assert not MATRIX["auditor"] & {"view_child", "list_masked", "view_visit"}


@pytest.mark.django_db
@pytest.mark.both
def test_an_upgrade_that_gives_a_role_another_action_reaches_those_in_office():
    from orgs.posts.services import align_grants
    from orgs.units.models import UnitGrant

    post, ended = a_post(a_village()), a_post(a_village())
    end_appointment(ended)
    UnitGrant.objects.filter(user=post.person, permission__codename="propose_change").delete()
    assert not fresh(post).holds("propose_change")
    assert align_grants() == 1
    assert fresh(post).holds("propose_change") and not fresh(ended).holds("propose_change")
    assert align_grants() == 0
