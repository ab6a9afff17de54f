"""Units are renamed, moved, merged, split, opened, closed: what becomes of the tree, the posts and the orders."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from childwelfare.workflow.refusals import Stale
from orgs.drafts.models import FormDraft
from orgs.inbox.models import Message
from orgs.posts.models import Appointment
from orgs.reorganisation.models import Reorganisation, Succession, successors_of
from orgs.reorganisation.rules import Part
from orgs.reorganisation.services import apply_due, cancel_reorganisation
from orgs.units.integrity import problems
from orgs.units.models import OrgUnit
from tests.builders import a_city, a_county, a_post, a_township, a_unit, a_village, fresh
from tests.orgs.reorganisation.world import an_admin, heir, ordered

pytestmark = [pytest.mark.django_db, pytest.mark.both]
DAY = datetime.timedelta(days=1)


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def township():
    return a_township(a_county(a_city()))


def test_a_renamed_unit_keeps_its_key_and_its_old_name_has_days(township, today):
    old = township.name
    ordered("rename", Part(township, name="新高街道", code="410182009000"), on=today - 3 * DAY)
    unit = OrgUnit.objects.with_path().get(pk=township.pk)
    assert (unit.name, unit.code, unit.name_on(today - 4 * DAY)) == ("新高街道", "410182009000", old)
    assert unit.name_on(today - 3 * DAY) == "新高街道"
    village = OrgUnit.objects.with_path().get(pk=a_village(unit).pk)
    assert village.as_of(today - 4 * DAY).path_label.split(" › ")[1] == old
    assert village.as_of(today) is village and village.path_label.split(" › ")[1] == "新高街道"
    ordered("rename", Part(unit, name="高村街道"), on=today)
    again = OrgUnit.objects.get(pk=unit.pk)
    assert [again.name_on(today - n * DAY) for n in (4, 1, 0)] == [old, "新高街道", "高村街道"]
    assert not list(problems())


def test_who_stands_in_the_place_of_a_unit_is_followed_through_every_order(township, today):
    first, second, third = (a_village(township) for _ in range(3))
    ordered("merge", Part(first, target=second), on=today)
    ordered("merge", Part(second, target=third), on=today)
    assert successors_of([first.pk, second.pk]) == {first.pk: {third.pk}, second.pk: {third.pk}}
    assert successors_of([second.pk, first.pk, third.pk])[first.pk] == {third.pk}


def test_names_of_then_follow_each_other_in_time(township, today):
    """A later order of an earlier day would leave a month that is over without the name that it was signed under."""
    ordered("rename", Part(township, name="甲街道"), on=today - 3 * DAY)
    with pytest.raises(ValidationError, match="才改名"):
        ordered("rename", Part(township, name="乙街道"), on=today - 5 * DAY)
    ordered("rename", Part(township, name="乙街道"), on=today - 3 * DAY)


def test_a_township_that_moves_goes_on_as_another_one_with_its_villages_and_posts(township, today):
    village, zone = a_village(township), a_county(township.city)
    clerk, director = a_post(township), a_post(village)
    FormDraft.objects.create(person=director.person, post=director, key="visit", body="{}")
    order = ordered("move", Part(township, parent=zone), on=today)
    there, below = heir(township), heir(village)
    assert there.county == zone and below.township == there and below.name == village.name
    assert there.valid_from == today and OrgUnit.objects.get(pk=township.pk).valid_to == today
    assert OrgUnit.objects.get(pk=township.pk).county == township.county  # where it was
    assert not fresh(clerk).is_current() and not fresh(director).is_current()
    now = Appointment.objects.with_unit().get(person=director.person, unit=below)
    assert now.role == director.role and now.document == order.document and now.may("view_child", below)
    assert now.may("view_child", OrgUnit.objects.get(pk=village.pk)), "what was left there has nobody else"
    assert FormDraft.objects.get().post == now
    assert not a_post(zone).may("view_child", OrgUnit.objects.get(pk=village.pk)), "the old county keeps the old"
    assert successors_of([township.pk, village.pk]) == {township.pk: {there.pk}, village.pk: {below.pk}}
    told = Message.objects.filter(kind="unit_changed").values_list("recipient__unit", flat=True)
    assert {there.pk, below.pk} <= set(told)
    assert not list(problems())


def test_villages_merge_into_a_new_one_or_one_of_them(township, today):
    first, second, third = (a_unit(township, code=f"41018220100{n}") for n in range(3))
    person = a_post(first).person
    a_post(second, person=person)
    ordered("merge", Part(first, name="和平社区", code=first.code), Part(second, name="和平社区"), on=today)
    merged = OrgUnit.objects.get(name="和平社区")
    assert set(merged.took_over) == {first.pk, second.pk} and merged.code == first.code
    assert person.appointments.current().get().unit == merged, "one post, though she held two"
    ordered("merge", Part(merged, target=third), on=today + DAY)  # to come
    with time_machine.travel(timezone.now() + 2 * DAY):
        assert apply_due() == 1
        assert set(OrgUnit.objects.get(pk=third.pk).took_over) == {merged.pk, first.pk, second.pk}
        assert successors_of([first.pk]) == {first.pk: {third.pk}}
        closed = OrgUnit.objects.filter(pk__in=[merged.pk, first.pk, second.pk])
        assert set(closed.values_list("taken_over_by", flat=True)) == {third.pk}
        assert not list(problems())
        closed.filter(pk=first.pk).update(taken_over_by=merged)
        assert any("接续" in problem for problem in problems()), "the two say something else"
        closed.filter(pk=first.pk).update(taken_over_by=third)
        stranger = a_village(township)
        OrgUnit.objects.filter(pk=third.pk).update(took_over=[merged.pk, first.pk, second.pk, stranger.pk])
        OrgUnit.objects.filter(pk=stranger.pk).update(taken_over_by=third)
        assert any("没有这样的机构调整" in problem for problem in problems()), "no order said so"


def test_an_order_that_can_not_be_carried_out_keeps_no_later_one_waiting(township, today, monkeypatch):
    village, other = a_village(township), a_village(township)
    two = [Part(village, name="东村", code="410182009101"), Part(village, name="西村", code="410182009101")]
    with pytest.raises(ValidationError, match="同一个代码"):
        ordered("split", *two, on=today + DAY)
    with monkeypatch.context() as unforeseen:
        unforeseen.setattr("orgs.reorganisation.rules._check_names", lambda *_given: None)
        broken = ordered("split", *two, on=today + DAY)
        ordered("rename", Part(other, name="新村"), on=today + DAY)
        with time_machine.travel(timezone.now() + 2 * DAY):
            assert apply_due() == 1
    broken.refresh_from_db()
    assert broken.result == "failed" and OrgUnit.objects.get(pk=other.pk).name == "新村"


def test_posts_end_where_the_order_says_so(township, today):
    village, other = a_village(township), a_village(township)
    post = a_post(village)
    ordered("merge", Part(village, target=other), on=today, posts_follow=False)
    assert not post.person.appointments.current().exists()


def test_a_village_is_split_opened_and_closed(township, today):
    village = a_village(township)
    post = a_post(village)
    ordered("split", Part(village, name="东村"), Part(village, name="西村"), on=today)
    east, west = OrgUnit.objects.get(name="东村"), OrgUnit.objects.get(name="西村")
    assert successors_of([village.pk]) == {village.pk: {east.pk, west.pk}} and not east.took_over
    assert post.person.appointments.current().get().unit == east
    ordered("open", Part(parent=township, name="新村"), on=today)
    opened = OrgUnit.objects.get(name="新村")
    assert opened.township == township and opened.valid_from == today
    ordered("close", Part(west), on=today + DAY)
    ordered("rename", Part(west, name="西头"), on=today + DAY)
    with time_machine.travel(timezone.now() + DAY):
        assert apply_due() == 1, "the second speaks of a unit that is gone"
        failed = Reorganisation.objects.get(kind="rename")
        assert failed.result == "failed" and "已停用" in failed.outcome.reason
        assert Message.objects.filter(kind="unit_change_failed", recipient=failed.made_in).exists()
        assert not list(problems()) and apply_due() == 0


def test_an_order_to_come_can_be_called_off_once(township, today):
    order = ordered("rename", Part(township, name="新名"), on=today + 5 * DAY)
    admin = fresh(order.made_in)
    assert order.result == "" and OrgUnit.objects.get(pk=township.pk).name == township.name
    with pytest.raises(ValidationError):
        cancel_reorganisation(order, by=admin, reason=" ")
    cancel_reorganisation(order, by=admin, reason="批文撤回")
    with pytest.raises(Stale):
        cancel_reorganisation(Reorganisation.objects.get(pk=order.pk), by=admin, reason="再来")
    with time_machine.travel(timezone.now() + 6 * DAY):
        assert apply_due() == 0 and OrgUnit.objects.get(pk=township.pk).name == township.name


@pytest.mark.parametrize(
    ("kind", "make", "field"),
    [
        ("rename", lambda u: [Part(u)], "name"),
        ("rename", lambda u: [Part(u, name="新名", code="41x")], "code"),
        ("move", lambda u: [Part(u, parent=u.county)], "parent"),
        ("move", lambda u: [Part(u, parent=a_county())], "parent"),
        ("move", lambda u: [Part(u, parent=u.city)], "parent"),
        ("merge", lambda u: [Part(u, name="一个")], "into"),
        ("merge", lambda u: [Part(u, target=u)], "into"),
        ("split", lambda u: [Part(u, name="甲"), Part(u, name="乙")], "units"),
        ("split", lambda u: [Part(a_village(u), name="甲")], "names"),
        ("open", lambda u: [Part(parent=u, name=a_village(u).name)], "name"),
        ("open", lambda u: [Part(parent=a_village(u), name="组")], "parent"),
        ("close", lambda u: [Part(a_village(u).township)], "units"),
        ("close", lambda u: [Part(u.city)], "units"),
    ],
)
def test_an_order_that_can_t_be_is_refused_at_its_field(township, today, kind, make, field):
    admin = a_post(township.city, "city_admin")
    parts = make(township)
    if parts[0].parent and parts[0].parent.city_id != township.city_id:
        admin.__dict__["_grants"] = {"manage_units": {"city": {township.city_id, parts[0].parent.city_id}}}
        from orgs.reorganisation.rules import check

        with pytest.raises(ValidationError) as refused:
            check(kind, parts, today)
    else:
        with pytest.raises(ValidationError) as refused:
            ordered(kind, *parts, on=today, by=admin)
    assert field in refused.value.message_dict, refused.value.message_dict
    assert not Succession.objects.exists() and not Reorganisation.objects.exists()


def test_without_a_document_or_too_far_ahead_it_is_refused(township, today):
    with pytest.raises(ValidationError) as refused:
        ordered("rename", Part(township, name="新名"), on=today + 500 * DAY, document=" ")
    assert {"document", "effective_on"} <= refused.value.message_dict.keys()


def test_only_who_manages_units_orders(township, today):
    for post in (a_post(township), a_post(township.county), a_post(a_city(), "city_admin")):
        with pytest.raises(PermissionDenied):
            ordered("rename", Part(township, name="新名"), on=today, by=post)
    assert an_admin(township).may("manage_units", township)
