"""A draft does not outlive the age limits: who may not be registered on the day of sending is not sent."""

import datetime

import pytest
import time_machine

from childwelfare.workflow.refusals import Refused
from registry.child.models import ChildFile
from registry.child.workflow import FILE
from tests.builders import a_file, a_post, a_submitted_file, sign_in

pytestmark = pytest.mark.django_db

BEFORE = datetime.datetime(2026, 11, 30, 4, tzinfo=datetime.UTC)
AFTER = datetime.datetime(2026, 12, 20, 4, tzinfo=datetime.UTC)
POOR = {"difficulty": {"since": datetime.date(2026, 11, 1), "difficulty": "poverty"}}
TOO_OLD = [
    ({"birth_date": datetime.date(2008, 12, 2), "categories": POOR}, "孩子已满 18 周岁"),
    ({"birth_date": datetime.date(2010, 12, 2)}, "不能登记为“留守儿童”"),
]


@pytest.fixture(params=TOO_OLD, ids=["18", "16"])
def too_old(request):
    return request.param


@pytest.mark.parametrize("way", ["page", "list", "api"])
def test_a_draft_of_before_the_birthday_is_not_sent_after_it(client, director, too_old, way):
    child, why = too_old
    with time_machine.travel(BEFORE, tick=False):
        file = a_file(director.unit, by=director, **child)
    with time_machine.travel(AFTER, tick=False):
        sign_in(client, director)
        if way == "page":
            said = client.post(f"/children/{file.pk}/submit/", {"version": file.version}, follow=True).text
        elif way == "list":
            ticked = {"file": f"{file.pk}:{file.version}", "sure": "1"}
            said = client.post("/children/submit/", ticked, follow=True).text
        else:
            sent = {"version": file.version}
            answer = client.post(f"/api/v1/children/{file.pk}/submit/", sent, content_type="application/json")
            assert answer.status_code == 422
            said = answer.json()["detail"]
    assert why in said and "没有填错的，不用再送" in said
    assert ChildFile.objects.get(pk=file.pk).state == "draft"


def test_who_was_sent_in_time_is_approved_after_the_birthday(director, too_old):
    child, _why = too_old
    with time_machine.travel(BEFORE, tick=False):
        file = a_submitted_file(director.unit, by=director, **child)
    with time_machine.travel(AFTER, tick=False):
        FILE.apply("approve", file, by=a_post(director.unit.township), seen_version=file.version)
    assert file.state == "approved"


def test_what_was_sent_too_late_is_not_approved(director, too_old):
    """As earlier versions let it be sent."""
    child, why = too_old
    with time_machine.travel(BEFORE, tick=False):
        file = a_submitted_file(director.unit, by=director, **child)
    ChildFile.objects.filter(pk=file.pk).update(submitted_at=AFTER)
    file.refresh_from_db()
    with time_machine.travel(AFTER, tick=False), pytest.raises(Refused) as refusal:
        FILE.apply("approve", file, by=a_post(director.unit.township), seen_version=file.version)
    assert why in str(refusal.value) and "请退回" in str(refusal.value)


def test_what_could_not_be_sent_again_is_not_taken_back(client, director, too_old):
    """Taken back over the birthday it would lie with its director for ever; the station may still approve it."""
    child, why = too_old
    with time_machine.travel(BEFORE, tick=False):
        file = a_submitted_file(director.unit, by=director, **child)
    with time_machine.travel(AFTER, tick=False):
        sign_in(client, director)
        said = client.post(f"/children/{file.pk}/recall/", {"version": file.version}, follow=True).text
        assert why in said and "请工作站照常审核" in said and "建档后再提出变更" in said
        assert "/recall/" not in client.get(f"/children/{file.pk}/").text
        assert "recall" not in client.get(f"/api/v1/children/{file.pk}/").json()["actions"]
        file.refresh_from_db()
        FILE.apply("approve", file, by=a_post(director.unit.township), seen_version=file.version)
    assert file.state == "approved"


@pytest.mark.parametrize("days", [1, 2])
def test_taken_back_on_the_last_day_it_says_that_it_is_to_be_sent_today(client, director, too_old, days):
    child, why = too_old
    noon = datetime.datetime(2026, 12, 2, 4, tzinfo=datetime.UTC) - datetime.timedelta(days=days)
    with time_machine.travel(noon, tick=False):
        file = a_submitted_file(director.unit, by=director, **child)
        sign_in(client, director)
        assert "/recall/" in client.get(f"/children/{file.pk}/").text
        said = client.post(f"/children/{file.pk}/recall/", {"version": file.version}, follow=True).text
    file.refresh_from_db()
    assert file.taken_back and ("请今天之内改好送出" in said and why in said) == (days == 1)
