"""An assessment and a need that were written without a network reach the station once, with one urgent report for one
danger, in whichever order they arrive."""

import datetime
import json
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from registry.assessments.models import Assessment
from registry.assessments.services.dues import fill_dues
from registry.assessments.workflow import ASSESSMENT
from registry.closing.services import close_file
from registry.instruments.models import Instrument
from registry.needs.models import Need
from tests.builders import (
    a_need,
    a_post,
    a_small_instrument,
    a_village,
    an_approved_file,
    an_assessment,
)
from tests.visits.phones.test_sync import Phone
from visits.alerts.models import Alert
from visits.phones.models import SyncItem

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
WELL = {"duty": "good", "conflict": "no", "hazards": [], "mood": "good"}


@pytest.fixture
def post():
    return a_post(a_village())


@pytest.fixture
def child(post):
    file = an_approved_file(post.unit, by=post, name="张子涵", on=timezone.localdate() - 60 * DAY)
    a_small_instrument(file.city)
    fill_dues()
    return file


@pytest.fixture
def phone(client, post, child):
    return Phone(client, post)


def assessed(phone, child, *, pk=None, answers=None, **given):
    """The item of an assessment in which nothing is wrong but what is said."""
    said = {
        "post": str(phone.post.uid), "child": str(child.pk), "occasion": "regular", "nonce": "x",
        "assessed_on": timezone.localdate().isoformat(), "screen": {"harm": "no", "alone": "no"},
        "answers": WELL | (answers or {}),
    }  # fmt: skip
    item = phone.item(json.dumps(said | given), kind="assessment")
    return item | ({"id": str(pk)} if pk else {})


def replaced_today(child) -> Instrument:
    """The version that held until today, when another one began."""
    before, today = Instrument.objects.get(), timezone.localdate()
    Instrument.objects.filter(pk=before.pk).update(until=today)
    a_small_instrument(child.city, since=today)
    return before


def needed(phone, child, **given):
    said = {
        "post": str(phone.post.uid), "child": str(child.pk), "kind": "education.study", "urgency": "soon",
        "words": "功课没人管", "source": "guardian", "nonce": "x",
    }  # fmt: skip
    return phone.item(json.dumps(said | given), kind="need")


def reported(phone, child, **given):
    """The item of an urgent report, as the phone leads to it from the screen."""
    now = timezone.now()
    said = {
        "post": str(phone.post.uid), "child": str(child.pk), "situations": ["other"], "seen": "身上有伤",
        "call": "made", "called_at": now.isoformat(), "nonce": "x",
    }  # fmt: skip
    return phone.item(json.dumps(said | given), kind="alert")


@pytest.mark.both
def test_an_assessment_arrives_once_however_often_it_is_sent(phone, child):
    item = assessed(phone, child, answers={"duty": "weak", "contact": "rare"}, child_view="想妈妈")
    first, again = phone.verdict(item), phone.verdict(item)
    assert (first["verdict"], again["verdict"]) == ("accepted", "already"), first
    assert first["receipt"] == again["receipt"]
    made = Assessment.objects.get()
    assert str(made.pk) == item["id"] and SyncItem.objects.get().record == made.pk
    assert (made.score, made.level, made.child_view, made.state) == (20, "raised", "想妈妈", "submitted")


@pytest.mark.both
def test_a_need_arrives_once_however_often_it_is_sent(phone, child):
    item = needed(phone, child)
    assert [phone.verdict(item)["verdict"] for _each in range(2)] == ["accepted", "already"]
    need = Need.objects.get()
    assert (str(need.pk), need.kind, need.holder_id) == (item["id"], "education.study", phone.post.unit_id)


def test_the_same_id_with_other_words_is_refused(phone, child):
    item = needed(phone, child)
    phone.verdict(item)
    assert phone.verdict(needed(phone, child, words="另外的话") | {"id": item["id"]})["verdict"] == "refused"
    assert Need.objects.get().words == "功课没人管"


@pytest.mark.parametrize(
    "other", [{"level_reason": "母亲改嫁"}, {"level": "", "level_reason": ""}, {"guardianship_words": "监护失当"}]
)
def test_an_assessment_with_the_same_id_and_another_decision_is_refused(phone, child, other):
    said = {"level": "high", "level_reason": "父亲下月外出", "guardianship_words": "监护不足"}
    item = assessed(phone, child, **said)
    assert phone.verdict(item)["verdict"] == "accepted"
    told = phone.verdict(assessed(phone, child, pk=item["id"], **said | other))
    assert told["verdict"] == "refused" and "内容不同" in str(told)
    assert Assessment.objects.get().level_reason == "父亲下月外出"


def test_what_is_wrong_is_named_at_its_question(phone, child):
    told = phone.verdict(assessed(phone, child, answers={"duty": "weak", "mood": "gone"}, screen={"harm": "no"}))
    assert told["verdict"] == "refused"
    assert set(told["errors"]) == {"screen.alone", "answers.contact", "answers.mood"}
    assert not Assessment.objects.exists()
    assert set(phone.verdict(needed(phone, child, kind="moon", words=""))["errors"]) == {"kind", "words"}


def test_an_assessment_by_the_version_of_its_day_is_taken_after_another_came(phone, child):
    today = timezone.localdate()
    before = replaced_today(child)
    yesterday = (today - DAY).isoformat()
    told = phone.verdict(assessed(phone, child, instrument=str(before.pk), assessed_on=yesterday))
    assert told["verdict"] == "accepted", told
    assert Assessment.objects.get().instrument == before


def test_an_assessment_by_a_replaced_version_is_told_to_update(phone, child):
    before = replaced_today(child)
    told = phone.verdict(assessed(phone, child, instrument=str(before.pk)))
    assert told["verdict"] == "refused" and "有网络时打开一次" in " ".join(told["errors"]["instrument"])


def test_what_was_written_of_a_child_who_moved_on_is_handed_over(phone, child):
    elsewhere = an_approved_file(a_village(child.township)).place_values()
    type(child).objects.filter(pk=child.pk).update(**elsewhere)
    for item in (assessed(phone, child), needed(phone, child)):
        assert phone.verdict(item)["verdict"] == "gone"
    assert not Assessment.objects.exists() and not Need.objects.exists()
    assert {each.kind for each in SyncItem.objects.waiting()} == {"assessment", "need"}


def test_a_closed_file_takes_neither(phone, child):
    clerk = a_post(child.township)
    close_file(child, by=clerk, reason="adopted", on=timezone.localdate(), seen_version=child.version)
    for item in (assessed(phone, child), needed(phone, child)):
        assert phone.verdict(item)["verdict"] in ("gone", "refused")
    assert not Assessment.objects.exists() and not Need.objects.exists()


def test_a_second_need_of_the_same_kind_asks_whether_it_is_another_matter(phone, child):
    a_need(child, by=phone.post, kind="education.study", words="x")
    assert set(phone.verdict(needed(phone, child))["errors"]) == {"anyway"}
    assert phone.verdict(needed(phone, child, anyway=True))["verdict"] == "accepted"


# --- One danger, one report ---


def test_the_report_comes_before_the_assessment(phone, child):
    assert phone.verdict(reported(phone, child))["verdict"] == "accepted"
    assert phone.verdict(assessed(phone, child, screen={"harm": "yes"}, answers={}))["verdict"] == "accepted"
    alert = Alert.objects.get()
    assert Assessment.objects.get().urgent_report == alert.pk and alert.call == "made"


def test_the_report_comes_after_the_assessment(phone, child):
    phone.verdict(assessed(phone, child, screen={"harm": "yes"}))
    opened = Alert.objects.get()
    assert opened.call == "not_said"
    item = reported(phone, child)
    assert [phone.verdict(item)["verdict"] for _each in range(2)] == ["accepted", "already"]
    alert = Alert.objects.get()
    assert (alert.pk, alert.call) == (opened.pk, "made") and alert.called_at
    assert alert.situations == ["unnatural_harm", "other"] or set(alert.situations) == {"unnatural_harm", "other"}
    assert "紧急筛查" in alert.seen and "身上有伤" in alert.seen
    assert list(alert.events.values_list("action", flat=True)).count("call") == 1


def test_a_call_that_was_written_down_meanwhile_stays(phone, child):
    phone.verdict(assessed(phone, child, screen={"harm": "yes"}))
    Alert.objects.update(call="others", police_unit="高村派出所", called_at=timezone.now())
    phone.verdict(reported(phone, child))
    assert (Alert.objects.get().call, Alert.objects.get().police_unit) == ("others", "高村派出所")


def test_a_report_of_another_child_or_another_day_is_its_own(phone, child):
    phone.verdict(assessed(phone, child, screen={"harm": "yes"}))
    other = an_approved_file(child.village, by=phone.post)
    phone.verdict(reported(phone, other))
    assert Alert.objects.count() == 2
    before = timezone.now() - 2 * DAY
    Assessment.objects.update(made_at=before, sent_at=before)
    phone.verdict(reported(phone, child))
    assert Alert.objects.count() == 3


def test_a_wrong_report_is_refused_and_the_opened_one_stays(phone, child):
    phone.verdict(assessed(phone, child, screen={"harm": "yes"}))
    told = phone.verdict(reported(phone, child, called_at=None))
    assert told["verdict"] == "refused" and set(told["errors"]) == {"called_at"}
    assert Alert.objects.get().call == "not_said"


def test_an_urgent_assessment_that_is_sent_twice_opens_one_report(phone, child):
    item = assessed(phone, child, screen={"harm": "yes"}, pk=uuid.uuid4())
    for _each in range(2):
        phone.verdict(item)
    assert Alert.objects.count() == 1


# --- What the phone holds ---


def test_the_phone_holds_what_an_assessment_begins_from(phone, child):
    made = an_assessment(child, by=phone.post, answers={"duty": "weak", "contact": "rare"}, worse_because={"mood": "x"},
                         assessed_on=timezone.localdate() - 10 * DAY, child_view="不想说出去")  # fmt: skip
    held = phone.pull()
    (row,) = held["files"]
    assert row["need"] is True and row["assess"]["waiting"] is True and row["assess"]["last"] is None
    ASSESSMENT.apply("confirm", made, by=a_post(child.township), seen_version=made.version)
    held = phone.pull()
    (row,) = held["files"]
    assert row["assess"]["last"] == {
        "on": made.assessed_on.isoformat(), "level": "raised",
        "answers": {"duty": "weak", "contact": "rare", "conflict": "no", "hazards": [], "mood": "good"},
    }  # fmt: skip
    assert (
        row["assess"]["due_on"] == type(made).objects.get(pk=made.pk).next_on.isoformat()
        and not row["assess"]["waiting"]
    )
    assert "不想说出去" not in json.dumps(held, ensure_ascii=False)


def test_the_system_comes_once(phone, child):
    held = phone.pull()
    (system,) = held["instruments"]
    assert system["definition"]["screen"][0]["key"] == "harm"
    again = phone.pull(cursor=held["cursor"], instruments_version=held["instruments_version"])
    assert again["instruments"] is None and again["files"] == []
    a_small_instrument(child.city, since=timezone.localdate() + 5 * DAY)
    later = phone.pull(cursor=held["cursor"], instruments_version=held["instruments_version"])
    assert [each["since"] for each in later["instruments"]] == sorted(each["since"] for each in later["instruments"])
    assert len(later["instruments"]) == 2 and later["files"] == []


def test_needs_in_hand_come_without_their_words(phone, child):
    need = a_need(child, by=phone.post, kind="living.clothes", words="冬天没有被子")
    held = phone.pull()
    assert [each["id"] for each in held["needs"]] == [str(need.pk)]
    assert "被子" not in json.dumps(held, ensure_ascii=False)


def test_a_full_village_costs_no_query_for_each_child(phone, child):
    def cost():
        with CaptureQueriesContext(connection) as asked:
            phone.pull()
        return len(asked)

    phone.pull()
    one = cost()
    for _each in range(3):
        other = an_approved_file(child.village, by=phone.post, on=timezone.localdate() - 60 * DAY)
        an_assessment(other, by=phone.post, assessed_on=timezone.localdate() - DAY)
        a_need(other, by=phone.post, kind="living.clothes", words="x")
    fill_dues()
    phone.pull()
    assert cost() == one
