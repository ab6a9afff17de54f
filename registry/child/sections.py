"""The file as sections of labelled values: for the page, the print and the API's reader alike."""

from dataclasses import dataclass, field

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from childwelfare.text.words import Words
from registry.child import codes
from registry.child.ages import age_on
from registry.child.id_number import masked, masked_phone
from registry.child.models import ChildFile, FileState
from registry.family.models import current_guardian
from registry.quality import SECTIONS, RuleKind, case_of, rules_found
from registry.quality.rule import Rule


@dataclass
class Line:
    """One labelled value; ``reveal`` names the sealed field behind a masked one."""

    label: Words
    value: str
    reveal: str = ""
    call: bool = False


@dataclass
class Section:
    key: str
    title: Words
    groups: list[tuple[str, list[Line]]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    # what contradicts itself or has not been looked at for long (registry.quality)
    to_check: list[Rule] = field(default_factory=list)

    @property
    def summary(self) -> str:
        """The section in one line, for when it is folded."""
        return " · ".join(line.value for _, lines in self.groups for line in lines if line.value and not line.reveal)[
            :60
        ]


def sections_of(file: ChildFile) -> list[Section]:
    """基本信息, 家庭与监护, 就学, 健康与残疾, 类别与依据: each with what is missing and what is to be checked."""
    prefetch_related_objects([file], "family", "guardians", "memberships")
    sections = [_identity(file), _family(file), _school(file), _health(file), _categories(file)]
    kinds = RuleKind.values if file.state == FileState.APPROVED else (RuleKind.MISSING, RuleKind.CONTRADICTION)
    by_key = {section.key: section for section in sections}
    for rule in rules_found(case_of(file), kinds):
        section = by_key[rule.section]
        if rule.kind == RuleKind.MISSING:
            section.missing.append(str(rule.label))
        else:
            section.to_check.append(rule)
    return sections


def completeness(sections: list[Section]) -> int:
    """Per cent of the sections' lines that are filled."""
    filled = sum(1 for section in sections for _, lines in section.groups for line in lines if line.value)
    missing = sum(len(section.missing) for section in sections)
    return round(100 * filled / (filled + missing)) if filled else 0


def _identity(file: ChildFile) -> Section:
    lines = [
        Line(_("姓名"), file.name),
        Line(_("性别"), file.get_sex_display()),
        Line(_("出生日期"), _day(file.birth_date) + _("（%(n)s岁）") % {"n": file.age(timezone.localdate())}),
        Line(_("民族"), file.get_nation_display()),
        Line(
            _("身份证号"),
            masked(file.id_number) or file.get_no_id_reason_display(),
            reveal="id_number" if file.id_number else "",
        ),
        Line(_("户口性质"), file.get_registration_display()),
        Line(_("户籍地址"), file.registered_at),
        Line(_("现住址"), f"{file.village.path_label} {file.address}".strip()),
        Line(_("联系电话"), masked_phone(file.phone), reveal="phone" if file.phone else ""),
    ]
    return _section("identity", [("", lines)])


def _family(file: ChildFile) -> Section:
    groups = []
    guardian = current_guardian(file)
    if guardian:
        groups.append(
            (
                _("实际监护人"),
                _person_lines("guardian", guardian)
                + [
                    Line(_("健康状况"), guardian.health),
                    Line(_("监护能力"), guardian.get_capacity_display()),
                    Line(_("监护情况"), file.get_guardianship_display()),
                    Line(_("委托照护书"), _span(guardian.entrusted_from, guardian.entrusted_to)),
                ],
            )
        )
    for member in sorted(file.family.all(), key=lambda one: one.relation):
        lines = [Line(member.get_relation_display(), member.name)]
        situation = member.get_life_display()
        if member.situation:
            situation += f" {member.get_situation_display()} {_since(member.situation_since)}"
        if member.away:
            situation = " ".join((situation, _("外出务工"), member.away_at, _since(member.away_since)))
        lines.append(Line(_("情形"), situation.strip()))
        if member.phone:
            lines.append(Line(_("电话"), masked_phone(member.phone), reveal=f"{member.relation}.phone", call=True))
        groups.append((member.get_relation_display(), lines))
    incomes = "、".join(str(codes.Income(code).label) for code in file.incomes)
    groups.append(
        (
            _("家庭"),
            [
                Line(_("家庭经济来源"), incomes),
                Line(_("低收入情形"), file.get_low_income_display()),
            ],
        )
    )
    return _section("family", groups)


def _school(file: ChildFile) -> Section:
    lines = [Line(_("就学情况"), file.get_schooling_display())]
    if file.schooling in codes.IN_SCHOOL:
        boarding = {None: "", True: _("寄宿"), False: _("走读")}[file.boarding]
        lines += [Line(_("学校"), file.school), Line(_("年级"), file.grade), Line(_("寄宿"), boarding)]
    if file.schooling in (codes.Schooling.DROPPED_OUT, codes.Schooling.NOT_IN_SCHOOL):
        lines += [
            Line(_("离校日期"), _day(file.out_of_school_since)),
            Line(_("离校原因"), file.out_of_school_reason),
        ]
    return _section("school", [("", lines)])


def _health(file: ChildFile) -> Section:
    lines = [Line(_("身体情况"), file.get_health_display())]
    if file.disability:
        grade = file.get_disability_grade_display()
        lines.append(Line(_("残疾类别及等级"), f"{file.get_disability_display()} {grade}".strip()))
        number = file.disability_certificate
        lines.append(Line(_("残疾证号"), masked_phone(number), reveal="disability_certificate" if number else ""))
    if file.illness:
        lines.append(Line(_("疾病"), file.illness + (_("（重病）") if file.serious_illness else "")))
    lines.append(Line(_("医疗保险"), file.get_insurance_display()))
    return _section("health", [("", lines)])


def _categories(file: ChildFile) -> Section:
    lines = [
        Line(
            membership.get_category_display()
            + (f" · {membership.get_difficulty_display()}" if membership.difficulty else ""),
            _span(membership.since, membership.until) + (f" {membership.grounds}" if membership.grounds else ""),
        )
        for membership in file.memberships.all()
    ]
    return _section("categories", [("", lines)])


def _person_lines(who: str, person) -> list[Line]:
    years = age_on(person.birth_date, timezone.localdate()) if person.birth_date else ""
    age = _("（%(n)s岁）") % {"n": years} if years else ""
    return [
        Line(_("姓名与关系"), f"{person.name} {person.get_relation_display()}{age}".strip()),
        Line(_("身份证号"), masked(person.id_number), reveal=f"{who}.id_number" if person.id_number else ""),
        Line(_("电话"), masked_phone(person.phone), reveal=f"{who}.phone" if person.phone else "", call=True),
    ]


def _section(key: str, groups) -> Section:
    return Section(key, str(SECTIONS[key]), groups)


def _day(day) -> str:
    return date_format(day, "DATE_FORMAT") if day else ""


def _since(day) -> str:
    return _("自 %(day)s") % {"day": day} if day else ""


def _span(start, end) -> str:
    if not start and not end:
        return ""
    last = end or _("至今")
    return f"{start or ''} — {last}"
