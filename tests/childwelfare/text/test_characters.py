"""Characters that only look right come in their usual code; what is no character is refused where it is typed."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError

from childwelfare.text.characters import CJK_RADICALS, GBK, GBK_FROM, GBK_VERTICAL, KANGXI, KNOWN
from childwelfare.text.cleaning import check_name, check_people, check_text, clean_name, clean_text


@pytest.mark.parametrize(
    "typed, name",
    [
        ("\u2ee2超", "马超"),  # the radical of a PDF
        ("\u2f32露", "干露"),
        ("\uf9b4华", "領华"),  # compatibility ideograph
        ("王\ue863", "王䶮"),  # GBK font's private area
        ("王\ue831", "王\U000215d7"),
        ("王\ue817", "王\U00020089"),
        ("葛\U000e0100亮", "葛亮"),  # variation selector
        ("张\ufe0f三\ufe00", "张三"),
        ("张三\uffff", "张三"),
        ("\u202a张三\u202c", "张三"),
    ],
)
def test_a_look_alike_is_the_character_it_looks_like(typed, name):
    assert check_name(typed) == clean_name(typed) == name
    assert check_text(typed) == clean_text(typed) == name


def test_no_known_look_alike_leads_to_another():
    """Each of the table becomes a character that everybody knows, and stays it."""
    assert set(KANGXI) < set(KNOWN) and len(GBK) == 80 and len(GBK_VERTICAL) == 10
    assert not set(CJK_RADICALS[1::2]) & set(CJK_RADICALS[::2])
    for code, character in KNOWN.items():
        if character is not None:
            assert clean_text(chr(code)) == character and unicodedata.category(character) not in ("Co", "Cs"), hex(code)
            assert ord(character) not in KNOWN or code < GBK_FROM, hex(code)


@pytest.mark.parametrize(
    "strange", ["\ue000", "\uf8ff", "\U000f0000", "\ufffd", "😀", "❤", "👍🏽", "张\u0301", "™", "½", "\u0378"]
)
def test_what_is_no_character_of_a_name_is_refused_by_its_code(strange):
    with pytest.raises(ValidationError) as refused:
        check_name(f"张{strange}")
    assert f"U+{ord(strange[-1] if strange[0] == '张' else strange[0]):04X}" in str(refused.value)


@pytest.mark.parametrize("strange", ["\ue000", "\ufffd", "😀", "\u0378"])
def test_what_nobody_can_print_is_refused_in_an_address(strange):
    with pytest.raises(ValidationError):
        check_text(f"刘沟村{strange}组")


@pytest.mark.parametrize(
    "name",
    [
        "王\U00031350",
        "李〇",
        "佐佐木々",
        "阿依努尔·麦麦提",
        "Anna-Maria O'Neil",
        "Nguyễn Văn A",
        "ئايگۈل",
        "བསྟན་འཛིན",
        "ᠪᠠᠲᠤ",
        "김민준",
    ],
)
def test_a_name_in_any_script_and_the_newest_characters_stay(name):
    assert check_name(name) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize("strange", ["\ue000", "\ufffd", "😀", "❤", "👍🏽", "™", "\u0378"])
def test_what_stands_in_nobodys_name_is_refused_where_people_are_named_in_words(strange):
    with pytest.raises(ValidationError):
        check_people(f"王芳{strange}，姑姑")


@pytest.mark.parametrize("words", ["李桂英，奶奶", "姑姑王芳（13 岁时起同住）、姑父", "奶奶 + 小叔", "阿依努尔·麦麦提"])
def test_people_are_named_in_words_as_one_writes_them(words):
    assert check_people(words) == words


def test_a_text_keeps_the_signs_that_offices_write():
    assert check_text("3 号楼 ② 单元 12 ㎡ № 5 ℃ ★") == "3 号楼 ② 单元 12 ㎡ № 5 ℃ ★"
