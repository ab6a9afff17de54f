"""Resident ID numbers: GB 11643."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from childwelfare.text.masking import masked_name
from registry.child.id_number import check_character, masked, masked_phone, read_id_number

DAYS = st.dates(datetime.date(2009, 1, 1), datetime.date(2026, 11, 1))


def number_of(day, serial):
    first = f"410199{day:%Y%m%d}{serial:03}"
    return first + check_character(first)


@given(DAYS, st.integers(0, 999))
def test_a_true_number_tells_birth_date_and_sex(day, serial):
    facts = read_id_number(number_of(day, serial))
    assert facts.birth_date == day
    assert facts.sex == ("male" if serial % 2 else "female")


@given(DAYS, st.integers(0, 999), st.integers(0, 16), st.integers(1, 9))
def test_any_one_wrong_digit_is_found(day, serial, position, shift):
    number = number_of(day, serial)
    wrong = number[:position] + str((int(number[position]) + shift) % 10) + number[position + 1 :]
    with pytest.raises(ValidationError):
        read_id_number(wrong)


@given(DAYS, st.integers(0, 999), st.integers(0, 16))
def test_two_neighbours_changed_round_are_found(day, serial, position):
    number = number_of(day, serial)
    swapped = number[:position] + number[position + 1] + number[position] + number[position + 2 :]
    if swapped == number:
        return
    with pytest.raises(ValidationError):
        read_id_number(swapped)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("41019920180617004", "少 1 位"),
        ("4101992018061700471", "多 1 位"),
        ("410199201813170047", "没有这一天"),
        ("410199201806170048", "校验位"),
        ("41019A201806170047", "只能是数字"),
        ("410199180617004", "15 位"),
    ],
)
def test_it_says_what_is_wrong_and_by_how_much(typed, says):
    with pytest.raises(ValidationError) as refused:
        read_id_number(typed)
    assert says in refused.value.messages[0]


def wide(number):
    return "".join(chr(ord(c) + 0xFEE0) for c in number)


@pytest.mark.parametrize(
    "typing",
    [str.lower, lambda n: f" {n[:6]} {n[6:14]} {n[14:]} ", lambda n: wide(n.lower()), lambda n: f"{n[:6]}-{n[6:]}"],
    ids=["small x", "blanks", "wide", "dashes"],
)
def test_every_typing_is_the_same_number(typing):  # D12
    number = number_with_x()
    assert read_id_number(typing(number)).number == number


def number_with_x():
    day = datetime.date(2012, 3, 15)
    return next(number for serial in range(1000) if (number := number_of(day, serial)).endswith("X"))


def test_masks_hide_what_identifies():
    assert masked("410199201806170047") == "410199 ******** **47"
    assert masked_phone("13800002046") == "138****2046"
    assert masked_name("欧阳子涵") == "欧***"
