"""How much two files look like one child: the table of what counts, the threshold, and why it stands where it does.

Not by the standard of Fellegi and Sunter with weights learnt from decided pairs, for there are none yet: the points are
this project's own, set so that the cases that ``tests/registry/twins/test_likeness.py`` lists fall on their side.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from childwelfare.text.pinyin import name_initials, name_pinyin, other_spellings
from childwelfare.text.words import Words
from registry.child.models import given_name


@dataclass(frozen=True, kw_only=True)
class ChildFacts:
    """What of a child is compared. Numbers come as blind indexes; units as keys. ``pk``: of its file, if it has one."""

    name: str
    sex: str
    birth_date: datetime.date
    county: int | None
    township: int | None
    village: int | None
    number: str = ""
    guardian_name: str = ""
    guardian_phone: str = ""
    guardian_number: str = ""
    family: UUID | None = None
    pk: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Trait:
    """One line of the table: ``points`` where ``holds(one, other)``. Of a ``kind`` the first line that holds counts."""

    kind: str
    label: Words
    points: int
    holds: Callable[[ChildFacts, ChildFacts], bool]


@dataclass(frozen=True)
class Likeness:
    points: int
    traits: tuple[Trait, ...]

    @property
    def is_twin(self) -> bool:
        """Whether a person has to look. Without a name that is alike, or the same number, two files never are: that is
        what tells brothers, sisters and twins by birth from one child that was registered twice."""
        known_by = {trait.kind for trait in self.traits if trait.points > 0}
        return self.points >= THRESHOLD and bool(known_by & {"name", "number"})

    @property
    def alike(self) -> list[Words]:
        """What speaks for it, in words."""
        return [trait.label for trait in self.traits if trait.points > 0]

    @property
    def unlike(self) -> list[Words]:
        """What speaks against it."""
        return [trait.label for trait in self.traits if trait.points < 0]


def plain(name: str) -> str:
    """A name as it is compared: a dot more or less, blanks and case do not count."""
    return "".join(name.replace("·", "").split()).lower()


def readings_of(name: str) -> frozenset[str]:
    """The name in letters, by every reading of its characters; not its initials."""
    usual, shortest = name_pinyin(name), len(name_initials(name))
    others = (each for each in other_spellings(name) if each.isascii() and len(each) > shortest)
    return frozenset(filter(None, (usual, *others)))


def differs_in_one_character(one: str, other: str) -> bool:
    """张子涵 and 张子轩, 张子涵 and 李子涵, 张涵 and 张子涵; not 张伟 and 张强, who share the surname alone."""
    short, long = sorted((plain(one), plain(other)), key=len)
    if short == long or len(short) < 2:
        return False
    if len(short) == len(long):
        given = min(len(plain(given_name(name))) for name in (one, other))
        return given > 1 and sum(a != b for a, b in zip(short, long, strict=True)) == 1
    left_out = (long[:place] + long[place + 1 :] for place in range(len(long)))
    return len(long) == len(short) + 1 and short in left_out


def is_swapped(one: datetime.date, other: datetime.date) -> bool:
    """03-07 for 07-03."""
    return (one.year, one.month, one.day) == (other.year, other.day, other.month)


def differs_in_one_digit(one: datetime.date, other: datetime.date) -> bool:
    return sum(a != b for a, b in zip(f"{one:%Y%m%d}", f"{other:%Y%m%d}", strict=True)) == 1


def _both_have(column: str, *, same: bool) -> Callable[[ChildFacts, ChildFacts], bool]:
    def holds(one: ChildFacts, other: ChildFacts) -> bool:
        mine, theirs = getattr(one, column), getattr(other, column)
        return bool(mine) and bool(theirs) and (mine == theirs) == same

    return holds


def _same(column: str) -> Callable[[ChildFacts, ChildFacts], Any]:
    return _both_have(column, same=True)


def _are_siblings(one: ChildFacts, other: ChildFacts) -> bool:
    """Registered as brother or sister of each other, under names that are not the same."""
    return one.family is not None and one.family == other.family and plain(one.name) != plain(other.name)


TABLE = (
    Trait(kind="number", label=_("身份证号相同"), points=100, holds=_same("number")),
    # a checked number is a strong word; with all else equal one of the two is still looked at
    Trait(kind="number", label=_("身份证号不同"), points=-40, holds=_both_have("number", same=False)),
    Trait(kind="name", label=_("姓名相同"), points=40, holds=lambda a, b: plain(a.name) == plain(b.name)),
    Trait(
        kind="name", label=_("姓名同音"), points=34, holds=lambda a, b: bool(readings_of(a.name) & readings_of(b.name))
    ),
    Trait(kind="name", label=_("姓名差一个字"), points=24, holds=lambda a, b: differs_in_one_character(a.name, b.name)),
    Trait(kind="birth", label=_("出生日期相同"), points=30, holds=_same("birth_date")),
    Trait(
        kind="birth", label=_("出生日期月日颠倒"), points=22, holds=lambda a, b: is_swapped(a.birth_date, b.birth_date)
    ),
    Trait(
        kind="birth",
        label=_("出生日期差一位数字"),
        points=20,
        holds=lambda a, b: differs_in_one_digit(a.birth_date, b.birth_date),
    ),
    Trait(kind="birth", label=_("同年出生"), points=4, holds=lambda a, b: a.birth_date.year == b.birth_date.year),
    Trait(kind="birth", label=_("出生日期不同"), points=-10, holds=_both_have("birth_date", same=False)),
    Trait(kind="sex", label=_("性别相同"), points=4, holds=_same("sex")),
    Trait(kind="sex", label=_("性别不同"), points=-24, holds=_both_have("sex", same=False)),
    Trait(kind="place", label=_("同村（居）"), points=12, holds=_same("village")),
    Trait(kind="place", label=_("同乡镇（街道）"), points=7, holds=_same("township")),
    Trait(kind="place", label=_("同县（市、区）"), points=3, holds=_same("county")),
    Trait(
        kind="guardian",
        label=_("照看人同名"),
        points=6,
        holds=lambda a, b: bool(a.guardian_name) and plain(a.guardian_name) == plain(b.guardian_name),
    ),
    Trait(kind="guardian phone", label=_("照看人电话相同"), points=10, holds=_same("guardian_phone")),
    Trait(kind="guardian number", label=_("照看人身份证号相同"), points=8, holds=_same("guardian_number")),
    Trait(kind="family", label=_("登记为兄弟姐妹"), points=-40, holds=_are_siblings),
)
# Just reached by the weakest pairs that are to be looked at: a name with one character changed, the same birth date,
# sex and village (24 + 30 + 4 + 12), and a name of the same sound in another township (34 + 30 + 4 + 3 = 71). Just
# missed by brothers of one guardian whose names share a character and who were born in one year (68), and by boy and
# girl twins of such names (66).
THRESHOLD = 70


def likeness_of(one: ChildFacts, other: ChildFacts) -> Likeness:
    """What the table says of the two, whichever is named first."""
    found: dict[str, Trait] = {}
    for trait in TABLE:
        if trait.kind not in found and trait.holds(one, other):
            found[trait.kind] = trait
    traits = tuple(found.values())
    return Likeness(sum(trait.points for trait in traits), traits)
