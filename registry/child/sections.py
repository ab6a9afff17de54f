"""The file as sections of labelled values: for the page, the print and the API's reader alike."""

from dataclasses import dataclass, field

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from childwelfare.text.words import Words
from registry.child import codes
from registry.child.ages import age_on
from registry.child.field_entry import Kind
from registry.child.id_number import masked_phone
from registry.child.models import ChildFile, FileState
from registry.child.record_fields import RecordFields
from registry.family.models import current_guardian
from registry.guidance.models import agreement_of
from registry.quality import SECTIONS, Case, RuleKind, case_of, rules_to_tell
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
        values = [line.value for _, lines in self.groups for line in lines if line.value and not line.reveal]
        return Truncator(" · ".join(values)).chars(60)


def sections_of(file: ChildFile) -> list[Section]:
    """基本信息, 家庭与监护, 就学, 健康与残疾, 类别与依据: each with what is missing and what is to be checked."""
    prefetch_related_objects([file], "family", "guardians", "memberships")
    sections = [_identity(file), _family(file), _school(file), _health(file), _categories(file)]
    if file.state == FileState.APPROVED:
        case, kinds = case_of(file), tuple(RuleKind)
    else:  # when somebody last looked at it matters only in the registry
        case, kinds = Case(file, timezone.localdate()), (RuleKind.MISSING, RuleKind.CONTRADICTION)
    by_key = {section.key: section for section in sections}
    for rule in rules_to_tell(case, kinds):
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


class Lines(RecordFields):
    """The lines of a section."""

    def line(self, column: str, value: str | None = None, label: Words = "") -> Line:
        """The field's own label and value, where nothing else is given; a number with the way to its clear text."""
        field, text = self.by_column[column], self.text(column)
        reveal = ""
        if field.sealed and text:
            reveal = column if field.holder == "child" else f"{field.holder}.{column}"
        call = field.kind == Kind.PHONE and field.holder != "child"
        return Line(label or self.label(column), text if value is None else value, reveal, call)

    def rest(self, section: str, *, filled: bool = False) -> list[Line]:
        """The fields of the section that the layout doesn't name."""
        columns = self.others(lambda field: field.entry.on_page and field.section == section, filled=filled)
        return [self.line(column) for column in columns]


def _identity(file: ChildFile) -> Section:
    of = Lines("child", file)
    of.cover("no_id_reason", "phone")
    lines = [
        of.line("name"),
        of.line("sex"),
        of.line("birth_date", _day(file.birth_date) + _("（%(n)s岁）") % {"n": file.age(timezone.localdate())}),
        of.line("nation"),
        of.line("id_number", of.text("id_number") or of.text("no_id_reason")),
        of.line("registration"),
        of.line("registered_at"),
        of.line("address", f"{file.village.path_label} {file.address}".strip()),
        *of.rest("identity"),
        of.line("phone"),
    ]
    return _section("identity", [("", lines)])


def _family(file: ChildFile) -> Section:
    groups = []
    child = Lines("child", file)
    child.cover("guardianship")  # beside the guardian
    guardian = current_guardian(file)
    if guardian:
        groups.append((_("实际监护人"), _guardian_lines(guardian, child, _entrusted(file, guardian))))
    for member in sorted(file.family.all(), key=lambda one: one.relation):
        groups.append((member.get_relation_display(), _member_lines(member)))
    groups.append((_("家庭"), [child.line("incomes"), child.line("low_income"), *child.rest("family")]))
    return _section("family", groups)


def _entrusted(file: ChildFile, guardian) -> str:
    """The registered agreement of entrusted care; where there is none the period that the file names, and that it is
    no more than that."""
    # before it was approved nothing is registered of a file: the desk need not ask
    agreement = agreement_of(file) if file.approved_on else None
    if agreement:
        span = _span(agreement.since, agreement.last_day)
        return span if agreement.in_force else _("%(span)s（不在期内）") % {"span": span}
    span = _span(guardian.entrusted_from, guardian.entrusted_to)
    return _("%(span)s（档案所写，还没有登记）") % {"span": span} if span else ""


def _guardian_lines(guardian, child: Lines, entrusted: str) -> list[Line]:
    of = Lines("guardian", guardian)
    years = age_on(guardian.birth_date, timezone.localdate()) if guardian.birth_date else ""
    age = _("（%(n)s岁）") % {"n": years} if years else ""
    of.cover("relation", "birth_date", "entrusted_to")
    return [
        of.line("name", f"{guardian.name} {guardian.get_relation_display()}{age}".strip(), _("姓名与关系")),
        of.line("id_number"),
        of.line("phone"),
        of.line("health"),
        of.line("capacity"),
        child.line("guardianship"),
        of.line("entrusted_from", entrusted, _("委托照护书")),
        *of.rest("family"),
    ]


def _member_lines(member) -> list[Line]:
    """Of a relative outside the form's own (a brother, say) only what the layout names."""
    of = Lines(member.relation, member)
    of.cover("name", "life", "situation", "situation_since", "away", "away_at", "away_since", "phone")
    situation = member.get_life_display()
    if member.situation:
        situation += f" {member.get_situation_display()} {_since(member.situation_since)}"
    if member.away:
        situation = " ".join((situation, _("外出务工"), member.away_at, _since(member.away_since)))
    lines = [Line(member.get_relation_display(), member.name), Line(_("情形"), situation.strip())]
    if member.phone:
        lines.append(Line(_("电话"), masked_phone(member.phone), reveal=f"{member.relation}.phone", call=True))
    return lines + of.rest("family", filled=True)


def _school(file: ChildFile) -> Section:
    of = Lines("child", file)
    of.cover("school", "grade", "boarding", "out_of_school_since", "out_of_school_reason")
    lines = [of.line("schooling")]
    if file.schooling in codes.IN_SCHOOL:
        boarding = {None: "", True: _("寄宿"), False: _("走读")}[file.boarding]
        lines += [of.line("school"), of.line("grade"), of.line("boarding", boarding)]
    if file.schooling in (codes.Schooling.DROPPED_OUT, codes.Schooling.NOT_IN_SCHOOL):
        lines += [of.line("out_of_school_since"), of.line("out_of_school_reason")]
    return _section("school", [("", lines + of.rest("school"))])


def _health(file: ChildFile) -> Section:
    of = Lines("child", file)
    of.cover("disability", "disability_grade", "disability_certificate", "illness", "serious_illness", "insurance")
    lines = [of.line("health")]
    if file.disability:
        grade = file.get_disability_grade_display()
        both = f"{file.get_disability_display()} {grade}".strip()
        lines += [Line(_("残疾类别及等级"), both), of.line("disability_certificate")]
    if file.illness:
        lines.append(of.line("illness", file.illness + (_("（重病）") if file.serious_illness else "")))
    lines += [*of.rest("health"), of.line("insurance")]
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


def _section(key: str, groups) -> Section:
    return Section(key, str(SECTIONS[key]), groups)


def _day(day) -> str:
    return date_format(day, "DATE_FORMAT") if day else ""


def _since(day) -> str:
    return _("自 %(day)s") % {"day": _day(day)} if day else ""


def _span(start, end) -> str:
    if not start and not end:
        return ""
    last = _day(end) or _("至今")
    return f"{_day(start)} — {last}"
