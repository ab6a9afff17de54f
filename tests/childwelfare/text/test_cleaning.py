"""What people type comes to one stored form, and what can't be right says why."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from childwelfare.text.cleaning import check_name, check_phone, clean_date, clean_digits, clean_name, clean_text
from childwelfare.text.pinyin import (
    MOST_SPELLINGS,
    ORDER_LENGTH,
    READINGS,
    letters_to_pick_by,
    name_initials,
    name_order,
    name_pinyin,
    other_spellings,
    typed_letters,
)
from registry.child.models import given_name


@pytest.mark.parametrize("dot", "·•‧・．∙")
def test_the_middle_dot_in_every_typing_is_one(dot):  # D09
    assert check_name(f"阿依努尔{dot}麦麦提") == "阿依努尔·麦麦提"


@pytest.mark.parametrize("typed", ["张 三", " 张三 ", "张\u3000三", "张\u200b三", "张\ufeff三\u200d"])
def test_blanks_and_invisible_characters_do_not_count(typed):  # D11
    assert check_name(typed) == "张三"


def test_a_rare_character_stays():  # D10
    assert check_name("王\U00010864") == "王\U00010864"


def test_a_latin_name_keeps_its_blanks():
    assert check_name("Anna  Maria") == "Anna Maria"


@pytest.mark.parametrize("typed", ["", "  ", "张3", "张<b>", "张@"])
def test_what_is_no_name_is_refused(typed):
    with pytest.raises(ValidationError):
        check_name(typed)


@given(st.text(max_size=30))
def test_cleaning_twice_changes_nothing(text):
    assert clean_name(clean_name(text)) == clean_name(text)
    assert clean_text(clean_text(text)) == clean_text(text)
    assert clean_digits(clean_digits(text)) == clean_digits(text)


def test_a_phone_says_how_many_digits_are_missing():
    with pytest.raises(ValidationError) as refused:
        check_phone("138 0000 123")
    assert "少 1 位" in refused.value.messages[0]
    assert check_phone("+86 138-0000-1234") == "13800001234"
    assert check_phone("0371-55500118") == "037155500118"


@pytest.mark.parametrize(
    "typed", ["2016-03-01", "2016/3/1", "2016.3.1", "2016年3月1日", "20160301", "２０１６-０３-０１"]
)
def test_a_date_in_the_usual_writings(typed):
    assert clean_date(typed) == datetime.date(2016, 3, 1)


@pytest.mark.parametrize("typed", ["2016-02-30", "昨天", "42430"])
def test_a_date_that_is_none_is_refused(typed):
    with pytest.raises(ValidationError):
        clean_date(typed)


def test_surnames_are_read_as_surnames():
    assert name_pinyin("单雄信") == "shanxiongxin"
    assert name_initials("曾志伟") == "zzw"
    assert name_pinyin("尉迟恭").startswith("yuchi")
    assert name_pinyin("阿依努尔·麦麦提") == "ayinuermaimaiti"


def test_a_unit_is_picked_by_the_letters_of_each_unit_on_its_path():
    assert {"gcx", "lgc", "liugoucun", "gcxlgc"} <= set(letters_to_pick_by("高村乡 › 刘沟村").split())
    assert letters_to_pick_by("张子涵") == "zzh zhangzihan"


@pytest.mark.parametrize(
    "name, spellings",
    [
        ("张乐", {"zhangyue", "zy"}),
        ("乐嘉", {"lejia", "lj"}),
        ("单于子", {"danyuzi"}),
        ("吕明", {"luming", "lyuming"}),
        ("曾乐", {"cengle", "cengyue", "zengyue"}),
        ("阿依努尔·麦麦提", {"阿依努尔麦麦提"}),
    ],
)
def test_a_name_is_known_by_each_way_to_type_it(name, spellings):
    assert spellings <= other_spellings(name)
    assert not {name_pinyin(name), name_initials(name)} & other_spellings(name)


def test_a_usual_name_has_one_spelling_and_the_oddest_not_too_many():
    assert other_spellings("张子涵") == other_spellings("") == frozenset()
    assert len(other_spellings("乐行长朝重曾单盛" * 5)) <= 2 * MOST_SPELLINGS


def test_each_reading_is_one_that_dictionaries_know():
    from pypinyin import Style, pinyin

    for character, readings in READINGS.items():
        known = {syllable.replace("ü", "v") for syllable in pinyin(character, style=Style.NORMAL, heteronym=True)[0]}
        assert set(readings.split()) <= known or character == "谌", character  # also Shèn as a surname


@pytest.mark.parametrize(
    "typed, letters",
    [("Lǚ Xi'an", "lvxian"), ("xi’an", "xian"), ("ＬＹＵ", "lyu"), ("zh-n", "zhn"), ("张", ""), ("%", "")],
)
def test_letters_as_people_type_them(typed, letters):
    assert typed_letters(typed) == letters


def test_order_by_pinyin_keeps_each_surname_together():
    """Syllable by syllable, then the character: 林 lin stands behind every 李 li, 黎 li does not stand among them."""
    mixed = [
        "林一",
        "李娜",
        "刘洋",
        "黎明",
        "李静",
        "林子",
        "李强",
        "黎安",
        "吕明",
        "陆一",
        "单于子",
        "单一",
        "曾一",
        "王𡐤",
    ]
    assert sorted(mixed, key=name_order) == [
        "单于子", "李静", "李娜", "李强", "黎安", "黎明", "林一", "林子", "刘洋", "陆一", "吕明", "单一", "王𡐤",
        "曾一",
    ]  # fmt: skip
    assert name_order("阿依努尔·麦麦提") == name_order("阿依努尔麦麦提") != name_order("阿依努尔·麦麦")
    assert len(name_order("张" * 50)) <= ORDER_LENGTH


def test_the_given_name_is_searchable_by_itself():
    assert given_name("张子涵") == "子涵"
    assert given_name("欧阳娜娜") == "娜娜"
    assert (given_name("单于子"), given_name("单于")) == ("子", "于")
    assert given_name("阿依努尔·麦麦提") == "麦麦提"
