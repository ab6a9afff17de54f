"""A file is found by what people know of it, and by nothing outside the own place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from childwelfare.security.tails import tail_index, tail_indexes
from registry.changes.services import approve_change
from registry.child.models import ChildFile
from registry.family.models import Guardian
from registry.lists.search import in_county_of, search
from tests.builders import (
    a_change,
    a_file,
    a_post,
    a_unit,
    a_village,
    an_approved_file,
    facts,
    fresh,
    search_for,
    sign_in,
)

pytestmark = pytest.mark.django_db


def found(post, text: str) -> set[str]:
    files = ChildFile.objects.visible_to(post, "view_child")
    return set(search(in_county_of(files, post), text).values_list("name", flat=True))


@pytest.mark.both
@pytest.mark.parametrize("typed", ["阿依努尔", "阿依努尔•麦麦提", "麦麦提", "ayinuer", "AYN", " 阿依 努尔 "])
def test_by_the_name_its_part_after_the_dot_and_its_letters(village, clerk, typed):  # D09, D11
    a_file(village, name="阿依努尔·麦麦提")
    a_file(village, name="刘雨欣")
    assert found(clerk, typed) == {"阿依努尔·麦麦提"}


def test_by_the_letters_of_the_carers_name_from_five_on(village, clerk):
    a_file(village, name="张子涵")  # in the care of 李桂英
    assert found(clerk, "ligui") == {"张子涵"}
    assert found(clerk, "ligu") == set(), "fewer letters begin the names of too many carers"


def test_by_a_character_that_only_looks_like_the_name_s(village, clerk):
    a_file(village, name="马超")
    assert found(clerk, "\u2ee2超") == found(clerk, "马超") == {"马超"}


@pytest.mark.both
@pytest.mark.parametrize(
    "name, typed",
    [
        ("张乐", "zhangle zhangyue zhangyu zl zy"),
        ("单于子", "chanyu danyu cyz"),
        ("吕明", "lvming lüming luming lyuming lǚ Lü'ming lm"),
        ("阿依努尔·麦麦提", "阿依努尔麦麦提 阿依努尔麦 阿依努尔·麦 阿依努尔.麦麦提 麦麦提"),
        ("席安安", "xi'anan xianan xi’an"),
    ],
)
def test_by_each_reading_and_typing_of_a_name(village, clerk, name, typed):
    a_file(village, name=name)
    a_file(village, name="王子涵")
    for each in typed.split():
        assert found(clerk, each) == {name}, each


def test_other_spellings_follow_the_name_and_the_carer(village, clerk):
    file = a_file(village, name="张乐")
    guardian = file.guardians.get()
    guardian.name = "曾吕氏"
    guardian.save()
    assert found(clerk, "zhangyue") == found(clerk, "cenglu") == found(clerk, "cenglyushi") == {"张乐"}
    assert found(clerk, "ceng") == set(), "fewer letters begin the names of too many carers"
    file = ChildFile.objects.get(pk=file.pk)
    file.name = "张红"
    file.save()
    assert found(clerk, "zhangyue") == set() and found(clerk, "zhanggong") == {"张红"}
    guardian.name = "王静"
    guardian.save()
    assert found(clerk, "cenglyushi") == set()


def test_a_name_in_another_reading_is_found_in_the_own_place_only(village):
    a_file(a_village(), name="张乐")
    assert found(a_post(village.township), "zhangyue") == set()


@pytest.mark.both
def test_never_by_the_middle_of_a_name(village, clerk):
    a_file(village, name="张子涵")
    assert found(clerk, "涵") == set() and found(clerk, "子涵") == {"张子涵"}


@pytest.mark.both
def test_by_the_last_digits_of_the_id_number(village, clerk):
    a_file(village, name="张子涵", id_number="410199201806170047", birth_date=None)
    a_file(village, name="刘雨欣", phone="")
    for typed in ("0047", "70047", "170047", "06170047", " 00 47", "００４７", "0617-0047"):
        assert found(clerk, typed) == {"张子涵"}, typed
    for typed in ("1047", "80047", "047"):
        assert found(clerk, typed) == set(), typed


def test_an_id_number_that_ends_in_x_is_found_with_either_letter(village, clerk):  # D12
    number = next(n for n in (_numbers()) if n.endswith("X"))
    a_file(village, name="张子涵", id_number=number, birth_date=None, sex=None)
    assert found(clerk, number[-4:].lower()) == found(clerk, number[-6:]) == {"张子涵"}


def _numbers():
    from tests.builders import an_id_number

    while True:
        yield an_id_number()


@pytest.mark.both
@pytest.mark.parametrize(
    "typed",
    [
        "1234",
        "01234",
        "0000 1234",
        "13800001234",
        "+86 138-0000-1234",
        "１３８００００１２３４",
        "008613800001234",
        "(+86)138 0000 1234",
        "\u202a+86 138 0000 1234\u202c",
        "8613800001234",
    ],
)
def test_by_the_phone_of_the_child_in_any_typing(village, clerk, typed):
    a_file(village, name="张子涵", phone="13800001234")
    a_file(village, name="刘雨欣", phone="13800005678")
    assert found(clerk, typed) == {"张子涵"}


@pytest.mark.both
def test_by_the_guardian_and_only_by_who_cares_now(village, clerk):
    file = an_approved_file(village, name="张子涵")
    for typed in ("李桂英", "李桂", "liguiying", "4321", "13800004321"):
        assert found(clerk, typed) == {"张子涵"}, typed
    assert found(clerk, "李") == set(), "a surname alone is no guardian"
    change = a_change(file, guardian_name="赵敏", guardian_phone="13900007777")
    approve_change(change, by=fresh(clerk), seen_version=change.version)
    assert found(clerk, "赵敏") == found(clerk, "7777") == {"张子涵"}
    assert found(clerk, "李桂英") == found(clerk, "4321") == set()


def test_when_a_guardian_ends_the_next_one_is_found(village, clerk):
    file = a_file(village, name="张子涵")
    old = file.guardians.get()
    old.until = "2026-01-01"
    old.save()
    assert found(clerk, "李桂英") == set()
    Guardian(child=file, name="赵敏", relation="aunt").save()
    assert found(clerk, "赵敏") == {"张子涵"}
    file.save()
    assert found(clerk, "赵敏") == {"张子涵"}, "a later saving of the file keeps it"


@pytest.mark.both
def test_by_the_file_number_its_beginning_and_its_end(village, clerk):
    file = an_approved_file(village, name="张子涵")
    number = file.file_number
    assert number.endswith("-0001")
    for typed in (number, number.lower(), number[:-3], "0001", f"{number[-7:-5]}0001"):
        assert found(clerk, typed) == {"张子涵"}, typed
    assert found(clerk, "0002") == set()


def test_by_a_file_number_with_an_official_code_with_and_without_dashes(clerk, village):
    coded = a_unit(village.township, code="410182106203")
    file = an_approved_file(coded, name="张子涵")
    for typed in (file.file_number, file.file_number.replace("-", ""), "410182106203", "410182"):
        assert found(clerk, typed) == {"张子涵"}, typed


def test_no_search_reaches_beyond_the_own_place(village):
    elsewhere = a_village()
    a_file(elsewhere, name="张子涵", id_number="410199201806170047", birth_date=None)
    clerk = a_post(village.township)
    for typed in ("张子涵", "zzh", "0047", "170047", "410199201806170047", "13800001234", "李桂英", "4321"):
        assert found(clerk, typed) == set(), typed


@pytest.mark.both
@pytest.mark.parametrize("typed", ["%", "_", "' OR 1=1", "\x00", "𡐤", "9" * 60, "U", "0" * 12, "-", "+86", "x"])
def test_odd_texts_find_nothing_and_break_nothing(client, village, clerk, typed):  # D10
    a_file(village, name="张子涵")
    assert found(clerk, typed) in (set(), {"张子涵"} if not typed.strip("\x00") else set())
    sign_in(client, clerk)
    assert search_for(client, "/children/", {"q": typed}).status_code == 200


@given(st.from_regex(r"(1[0-9]{10}|0[0-9]{9,11})", fullmatch=True))
def test_the_end_of_any_phone_number_is_among_those_asked_for(number):
    assert tail_index(number, "phone") in tail_indexes(number[-4:], "phone")


def test_a_tail_is_indexed_with_its_own_part_of_the_number():
    """Equal ends of numbers of different years or networks do not look equal."""
    assert tail_index("410199201806170047", "id_number") != tail_index("410199201706170047", "id_number")
    assert tail_index("13800001234", "phone") != tail_index("13900001234", "phone") != ""
    assert tail_index("", "phone") == tail_index("1234", "phone") == ""


@pytest.mark.parametrize("length", [4, 5, 8])
def test_the_end_of_a_number_is_found_wherever_files_are_searched(client, village, clerk, length):
    number = "410199201806170047"
    an_approved_file(village, name="张子涵", id_number=number, birth_date=None)
    other = an_approved_file(village, name="李小红")
    sign_in(client, clerk)
    for where in ("/children/", "/search/", f"/children/{other.pk}/merge/"):
        assert "张子涵" in search_for(client, where, {"q": number[-length:]}).text, where
    found = client.post("/api/v1/children/search/", {"search": number[-length:]}).json()
    assert [row["name"] for row in found["results"]] == ["张子涵"]


def test_the_api_searches_as_the_page_does(client, village, clerk):
    a_file(village, name="张子涵", id_number="410199201806170047", birth_date=None)
    sign_in(client, clerk)
    rows = client.post("/api/v1/children/search/", {"search": "0047"}).json()["results"]
    assert [row["name"] for row in rows] == ["张子涵"]
    assert facts()["child"]["name"] == "张子涵"
