"""The file that a phone wrote of what it could not send is taken in by its station, as if the phone had sent it."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from childwelfare.workflow.refusals import Refused
from childwelfare.workflow.writers import last_writer, last_writer_name
from orgs.audit.models import Audit
from orgs.posts.station_work import written_at_station
from registry.changes.models import Change
from registry.changes.services import approve_change
from registry.changes.writers import writers_of_content
from tests.builders import a_post, a_unit, a_village, a_visit, fresh, sign_in
from tests.visits.phones.test_sync import Phone
from visits.phones.models import SyncItem
from visits.visit.models import Visit
from visits.visit.workflow import VISIT

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(client, post):
    return Phone(client, post)


def a_file(phone, *items, **given) -> SimpleUploadedFile:
    envelope = {"account": str(phone.post.person.uid), "device": "phone-1", "app": "1", "items": items} | given
    return SimpleUploadedFile("visits.json", json.dumps(envelope).encode(), "application/json")


def brought(client, clerk, file):
    sign_in(client, clerk)
    return client.post(reverse("phone-file"), {"file": file})


@pytest.mark.both
def test_what_a_file_holds_is_taken_once_and_the_phone_is_told_so(client, phone, child, post):
    clerk, item = a_post(child.township), phone.sealed(phone.payload(child))
    for _twice in range(2):
        page = brought(client, clerk, a_file(phone, item))
        assert page.status_code == 200
        visit = Visit.objects.get()
        assert visit.receipt in page.content.decode() and (visit.made_by, visit.made_in) == (post.person, post)
    assert Audit.objects.filter(action="bring_in_file").count() == 2
    sign_in(client, post)
    told = phone.verdict(item)
    assert (told["verdict"], told["receipt"]) == ("already", visit.receipt)


def test_who_brought_it_in_does_not_decide_on_it_and_the_county_sees_it(client, phone, child):
    """The public key is known: what was sealed need not come from the phone."""
    clerk, colleague = a_post(child.township), a_post(child.township)
    brought(client, clerk, a_file(phone, phone.sealed(phone.payload(child))))
    visit = Visit.objects.get()
    with pytest.raises(Refused):
        VISIT.apply("accept", visit, by=fresh(clerk), seen_version=visit.version)
    assert written_at_station(visit)
    VISIT.apply("accept", visit, by=fresh(colleague), seen_version=visit.version)


def test_nor_does_she_decide_on_the_change_that_it_noticed(client, phone, child, post):
    clerk, colleague = a_post(child.township), a_post(child.township)
    noticed = {"address": {"base": child.address, "value": "九组"}}
    brought(client, clerk, a_file(phone, phone.sealed(phone.payload(child, changes=noticed))))
    change = Change.objects.get()
    with pytest.raises(Refused, match="自己填报"):
        approve_change(change, by=fresh(clerk), seen_version=change.version)
    assert written_at_station(change)
    for reader in (post, clerk, colleague, a_post(child.county)):
        page = sign_in(client, reader).get(f"/changes/{change.pk}/")
        assert page.status_code == 200 and "从手机文件收进来" in page.text
    approve_change(change, by=fresh(colleague), seen_version=change.version)
    assert clerk.person_id in writers_of_content(Visit.objects.get().child), "nor on what follows from it"


def test_nor_on_the_change_that_came_with_a_correction(client, phone, child, post):
    clerk, colleague = a_post(child.township), a_post(child.township)
    visit = a_visit(child, by=post)
    VISIT.apply("return", visit, by=colleague, seen_version=visit.version, reason="请补充")
    noticed = {"address": {"base": child.address, "value": "九组"}}
    text = phone.correction(child, visit.pk, visit.version, changes=noticed)["payload"]
    brought(client, clerk, a_file(phone, phone.sealed(text, kind="correction")))
    change = Change.objects.get()
    with pytest.raises(Refused, match="自己填报"):
        approve_change(change, by=fresh(clerk), seen_version=change.version)


def test_another_station_takes_in_nothing_and_learns_nothing(client, phone, child):
    item = phone.sealed(phone.payload(child))
    for clerk in (a_post(a_village().township), a_post(a_unit(child.county))):
        page = brought(client, clerk, a_file(phone, item))
        assert page.status_code == 422 and child.name not in page.content.decode()
    assert not SyncItem.objects.exists()


def test_what_is_not_sealed_is_not_taken(client, phone, child):
    page = brought(client, a_post(child.township), a_file(phone, phone.item(phone.payload(child))))
    assert page.status_code == 422 and "没有密封" in page.content.decode() and not Visit.objects.exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"hello", b"[]", b"{}", b"\xff\xfe", b'{"items": [1]}', b'{"items": [], "account": 5}', b"[" * 60_000,
     b'{"items": [], "account": "nobody"}', b'{"items": {}}', json.dumps({"items": [{}] * 51}).encode()],
    ids=range(11),
)  # fmt: skip
def test_another_file_is_refused_in_words(client, post, content):
    page = brought(client, a_post(post.unit.township), SimpleUploadedFile("a.json", content))
    assert page.status_code == 422 and "文件" in page.content.decode()


def test_whose_visit_it_is_stays_the_director_s(client, phone, child):
    """Who brought it in is nobody's name on it."""
    brought(client, a_post(child.township), a_file(phone, phone.sealed(phone.payload(child))))
    assert last_writer(Visit.objects.get()) == phone.post.person
    assert Visit.objects.annotate(by=last_writer_name(Visit)).get().by == phone.post.person.name


@pytest.mark.parametrize("given", [{"device": "\ud800"}, {"app": "\ud83d"}])
def test_half_a_character_in_a_file_is_no_fault_of_the_server(client, phone, child, given):
    item = phone.sealed(phone.payload(child, visited_on="2031-01-01")) | {"kind": "visit"}
    odd = phone.sealed(phone.payload(child)) | {"kind": "\ud800"}
    assert brought(client, a_post(child.township), a_file(phone, item, odd, **given)).status_code == 200


def test_one_bad_item_does_not_hold_up_the_others_and_says_why(client, phone, child):
    bad = phone.sealed(phone.payload(child, visited_on="2031-01-01"))
    page = brought(
        client, a_post(child.township), a_file(phone, bad, {"sealed": {}}, phone.sealed(phone.payload(child)))
    )
    text = page.content.decode()
    assert Visit.objects.count() == 1 and "走访日期在今天之后" in text and "没有收下" in text
