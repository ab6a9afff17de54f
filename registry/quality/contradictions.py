"""What can't all be true at once. Each says what to look at; nothing is corrected or refused by itself.

A blank is not a "no": where the file doesn't tell, there is no contradiction. What families fear to have counted (the
sealed marks of a file) is not read here, nor is the region at the head of an ID number held against the place of
registration: families move, their numbers don't (registry.child.id_number).
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from registry.child import codes
from registry.child.codes import Category
from registry.quality.case import Case, alive, gone, is_filled
from registry.quality.family import FAMILY
from registry.quality.rule import contradictions_in

# ages (years) between which a stage is usual, with room for early entry, repeating and late children
STAGES: dict[str, tuple] = {
    codes.Schooling.KINDERGARTEN: (2, 7),
    codes.Schooling.PRIMARY: (5, 15),
    codes.Schooling.JUNIOR: (10, 18),
    codes.Schooling.SENIOR: (13, 18),
    codes.Schooling.VOCATIONAL: (13, 18),
}
SOURCE_SCHOOL = _("义务教育法第十一条")
SOURCE_ORPHAN = _("国办发〔2010〕54号")
SOURCE_LEFT_BEHIND = _("国发〔2016〕13号")

_identity, _school = contradictions_in("identity"), contradictions_in("school")
_health, _categories = contradictions_in("health"), contradictions_in("categories")


def _unregistered(case: Case) -> bool:
    file = case.file
    none = file.registration == codes.Registration.NONE or file.no_id_reason == codes.NoIdReason.UNREGISTERED
    return none and bool(file.registered_at or file.registered_region)


def _too_early(case: Case) -> bool:
    stage = STAGES.get(case.file.schooling)
    return stage is not None and case.age < stage[0]


def _too_late(case: Case) -> bool:
    stage = STAGES.get(case.file.schooling)
    return stage is not None and case.age > stage[1]


def _dropped_out_too_young(case: Case) -> bool:
    return case.file.schooling == codes.Schooling.DROPPED_OUT and case.age < 6


def _in_school_but_left(case: Case) -> bool:
    return case.file.schooling in codes.IN_SCHOOL and bool(case.file.out_of_school_since)


def _boards_nowhere(case: Case) -> bool | None:
    return case.file.boarding if case.file.schooling and case.file.schooling not in codes.IN_SCHOOL else None


def _healthy_but(case: Case, *noted_there: Any) -> bool:
    return case.file.health == codes.Health.HEALTHY and any(noted_there)


def _orphan_of_the_living(case: Case) -> bool:
    return Category.ORPHAN in case.held and any(alive(parent) for parent in case.parents)


def _nobody_away(case: Case) -> bool | None:
    """Left behind, and each parent is known to be at home, dead or missing."""
    if Category.LEFT_BEHIND not in case.held or len(case.parents) < 2:
        return None
    return all(gone(parent) or parent.away is False for parent in case.parents)


def _migrant_at_home(case: Case) -> bool | None:
    return None if case.from_elsewhere is None else Category.MIGRANT in case.held and not case.from_elsewhere


def _difficulty(case: Case) -> str:
    held = case.held.get(Category.DIFFICULTY)
    return held.difficulty if held else ""


def _poor_without_need(case: Case) -> bool:
    return _difficulty(case) == codes.Difficulty.POVERTY and case.file.low_income == codes.LowIncome.NONE


def _well_in_own_difficulty(case: Case) -> bool:
    file = case.file
    well = file.health == codes.Health.HEALTHY and not (file.disability or file.serious_illness)
    return _difficulty(case) == codes.Difficulty.OWN and well


CONTRADICTIONS = [
    _identity(
        "number_and_reason", _("有身份证号，又填了没有的原因"), ("no_id_reason", "id_number"),
        lambda case: is_filled(case.file, "id_index") and bool(case.file.no_id_reason),
        _("号码和“没有身份证号的原因”只能有一项，请核对证件。"),
    ),
    _identity(
        "unregistered_but_placed", _("记为无户籍，又填了户籍地"), ("registered_at", "registration", "no_id_reason"),
        _unregistered, _("请看户口簿：有户口的改户口性质，没有的清空户籍地址和户籍所在县。"),
    ),
    _identity(
        "here_before_birth", _("来现住地的日期早于出生"), ("here_since", "birth_date"),
        lambda case: bool(case.file.here_since) and case.file.here_since < case.file.birth_date,
        _("在本地出生的填出生那天，后来搬来的填搬来那天。"),
    ),
    *FAMILY,
    _school(
        "school_too_early", _("年龄还小，就学阶段偏高"), ("schooling", "birth_date"), _too_early,
        _("请核对就学情况和出生日期。"), SOURCE_SCHOOL,
    ),
    _school(
        "school_too_late", _("年龄已大，就学阶段偏低"), ("schooling", "birth_date"), _too_late,
        _("可能升学后没有更新，请核对就学情况。"), SOURCE_SCHOOL,
    ),
    _school(
        "dropped_out_too_young", _("未到入学年龄，却记为辍学"), ("schooling", "birth_date"), _dropped_out_too_young,
        _("不满 6 周岁的应选未入园或幼儿园。"), SOURCE_SCHOOL,
    ),
    _school(
        "in_school_but_left", _("在学，又填了离校日期"), ("out_of_school_since", "schooling"), _in_school_but_left,
        _("已返校的请清空离校日期和原因，没有返校的请改就学情况。"),
    ),
    _school(
        "boards_nowhere", _("不在学，又记为寄宿"), ("boarding", "schooling"), _boards_nowhere,
        _("请核对就学情况和是否寄宿。"),
    ),
    _health(
        "grade_without_kind", _("有残疾等级，没有残疾类别"), ("disability", "disability_grade"),
        lambda case: bool(case.file.disability_grade) and not case.file.disability, _("请对照残疾证补填类别。"),
    ),
    _health(
        "healthy_but_disabled", _("身体健康，又填了残疾"), ("health", "disability"),
        lambda case: _healthy_but(case, case.file.disability), _("有残疾的，身体情况应选“残疾”。"),
    ),
    _health(
        "healthy_but_ill", _("身体健康，又填了疾病或重病"), ("health", "illness", "serious_illness"),
        lambda case: _healthy_but(case, case.file.illness, case.file.serious_illness),
        _("正在患病的，身体情况应选“患病”；已经治好的，清空疾病名称。"),
    ),
    _categories(
        "orphan_of_the_living", _("登记为孤儿，父母有人健在"), ("category_orphan", "father_life", "mother_life"),
        _orphan_of_the_living,
        _("孤儿是失去父母或查找不到生父母的。请核实父母存亡，或改登记为其他类别。"), SOURCE_ORPHAN,
    ),
    _categories(
        "orphan_and_de_facto", _("同时登记为孤儿和事实无人抚养"), ("category_de_facto", "category_orphan"),
        lambda case: {Category.ORPHAN, Category.DE_FACTO} <= case.held.keys(),
        _("两类的条件互不相容，请核实后退出其中一类。"), SOURCE_ORPHAN,
    ),
    _categories(
        "nobody_away", _("登记为留守，父母没有人外出"), ("category_left_behind", "father_away", "mother_away"),
        _nobody_away, _("请核实父母是否外出务工；已返乡的，请退出留守类别。"), SOURCE_LEFT_BEHIND,
    ),
    _categories(
        "migrant_at_home", _("登记为流动，户籍就在本县"), ("category_migrant", "registered_region"), _migrant_at_home,
        _("请核对户籍所在县；户口已迁来的，请退出流动类别。"),
    ),
    _categories(
        "poor_without_need", _("困境类型是家庭贫困，低收入情形却是“无”"), ("category_difficulty", "low_income"),
        _poor_without_need, _("请核对困境类型和低收入情形。"), _("国发〔2016〕36号"),
    ),
    _categories(
        "well_in_own_difficulty", _("困境类型是自身困境，孩子却健康"), ("category_difficulty", "health"),
        _well_in_own_difficulty, _("自身困境指残疾、患重病等。请核对身体情况或困境类型。"), _("国发〔2016〕36号"),
    ),
    _categories(
        "category_before_birth", _("类别的起始早于出生"), (
            "category_orphan", "category_de_facto", "category_difficulty", "category_left_behind", "category_migrant",
            "birth_date",
        ),
        lambda case: any(one.since < case.file.birth_date for one in case.held.values()),
        _("请核对类别的起始日期和孩子的出生日期。"),
    ),
]  # fmt: skip
