"""Who has a need and until when, how it ends, and that nobody makes one disappear."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import ProtectedError
from django.template.loader import render_to_string
from django.utils import timezone

from childwelfare.text.days import short_day
from childwelfare.workflow.refusals import Refused, Stale
from orgs.inbox.kinds import INBOX_KINDS
from orgs.posts.models import Appointment
from registry.needs.models import Need
from registry.needs.presentation import hands_of, standing
from registry.needs.services import handling
from registry.needs.services.escalation import remind
from registry.needs.services.following import release
from registry.needs.services.recording import record_need
from registry.transfers.services import ask_transfer
from registry.transfers.workflow import TRANSFER
from tests.builders import a_need, a_post, a_unit, a_village
from tests.registry.needs.needs import read, told

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def today():
    return timezone.localdate()


@pytest.fixture
def need(file, posts):
    return a_need(file, by=posts["village"])


def up(need, by, reason="本级没有办法"):
    return handling.pass_up(read(need), by=by, seen_version=read(need).version, reason=reason)


def settled(need, by, **given):
    given = {"outcome": "met", "satisfaction": "satisfied"} | given
    return handling.settle(read(need), by=by, seen_version=read(need).version, **given)


def test_it_goes_up_tier_by_tier_and_no_further(need, posts):
    for tier, above in (("village", "township"), ("township", "county"), ("county", "city")):
        up(need, posts[tier])
        assert read(need).holder_id == posts[above].unit_id
        assert read(need).owner_id is None
        assert told(posts[above]) == ["need_passed_up"]
    with pytest.raises(Stale, match="最上级"):
        up(need, posts["city"])


def test_going_up_takes_a_reason(need, posts):
    with pytest.raises(Refused, match="原因"):
        up(need, posts["village"], reason=" ")
    assert read(need).holder_id == posts["village"].unit_id


def test_only_who_holds_it_passes_it_on(need, posts):
    for tier in ("township", "county", "city"):
        with pytest.raises(PermissionDenied):
            up(need, posts[tier])


def test_somebody_of_the_unit_makes_it_hers(need, posts, file):
    colleague = a_post(file.village)
    handling.take(read(need), by=colleague, seen_version=1)
    assert read(need).owner_id == colleague.pk
    with pytest.raises(PermissionDenied):
        handling.take(read(need), by=colleague, seen_version=2)


def test_it_is_given_to_a_colleague_and_to_nobody_else(need, posts, file):
    colleague = a_post(file.village)
    for other in (None, posts["township"], a_post(a_village())):
        with pytest.raises(ValidationError) as error:
            handling.assign(read(need), by=posts["village"], seen_version=1, owner=other)
        assert list(error.value.message_dict) == ["owner"]
    handling.assign(read(need), by=posts["village"], seen_version=1, owner=colleague)
    assert told(colleague) == ["need_assigned"]


def test_a_unit_above_takes_over_what_one_below_does_not_do(need, posts):
    handling.pull_up(read(need), by=posts["township"], seen_version=1)
    assert (read(need).holder_id, read(need).owner_id) == (posts["township"].unit_id, posts["township"].pk)
    assert told(posts["village"]) == ["need_gone_up"]


def test_it_is_handed_down_along_the_childs_line(need, posts, file):
    up(need, posts["village"])
    up(need, posts["township"])
    given = {"by": posts["county"], "seen_version": 3, "reason": "请每周去一次", "due_on": today() + 9 * DAY}
    for unit in (None, a_village(), file.county, file.city):
        with pytest.raises(ValidationError) as error:
            handling.pass_down(read(need), unit=unit, **given)
        assert list(error.value.message_dict) == ["unit"]
    handling.pass_down(read(need), unit=file.village, **given)
    now = read(need)
    assert (now.holder_id, now.due_on, now.owner_id) == (file.village_id, today() + 9 * DAY, None)
    assert told(posts["village"])[-1] == "need_passed_down"


def test_it_is_not_handed_down_where_nobody_works(file):
    station = a_post(file.township)
    Appointment.objects.filter(unit=file.village).update(valid_to=today())
    need = a_need(file, by=station)
    with pytest.raises(ValidationError, match="没有人在岗"):
        handling.pass_down(
            read(need), by=station, seen_version=1, unit=file.village, reason="请去看看", due_on=today() + DAY
        )


@pytest.mark.parametrize("due_on", [None, datetime.date(2020, 1, 1), datetime.date(2190, 1, 1)])
def test_a_day_that_nobody_can_mean_is_told(need, posts, due_on):
    with pytest.raises(ValidationError) as error:
        handling.move_due(read(need), by=posts["village"], seen_version=1, due_on=due_on, reason="等医院")
    assert list(error.value.message_dict) == ["due_on"]


def test_a_holder_puts_it_off_once_and_the_tier_above_as_it_sees_fit(need, posts):
    def put_off(by, days):
        now = read(need)
        return handling.move_due(now, by=by, seen_version=now.version, due_on=today() + days * DAY, reason="等医院")

    put_off(posts["village"], 15)
    with pytest.raises(ValidationError, match="延期过一次"):
        put_off(posts["village"], 16)
    put_off(posts["village"], 12)  # sooner is no putting off
    put_off(posts["township"], 200)
    event = need.events.filter(action="move_due").order_by("at").first()
    assert event.due_on == today() + 15 * DAY
    assert event.reason == "等医院"


def test_a_holder_does_not_put_it_off_beyond_the_limit(need, posts):
    with pytest.raises(ValidationError, match="本级自己最多延到"):
        handling.move_due(
            read(need), by=posts["village"], seen_version=1, due_on=today() + 90 * DAY, reason="等医院"
        )  # fmt: skip


def test_a_unit_below_the_holder_does_not_move_its_day(need, posts):
    up(need, posts["village"])
    with pytest.raises(PermissionDenied):
        handling.move_due(
            read(need), by=posts["village"], seen_version=2, due_on=today() + 5 * DAY, reason="等医院"
        )  # fmt: skip


def test_who_found_it_is_told_how_it_ended(need, posts):
    up(need, posts["village"])
    settled(need, posts["township"], words="每周一次心理辅导")
    now = read(need)
    assert (now.state, now.outcome, now.satisfaction, now.settled_on) == ("settled", "met", "satisfied", today())
    assert told(posts["village"]) == ["need_settled"]


def test_a_family_that_is_not_content_is_told_above(need, posts):
    settled(need, posts["village"], outcome="partly", words="只配了眼镜", satisfaction="not")
    assert told(posts["township"]) == ["need_unsatisfied"]


@pytest.mark.parametrize(
    ("given", "field"),
    [({"outcome": ""}, "outcome"), ({"outcome": "left"}, "outcome"), ({"outcome": "mistaken"}, "outcome"),
     ({"outcome": "no_means"}, "words"), ({"satisfaction": ""}, "satisfaction"), ({"words": "长" * 501}, "words")],
)  # fmt: skip
def test_a_settling_that_lacks_something_is_told_at_its_field(need, posts, given, field):
    with pytest.raises(ValidationError) as error:
        settled(need, posts["village"], **given)
    assert list(error.value.message_dict) == [field]
    assert read(need).state == "open"


def test_it_is_settled_by_who_holds_it_alone(need, posts):
    for tier in ("township", "county", "city"):
        with pytest.raises(PermissionDenied):
            settled(need, posts[tier])


def test_a_settling_is_taken_back_at_once_by_who_did_it(need, posts):
    settled(need, posts["village"], words="好了")
    handling.undo_settle(read(need), by=posts["village"], seen_version=2)
    now = read(need)
    assert (now.state, now.outcome, now.outcome_words, now.settled_on) == ("open", "", "", None)
    assert now.holder_id == posts["village"].unit_id


def test_who_comes_second_reads_who_was_first(need, posts):
    settled(need, posts["village"])
    with pytest.raises(Stale, match="办结"):
        settled(need, posts["village"])


def test_a_reopened_need_keeps_how_it_had_ended(need, posts):
    settled(need, posts["village"], outcome="partly", words="只配了眼镜", satisfaction="not")
    handling.reopen(read(need), by=posts["township"], seen_version=2, reason="家里说没解决")
    now = read(need)
    assert (now.state, now.outcome, now.holder_id) == ("open", "", posts["village"].unit_id)
    event = need.events.get(action="settle")
    assert (event.outcome, event.satisfaction) == ("partly", "not")
    assert need.steps.get().text == "只配了眼镜"
    assert told(posts["village"])[-1] == "need_reopened"


def test_a_unit_below_the_one_that_recorded_it_does_not_reopen_it(file, posts):
    need = a_need(file, by=posts["township"])
    up(need, posts["township"])
    settled(need, posts["county"])
    with pytest.raises(PermissionDenied):
        handling.reopen(read(need), by=posts["village"], seen_version=3, reason="没解决")


def test_a_mistake_is_withdrawn_by_the_tier_above_and_stays_visible(need, posts):
    with pytest.raises(PermissionDenied):
        handling.void(read(need), by=posts["village"], seen_version=1, reason="记错了")
    handling.void(read(need), by=posts["township"], seen_version=1, reason="是另一个孩子")
    now = read(need)
    assert (now.state, now.outcome) == ("void", "mistaken")
    assert Need.objects.open_to(posts["village"]).filter(pk=need.pk).exists()
    assert told(posts["village"]) == ["need_voided"]


def test_a_station_does_not_withdraw_its_own(file, posts):
    need = a_need(file, by=posts["township"])
    for by in (posts["township"], a_post(file.township)):
        with pytest.raises(PermissionDenied):
            handling.void(read(need), by=by, seen_version=1, reason="记错了")
    handling.void(read(need), by=posts["county"], seen_version=1, reason="记错了")


def test_a_director_who_became_clerk_does_not_withdraw_what_she_recorded(need, posts, file):
    now_clerk = a_post(file.township, person=posts["village"].person)
    with pytest.raises(PermissionDenied):
        handling.void(read(need), by=now_clerk, seen_version=1, reason="记错了")


def test_a_need_is_not_deleted(need):
    with pytest.raises(ProtectedError):
        need.delete()


def test_the_chain_tells_through_whose_hands_it_went(need, posts):
    up(need, posts["village"], reason="村里没有心理老师")
    up(need, posts["township"], reason="乡里也没有")
    handling.take(read(need), by=posts["county"], seen_version=3)
    events = need.events.select_related("holder", "owner__person")
    hands = hands_of(read(need), standing(events))
    assert [(hand.level, hand.until is None) for hand in hands] == [(4, False), (3, False), (2, True)]
    assert [hand.note for hand in hands] == ["村里没有心理老师", "乡里也没有", ""]
    assert hands[-1].who == posts["county"].person.name


def test_the_city_reads_what_it_holds_or_held(need, posts):
    city = posts["city"]
    assert not Need.objects.open_to(city).exists()
    for tier in ("village", "township", "county"):
        up(need, posts[tier])
    assert Need.objects.open_to(city).get() == need
    handling.pass_down(
        read(need), by=city, seen_version=4, unit=read(need).county, reason="请市妇联派人", due_on=today() + DAY
    )
    assert Need.objects.open_to(city).get() == need


def test_a_hand_of_one_day_is_told_by_that_day_alone(need, posts):
    up(need, posts["village"])
    first, now = hands_of(read(need), standing(need.events.select_related("holder", "owner__person")))
    assert (first.days, first.span) == (0, short_day(today()))
    assert "0 天" not in render_to_string("registry/needs/_hands.html", {"hands": [first, now]})


def test_who_gave_it_down_is_told_that_the_family_is_not_content(need, posts):
    """As whoever is the tier above, though it was the county that gave it to the village."""
    village, station, county = posts["village"], posts["township"], posts["county"]
    up(need, village)
    up(need, station)
    down = {"unit": village.unit, "due_on": today() + 5 * DAY, "reason": "就近"}
    handling.pass_down(read(need), by=county, seen_version=read(need).version, **down)
    settled(need, village, outcome="partly", words="只办了一半", satisfaction="not")
    assert "need_unsatisfied" in told(county) and "need_unsatisfied" in told(station)


def test_where_the_child_went_its_own_tiers_open_it_again(file):
    """Those that held it keep what they had no more in sight."""
    clerk = a_post(file.township)
    need = record_need(file, by=clerk, kind="living.food", words="没有学上")
    settled(read(need), clerk, outcome="partly", words="没有办好", satisfaction="not")
    there = a_village(a_unit(file.county))
    new_clerk = a_post(there.township)
    file.refresh_from_db()
    transfer = ask_transfer(file, by=clerk, target=there, reason="搬家", seen_version=file.version)
    TRANSFER.apply("accept", transfer, by=new_clerk, seen_version=transfer.version)
    handling.reopen(read(need), by=new_clerk, seen_version=read(need).version, reason="孩子还没有上学")
    assert (read(need).state, read(need).holder) == ("open", there.township)


def test_a_reminder_of_what_went_on_is_over(need, posts):
    kind = INBOX_KINDS["need_overdue"]
    with time_machine.travel(datetime.datetime(2031, 3, 3, 1, tzinfo=datetime.UTC), tick=False):  # a Monday
        Need.objects.filter(pk=need.pk).update(due_on=today())
    with time_machine.travel(datetime.datetime(2031, 3, 4, 1, tzinfo=datetime.UTC), tick=False):
        remind()
        assert "need_overdue" in told(posts["village"])
        assert kind.open().filter(pk=need.pk).exists()
        up(need, posts["village"])
        assert not kind.open().filter(pk=need.pk).exists()


def test_a_unit_whose_worker_left_stands_without_a_name(file):
    director, _colleague = a_post(file.village), a_post(file.village)
    need = record_need(file, by=director, kind="living.food", words="断粮")
    director.valid_to = today()
    director.save()
    release(director)
    hands = hands_of(read(need), read(need).events.all())
    assert [(hand.unit, hand.who) for hand in hands] == [(file.village.short_name, "")]


def test_a_holder_that_has_it_anew_may_put_it_off_once_more(need, posts):
    """What it did when it had it before counts no more."""
    village, station = posts["village"], posts["township"]
    day = need.due_on + DAY
    handling.move_due(read(need), by=village, seen_version=read(need).version, due_on=day, reason="等材料")
    up(need, village)
    down = {"unit": village.unit, "due_on": day, "reason": "就近"}
    handling.pass_down(read(need), by=station, seen_version=read(need).version, **down)
    handling.move_due(read(need), by=village, seen_version=read(need).version, due_on=day + DAY, reason="还要等")
    assert read(need).due_on == day + DAY
