"""Facts that the child's file tells, for indicators computed from it.

What is a column of the file's own row is as the file says it now; who cares for the child, and in what state the family
is, as on the day that is asked. Blank in the file means not told, never "no", unless the question of the file says so.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from childwelfare.text.words import Words
from registry.child import codes
from registry.child.ages import age_on
from registry.child.codes import Relation
from registry.child.models import ChildFile
from registry.family.models import FamilyMember, Guardian
from registry.instruments.facts import FACTS, Fact, FactSource

NONE, YES, NO = "none", "yes", "no"
PARENTS = (Relation.FATHER, Relation.MOTHER, Relation.STEPFATHER, Relation.STEPMOTHER)
NOT_KIN = (Relation.NEIGHBOUR, Relation.INSTITUTION, Relation.OTHER)
YES_NO: dict[str, Words] = {NO: gettext_lazy("否"), YES: gettext_lazy("是")}
CARERS: dict[str, Words] = {
    "parents": gettext_lazy("父母"),
    "relative": gettext_lazy("亲属"),
    "other": gettext_lazy("其他人"),
    NONE: gettext_lazy("没有人"),
}
GRADES: dict[str, Words] = {NONE: gettext_lazy("没有残疾"), **dict(codes.DisabilityGrade.choices)}
LEFT = (codes.Schooling.DROPPED_OUT, codes.Schooling.NOT_IN_SCHOOL)

Facts = Mapping[Any, Fact]


def carers_on(files: Sequence[ChildFile], on: datetime.date) -> dict[Any, Guardian]:
    """{file: who cared for the child on that day}, of those where the file names somebody. One query."""
    held = Q(since=None) | Q(since__lte=on), Q(until=None) | Q(until__gt=on)
    found = Guardian.objects.filter(*held, child__in=[file.pk for file in files])
    carers: dict[Any, Guardian] = {}
    for guardian in found.only("child", "name", "relation", "birth_date", "since", "until").order_by("since", "id"):
        carers[guardian.child_id] = guardian
    return carers


def _carer_kind(files: Sequence[ChildFile], on: datetime.date) -> Facts:
    carers, told = carers_on(files, on), {}
    for file in files:
        if carer := carers.get(file.pk):
            kind = "parents" if carer.relation in PARENTS else "other" if carer.relation in NOT_KIN else "relative"
            told[file.pk] = Fact(kind, str(carer))
        elif file.guardianship_kind == codes.GuardianshipKind.NOBODY:
            told[file.pk] = Fact(NONE, file.get_guardianship_kind_display())
    return told


def _carer_age(files: Sequence[ChildFile], on: datetime.date) -> Facts:
    told = {}
    for child, carer in carers_on(files, on).items():
        if carer.birth_date:
            years = age_on(carer.birth_date, on)
            told[child] = Fact(years, _("%(who)s，%(n)s 岁") % {"who": carer, "n": years})
    return told


def _ill_at_home(files: Sequence[ChildFile], on: datetime.date) -> Facts:
    """Members of the family who are alive and ill or disabled. Not told where the file names no member."""
    members = FamilyMember.objects.filter(child__in=[file.pk for file in files])
    columns = ("child", "name", "relation", "life", "situation", "situation_since", "situation_until", "disability")
    named: dict[Any, list[str]] = {}
    for member in members.only(*columns).order_by("relation", "id"):
        bad = named.setdefault(member.child_id, [])
        if member.life == codes.Life.ALIVE and (member.disability or _is_unwell(member, on)):
            bad.append(str(member))
    return {child: Fact(len(bad), _("、").join(bad) or _("没有")) for child, bad in named.items()}


def _is_unwell(member: FamilyMember, on: datetime.date) -> bool:
    since, until = member.situation_since, member.situation_until
    within = (since is None or since <= on) and (until is None or until >= on)
    return within and member.situation in (codes.Situation.ILL, codes.Situation.DISABLED)


def _disability_grade(files: Sequence[ChildFile], _on: datetime.date) -> Facts:
    """None where a disability is named without its grade, and where nothing was said about health."""
    told = {}
    for file in files:
        if file.disability_grade:
            words = f"{file.get_disability_display()} {file.get_disability_grade_display()}".strip()
            told[file.pk] = Fact(file.disability_grade, words)
        elif file.health and file.health != codes.Health.DISABLED and not file.disability:
            told[file.pk] = Fact(NONE, file.get_health_display())
    return told


def _serious_illness(files: Sequence[ChildFile], _on: datetime.date) -> Facts:
    """A file that names an illness and does not say that it is serious is asked about."""
    told = {}
    for file in files:
        if file.serious_illness:
            told[file.pk] = Fact(YES, file.illness or _("重病"))
        elif file.health and file.health != codes.Health.ILL and not file.illness:
            told[file.pk] = Fact(NO, file.get_health_display())
    return told


def _left_school(files: Sequence[ChildFile], _on: datetime.date) -> Facts:
    """Only that a child left school: whether one in school goes there every day, the file does not know."""
    return {file.pk: Fact("left", file.get_schooling_display()) for file in files if file.schooling in LEFT}


def _column(name: str) -> Callable[[Sequence[ChildFile], datetime.date], Facts]:
    """The fact that a choice of the file's own row is; blank tells nothing."""

    def told(files: Sequence[ChildFile], _on: datetime.date) -> Facts:
        return {
            file.pk: Fact(value, getattr(file, f"get_{name}_display")())
            for file in files
            if (value := getattr(file, name))
        }

    return told


FILE_FACTS = (
    FactSource("carer_kind", gettext_lazy("实际照料人是谁"), _carer_kind, codes=CARERS),
    FactSource("carer_age", gettext_lazy("实际照料人的年龄"), _carer_age, unit=gettext_lazy("岁")),
    FactSource("ill_at_home", gettext_lazy("重病、残疾的家人"), _ill_at_home, unit=gettext_lazy("人")),
    FactSource("disability_grade", gettext_lazy("孩子的残疾等级"), _disability_grade, codes=GRADES),
    FactSource("serious_illness", gettext_lazy("孩子有没有重病"), _serious_illness, codes=YES_NO),
    FactSource("insurance", gettext_lazy("孩子的医疗保险"), _column("insurance"), codes=dict(codes.Insurance.choices)),
    FactSource("schooling", gettext_lazy("就学情况"), _column("schooling"), codes=dict(codes.Schooling.choices)),
    FactSource(
        "left_school",
        gettext_lazy("离校（只认辍学、不在学）"),
        _left_school,
        codes={"left": gettext_lazy("辍学或不在学")},
    ),
    FactSource(
        "low_income", gettext_lazy("家庭低收入情形"), _column("low_income"), codes=dict(codes.LowIncome.choices)
    ),
)
FACTS.add(*FILE_FACTS)
