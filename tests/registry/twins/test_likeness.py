"""Which pairs a person has to look at: both sides of the threshold, named by what they are."""

import dataclasses
import datetime
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.twins.likeness import THRESHOLD, ChildFacts, differs_in_one_character, likeness_of

FAMILY = uuid.uuid4()
CHILD = ChildFacts(
    name="张子涵", sex="female", birth_date=datetime.date(2017, 3, 7), county=1, township=2, village=3
)  # no number, nothing known of who cares


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


CARED = {"guardian_name": "李桂英", "guardian_phone": "p", "guardian_number": "g"}
ELSEWHERE = {"township": 9, "village": 9}  # in the county
BESIDE = {"village": 9}  # in the township
TABLE = [
    # what: (of one, of the other, whether somebody has to look)
    ("the same, registered twice", {}, {}, True),
    ("the same in another village", {}, BESIDE, True),
    ("the same in another township", {}, ELSEWHERE, True),
    ("one of them with a number", {"number": "a"}, {}, True),
    ("two numbers", {"number": "a"}, {"number": "b"}, False),
    ("two numbers, all else the same", CARED | {"number": "a"}, CARED | {"number": "b"}, True),
    ("two numbers, all else but the carer's number", CARED | {"number": "a"},
     CARED | {"number": "b", "guardian_number": ""}, False),
    ("one number under two names", {"number": "a"},
     {"number": "a", "name": "李梅", "birth_date": day("2012-01-01")}, True),
    ("the same sound", {}, {"name": "张梓晗"}, True),
    ("the same sound in another township", {}, {"name": "张梓晗"} | ELSEWHERE, True),
    ("another reading", {"name": "张乐"}, {"name": "张月"}, True),
    ("a dot less", {"name": "努尔·麦麦提"}, {"name": "努尔麦麦提"}, True),
    ("one character, same village", {}, {"name": "张子轩"}, True),
    ("one character, another village", {}, {"name": "张子轩"} | BESIDE, False),
    ("one character, another village, the same phone", {"guardian_phone": "p"},
     {"name": "张子轩", "guardian_phone": "p"} | BESIDE, True),
    ("the mother's surname", {}, {"name": "李子涵"}, True),
    ("day and month swapped", {}, {"birth_date": day("2017-07-03")}, True),
    ("day and month swapped, another township", {}, {"birth_date": day("2017-07-03")} | ELSEWHERE, False),
    ("one digit", {}, {"birth_date": day("2016-03-07")} | BESIDE, True),
    ("one digit, another township", {}, {"birth_date": day("2016-03-07")} | ELSEWHERE, False),
    ("namesakes born in one year", {}, {"birth_date": day("2017-11-20")}, False),
    ("namesakes born in one year, one phone", CARED, CARED | {"birth_date": day("2017-11-20")}, True),
    ("namesakes", {}, {"birth_date": day("2012-11-20")}, False),
    ("the other sex", {}, {"sex": "male"}, False),
    ("the other sex, one phone", CARED, CARED | {"sex": "male"}, True),
    ("brothers", CARED | {"name": "张子豪"}, CARED | {"name": "张子杰", "birth_date": day("2014-05-20")}, False),
    ("brothers born in one year", CARED | {"name": "张子豪"},
     CARED | {"name": "张子杰", "birth_date": day("2017-12-30")}, False),
    ("twins by birth", CARED | {"name": "张雨桐"}, CARED | {"name": "张浩然"}, False),
    ("twins by birth of two characters", CARED | {"name": "张伟"}, CARED | {"name": "张强"}, False),
    ("twins by birth whose names are alike", CARED, CARED | {"name": "张子轩"}, True),
    ("boy and girl", CARED, CARED | {"name": "张子轩", "sex": "male"}, False),
    ("twins by birth, registered as sisters", CARED | {"family": FAMILY},
     CARED | {"family": FAMILY, "name": "张子轩"}, False),
    ("the same child, registered as its own sister", {"family": FAMILY}, {"family": FAMILY}, True),
    ("strangers of one birthday", {}, {"name": "王浩然"}, False),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "looks"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_a_pair(one, other, looks):
    likeness = likeness_of(dataclasses.replace(CHILD, **one), dataclasses.replace(CHILD, **other))
    assert likeness.is_twin is looks, f"{likeness.points}: {likeness.alike} {likeness.unlike}"


def test_the_threshold_is_met_from_both_sides():
    just, missed = (
        dataclasses.replace(CHILD, name=name, **more) for name, more in (("张子轩", {}), ("张子轩", BESIDE))
    )
    assert likeness_of(CHILD, just).points == THRESHOLD
    assert likeness_of(CHILD, missed).points == THRESHOLD - 5


CHILDREN = st.builds(
    ChildFacts,
    name=st.text("张李子涵轩·", min_size=2, max_size=4),
    sex=st.sampled_from(["male", "female", ""]),
    birth_date=st.dates(day("2015-01-01"), day("2017-12-31")),
    county=st.integers(1, 2),
    township=st.integers(1, 2),
    village=st.integers(1, 2),
    number=st.sampled_from(["", "a", "b"]),
    guardian_name=st.sampled_from(["", "李桂英"]),
    family=st.sampled_from([None, FAMILY]),
)


@given(CHILDREN, CHILDREN)
def test_it_does_not_matter_who_is_named_first(one, other):
    assert likeness_of(one, other) == likeness_of(other, one)


@pytest.mark.parametrize(
    ("one", "other", "differs"),
    [("张涵", "张子涵", True), ("张伟", "张强", False), ("欧阳娜", "欧阳雪", False), ("欧阳子涵", "欧阳子轩", True),
     ("张伟", "李伟", False), ("张子涵", "张子涵", False), ("张子涵", "涵子张", False), ("张", "张伟", False)],
)  # fmt: skip
def test_one_character(one, other, differs):
    assert differs_in_one_character(one, other) is differs is differs_in_one_character(other, one)
