"""Photos of a visit that was saved on a phone come after it, each once, three at most."""

import base64
import io
import itertools
import json
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from PIL import Image

from childwelfare.workflow.refusals import Stale
from orgs.audit.models import Audit
from orgs.posts.services import end_appointment
from registry.closing.services import close_file
from tests.builders import a_post, a_village, a_visit, fresh, sign_in
from tests.visits.phones.test_sync import Phone
from visits.phones.models import SyncItem
from visits.visit.models import Visit, VisitPhoto
from visits.visit.services.photos import add_late_photo, read_photo
from visits.visit.workflow import VISIT

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(client, post):
    return Phone(client, post)


SHADES = itertools.cycle(range(0, 256, 24))


def a_jpeg(**save) -> str:
    """Each another picture than the one before it."""
    content = io.BytesIO()
    Image.new("RGB", (1600, 1200), (next(SHADES), 90, 90)).save(content, "JPEG", **save)
    return base64.b64encode(content.getvalue()).decode()


def a_photo(phone, child, visit: dict, data: str | None = None) -> str:
    said = {"post": str(phone.post.uid), "visit": visit["id"], "child": str(child.pk), "data": data or a_jpeg()}
    return json.dumps(said)


@pytest.mark.both
def test_a_photo_arrives_once_after_its_visit(phone, child):
    visit = phone.item(phone.payload(child))
    photo = phone.item(a_photo(phone, child, visit), kind="photo")
    assert phone.verdict(photo)["verdict"] == "later", "its visit is not there"
    assert phone.verdict(visit)["verdict"] == "accepted"
    assert [phone.verdict(photo)["verdict"] for _time in range(2)] == ["accepted", "already"]
    kept = VisitPhoto.objects.get()
    assert (str(kept.pk), str(kept.visit_id)) == (photo["id"], visit["id"])
    assert Image.open(io.BytesIO(read_photo(kept))).format == "JPEG"


def test_what_the_camera_wrote_beside_the_picture_is_gone(phone, child):
    exif = Image.Exif()
    exif[0x010E] = "41.40338, 2.17403"
    visit = phone.item(phone.payload(child))
    phone.verdict(visit)
    phone.verdict(phone.item(a_photo(phone, child, visit, a_jpeg(exif=exif)), kind="photo"))
    assert b"41.40338" not in read_photo(VisitPhoto.objects.get())


def test_a_sealed_photo_is_taken(phone, child):
    visit = phone.item(phone.payload(child))
    phone.verdict(visit)
    photo = phone.sealed(a_photo(phone, child, visit, base64.b64encode(b"\xff" * 300_000).decode()))
    assert "photos" in phone.verdict(photo | {"kind": "photo"})["errors"], "its size passes, its content is no picture"
    assert "sealed" in phone.verdict(photo)["errors"], "a visit of this size is none"


def test_a_fourth_photo_is_refused(phone, child):
    visit = phone.item(phone.payload(child))
    phone.verdict(visit)
    told = [phone.verdict(phone.item(a_photo(phone, child, visit), kind="photo")) for _photo in range(4)]
    assert [one["verdict"] for one in told] == ["accepted"] * 3 + ["refused"]
    assert "photos" in told[3]["errors"] and VisitPhoto.objects.count() == 3


@pytest.mark.parametrize("data", ["AAAA", base64.b64encode(b"<html>").decode(), "a", "*"])
def test_what_is_no_picture_is_refused(phone, child, data):
    visit = phone.item(phone.payload(child))
    phone.verdict(visit)
    told = phone.verdict(phone.item(a_photo(phone, child, visit, data), kind="photo"))
    assert told["verdict"] == "refused" and told["errors"] and not VisitPhoto.objects.exists()


def test_only_a_photo_may_be_long(phone, child):
    long = json.dumps(json.loads(phone.payload(child)) | {"nonce": "x" * 70_000})
    assert "payload" in phone.verdict(phone.item(long))["errors"]


def test_nobody_adds_photos_to_the_visit_of_another(phone, child, client):
    theirs = phone.item(phone.payload(child))
    phone.verdict(theirs)
    neighbour = Phone(client, a_post(child.village))
    told = neighbour.verdict(neighbour.item(a_photo(neighbour, child, theirs), kind="photo"))
    assert told["verdict"] == "later" and not VisitPhoto.objects.exists()


def test_photos_follow_a_visit_that_was_handed_over(phone, child, client):
    clerk = a_post(child.township)
    close_file(child, by=clerk, reason="adopted", on=timezone.localdate(), seen_version=child.version)
    visit = phone.item(phone.payload(child))
    photo = phone.item(a_photo(phone, child, visit), kind="photo")
    assert [phone.verdict(one)["verdict"] for one in (visit, photo)] == ["gone", "gone"]
    sign_in(client, fresh(clerk))
    page = client.get("/visits/phones/")
    assert f"/visits/phones/{photo['id']}/photo/" in page.text and json.loads(photo["payload"])["data"] not in page.text
    picture = client.get(f"/visits/phones/{photo['id']}/photo/")
    assert picture["Content-Type"] == "image/jpeg" and "no-store" in picture["Cache-Control"]
    sign_in(client, a_post(a_village().township))
    assert client.get(f"/visits/phones/{photo['id']}/photo/").status_code == 404
    act = Audit.objects.get(action="view_handed_photo")  # by who was let in alone
    assert (act.person, act.record) == (clerk.person, f"visits.syncitem:{photo['id']}")


def test_photos_of_who_left_meanwhile_are_handed_over(phone, child, post):
    visit = phone.item(phone.payload(child))
    phone.verdict(visit)
    end_appointment(post, by=a_post(child.city, "city_admin"), on=timezone.localdate())
    assert phone.verdict(phone.item(a_photo(phone, child, visit), kind="photo"))["verdict"] == "gone"
    assert SyncItem.objects.waiting().get().kind == "photo"


def test_photos_come_with_a_correction_and_count_with_the_first_ones(phone, child, post):
    first = phone.item(phone.payload(child))
    phone.verdict(first)
    phone.verdict(phone.item(a_photo(phone, child, first), kind="photo"))
    visit = Visit.objects.get()
    VISIT.apply("return", visit, by=a_post(child.township), seen_version=visit.version, reason="请补拍屋顶")
    (back,) = phone.pull()["returned"]
    assert back["photos"] == 1
    correction = phone.correction(child, back["visit"], back["version"])
    assert phone.verdict(correction)["verdict"] == "accepted"
    assert phone.verdict(phone.item(a_photo(phone, child, correction), kind="photo"))["verdict"] == "accepted"
    assert visit.photos.count() == 2


def test_what_comes_back_to_the_phone_is_what_was_answered_but_for_safety(phone, child, post):
    visit = a_visit(child, by=post, mood="low", hazards=["fire"], hazard_note="电线老化", seen_alone=False)
    VISIT.apply("return", visit, by=a_post(child.township), seen_version=1, reason="请补充")
    (back,) = phone.pull()["returned"]
    assert (back["answers"]["mood"], back["answers"]["seen_alone"], back["reason"]) == ("low", False, "请补充")
    assert not {"hazards", "hazard_note", "late_reason"} & set(back["answers"])


def test_the_phone_knows_whom_to_call(phone, post):
    assert phone.pull()["contact"] is None
    officer, clerk = a_post(post.unit.county), a_post(post.unit.township)
    officer.person.phone, clerk.person.phone = "0371-1", "0371-2"
    officer.person.save()
    assert phone.pull()["contact"]["phone"] == "0371-1"
    clerk.person.save()
    assert phone.pull()["contact"] == {"name": f"{clerk.unit.short_name} {clerk.person.name}", "phone": "0371-2"}


def test_a_late_photo_is_taken_only_from_who_made_or_completed_the_visit(child, post):
    visit, other = a_visit(child, by=post), a_post(post.unit)
    with pytest.raises(PermissionDenied):
        add_late_photo(visit, by=other, pk=uuid.uuid4(), content=base64.b64decode(a_jpeg()))
    assert add_late_photo(visit, by=post, pk=uuid.uuid4(), content=base64.b64decode(a_jpeg())).visit == visit


def test_the_station_that_returned_a_visit_adds_no_photo_to_it(child, post, clerk):
    visit = a_visit(child, by=post)
    VISIT.apply("return", visit, by=clerk, seen_version=1, reason="请补拍照片")
    with pytest.raises(PermissionDenied):
        add_late_photo(visit, by=clerk, pk=uuid.uuid4(), content=base64.b64decode(a_jpeg()))
    assert not visit.photos.exists()


@pytest.mark.both
def test_a_photo_that_came_with_the_page_or_another_item_is_not_kept_twice(phone, child, post):
    visit, picture = phone.item(phone.payload(child)), a_jpeg()
    phone.verdict(visit)
    for _time in range(2):  # chosen twice: two items
        assert phone.verdict(phone.item(a_photo(phone, child, visit, picture), kind="photo"))["verdict"] == "accepted"
    assert VisitPhoto.objects.count() == 1


def test_a_photo_that_arrives_while_a_visit_is_read_is_seen_before_it_is_decided(phone, child, post):
    visit = phone.item(phone.payload(child))
    phone.verdict(visit)
    seen = Visit.objects.get().version
    phone.verdict(phone.item(a_photo(phone, child, visit), kind="photo"))
    with pytest.raises(Stale):
        VISIT.apply("accept", Visit.objects.get(), by=a_post(child.township), seen_version=seen)


def test_a_photo_that_arrives_after_the_visit_was_accepted_is_kept_and_says_so(phone, child, post, client):
    visit = phone.item(phone.payload(child))
    phone.verdict(visit)
    clerk = a_post(child.township)
    VISIT.apply("accept", Visit.objects.get(), by=clerk, seen_version=1)
    assert phone.verdict(phone.item(a_photo(phone, child, visit), kind="photo"))["verdict"] == "accepted"
    sign_in(client, clerk)
    assert "通过之后才送到" in client.get(f"/visits/{Visit.objects.get().pk}/").text
