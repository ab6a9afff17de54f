"""What a file holds, as one flat table of fields: form, API, change under review, print and history read it here.

A field's name is the child's own column, or the person's relation before the column: ``address``, ``father_phone``,
``guardian_name``. Each category is one field too, ``category_left_behind``: None while the child doesn't hold it.
"""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from childwelfare.tables.columns import column_of
from childwelfare.text.words import Words
from registry.categories.models import CategoryMembership
from registry.child import codes
from registry.child.id_number import masked, masked_phone
from registry.child.models import ChildFile
from registry.family.models import FamilyMember, Guardian, Kin, current_guardian

PARENTS = ("father", "mother")
GRANDPARENTS = ("paternal_grandfather", "paternal_grandmother", "maternal_grandfather", "maternal_grandmother")
SEALED = ("id_number", "phone")
PARENT_FIELDS = (
    "name", "life", "situation", "situation_since", "situation_until", "disability", "disability_grade",
    "contact_proof", "unable", "away", "away_at", "away_since", "birth_date",
)  # fmt: skip
GRANDPARENT_FIELDS = ("name", "life", "birth_date")
GUARDIAN_FIELDS = (
    "name", "relation", "birth_date", "health", "capacity", "address",
    "entrusted_from", "entrusted_to", "entrusted_terms", "briefed_on",
)  # fmt: skip
CHILD_FIELDS = (
    "name", "nation", "no_id_reason", "sex", "birth_date", "registration", "registered_at", "registered_region",
    "here_since", "address", "low_income", "guardianship", "guardianship_kind",
    "schooling", "school", "grade", "boarding", "out_of_school_since", "out_of_school_reason",
    "health", "disability", "disability_grade", "illness", "serious_illness", "insurance", "risk",
)  # fmt: skip
CHILD_ONLY = (*SEALED, "disability_certificate", "incomes", "relief", "flags")
# written anew in every file of a family: siblings have them in common
FAMILY_WIDE = ("phone", "incomes", "relief", "low_income", "address")

SECTIONS = {
    "identity": ("name", "id_number", "no_id_reason", "birth_date", "sex", "nation", "registration", "registered_at",
                 "registered_region", "here_since", "address", "phone"),
    "school": ("schooling", "school", "grade", "boarding", "out_of_school_since", "out_of_school_reason"),
    "health": ("health", "disability", "disability_grade", "disability_certificate", "illness", "serious_illness",
               "insurance"),
}  # fmt: skip


@dataclass(frozen=True)
class Field:
    """One field of a file. ``holder`` is "child", "guardian", or the relation of a family member."""

    name: str
    holder: str
    column: str
    label: "Words | _Label"
    section: str

    @property
    def model(self) -> type[models.Model]:
        return {"child": ChildFile, "guardian": Guardian}.get(self.holder, FamilyMember)

    @property
    def sealed(self) -> bool:
        """Masked on every screen; its clear text is shown one by one, and recorded."""
        return self.column in (*SEALED, "disability_certificate")

    @property
    def family_wide(self) -> bool:
        """Whether brothers and sisters have it in common."""
        return self.holder != "child" or self.name in FAMILY_WIDE


def is_category(name: str) -> bool:
    return name.startswith("category_") and name[9:] in codes.Category.values


@cache
def fields() -> dict[str, Field]:
    """Every field but the categories, in the order of the file."""
    made = [_of_child(column) for column in (*CHILD_FIELDS, *CHILD_ONLY)]
    for holder in (*PARENTS, *GRANDPARENTS):
        columns = (*PARENT_FIELDS, *SEALED) if holder in PARENTS else GRANDPARENT_FIELDS
        made += [_of_person(holder, FamilyMember, column) for column in columns]
    made += [_of_person("guardian", Guardian, column) for column in (*GUARDIAN_FIELDS, *SEALED)]
    return {field.name: field for field in made}


def content_of(file: ChildFile, names: Collection[str] | None = None) -> dict:
    """{name: value} of every field and category now, or of the fields ``names`` alone; people and categories that are
    not there are blank or None."""
    people: dict[str, Kin | None] = {member.relation: member for member in file.family.all()}
    people["guardian"] = current_guardian(file)
    content = {}
    for name, field in fields().items():
        if names is not None and name not in names:
            continue
        record = file if field.holder == "child" else people.get(field.holder)
        content[name] = empty_value(field) if record is None else getattr(record, field.column)
    if names is not None:
        return content
    held = {membership.category: membership for membership in file.memberships.all() if membership.until is None}
    for code in codes.Category.values:
        content[f"category_{code}"] = _membership_value(held[code]) if code in held else None
    return content


def empty_value(field: Field) -> Any:
    """The value of a field that nobody filled."""
    if field.column in ("flags", "incomes", "relief"):
        return []
    column = column_of(field.model, field.column)
    return None if column.null else "" if not column.has_default() or field.holder != "child" else column.get_default()


def to_json(value: Any) -> Any:
    """The value as JSON holds it."""
    if isinstance(value, dict):
        return {key: to_json(part) for key, part in value.items()}
    return value.isoformat() if isinstance(value, datetime.date) else value


def is_empty(value: Any) -> bool:
    """Whether a field holds nothing; False and 0 are something."""
    return value in (None, "", [])


def equal(one: Any, other: Any) -> bool:
    """Whether two values say the same, whichever way they came: blank is blank, a date is its text."""
    return _normal_form(one) == _normal_form(other)


def display(name: str, value: Any) -> str:
    """The value as its reader sees it: labels for codes, numbers masked."""
    if is_empty(value):
        return ""
    if is_category(name):
        return _category_words(value)
    field = fields()[name]
    if field.sealed:
        return masked(value) if field.column == "id_number" else masked_phone(value)
    if field.column in LISTS:
        return "、".join(str(LISTS[field.column](code).label) for code in value)
    column = column_of(field.model, field.column)
    if isinstance(column, models.BooleanField):
        return str(_("是") if value else _("否"))
    if isinstance(column, models.DateField):
        return date_format(_date(value), "DATE_FORMAT")
    return str(dict(column.flatchoices).get(value, value))


def label_of(name: str) -> str:
    """The field's name for its reader."""
    if is_category(name):
        return _("类别：%(label)s") % {"label": codes.Category(name[9:]).label}
    return str(fields()[name].label)


LISTS = {"incomes": codes.Income, "relief": codes.Relief, "flags": codes.Flag}
_WHOSE = {"father": gettext_lazy("父亲"), "mother": gettext_lazy("母亲"), "guardian": gettext_lazy("照看人")}


def whose(holder: str) -> str:
    """父亲, 祖父, 照看人: before the label of a person's field."""
    return str(_WHOSE.get(holder) or codes.Relation(holder).label)


class _Label:
    """Put together when it is shown, in the language of its reader."""

    def __init__(self, holder: str, label: Words) -> None:
        self.holder, self.label = holder, label

    def __str__(self) -> str:
        return f"{whose(self.holder)} {self.label}" if self.holder != "child" else str(self.label)


def _of_child(column: str) -> Field:
    section = next((key for key, names in SECTIONS.items() if column in names), "family")
    label = gettext_lazy("其他情形") if column == "flags" else column_of(ChildFile, column).verbose_name
    return Field(column, "child", column, _Label("child", label), section)


def _of_person(holder: str, model: type[models.Model], column: str) -> Field:
    return Field(f"{holder}_{column}", holder, column, _Label(holder, column_of(model, column).verbose_name), "family")


def _membership_value(membership: CategoryMembership) -> dict:
    return {
        "since": membership.since,
        "difficulty": membership.difficulty,
        "grounds": membership.grounds,
    }


def _category_words(value: dict) -> str:
    words = [_("自 %(day)s") % {"day": date_format(_date(value["since"]), "DATE_FORMAT")}]
    if value.get("difficulty"):
        words.insert(0, str(codes.Difficulty(value["difficulty"]).label))
    if value.get("until"):
        words.append(_("%(day)s 结束") % {"day": date_format(_date(value["until"]), "DATE_FORMAT")})
    if value.get("exit_reason"):
        words.append(str(codes.ExitReason(value["exit_reason"]).label))
    if value.get("grounds"):
        words.append(value["grounds"])
    return _("，").join(words)


def _date(value: datetime.date | str) -> datetime.date:
    return value if isinstance(value, datetime.date) else datetime.date.fromisoformat(value)


def _normal_form(value: Any) -> Any:
    value = to_json(value)
    if isinstance(value, dict):
        return {key: part for key, part in value.items() if part not in (None, "")}
    if isinstance(value, (list, tuple, set)):
        return sorted(value)
    return None if value in ("", None) else value
