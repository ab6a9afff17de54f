"""What the rules may ask about a child and its family. None means: not known."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registry.child import codes
from registry.child.models import ChildFile
from registry.eligibility.places import beyond_county
from registry.family.models import FamilyMember, Guardian, current_guardian

PARENTS = ("father", "mother")


@dataclass(frozen=True)
class SituationFacts:
    """One situation of a parent. ``until`` is the first day on which it no longer holds (a term's end)."""

    kind: str
    since: datetime.date | None = None
    until: datetime.date | None = None
    disability: str | None = None
    grade: str | None = None
    proof: str | None = None


@dataclass(frozen=True)
class ParentFacts:
    """``state`` alive, dead or missing; ``situations`` () when it is known that there is none."""

    state: str | None = None
    situations: tuple[SituationFacts, ...] | None = None
    away: bool | None = None
    away_since: datetime.date | None = None
    away_across: bool | None = None
    unable: bool | None = None

    @property
    def gone(self) -> bool | None:
        """Dead or missing."""
        return None if self.state is None else self.state in (codes.Life.DEAD, codes.Life.MISSING)


@dataclass(frozen=True)
class Facts:
    """``age`` in whole years serves where the birth date is not known. Regions are six-digit codes."""

    birth_date: datetime.date | None = None
    age: int | None = None
    student: bool | None = None
    registration: str | None = None
    father: ParentFacts = field(default_factory=ParentFacts)
    mother: ParentFacts = field(default_factory=ParentFacts)
    guardianship: str | None = None
    with_guardian: bool | None = None
    low_income: str | None = None
    disabled: bool | None = None
    serious_illness: bool | None = None
    registered_region: str | None = None
    living_region: str | None = None
    across_county: bool | None = None
    here_since: datetime.date | None = None

    def at(self, path: str) -> Any:
        """The value at ``path``: ``"father.state"``."""
        value = self
        for name in path.split("."):
            value = getattr(value, name)
        return value


WHOSE = {"father": _("父亲"), "mother": _("母亲")}
FACT_LABELS = {
    "birth_date": _("出生日期"),
    "student": _("是否仍在全日制学校就读"),
    "registration": _("户口性质"),
    "guardianship": _("监护情况（较好、一般或差）"),
    "with_guardian": _("是否与父母或其他监护人一起生活"),
    "low_income": _("家庭是否属于低保、特困或低保边缘"),
    "disabled": _("孩子是否残疾"),
    "serious_illness": _("孩子是否患重病"),
    "across_county": _("户口是否在外县（市、区）"),
    "here_since": _("来现住地居住的日期"),
    "state": _("是否健在"),
    "situations": _("有无重残、重病、服刑在押、失联等情形"),
    "away": _("是否外出务工"),
    "away_since": _("外出日期"),
    "away_across": _("是否在外县（市、区）务工"),
    "unable": _("有无监护能力"),
    "since": _("情形从何时开始"),
    "until": _("期限何时届满"),
    "grade": _("残疾等级（看残疾证）"),
    "disability": _("残疾类别（看残疾证；多重残疾含智力、精神残疾的按该类填）"),
    "proof": _("失联的证明（公安查找回执，或逐级确认的认定表）"),
}


def label_of_fact(path: str) -> str:
    """What is asked for, in words: ``father.disabled.grade`` → 父亲重残：残疾等级."""
    first, *rest = path.split(".")
    if first not in WHOSE:
        return str(FACT_LABELS[first])
    if len(rest) == 2:
        words = {"who": WHOSE[first], "what": codes.Situation(rest[0]).label, "fact": FACT_LABELS[rest[1]]}
        return gettext("%(who)s%(what)s：%(fact)s") % words
    return gettext("%(who)s%(fact)s") % {"who": WHOSE[first], "fact": FACT_LABELS[rest[0]]}


def facts_of(file: ChildFile) -> Facts:
    """What a file says. Its related rows (family, open guardians) may be prefetched; nothing else is asked.

    A blank is not a "no": an empty situation counts as "none" only for a parent who is noted as able to care.
    """
    family = {member.relation: member for member in file.family.all()}
    guardian = current_guardian(file)
    return Facts(
        birth_date=file.birth_date,
        student=_student(file),
        registration=file.registration or None,
        father=_parent(family.get("father"), file),
        mother=_parent(family.get("mother"), file),
        guardianship=_guardianship(file),
        with_guardian=_with_guardian(file, guardian),
        low_income=file.low_income or None,
        disabled=_is_disabled(file),
        # unticked it is a "no" only where somebody looked at the child's health at all
        serious_illness=True if file.serious_illness else (False if file.health else None),
        registered_region=file.registered_region or None,
        living_region=_region(file),
        here_since=file.here_since,
    )


def _parent(member: FamilyMember | None, file: ChildFile) -> ParentFacts:
    if member is None:
        return ParentFacts()
    state = None if member.life == codes.Life.UNKNOWN else member.life
    # who was found able to care has none of the situations that would make them unable: asked, not left blank
    situations: tuple[SituationFacts, ...] | None = () if member.unable is False else None
    if member.situation:
        situations = (
            SituationFacts(
                kind=member.situation,
                since=member.situation_since,
                until=member.situation_until,
                disability=member.disability or None,
                grade=member.disability_grade or None,
                proof=member.contact_proof or None,
            ),
        )
    return ParentFacts(
        state=state,
        situations=situations,
        away=member.away,
        away_since=member.away_since,
        # where somebody works is kept after the return home; it says nothing any more
        away_across=beyond_county(member.away_at, file) if member.away else None,
        unable=member.unable,
    )


def _student(file: ChildFile) -> bool | None:
    return file.schooling in codes.IN_SCHOOL if file.schooling else None


def _guardianship(file: ChildFile) -> str | None:
    # nobody's care is no good care, whatever was answered before the guardian was lost
    if file.guardianship_kind == codes.GuardianshipKind.NOBODY:
        return codes.Guardianship.POOR
    return file.guardianship or None


def _with_guardian(file: ChildFile, guardian: Guardian | None) -> bool | None:
    if file.guardianship_kind == codes.GuardianshipKind.NOBODY:
        return False
    return True if guardian else None  # a guardian not written down may be there all the same


def _is_disabled(file: ChildFile) -> bool | None:
    if file.disability or file.health == codes.Health.DISABLED:
        return True
    return False if file.health else None


def _region(file: ChildFile) -> str | None:
    """The county where the child lives, by the official code of its township: a county without one has streets
    that carry their old county's."""
    code = file.township.code or file.county.code or ""
    return code[:6] or None
