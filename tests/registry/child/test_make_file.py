"""A director makes a child's file: what is right is kept, what is wrong is said at its field, nothing is half-saved."""

import datetime
import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from registry.categories.models import CategoryMembership
from registry.child.models import ChildFile
from registry.child.services.files import complete_file, make_file
from registry.family.models import FamilyMember, Guardian
from tests.builders import a_file, a_village, an_id_number, facts, search_for, sign_in

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def refused(village, by, **child) -> dict:
    with pytest.raises(ValidationError) as error:
        make_file(by=by, village=village, **facts(**child))
    assert not ChildFile.objects.exists() and not Guardian.objects.exists() and not CategoryMembership.objects.exists()
    return error.value.message_dict


def test_a_file_with_its_people_and_categories(post):
    given = facts()
    given["family"] = [
        {"relation": "father", "name": "张建国", "away": True, "away_at": "深圳市", "phone": "13800009999"}
    ]
    file = make_file(by=post, village=post.unit, **given)
    file = ChildFile.objects.get(pk=file.pk)
    assert (file.state, file.pinyin, file.initials, file.given_name) == ("draft", "zhangzihan", "zzh", "子涵")
    assert file.category_codes == "left_behind" and file.county == post.unit.county
    assert file.guardians.get().phone == "13800004321"
    assert FamilyMember.objects.get().away_at == "深圳市"
    assert file.events.get().action == "make"


def test_the_number_fills_birth_date_and_sex(post):
    number = an_id_number(datetime.date(2018, 6, 17), "male")
    file = a_file(post.unit, by=post, id_number=number, birth_date=None, sex="")
    assert (file.birth_date, file.sex) == (datetime.date(2018, 6, 17), "male")


def test_a_birth_date_that_the_number_denies(post):
    said = refused(post.unit, post, id_number=an_id_number(), birth_date=datetime.date(2016, 3, 15))
    assert "2017年3月15日" in said["birth_date"][0]


def test_a_sex_that_the_number_denies(post):
    number = an_id_number(sex="female")
    assert "sex" in refused(post.unit, post, id_number=number, sex="male")


@pytest.mark.parametrize(
    ("birth_date", "says"),
    [(datetime.date(2090, 1, 1), "今天之后"), (datetime.date(2005, 1, 1), "已满 2")],
)
def test_a_future_birth_date_and_a_grown_up(post, birth_date, says):
    said = refused(post.unit, post, id_number="", no_id_reason="not_yet", birth_date=birth_date)
    assert says in said["birth_date"][0]


def test_no_number_needs_a_reason(post):
    assert "id_number" in refused(post.unit, post, id_number="", no_id_reason="")
    assert a_file(post.unit, by=post, id_number="", no_id_reason="not_yet").id_number == ""


def test_a_left_behind_child_is_under_16(post):
    born = TODAY() - datetime.timedelta(days=int(16.5 * 365))
    said = refused(post.unit, post, id_number="", no_id_reason="not_yet", birth_date=born)
    assert "16 周岁" in said["categories"][0]


def test_a_category_from_tomorrow_or_from_before_birth(post):
    tomorrow = TODAY() + datetime.timedelta(days=1)
    assert "categories" in refused(post.unit, post, categories={"left_behind": {"since": tomorrow}})
    early = {"left_behind": {"since": datetime.date(2017, 1, 1)}}
    assert "categories" in refused(post.unit, post, categories=early)


def test_difficulty_names_its_kind(post):
    assert "difficulty" in refused(post.unit, post, categories={"difficulty": {"since": TODAY()}})


def test_who_dropped_out_says_since_when(post):
    assert "out_of_school_since" in refused(post.unit, post, schooling="dropped_out")


def test_all_problems_are_told_at_once(post):
    said = refused(post.unit, post, id_number="123", birth_date=None, sex="", categories={}, schooling="dropped_out")
    assert {"id_number", "birth_date", "categories", "out_of_school_since"} <= set(said)


def test_a_disability_certificate_is_sealed_and_masked(client, post):
    file = a_file(
        post.unit, by=post, disability="4", disability_grade="2", disability_certificate="41019920170315002943"
    )
    sign_in(client, post)
    page = client.get(f"/children/{file.pk}/").text
    assert "410****2943" in page and "41019920170315002943" not in page
    shown = client.post(f"/children/{file.pk}/reveal/", {"field": "disability_certificate"})
    assert "41019920170315002943" in shown.text


def test_a_number_in_ones_own_place_is_shown_with_its_file(post):
    number = a_file(post.unit, by=post).id_number
    with pytest.raises(ValidationError) as error:
        make_file(by=post, village=post.unit, **facts(id_number=number))
    assert "张子涵" in error.value.message_dict["id_number"][0]


def test_a_number_in_another_county_tells_whom_to_ask_and_nothing_else(post):
    other = a_file(a_village(), name="李明轩")
    with pytest.raises(ValidationError) as error:
        make_file(by=post, village=post.unit, **facts(id_number=other.id_number))
    said = error.value.message_dict["id_number"][0]
    assert other.county.centre_name in said and "李明轩" not in said and other.village.short_name not in said


def test_a_unit_outside_ones_scope_is_refused(post):
    with pytest.raises(PermissionDenied):
        make_file(by=post, village=a_village(), **facts())


@pytest.mark.both
def test_the_same_form_sent_twice_makes_one_file(post):  # D15
    pk = uuid.uuid4()
    given = facts()
    one = make_file(by=post, village=post.unit, pk=pk, **given)
    two = make_file(by=post, village=post.unit, pk=pk, **given)
    assert one == two and ChildFile.objects.count() == 1


@pytest.mark.both
def test_of_two_who_complete_a_draft_the_second_is_told(post):
    file = a_file(post.unit, by=post)
    given = facts(id_number=file.id_number, address="三组")
    complete_file(ChildFile.objects.get(), by=post, seen_version=1, **given)
    with pytest.raises(Exception, match="刚被他人改过"):
        complete_file(
            ChildFile.objects.get(), by=post, seen_version=1, **facts(id_number=file.id_number, address="五组")
        )
    assert ChildFile.objects.get().address == "三组"


# --- through the page


def form_of(post, **given) -> dict:
    return {
        "pk": str(uuid.uuid4()), "village": str(post.unit.uid), "categories": ["left_behind"], "since": "2024-03-01",
        "name": "刘雨欣", "id_number": an_id_number(), "nation": "01", "guardian_name": "刘桂芳",
        "guardian_relation": "paternal_grandmother", "guardian_phone": "13800001234",
    } | given  # fmt: skip


def test_the_page_saves_and_sends_to_the_station(client, post):
    sign_in(client, post)
    page = client.post("/children/new/", form_of(post, submit="1"), follow=True)
    assert page.status_code == 200 and "已送到工作站" in page.text
    assert ChildFile.objects.get().state == "submitted"


def test_the_page_keeps_what_was_typed_and_says_what_is_wrong(client, post):
    sign_in(client, post)
    page = client.post("/children/new/", form_of(post, guardian_phone="138 0000 123", address="三组东头"))
    assert page.status_code == 422
    assert "少 1 位" in page.text and "三组东头" in page.text and "刘桂芳" in page.text
    assert not ChildFile.objects.exists()


@pytest.mark.parametrize(
    "field", ["name", "id_number", "birth_date", "village", "since", "father_birth_date", "nation"]
)
@pytest.mark.parametrize("value", ["x" * 3000, "\x00\x01", "2016-02-30", "<script>", "-1", "９９９９"])
def test_nonsense_in_any_field_is_never_a_fault(client, post, field, value):
    sign_in(client, post)
    page = client.post("/children/new/", form_of(post, **{field: value}))
    assert page.status_code in (302, 422)


def test_a_minority_name_is_found_by_part_and_pinyin(client, post):  # D09
    sign_in(client, post)
    client.post("/children/new/", form_of(post, name="阿依努尔•麦麦提"))
    for text in ("阿依", "麦麦提", "ayinuer", "ayne"):
        assert "阿依努尔·麦麦提" in search_for(client, "/children/", {"q": text}).text, text


def test_a_name_saved_with_a_blank_is_found_without(client, post):  # D11
    sign_in(client, post)
    client.post("/children/new/", form_of(post, name="张 三"))
    assert ChildFile.objects.get().name == "张三"
    for text in ("张三", "张 三", "zs"):
        assert "张三" in search_for(client, "/children/", {"q": text}).text.split("<tbody>")[1]


@pytest.mark.both
def test_a_rare_character_is_saved_listed_and_found(client, post):  # D10
    sign_in(client, post)
    client.post("/children/new/", form_of(post, name="王\U00010864"))
    assert "王\U00010864" in search_for(client, "/children/", {"q": "王\U00010864"}).text.split("<tbody>")[1]


@pytest.mark.both
def test_the_whole_number_in_any_typing_finds_the_file(client, post):
    file = a_file(post.unit, by=post)
    sign_in(client, post)
    typed = f"{file.id_number[:6]} {file.id_number[6:].lower()}"
    assert file.name in search_for(client, "/children/", {"q": typed}).text.split("<tbody>")[1]
