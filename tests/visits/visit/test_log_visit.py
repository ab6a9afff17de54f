"""A director logs a visit: once, with real dates, and what the law cares for is flagged."""

import datetime
import io
import uuid

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from childwelfare.text.days import short_day
from childwelfare.uploads.photos import MAX_PHOTOS
from childwelfare.workflow.refusals import Refused, SentBefore, Stale
from orgs.audit.models import Audit
from tests.builders import a_file, a_post, a_village, a_visit, an_approved_file, an_upload, answers, sign_in
from visits.visit.models import Visit, VisitPhoto
from visits.visit.services.log import correct_visit, log_visit
from visits.visit.services.photos import read_photo
from visits.visit.workflow import VISIT

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def today():
    return timezone.localdate()


def refused(child, by, looked=True, **given) -> dict:
    with pytest.raises(ValidationError) as error:
        log_visit(child, by=by, answers=answers(**given), hazards_looked_at=looked)
    assert not Visit.objects.exists()
    return error.value.message_dict


def test_a_routine_visit_waits_for_the_station(child, post):
    visit = a_visit(child, by=post)
    assert (visit.state, visit.flags, visit.township) == ("submitted", [], post.unit.township)
    assert len(visit.receipt) == 4 and visit.events.get().action == "log"


def test_safety_must_be_looked_at_every_time(child, post):
    assert "hazards" in refused(child, post, looked=False)


def test_a_visit_from_tomorrow_or_from_before_the_file(child, post):
    assert "visited_on" in refused(child, post, visited_on=today() + DAY)
    assert "visited_on" in refused(child, post, visited_on=child.approved_on - DAY)


def test_a_late_entry_gives_its_reason_and_is_marked(child, post):
    assert "late_reason" in refused(child, post, visited_on=today() - 5 * DAY)
    assert a_visit(child, by=post, visited_on=today() - 5 * DAY, late_reason="手机坏了").flags == ["late"]


@pytest.mark.parametrize(
    ("given", "flag"),
    [
        ({"hazards": ["water"]}, "hazard"),
        ({"carer": "nobody"}, "nobody_cares"),
        ({"care": "poor"}, "poor_care"),
        ({"attendance": "out"}, "out_of_school"),
        ({"mood": "low"}, "low_mood"),
        ({"family_change": "母亲外出"}, "family_changed"),
        ({"lives_alone": True}, "under_16_alone"),
        ({"parent_contact_on": datetime.date(2024, 1, 1)}, "no_weekly_contact"),
        ({"focus": True}, "focus"),
        ({"outcome": "refused"}, "not_seen"),
    ],
)
def test_what_must_be_opened_one_by_one(child, post, given, flag):
    assert flag in a_visit(child, by=post, **given).flags


def test_a_child_under_8_left_unattended_is_flagged_an_older_one_not(post):
    small = an_approved_file(post.unit, birth_date=today() - 6 * 366 * DAY)
    older = an_approved_file(post.unit, birth_date=today() - 10 * 366 * DAY)
    assert "under_8_unattended" in a_visit(small, by=post, carer="nobody").flags
    assert "under_8_unattended" not in a_visit(older, by=post, carer="nobody").flags


def test_a_child_that_is_not_in_the_registry_is_not_visited(post):
    with pytest.raises(Refused, match="还没有送到工作站"):
        a_visit(a_file(post.unit, by=post), by=post)


def test_the_next_village_and_the_county_do_not_log(child):
    for unit in (a_village(child.township), child.county):
        with pytest.raises(PermissionDenied):
            a_visit(child, by=a_post(unit))


@pytest.mark.both
def test_the_same_form_twice_is_one_visit(child, post):  # D15
    pk = uuid.uuid4()
    one = log_visit(child, by=post, pk=pk, answers=answers(), hazards_looked_at=True)
    two = log_visit(child, by=post, pk=pk, answers=answers(), hazards_looked_at=True)
    assert one == two and one.receipt == two.receipt and Visit.objects.count() == 1


def test_a_returned_visit_is_completed_and_sent_again(child, post):
    visit = a_visit(child, by=post)
    clerk = a_post(post.unit.township)
    VISIT.apply("return", visit, by=clerk, seen_version=1, reason="请写明隐患")
    visit = Visit.objects.get()
    correct_visit(visit, by=post, seen_version=2, answers=answers(hazards=["water"]), hazards_looked_at=True)
    visit = Visit.objects.get()
    assert (visit.state, visit.version, visit.flags) == ("submitted", 3, ["hazard"])
    with pytest.raises(Refused):
        correct_visit(visit, by=post, seen_version=3, answers=answers(), hazards_looked_at=True)


def test_a_correction_is_of_the_visit_that_was_recorded_not_of_a_later_one(child, post):
    with time_machine.travel(timezone.now() - 3 * DAY):
        first_day, visit = today(), a_visit(child, by=post)
    VISIT.apply("return", visit, by=a_post(post.unit.township), seen_version=1, reason="请写明隐患")
    visit = Visit.objects.get()

    def refusal(day) -> str:
        with pytest.raises(ValidationError) as error:
            correct_visit(visit, by=post, seen_version=2, answers=answers(visited_on=day), hazards_looked_at=True)
        return error.value.message_dict["visited_on"][0]

    assert f"{short_day(first_day)} 记录" in refusal(first_day + DAY) and "另记一次" in refusal(today())
    assert "今天之后" in refusal(today() + DAY)
    correct_visit(visit, by=post, seen_version=2, answers=answers(visited_on=first_day), hazards_looked_at=True)
    assert Visit.objects.get().state == "submitted"


def test_a_visit_returned_in_the_small_hours_is_completed_that_night(child, post):
    """At half past midnight in Zhengzhou it is still yesterday in UTC: the day is the village's."""
    tomorrow = today() + DAY
    with time_machine.travel(datetime.datetime.combine(today(), datetime.time(16, 30), datetime.UTC), tick=False):
        assert timezone.localdate() == tomorrow
        visit = a_visit(child, by=post)
        VISIT.apply("return", visit, by=a_post(post.unit.township), seen_version=1, reason="请写明隐患")
        visit = Visit.objects.get()
        correct_visit(visit, by=post, seen_version=2, answers=answers(hazards=["water"]), hazards_looked_at=True)
        assert Visit.objects.get().state == "submitted"


# --- through the page


def form_of(**given) -> dict:
    form = {name: value for name, value in answers().items() if name != "hazards"}
    return form | {"pk": str(uuid.uuid4()), "visited_on": today().isoformat(), "hazard": "no"} | given


def a_photo(width=2400, height=1200, kind="JPEG", **save) -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (width, height), (width % 256, 90, 90)).save(content, kind, **save)
    return SimpleUploadedFile("院子.jpg", content.getvalue(), "image/jpeg")


def test_the_page_answers_with_a_receipt(client, child, post):
    sign_in(client, post)
    page = client.post(f"/children/{child.pk}/visit/", form_of(), follow=True)
    assert f"回执 {Visit.objects.get().receipt}" in page.text


def test_last_times_answers_are_named_and_nothing_is_chosen(client, child, post):
    a_visit(child, by=post, care="fair", visited_on=today() - DAY)
    sign_in(client, post)
    page = client.get(f"/children/{child.pk}/visit/").text
    assert "上次：一般" in page and f"最多 {MAX_PHOTOS} 张" in page
    assert 'name="hazard" value="no" checked' not in page and 'name="care" value="fair" checked' not in page


def test_a_photo_is_kept_small_upright_sealed_and_without_metadata(client, child, post, settings):  # D26
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "34.78N 113.65E"
    sign_in(client, post)
    client.post(f"/children/{child.pk}/visit/", form_of(photos=a_photo(exif=exif.tobytes())))
    photo = VisitPhoto.objects.get()
    assert (photo.width, photo.height) == (800, 1600)
    shown = Image.open(io.BytesIO(read_photo(photo)))
    assert not shown.getexif() and shown.height > shown.width
    assert b"JFIF" not in (settings.MEDIA_ROOT / photo.file).read_bytes()
    answer = client.get(f"/visits/photos/{photo.pk}/")
    assert answer["Content-Type"] == "image/jpeg" and "no-store" in answer["Cache-Control"]


def test_a_visit_is_kept_where_the_server_has_no_room_for_its_photo(client, child, post, monkeypatch):
    """Said, and its words are there; of a correction too. A phone keeps its photo and sends it again."""

    def full(*_given):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    sign_in(client, post)
    page = client.post(f"/children/{child.pk}/visit/", form_of(photos=a_photo(), needs="棉被"), follow=True)
    visit = Visit.objects.get()
    assert visit.needs == "棉被" and not visit.photos.exists()
    assert "照片没有存上，走访的文字都已存下" in page.text
    VISIT.apply("return", visit, by=a_post(child.township), seen_version=visit.version, reason="请补充")
    visit.refresh_from_db()
    again = form_of(pk=str(visit.pk), photos=a_photo(), needs="棉被两床", version=str(visit.version))
    assert client.post(f"/visits/{visit.pk}/edit/", again).status_code == 302
    visit.refresh_from_db()
    assert (visit.needs, visit.state) == ("棉被两床", "submitted") and not visit.photos.exists()


def test_who_opens_a_photo_is_recorded(client, child, post):
    sign_in(client, post)
    client.post(f"/children/{child.pk}/visit/", form_of(photos=a_photo()))
    visit, photo = Visit.objects.get(), VisitPhoto.objects.get()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client.get(f"/visits/photos/{photo.pk}/")
        act = Audit.objects.get(action="view_visit_photo")
        assert (act.person, act.record) == (post.person, f"visits.visit:{visit.pk}")
        clock.shift(datetime.timedelta(minutes=9))
        client.get(f"/visits/photos/{photo.pk}/")
        assert Audit.objects.filter(action="view_visit_photo").count() == 1, "once in ten minutes"
        clock.shift(datetime.timedelta(minutes=2))
        client.get(f"/visits/photos/{photo.pk}/")
        assert Audit.objects.filter(action="view_visit_photo").count() == 2
    sign_in(client, a_post(a_village()))
    client.get(f"/visits/photos/{photo.pk}/")
    assert Audit.objects.filter(action="view_visit_photo").count() == 2, "who was not let in read nothing"


def returned_with_photos(client, child, post, number: int) -> Visit:
    sign_in(client, post)
    client.post(f"/children/{child.pk}/visit/", form_of(photos=[a_photo(2400 + 40 * n) for n in range(number)]))
    visit = Visit.objects.get()
    VISIT.apply("return", visit, by=a_post(post.unit.township), seen_version=1, reason="请补拍屋顶")
    return visit


def test_photos_of_a_correction_come_beside_the_first_ones(client, child, post):
    visit = returned_with_photos(client, child, post, 1)
    page = client.get(f"/visits/{visit.pk}/edit/").text
    assert "还能加 2 张" in page and f"最多 {MAX_PHOTOS} 张" in page
    form = form_of(pk=str(visit.pk), version="2", photos=[a_photo(1900), a_photo(1800)])
    assert client.post(f"/visits/{visit.pk}/edit/", form).status_code == 302
    assert visit.photos.count() == 3
    form["photos"] = [a_photo(1900), a_photo(1800)]
    assert client.post(f"/visits/{visit.pk}/edit/", form).status_code == 302, "sent twice: it is no longer returned"
    assert visit.photos.count() == 3


def test_more_photos_than_a_visit_takes_are_refused_in_words_and_nothing_is_saved(client, child, post):
    visit = returned_with_photos(client, child, post, 2)
    form = form_of(pk=str(visit.pk), version="2", photos=[a_photo(1900), a_photo(1800)], guardian_words="屋顶已修好")
    page = client.post(f"/visits/{visit.pk}/edit/", form)
    assert page.status_code == 422 and "已有 2 张，还能加 1 张" in page.text and "屋顶已修好" in page.text
    assert (Visit.objects.get().state, visit.photos.count()) == ("returned", 2)
    form["photos"] = a_photo(1900)
    assert client.post(f"/visits/{visit.pk}/edit/", form).status_code == 302
    assert (Visit.objects.get().guardian_words, visit.photos.count()) == ("屋顶已修好", 3)


def test_a_photo_of_10_mb_is_refused_in_words_and_nothing_is_saved(client, child, post):
    sign_in(client, post)
    big = SimpleUploadedFile("院子.jpg", b"\xff\xd8" + b"0" * 10_400_000, "image/jpeg")
    page = client.post(f"/children/{child.pk}/visit/", form_of(photos=big, met="李桂英"))
    assert page.status_code == 422 and "9.9 MB" in page.text and "李桂英" in page.text
    assert not Visit.objects.exists()


@pytest.mark.parametrize("content", [b"", b"not a picture", b"GIF89a", b"<svg onload=alert(1)>"])
def test_what_is_no_photo_is_refused(client, child, post, content):
    sign_in(client, post)
    page = client.post(f"/children/{child.pk}/visit/", form_of(photos=SimpleUploadedFile("a.jpg", content)))
    assert page.status_code in (302, 422)
    assert page.status_code == 302 and not content or (not Visit.objects.exists() and "不是能用的照片" in page.text)


def test_a_photo_of_another_place_is_not_found(client, child, post):
    sign_in(client, post)
    client.post(f"/children/{child.pk}/visit/", form_of(photos=a_photo()))
    photo = VisitPhoto.objects.get()
    sign_in(client, a_post(a_village()))
    assert client.get(f"/visits/photos/{photo.pk}/").status_code == 404


@pytest.mark.usefixtures("no_frame")
@pytest.mark.parametrize("field", ["visited_on", "outcome", "care", "hazard", "next_on", "guardian_words", "latitude"])
@pytest.mark.parametrize("value", ["x" * 3000, "\x00", "2016-02-30", "-1", "<b>"])
def test_nonsense_in_any_field_is_never_a_fault(client, child, post, field, value):
    sign_in(client, post)
    assert client.post(f"/children/{child.pk}/visit/", form_of(**{field: value})).status_code in (302, 422)


def test_the_day_shows_what_is_late_what_comes_and_what_came_back(client, post):
    late = an_approved_file(post.unit, name="张子涵", on=today() - 36 * DAY)
    an_approved_file(post.unit, name="赵梦琪", on=today() - 27 * DAY)
    back = a_visit(an_approved_file(post.unit, name="李明轩", on=today() - 2 * DAY), by=post)
    VISIT.apply("return", back, by=a_post(post.unit.township), seen_version=1, reason="请补充照看人电话")
    sign_in(client, post)
    page = client.get("/today/").text
    assert "逾期 6 天" in page and "请补充照看人电话" in page
    assert page.index("李明轩") < page.index("张子涵") < page.index("赵梦琪")
    a_visit(late, by=post)
    assert "逾期 6 天" not in client.get("/today/").text


@pytest.mark.parametrize("days, flagged", [(7, False), (8, True)])
def test_parents_who_called_within_a_week_are_not_flagged(child, post, days, flagged):
    """未成年人保护法 第二十三条: at least once a week."""
    visit = a_visit(child, by=post, parent_contact_on=today() - days * DAY)
    assert ("no_weekly_contact" in visit.flags) is flagged


def test_one_photo_too_many_is_told_at_the_photos_and_not_above_the_form(client, child, post):
    sign_in(client, post)
    files = [an_upload(f"{n}.jpg", size=(60, 40)) for n in range(4)]
    said = {name: value for name, value in answers().items() if value not in (None, "")}
    page = client.post(f"/children/{child.pk}/visit/", said | {"hazard": "no", "photos": files})
    form = page.context["form"]
    assert page.status_code == 422 and "最多 3 张" in form.errors["photos"][0] and not form.non_field_errors()
    assert 'id="id_photos_error"' in page.text and 'data-most="3"' in page.text


def a_coloured_photo(colour: str) -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(content, "JPEG")
    return SimpleUploadedFile("photo.jpg", content.getvalue(), "image/jpeg")


def send_again(client, child, *colours, **given):
    """The same answers within minutes, from a new copy of the form unless a key is given."""
    key = {"pk": str(uuid.uuid4())} | given
    return client.post(f"/children/{child.pk}/visit/", form_of(photos=[a_coloured_photo(c) for c in colours], **key))


def test_the_same_answers_with_other_photos_lose_none(client, child, post):
    sign_in(client, post)
    assert send_again(client, child, "teal").status_code == 302
    assert send_again(client, child, "teal", "white").status_code == 302
    visit = Visit.objects.get()
    assert visit.photos.count() == 2, "the one it has is not kept twice, the other joins it"
    assert Audit.objects.filter(action="add_visit_photo").count() == 1
    assert send_again(client, child).status_code == 302
    assert send_again(client, child, "red", pk=str(visit.pk)).status_code == 302
    assert (Visit.objects.count(), visit.photos.count()) == (1, 3)


def test_photos_for_which_the_first_has_no_room_come_with_a_visit_of_their_own(client, child, post):
    sign_in(client, post)
    send_again(client, child, "teal", "white")
    assert send_again(client, child, "red", "blue").status_code == 302
    assert sorted(visit.photos.count() for visit in Visit.objects.all()) == [2, 2]


def test_nothing_is_added_to_a_visit_that_was_accepted(client, child, post):
    sign_in(client, post)
    send_again(client, child, "teal")
    visit = Visit.objects.get()
    VISIT.apply("accept", visit, by=a_post(child.township), seen_version=1)
    assert send_again(client, child, "teal", pk=str(visit.pk)).status_code == 302, "it has that photo"
    assert send_again(client, child, "white", pk=str(visit.pk)).status_code == 409
    assert send_again(client, child, "white").status_code == 302
    assert visit.photos.count() == 1 and Visit.objects.exclude(pk=visit.pk).get().photos.count() == 1


def test_the_same_answers_again_after_a_return_are_not_told_as_sent(child, clerk):
    """A new copy of the form, minutes after the visit came back: it is to be completed, not sent beside it."""
    visit = a_visit(child)
    VISIT.apply("return", visit, by=clerk, seen_version=visit.version, reason="请补充")
    with pytest.raises(Refused, match="已被退回"):
        log_visit(child, by=visit.made_in, answers=answers(), hazards_looked_at=True)
    assert Visit.objects.count() == 1


def test_what_was_noticed_is_proposed_once_though_the_visit_was_accepted_between(child, clerk):
    by = a_post(child.village)
    changes = {"address": {"base": child.address, "value": "九组"}}
    given = {"answers": answers(), "hazards_looked_at": True, "changes": changes}
    visit = log_visit(child, by=by, **given)
    VISIT.apply("accept", visit, by=clerk, seen_version=visit.version)
    again = log_visit(child, by=by, **given)
    assert again == visit and child.changes.count() == 1


@pytest.mark.parametrize("same_key", [True, False])
def test_what_is_noticed_only_the_second_time_is_never_dropped(child, clerk, same_key):
    """The same answers again, now with a change of the file: under the same key it is other content, under another it
    comes with a visit of its own where the first was accepted."""
    by, key = a_post(child.village), uuid.uuid4()
    visit = log_visit(child, by=by, pk=key, answers=answers(), hazards_looked_at=True)
    VISIT.apply("accept", visit, by=clerk, seen_version=visit.version)
    changes = {"address": {"base": child.address, "value": "九组"}}
    given = {"answers": answers(), "hazards_looked_at": True, "changes": changes}
    if same_key:
        with pytest.raises(SentBefore):
            log_visit(child, by=by, pk=key, **given)
        assert child.changes.count() == 0
    else:
        assert log_visit(child, by=by, pk=uuid.uuid4(), **given) != visit and child.changes.count() == 1


def test_one_more_thing_noticed_the_second_time_joins_the_first(child, clerk):
    """Only what is new is proposed, the visit wears its flag, and who has the first on her desk reads it anew."""
    by = a_post(child.village)
    given = {"answers": answers(), "hazards_looked_at": True}
    address = {"address": {"base": child.address, "value": "九组"}}
    school = {"school": {"base": child.school, "value": "第二小学"}}
    visit = log_visit(child, by=by, pk=uuid.uuid4(), **given)
    assert log_visit(child, by=by, pk=uuid.uuid4(), changes=address, **given) == visit
    assert log_visit(child, by=by, pk=uuid.uuid4(), changes=address | school, **given) == visit
    assert log_visit(child, by=by, pk=uuid.uuid4(), changes=address | school, **given) == visit
    proposed = [sorted(change.fields.values_list("name", flat=True)) for change in child.changes.order_by("made_at")]
    assert proposed == [["address"], ["school"]]
    visit.refresh_from_db()
    assert "family_changed" in visit.flags
    with pytest.raises(Stale):
        VISIT.apply("accept", visit, by=clerk, seen_version=1)


def test_an_old_copy_of_a_returned_visit_is_told_to_be_completed(client, child, post, clerk):
    sign_in(client, post)
    form = form_of(pk=str(uuid.uuid4()))
    client.post(f"/children/{child.pk}/visit/", form, follow=True)
    VISIT.apply("return", Visit.objects.get(), by=clerk, seen_version=1, reason="请补充")
    page = client.post(f"/children/{child.pk}/visit/", form, follow=True)
    assert "已被退回，没有再送" in page.text and "已送到工作站" not in page.text
    assert f"/visits/{Visit.objects.get().pk}/edit/" in page.text


def test_of_two_sent_before_the_one_that_waits_takes_what_comes(child, clerk):
    by = a_post(child.village)
    given = {"answers": answers(), "hazards_looked_at": True}
    returned = log_visit(child, by=by, pk=uuid.uuid4(), **given)
    VISIT.apply("accept", returned, by=clerk, seen_version=1)
    changes = {"address": {"base": child.address, "value": "九组"}}
    waiting = log_visit(child, by=by, pk=uuid.uuid4(), changes=changes, **given)
    Visit.objects.filter(pk=returned.pk).update(state="returned")
    assert log_visit(child, by=by, pk=uuid.uuid4(), **given) == waiting != returned


def test_the_same_photo_chosen_twice_is_kept_once(client, child, post):
    sign_in(client, post)
    send_again(client, child, "teal", "teal", "white")
    assert Visit.objects.get().photos.count() == 2
    send_again(client, child, "red", "red")
    assert Visit.objects.get().photos.count() == 3


def test_a_joined_photo_is_seen_before_the_visit_is_decided(client, child, post, clerk):
    sign_in(client, post)
    send_again(client, child, "teal")
    send_again(client, child, "white")
    with pytest.raises(Stale):
        VISIT.apply("accept", Visit.objects.get(), by=clerk, seen_version=1)


def test_a_visit_that_came_back_again_is_read_before_the_faults_of_what_was_written_earlier(post, child):
    visit, clerk = a_visit(child, by=post), a_post(post.unit.township)
    VISIT.apply("return", visit, by=clerk, seen_version=1, reason="请写明隐患")
    correct_visit(visit, by=post, seen_version=2, answers=answers(), hazards_looked_at=True)
    VISIT.apply("return", visit, by=clerk, seen_version=3, reason="还要补电话")
    with pytest.raises(Stale, match="退回"):
        correct_visit(visit, by=post, seen_version=2, answers=answers(visited_on=None), hazards_looked_at=False)
