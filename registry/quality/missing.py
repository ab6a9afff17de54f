"""What the file of a child in the registry must tell, section by section; what need not be there is not asked."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from childwelfare.text.words import Words
from registry.child import codes
from registry.family.models import FamilyMember
from registry.quality.case import Case, alive, is_filled
from registry.quality.rule import FORM, Rule, RuleKind, of_parents

OUT = (codes.Schooling.DROPPED_OUT, codes.Schooling.NOT_IN_SCHOOL)
SCHOOL_AGE = 3  # younger children need no entry about school


def _child(section: str, name: str, label: Words, when: Callable[[Case], bool] = lambda case: True) -> Rule:
    return Rule(
        f"no_{name}",
        section,
        RuleKind.MISSING,
        label,
        (name,),
        lambda case: when(case) and not is_filled(case.file, name),
        source=FORM,
    )


def _guardian(name: str, label: Words) -> Rule:
    return Rule(
        f"no_guardian_{name}",
        "family",
        RuleKind.MISSING,
        label,
        (f"guardian_{name}",),
        lambda case: bool(case.guardian) and not is_filled(case.guardian, name),
        source=FORM,
    )


def _parents(name: str, label: Words, when: Callable[[FamilyMember], bool]) -> list[Rule]:
    """``when(member)``: whether it is asked of this parent."""
    return of_parents(
        f"no_{name}",
        "family",
        RuleKind.MISSING,
        label,
        (name,),
        lambda case, parent: (
            bool((member := case.parent(parent)) and when(member)) and not is_filled(case.parent(parent), name)
        ),
        source=FORM,
    )


def _without_guardian(case: Case) -> bool:
    return case.guardian is None and case.file.guardianship_kind != codes.GuardianshipKind.NOBODY


def _parent_life_unknown(case: Case, parent: str) -> bool:
    return alive(case.parent(parent)) is None


def _without_grounds(case: Case) -> bool:
    return any(not one.grounds for one in case.held.values())


def _without_difficulty(case: Case) -> bool:
    held = case.held.get(codes.Category.DIFFICULTY)
    return held is not None and not held.difficulty


IDENTITY = [
    Rule(
        "no_id_number", "identity", RuleKind.MISSING, _("身份证号，或没有的原因"), ("id_number", "no_id_reason"),
        lambda case: not is_filled(case.file, "id_index") and not case.file.no_id_reason, source=FORM,
    ),
    _child("identity", "registration", _("户口性质")),
    _child("identity", "registered_at", _("户籍地址"), lambda case: case.file.registration != "none"),
    # of the others the address of registration is enough; of these the county decides what they are
    _child("identity", "registered_region", _("户籍所在县"), lambda case: codes.Category.MIGRANT in case.held),
    _child("identity", "address", _("现住址")),
    _child("identity", "here_since", _("来现住地居住的日期"), lambda case: bool(case.from_elsewhere)),
]  # fmt: skip
FAMILY = [
    Rule(
        "no_guardian", "family", RuleKind.MISSING, _("实际监护人"), ("guardian_name",), _without_guardian, source=FORM
    ),
    _guardian("phone", _("照看人电话")),
    _guardian("capacity", _("照看人监护能力")),
    _child("family", "guardianship", _("监护情况")),
    *of_parents(
        "untold", "family", RuleKind.MISSING, _("%(who)s是否健在"), ("life",), _parent_life_unknown, source=FORM
    ),
    *_parents("name", _("%(who)s姓名"), lambda parent: bool(alive(parent))),
    *_parents("phone", _("%(who)s电话"), lambda parent: bool(alive(parent) and parent.away)),
    *_parents("away_at", _("%(who)s务工地点"), lambda parent: bool(parent.away)),
    *_parents("away_since", _("%(who)s外出日期"), lambda parent: bool(parent.away)),
    *_parents("situation_since", _("%(who)s特殊情形的起始日期"), lambda parent: bool(parent.situation)),
    _child("family", "incomes", _("家庭经济来源")),
    _child("family", "low_income", _("低收入情形")),
]
SCHOOL = [
    _child("school", "schooling", _("就学情况"), lambda case: case.age >= SCHOOL_AGE),
    _child("school", "school", _("学校"), lambda case: case.file.schooling in codes.IN_SCHOOL),
    _child("school", "out_of_school_since", _("离校日期"), lambda case: case.file.schooling in OUT),
    _child("school", "out_of_school_reason", _("离校原因"), lambda case: case.file.schooling in OUT),
]
HEALTH = [
    _child("health", "health", _("身体情况")),
    _child("health", "disability", _("残疾类别"), lambda case: case.file.health == codes.Health.DISABLED),
    _child("health", "disability_grade", _("残疾等级"), lambda case: bool(case.file.disability)),
    _child("health", "disability_certificate", _("残疾证号"), lambda case: bool(case.file.disability)),
    _child("health", "illness", _("疾病名称"), lambda case: case.file.health == codes.Health.ILL),
    _child("health", "insurance", _("医疗保险")),
]
CATEGORY_NAMES = tuple(f"category_{code}" for code in codes.Category.values)
CATEGORIES = [
    Rule("no_category", "categories", RuleKind.MISSING, _("儿童类别"), CATEGORY_NAMES, lambda case: not case.held),
    Rule("no_grounds", "categories", RuleKind.MISSING, _("类别的依据"), CATEGORY_NAMES, _without_grounds),
    Rule("no_difficulty", "categories", RuleKind.MISSING, _("困境类型"), ("category_difficulty",), _without_difficulty),
]
MISSING = [*IDENTITY, *FAMILY, *SCHOOL, *HEALTH, *CATEGORIES]
