"""Who begins and ends a stay, what does not fit, and what else ends it: closing, handing on, merging."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from childwelfare.workflow.refusals import Refused, Stale
from registry.child.models import ChildFile
from registry.closing.services import close_file, reopen_file
from registry.merging.services.merge import merge_files
from registry.merging.services.unmerge import undo_merge
from registry.stays.models import Stay, may_open
from registry.stays.services import begin_stay
from registry.transfers.services import ask_transfer
from registry.transfers.workflow import TRANSFER
from tests.builders import (
    a_post,
    a_stay,
    a_submitted_file,
    a_village,
    an_approved_file,
)
from tests.registry.stays.acts import DAY, ended, today

pytestmark = pytest.mark.django_db


def test_the_host_station_ends_it_with_a_reason(file, here, there):
    stay, clerk = a_stay(file, there), a_post(there.township)
    with pytest.raises(ValidationError, match="怎样结束"):
        ended(stay, by=clerk, reason=" ")
    ended(stay, by=clerk, reason="孩子不在我村")
    stay.refresh_from_db()
    assert (stay.ended_by, stay.ended_on) == ("host", today())
    assert file.events.last().reason == "孩子不在我村" and file.dues.open().get().village == here
    with pytest.raises(Stale, match="已经结束"):
        ended(stay)


@pytest.mark.parametrize("who", ["director", "host", "county", "stranger", "other"])
def test_others_neither_begin_nor_end_it(file, here, there, who):
    posts = {"director": a_post(here), "host": a_post(there), "county": a_post(here.county),
             "stranger": a_post(a_village().township), "other": a_post(there.township)}  # fmt: skip
    with pytest.raises(PermissionDenied):
        a_stay(file, there, by=posts[who])
    stay = a_stay(file, there)
    if who != "other":
        with pytest.raises(PermissionDenied):
            ended(stay, by=posts[who])


@pytest.mark.both
def test_one_at_a_time_and_sent_twice_it_is_one(file, here, there):
    clerk, pk = a_post(here.township), ChildFile().pk
    assert a_stay(file, there, by=clerk, pk=pk) == a_stay(file, there, by=clerk, pk=pk)
    with pytest.raises(Refused, match="已登记了一次"):
        a_stay(file, a_village())
    assert Stay.objects.count() == 1


def test_only_a_child_in_the_registry_stays_elsewhere(here, there):
    with pytest.raises(Refused, match="在册"):
        a_stay(a_submitted_file(here), there)


def test_a_stay_is_registered_thirty_days_ahead_and_not_thirty_one(file, there):
    with pytest.raises(ValidationError, match="最多提前 30 天"):
        a_stay(file, there, since=today() + 31 * DAY)
    assert a_stay(file, there, since=today() + 30 * DAY).begun_on is None


BAD = {
    "village": [{"village": None}, {"village": "home"}, {"village": "township"}, {"village": "ended"}],
    "since": [{"since": None}, {"since": 31}, {"since": -1200}],
    "until": [{"until": 0}, {"since": 5, "until": 5}, {"since": -10, "until": -2}, {"until": 1200}],
    "reason": [{"reason": " "}, {"reason": "长" * 201}],
    "host_phone": [{"host_phone": "1380000"}],
    "address": [{"address": "长" * 121}],
}


@pytest.mark.parametrize(("field", "bad"), [(field, bad) for field, cases in BAD.items() for bad in cases])
def test_what_does_not_fit_is_named_and_nothing_is_saved(file, here, there, field, bad):
    gone = a_village()
    gone.valid_to = today()
    gone.save()
    places = {"home": here, "township": there.township, "ended": gone, None: None}
    sent = {"village": there, "since": 0, "until": None, "reason": "由姑姑照看"} | bad
    sent["village"] = places.get(sent["village"], there)
    for name in ("since", "until"):
        sent[name] = None if sent[name] is None else today() + sent[name] * DAY
    with pytest.raises(ValidationError) as caught:
        begin_stay(file, by=a_post(here.township), seen_version=file.version, **sent)
    assert list(caught.value.message_dict) == [field] and not Stay.objects.exists()


def test_an_old_screen_is_told(file, here, there):
    with pytest.raises(Stale):
        begin_stay(file, by=a_post(here.township), village=there, since=today(), reason="x", seen_version=99)


def test_closing_ends_it_and_nobody_owes_anything(file, here, there, host):
    stay = a_stay(file, there, days=10)
    file.refresh_from_db()
    close_file(file, by=a_post(here.township), seen_version=file.version, reason="moved", on=today() - 3 * DAY)
    stay.refresh_from_db()
    assert (stay.ended_on, stay.ended_by) == (today() - 3 * DAY, "closed")
    assert not file.dues.open().exists() and not may_open(host, "view_child", file)
    reopen_file(file, by=a_post(here.township), seen_version=file.version, reason="回来",
                categories={"left_behind": {}})  # fmt: skip
    assert file.dues.open().get().village == here


def test_closed_from_a_day_before_it_began_it_ends_on_its_first_day(file, here, there):
    stay = a_stay(file, there, days=2)
    file.refresh_from_db()
    close_file(file, by=a_post(here.township), seen_version=file.version, reason="moved", on=today() - 5 * DAY)
    stay.refresh_from_db()
    assert stay.ended_on == stay.begun_on == today() - 2 * DAY


def test_handed_on_to_the_host_the_stay_is_over_and_the_host_keeps_the_file(file, here, there, host):
    stay = a_stay(file, there, days=10)
    file.refresh_from_db()
    transfer = ask_transfer(file, by=a_post(here.township), target=there, reason="长住", seen_version=file.version)
    TRANSFER.apply("accept", transfer, by=a_post(there.township), seen_version=1)
    stay.refresh_from_db()
    file.refresh_from_db()
    assert stay.ended_by == "moved" and file.village == there and host.may("view_child", file)
    assert [due.village for due in file.dues.order_by("pk")] == [here, there, there]
    assert file.dues.open().count() == 1


@pytest.mark.both
def test_merged_away_it_ends_and_the_way_back_restores_it(here, there, host):
    kept, gone = an_approved_file(here), an_approved_file(here, on=today() - 20 * DAY)
    stay, clerk = a_stay(gone, there, days=10, host_phone="13800007788"), a_post(here.township)
    kept.refresh_from_db()
    gone.refresh_from_db()
    merge = merge_files(kept, gone, by=clerk, seen_versions=(kept.version, gone.version))
    stay.refresh_from_db()
    assert stay.ended_by == "merged" and stay.village == there and not may_open(host, "view_child", gone)
    undo_merge(merge, by=clerk)
    stay.refresh_from_db()
    assert stay.in_force and stay.village == there and stay.host_phone == "13800007788"
    assert gone.dues.open().get().village == there and kept.dues.open().get().village == here


def test_a_survivor_goes_on_staying(here, there):
    kept, gone = an_approved_file(here), an_approved_file(here)
    stay, clerk = a_stay(kept, there), a_post(here.township)
    kept.refresh_from_db()
    merge_files(kept, gone, by=clerk, seen_versions=(kept.version, gone.version))
    stay.refresh_from_db()
    assert stay.in_force and kept.dues.open().get().village == there
