"""What a phone saved reaches the station exactly once, each item with a verdict of its own."""

import datetime
import hashlib
import json
import uuid

import pytest
import time_machine
from django.utils import timezone

from childwelfare.security.envelope import make_envelope, open_envelope
from childwelfare.security.sealing import Unsealable
from orgs.accounts.models import ApiToken
from orgs.audit.models import Audit
from orgs.posts.services import end_appointment
from registry.child.models import ChildFile
from registry.closing.services import close_file
from registry.transfers.services import ask_transfer
from registry.transfers.workflow import TRANSFER
from tests.builders import (
    a_post,
    a_stay,
    a_submitted_file,
    a_village,
    a_visit,
    an_approved_file,
    an_extra_visit,
    answers,
    fresh,
    sign_in,
)
from visits.alerts.models import Alert
from visits.phones import kinds
from visits.phones import pull as pull_module
from visits.phones.models import SyncItem, SyncPhone
from visits.phones.services import sync
from visits.phones.services.sync import BELONGS_TO_POST, read_by, settle_handed_over
from visits.visit.models import Visit
from visits.visit.workflow import VISIT

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def phone(client, post):
    return Phone(client, post)


class Phone:
    """Speaks to /api/v1/sync/ as the page on a phone does."""

    def __init__(self, client, post):
        self.client, self.post = client, post
        sign_in(client, post)

    def payload(self, child, **given) -> str:
        said = {name: _plain(value) for name, value in answers(**given).items()}
        return json.dumps({"post": str(self.post.uid), "child": str(child.pk), "nonce": "x", **said})

    def correction(self, child, visit, version: int, **given) -> dict:
        text = json.loads(self.payload(child, **given)) | {"visit": str(visit), "version": version}
        del text["child"]  # the visit says it
        return self.item(json.dumps(text), kind="correction")

    def item(self, text: str, **given) -> dict:
        digest = hashlib.sha256(text.encode()).hexdigest()
        item = {"id": str(uuid.uuid4()), "kind": "visit", "schema": 1, "made_at": timezone.now().isoformat()}
        return item | {"hash": digest, "payload": text} | given

    def sealed(self, text: str, **given) -> dict:
        item = self.item(text, **given)
        context = f"{item['id']}\n{self.post.person.uid}\n{item['hash']}"
        return {name: value for name, value in item.items() if name != "payload"} | {
            "sealed": make_envelope(text, context)
        }

    def send(self, *items, **given):
        envelope = {"account": str(self.post.person.uid), "device": "phone-1", "app": "1", "items": items} | given
        return self.client.post("/api/v1/sync/", envelope, content_type="application/json")

    def verdict(self, item) -> dict:
        answer = self.send(item)
        assert answer.status_code == 200 and answer.json()["app"] == "child-welfare-registry"
        (told,) = answer.json()["items"]
        return told

    def pull(self, **query) -> dict:
        answer = self.client.get("/api/v1/sync/", query)
        assert answer.status_code == 200
        return answer.json()


def _plain(value):
    return value.isoformat() if isinstance(value, datetime.date) else value


@pytest.mark.both
def test_a_visit_arrives_once_however_often_it_is_sent(phone, child):  # D15, D17
    item = phone.item(phone.payload(child))
    first = phone.verdict(item)
    again = phone.verdict(item)
    assert (first["verdict"], again["verdict"]) == ("accepted", "already")
    assert first["receipt"] == again["receipt"] == Visit.objects.get().receipt
    assert SyncItem.objects.get().record == Visit.objects.get().pk


def test_a_visit_costs_few_statements(phone, post, django_assert_max_num_queries):
    """Three thousand phones send within one evening: session, post, phone twice, and twenty for the visit itself."""
    before = timezone.localdate() - datetime.timedelta(days=2)
    child = an_approved_file(post.unit, on=before - datetime.timedelta(days=30))
    phone.send(phone.item(phone.payload(child, visited_on=before)))
    with django_assert_max_num_queries(24):
        assert phone.verdict(phone.item(phone.payload(child)))["verdict"] == "accepted"
    assert Visit.objects.count() == 2


def test_an_item_sealed_for_the_server_is_opened_there(phone, child):
    assert phone.verdict(phone.sealed(phone.payload(child)))["verdict"] == "accepted"
    assert Visit.objects.count() == 1


@pytest.mark.parametrize("part", ["epk", "iv", "data", "key"])
def test_a_sealed_item_that_was_changed_is_refused(phone, child, part):
    item = phone.sealed(phone.payload(child))
    item["sealed"][part] = 99 if part == "key" else "AAAA" + item["sealed"][part][4:]
    assert "sealed" in phone.verdict(item)["errors"]
    assert not Visit.objects.exists()


def test_a_sealed_item_is_bound_to_its_id_and_account():
    sealed = make_envelope("走访", "item\naccount\nhash")
    assert open_envelope(sealed, "item\naccount\nhash") == "走访"
    with pytest.raises(Unsealable):
        open_envelope(sealed, "item\nother account\nhash")


def test_one_bad_item_does_not_hold_up_the_others(phone, child):
    good = phone.item(phone.payload(child))
    bad = phone.item(phone.payload(child, visited_on=timezone.localdate() + 2 * DAY))
    told = phone.send({"id": "x"}, bad, phone.item("no json"), good, phone.item("{}", kind="dance")).json()["items"]
    assert [one["verdict"] for one in told] == ["refused", "refused", "refused", "accepted", "refused"]
    assert "visited_on" in told[1]["errors"] and Visit.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"hash": "0" * 64}, "hash"), ({"hash": "x"}, "hash"), ({"schema": 9}, "schema"), ({"schema": 0}, "schema"),
        ({"made_at": "gestern"}, "made_at"), ({"payload": "[]"}, "payload"), ({"kind": "x" * 30}, "kind"),
        ({"id": "1"}, "id"), ({"sealed": {"key": 1, "epk": "a", "iv": "a", "data": "a"}}, "payload"),
    ],
)  # fmt: skip
def test_an_item_that_cannot_be_read_says_where(phone, child, changed, field):
    item = phone.item(phone.payload(child)) | changed
    if "payload" in changed:
        item["hash"] = hashlib.sha256(item["payload"].encode()).hexdigest()
    told = phone.verdict(item)
    assert told["verdict"] == "refused" and field in told["errors"], told
    assert not Visit.objects.exists()


def test_a_payload_that_says_nothing_useful_is_refused_at_its_fields(phone):
    told = phone.verdict(phone.item(json.dumps({"child": "x", "visited_on": "soon", "care": "superb"})))
    assert {"child", "visited_on", "care"} <= set(told["errors"])


@pytest.mark.both
def test_the_same_number_with_another_content_is_refused(phone, child):
    item = phone.item(phone.payload(child))
    phone.verdict(item)
    other = phone.item(phone.payload(child, mood="low"), id=item["id"])
    assert "id" in phone.verdict(other)["errors"]
    assert Visit.objects.get().mood != "low"


def test_another_account_on_the_phone_sends_nothing(phone, child, client):
    item = phone.item(phone.payload(child))
    neighbour = a_post(child.village)
    sign_in(client, neighbour)
    answer = phone.send(item)
    assert answer.status_code == 409 and answer.json()["account"] == str(neighbour.person.uid)
    assert not Visit.objects.exists()


def test_without_a_session_nothing_is_lost_and_the_phone_is_told_so(phone, child, client):
    client.logout()
    answer = phone.send(phone.item(phone.payload(child)))
    assert answer.status_code == 401 and answer["Content-Type"] == "application/json"


def test_a_token_records_the_work_of_its_own_post_alone(client, phone, child, post):
    other = a_post(a_village(), person=post.person)
    item, key = phone.item(phone.payload(child)), ApiToken.objects.issue(other)
    client.logout()
    client.defaults["HTTP_AUTHORIZATION"] = f"Token {key}"
    told = phone.verdict(item)
    assert told["verdict"] == "refused" and "令牌" in told["errors"]["post"][0] and not Visit.objects.exists()
    client.defaults["HTTP_AUTHORIZATION"] = f"Token {ApiToken.objects.issue(post)}"
    assert phone.verdict(item)["verdict"] == "accepted"


def test_an_old_visit_of_a_child_that_moved_is_taken_a_new_one_goes_to_its_station(client, post):  # D16
    with time_machine.travel(timezone.now() - 20 * DAY):
        child, there = an_approved_file(post.unit), a_village()
        post.valid_from = timezone.localdate()
        post.save()
    with time_machine.travel(timezone.now() - 10 * DAY):
        mine = a_post(child.township)
        move = ask_transfer(child, by=mine, target=there, reason="随父母迁居", seen_version=child.version)
        TRANSFER.apply("accept", move, by=a_post(there.township), seen_version=move.version)
    phone, day = Phone(client, post), timezone.localdate()
    before = phone.verdict(phone.item(phone.payload(child, visited_on=day - 15 * DAY, late_reason="没有信号")))
    after = phone.verdict(phone.item(phone.payload(child)))
    assert before["verdict"] == "accepted", before
    assert after["verdict"] == "gone" and after["receipt"] and after["errors"][""]
    (waiting,) = SyncItem.objects.waiting()
    assert waiting.township == there.township and json.loads(waiting.payload)["child"] == str(child.pk)


def test_what_was_done_in_a_post_that_ended_goes_to_the_station(client, phone, child, post):
    item = phone.item(phone.payload(child))
    end_appointment(post, by=a_post(child.city, "city_admin"), on=timezone.localdate())
    told = phone.verdict(item)
    assert told["verdict"] == "gone"
    assert SyncItem.objects.waiting().get().township == child.township
    assert phone.verdict(item)["receipt"] == told["receipt"] and SyncItem.objects.count() == 1


def test_nothing_is_put_on_the_desk_of_a_station_whose_child_the_writer_never_had(phone, post):  # S11
    stranger = an_approved_file(a_village())
    unknown = json.dumps(json.loads(phone.payload(stranger)) | {"child": str(uuid.uuid4())})
    answers_ = [phone.verdict(phone.item(text)) for text in (phone.payload(stranger), unknown)]
    assert [told["verdict"] for told in answers_] == ["gone", "gone"]
    assert answers_[0]["errors"] == answers_[1]["errors"], "whether there is such a child is not told"
    assert {item.township for item in SyncItem.objects.waiting()} == {post.unit.township}, "her own station's"


def test_more_than_a_phone_holds_is_not_handed_over_at_once(phone, child, monkeypatch):
    monkeypatch.setattr(sync, "HANDED_OVER_AN_HOUR", 2)
    end_appointment(phone.post, by=a_post(child.city, "city_admin"), on=timezone.localdate())
    told = [phone.verdict(phone.item(phone.payload(child)))["verdict"] for _one in range(3)]
    assert told == ["gone", "gone", "later"] and SyncItem.objects.count() == 2


def test_a_visit_to_a_closed_file_goes_to_the_station(phone, child):
    clerk = a_post(child.township)
    close_file(child, by=clerk, reason="adopted", on=timezone.localdate(), seen_version=child.version)
    told = phone.verdict(phone.item(phone.payload(child)))
    assert told["verdict"] == "gone"
    item = SyncItem.objects.get()
    settle_handed_over(item, by=fresh(clerk))
    assert not SyncItem.objects.waiting().exists()


def test_a_returned_visit_is_completed_from_the_phone(phone, child, post):
    visit = a_visit(child, by=post)
    VISIT.apply("return", visit, by=a_post(child.township), seen_version=1, reason="请补充")
    (back,) = phone.pull()["returned"]
    answered = {"mood": "cheerful", "visited_on": visit.visited_on}
    told = phone.verdict(phone.correction(child, back["visit"], back["version"], **answered))
    assert told["verdict"] == "accepted", told
    visit.refresh_from_db()
    assert (visit.state, visit.mood) == ("submitted", "cheerful")


@pytest.mark.both
def test_a_correction_of_what_moved_on_is_a_conflict_with_both_values(phone, child, post):
    visit = a_visit(child, by=post)
    told = phone.verdict(phone.correction(child, visit.pk, 7))
    assert told["verdict"] == "conflict" and told["server"]["version"] == 1
    act = Audit.objects.get(action="view_conflict")  # the phone was told what stands there now
    assert (act.person, act.record, str(child.pk) in act.data) == (post.person, f"visits.visit:{visit.pk}", True)
    assert not SyncItem.objects.exists()


@pytest.mark.parametrize("given", [{"latitude": 91}, {"longitude": -181}, {"accuracy_m": -1}])
def test_a_place_that_is_nowhere_is_refused_at_its_field(phone, child, given):
    answer = phone.verdict(phone.item(phone.payload(child, **given)))
    assert answer["verdict"] == "refused" and list(answer["errors"]) == list(given)


@pytest.mark.parametrize("years", [10, 173, None])
def test_a_next_visit_that_can_not_be_meant_is_refused_at_its_field(phone, child, years):
    day = f"{timezone.localdate() + datetime.timedelta(days=years * 365)}" if years else "9999-12-31"
    answer = phone.verdict(phone.item(phone.payload(child, next_on=day)))
    assert answer["verdict"] == "refused" and list(answer["errors"]) == ["next_on"], answer


def test_a_place_told_finer_than_it_is_kept_is_rounded(phone, child):
    place = {"latitude": 34.781234567890123, "longitude": 113.390000000000001, "accuracy_m": 4.567890123456789}
    answer = phone.verdict(phone.item(phone.payload(child, **place)))
    visit = Visit.objects.get()
    assert answer["verdict"] == "accepted", answer
    assert (str(visit.latitude), str(visit.longitude), visit.accuracy_m) == ("34.78123", "113.39000", 5)


def test_an_older_app_is_understood(phone, child, monkeypatch):
    kind = kinds.ITEM_KINDS["visit"]
    newer = kinds.Kind(
        "visit", 2, kind.reader, kind.take, kind.about, kind.example,
        upcasts={1: lambda data: {**{k: v for k, v in data.items() if k != "feeling"}, "mood": data["feeling"]}},
    )  # fmt: skip
    monkeypatch.setitem(kinds.ITEM_KINDS, "visit", newer)
    old = json.loads(phone.payload(child))
    old["feeling"] = old.pop("mood")
    assert phone.verdict(phone.item(json.dumps(old)))["verdict"] == "accepted"


@pytest.mark.parametrize(
    ("given", "field"),
    [({"latitude": 34.78}, "longitude"), ({"longitude": 113.39}, "latitude"), ({"accuracy_m": 5}, "latitude")],
)
def test_half_a_place_is_refused_at_what_is_missing(phone, child, given, field):
    answer = phone.verdict(phone.item(phone.payload(child, **given)))
    assert answer["verdict"] == "refused" and list(answer["errors"]) == [field]


def test_what_the_server_does_not_know_is_named_and_not_dropped(phone, child):
    text = json.dumps(json.loads(phone.payload(child)) | {"feeling": "fine", "weather": "rain"})
    answer = phone.verdict(phone.item(text))
    assert answer["verdict"] == "refused" and list(answer["errors"]) == ["feeling", "weather"]
    assert not Visit.objects.exists()


@pytest.mark.parametrize("post_id", ["00000000-0000-4000-8000-000000000000", "a post", 7])
def test_a_post_that_is_not_the_writer_s_is_refused(phone, child, post_id):
    stranger = str(a_post(a_village()).uid)
    for wrong in (post_id, stranger):
        answer = phone.verdict(phone.item(json.dumps(json.loads(phone.payload(child)) | {"post": wrong})))
        assert answer["verdict"] == "refused" and list(answer["errors"]) == ["post"]


@pytest.mark.parametrize(
    "made_at", ["1970-01-01T00:00:00+08:00", "2036-01-01T00:00:00+08:00", "2026-11-20T09:30:00", "9999-12-31T23:59:59Z"]
)
def test_a_time_that_can_not_have_been_is_refused(phone, child, made_at):
    answer = phone.verdict(phone.item(phone.payload(child), made_at=made_at))
    assert answer["verdict"] == "refused" and list(answer["errors"]) == ["made_at"]


@pytest.mark.parametrize("off", [3 * DAY, -3 * DAY, -20_000 * DAY])
def test_a_phone_whose_date_is_wrong_is_told_so_and_its_visit_is_flagged(phone, child, off):
    wrong = timezone.now() + off
    item = phone.item(phone.payload(child), made_at=wrong.isoformat())
    (told,) = phone.send(item, sent_at=wrong.isoformat()).json()["items"]
    assert told["verdict"] == "accepted", told
    assert "clock_off" in Visit.objects.get().flags
    taken = SyncItem.objects.get()
    assert abs(taken.made_at - timezone.now()) < DAY / 24 and taken.clock_off


def test_a_day_in_the_future_is_refused_with_a_word_of_the_clock(phone, child):
    wrong = timezone.now() + 3 * DAY
    item = phone.item(phone.payload(child, visited_on=timezone.localdate(wrong)), made_at=wrong.isoformat())
    (told,) = phone.send(item, sent_at=wrong.isoformat()).json()["items"]
    assert told["verdict"] == "refused" and "visited_on" in told["errors"]
    assert "自动确定日期和时间" in told["errors"][""][0]


def test_a_correction_before_its_visit_waits_for_it_and_not_for_ever(phone, child):
    early = phone.correction(child, uuid.uuid4(), 1)
    assert phone.verdict(early)["verdict"] == "later"
    told = phone.verdict(early | {"made_at": (timezone.now() - 61 * DAY).isoformat()})
    assert told["verdict"] == "refused" and "一直没有送到" in told["errors"]["visit"][0]


def test_a_clock_two_days_off_changes_nothing_but_is_told(phone, child):
    ahead = (timezone.now() + 2 * DAY).isoformat()
    assert phone.verdict(phone.item(phone.payload(child), made_at=ahead))["verdict"] == "accepted"
    assert SyncItem.objects.get().clock_off


def test_a_fault_leaves_the_item_with_the_phone(phone, child, monkeypatch):
    kind = kinds.ITEM_KINDS["visit"]

    def broken(*_args):
        raise RuntimeError("disk on fire")

    item = phone.item(phone.payload(child))
    with monkeypatch.context() as patch:
        patch.setitem(kinds.ITEM_KINDS, "visit", kinds.Kind("visit", 1, kind.reader, broken, kind.about, kind.example))
        assert phone.verdict(item)["verdict"] == "later"
    assert phone.verdict(item)["verdict"] == "accepted"


def test_the_phone_holds_its_own_village_and_nothing_delicate(phone, child, post):
    an_approved_file(a_village(post.unit.township), name="邻村")
    held = phone.pull(device="phone-1", app="1")
    (row,) = held["files"]
    assert (row["id"], row["name"]) == (str(child.pk), child.name)
    assert row["due"]["due_on"] and row["carer"]["name"] and held["whole"]
    assert child.id_number not in json.dumps(held)
    assert SyncPhone.objects.get().pulled_at and Audit.objects.filter(action="pull_files").exists()


def test_the_phone_knows_why_a_child_is_due(phone, child):
    an_extra_visit(child, reason="邻居说夜里有哭声")
    (row,) = phone.pull()["files"]
    assert "加访" in row["due"]["why"][0]
    assert "哭声" not in json.dumps(row, ensure_ascii=False)


@pytest.mark.both
def test_a_second_pull_brings_only_what_changed(phone, child, post):
    other = an_approved_file(post.unit, name="李浩宇")
    first = phone.pull()
    assert phone.pull(cursor=first["cursor"])["files"] == []
    a_visit(other, by=post)
    close_file(child, by=a_post(child.township), reason="adopted", on=timezone.localdate(), seen_version=child.version)
    second = phone.pull(cursor=first["cursor"])
    assert [row["name"] for row in second["files"]] == ["李浩宇"] and second["gone"] == [str(child.pk)]
    lines = sorted(f"{row['id']}:{row['version']}" for row in second["files"])
    assert second["checksum"] == hashlib.sha256("\n".join(lines).encode()).hexdigest()
    assert phone.pull(cursor="unknown")["whole"]


def test_a_child_who_stays_here_is_on_the_phone(client, post):
    elsewhere = an_approved_file(a_village(), name="来住的")
    a_stay(elsewhere, post.unit)
    (row,) = Phone(client, post).pull()["files"]
    assert row["name"] == "来住的"


def test_progress_counts_receipts_only(phone, child):
    assert phone.pull()["progress"] == {"visited": 0, "in_care": 1, "left_out": 0}
    with time_machine.travel(timezone.now().replace(hour=4), tick=True):
        phone.verdict(phone.item(phone.payload(child)))
        assert phone.pull()["progress"] == {"visited": 1, "in_care": 1, "left_out": 0}


@pytest.mark.parametrize("held, left_out", [(4, 0), (3, 1), (1, 3)])
def test_a_phone_that_can_not_hold_all_says_how_many_are_left_out(phone, child, post, monkeypatch, held, left_out):
    monkeypatch.setattr(pull_module, "HELD_AT_MOST", held)
    an_approved_file(post.unit)
    for _ in range(2):
        a_submitted_file(post.unit, by=post)
    pulled = phone.pull()
    assert (len(pulled["files"]), pulled["progress"]["left_out"]) == (held, left_out)
    undue = [row["due"] is None for row in pulled["files"]]
    assert undue == [False, False, True, True][:held], "who is due comes first"


def test_what_the_phone_still_holds_is_known(phone, child):
    phone.send(phone.item(phone.payload(child)), unsent=3)
    known = SyncPhone.objects.get()
    assert (known.unsent, known.app, bool(known.sent_at)) == (3, "1", True)


def test_the_example_of_each_kind_can_be_read():
    for kind in kinds.ITEM_KINDS.values():
        assert read_by(kind.reader, kind.example, also=BELONGS_TO_POST)


def test_a_report_of_danger_is_told_at_once_and_once(phone, child):
    said = {"post": str(phone.post.uid), "child": str(child.pk), "situations": ["other"], "seen": "身上有伤",
            "call": "made", "called_at": timezone.now().isoformat()}  # fmt: skip
    item = phone.item(json.dumps(said), kind="alert")
    assert [phone.verdict(item)["verdict"] for _time in range(2)] == ["accepted", "already"]
    alert = Alert.objects.get()
    assert (alert.child, alert.township) == (child, child.township)


def test_a_report_that_lacks_the_call_is_refused_at_its_field(phone, child):
    told = phone.verdict(phone.item(json.dumps({"child": str(child.pk), "situations": ["other"]}), kind="alert"))
    assert told["verdict"] == "refused" and "call" in told["errors"] and not Alert.objects.exists()


def test_the_phone_knows_who_are_brothers_and_sisters_here(phone, child, post):
    mark = uuid.uuid4()
    sister, elsewhere, other = (
        an_approved_file(unit, name=name)
        for unit, name in ((post.unit, "妹妹"), (a_village(post.unit.township), "哥哥"), (post.unit, "邻居"))
    )
    ChildFile.objects.filter(pk__in=[child.pk, sister.pk, elsewhere.pk]).update(family_uid=mark)
    family = {row["id"]: row["family"] for row in phone.pull()["files"]}
    assert family == {str(child.pk): [str(sister.pk)], str(sister.pk): [str(child.pk)], str(other.pk): []}


@pytest.mark.parametrize("deep", ["[" * 50_000, '{"a":' * 900 + "1" + "}" * 900, '{"a":' * 40 + "1" + "}" * 40])
def test_a_payload_that_is_nested_without_end_is_refused_and_not_put_off_for_ever(phone, deep):
    answer = phone.verdict(phone.item(deep))
    assert answer["verdict"] == "refused" and "读不出来" in answer["errors"]["payload"][0]


def test_half_a_character_around_an_item_holds_up_no_other(phone, child):
    good = phone.item(phone.payload(child))
    odd = [{"id": "\ud800"}, good | {"id": str(uuid.uuid4()), "\ud83d": 1}]
    verdicts = [told["verdict"] for told in phone.send(*odd, good).json()["items"]]
    assert verdicts == ["refused", "refused", "accepted"]


def test_what_came_back_is_in_the_trail_also_where_no_file_changed(phone, child, post):
    visit = a_visit(child, by=post)
    cursor = phone.pull()["cursor"]
    VISIT.apply("return", visit, by=a_post(child.township), seen_version=1, reason="请补充")
    held = phone.pull(cursor=phone.pull(cursor=cursor)["cursor"])
    assert held["returned"] and not held["files"]
    assert '"returned": 1' in Audit.objects.filter(action="pull_files").last().data


def test_half_a_character_holds_up_no_visit(phone, child):
    item = phone.item(phone.payload(child, help_given="帮助\ud83d了"))
    assert phone.verdict(item)["verdict"] == "accepted"
    assert Visit.objects.get().help_given == "帮助\N{REPLACEMENT CHARACTER}了"


@pytest.mark.parametrize("odd", [["away"], {"away": 1}, 7, None, True])
def test_an_outcome_of_an_odd_kind_from_an_earlier_version_is_refused_and_not_put_off(phone, child, odd):
    said = json.loads(phone.payload(child)) | {"outcome": odd}
    assert phone.verdict(phone.item(json.dumps(said)))["verdict"] in ("refused", "accepted")


def test_what_a_phone_with_a_wrong_date_recorded_stays_flagged_when_it_is_mended_elsewhere(phone, child, clerk):
    wrong = (timezone.now() - 3 * DAY).isoformat()
    phone.send(phone.item(phone.payload(child), made_at=wrong), sent_at=wrong)
    visit = Visit.objects.get()
    VISIT.apply("return", visit, by=clerk, seen_version=visit.version, reason="请补充")
    phone.verdict(phone.correction(child, visit.pk, visit.version, needs="棉衣"))
    visit = Visit.objects.get()
    assert visit.needs == "棉衣" and "clock_off" in visit.flags


def test_a_correction_from_a_phone_with_a_wrong_date_is_flagged(phone, post, child, clerk):
    visit = a_visit(child, by=post)
    VISIT.apply("return", visit, by=clerk, seen_version=visit.version, reason="请补充")
    wrong = (timezone.now() - 3 * DAY).isoformat()
    item = phone.correction(child, visit.pk, visit.version, needs="棉衣") | {"made_at": wrong}
    (told,) = phone.send(item, sent_at=wrong).json()["items"]
    assert told["verdict"] == "accepted" and "clock_off" in Visit.objects.get().flags
