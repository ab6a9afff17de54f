"""What a file holds, as one flat table of fields made from the entries of registry.child.field_table: form, API, change
under review, print and history read it here.

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

from childwelfare.security.fields import EncryptedTextField
from childwelfare.tables.columns import column_of
from childwelfare.text.words import Words
from registry.categories.models import CategoryMembership
from registry.child import codes
from registry.child.field_entry import CHILD, GRANDPARENTS, GUARDIAN, PARENTS, Entry, Kind
from registry.child.field_table import TABLE
from registry.child.id_number import masked, masked_phone
from registry.child.models import ChildFile
from registry.family.models import FamilyMember, Guardian, Kin, current_guardian

HOLDERS = (*CHILD, *PARENTS, *GRANDPARENTS, *GUARDIAN)
RELATIVES = (*PARENTS, *GRANDPARENTS)


@dataclass(frozen=True)
class Field:
    """One field of a file. ``holder`` is "child", "guardian", or the relation of a family member."""

    name: str
    holder: str
    entry: Entry

    @property
    def column(self) -> str:
        return self.entry.column

    @property
    def section(self) -> str:
        return self.entry.section

    @property
    def model(self) -> type[models.Model]:
        return {"child": ChildFile, "guardian": Guardian}.get(self.holder, FamilyMember)

    @property
    def stored_column(self) -> "models.Field[Any, Any]":
        """The column that holds the value, sealed or not."""
        return column_of(self.model, self.entry.sealed_column or self.column)

    @property
    def words_if_missing(self) -> str:
        return str(self.entry.question.missing)

    @property
    def kind(self) -> Kind:
        return self.entry.kind or _kind_of_column(self)

    @property
    def own_label(self) -> Words:
        """The column's name, without whose it is."""
        return self.entry.label or self.stored_column.verbose_name

    @property
    def label(self) -> "Words | _Label":
        return _Label(self.holder, self.own_label)

    @property
    def short_label(self) -> Words:
        """As page and paper have it, where the person is named above."""
        return self.entry.short or self.own_label

    @property
    def encrypted(self) -> bool:
        return isinstance(self.stored_column, EncryptedTextField)

    @property
    def sealed(self) -> bool:
        """Masked on every screen; its clear text is shown one by one, and recorded."""
        return self.kind in (Kind.ID_NUMBER, Kind.PHONE, Kind.SEALED)

    @property
    def family_wide(self) -> bool:
        """Whether brothers and sisters have it in common."""
        return self.holder != "child" or self.entry.family_wide


def is_category(name: str) -> bool:
    return name.startswith("category_") and name[9:] in codes.Category.values


def is_id_number(name: str) -> bool:
    return name in fields() and fields()[name].kind == Kind.ID_NUMBER


@cache
def fields() -> dict[str, Field]:
    """Every field but the categories, in the order of the file: the child's, then person by person."""
    made = [_field_of(holder, entry) for holder in HOLDERS for entry in TABLE if holder in entry.holders]
    return {field.name: field for field in made}


def fields_of(holder: str) -> list[Field]:
    """The fields of the child, the guardian or one relative, in the order of the table."""
    return [field for field in fields().values() if field.holder == holder]


def columns_of(holder: str) -> tuple[str, ...]:
    """The names of their columns."""
    return tuple(field.column for field in fields_of(holder))


def columns_of_the_past(holder: str) -> tuple[str, ...]:
    """Those whose date may not lie after today."""
    return tuple(field.column for field in fields_of(holder) if field.entry.past)


def sealed_columns() -> set[str]:
    """Those whose clear text may be read one by one."""
    return {field.column for field in fields().values() if field.sealed}


def observable_fields() -> tuple[str, ...]:
    """The names of what a visit may find to be otherwise, in the order in which it is asked."""
    found = [field for field in fields().values() if field.entry.visit_order]
    return tuple(field.name for field in sorted(found, key=lambda field: field.entry.visit_order))


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
    if field.kind == Kind.SEVERAL:
        return []
    column = field.stored_column
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
        return masked_value(field, value)
    if field.kind == Kind.SEVERAL:
        labels = dict(choices_of(field).choices)
        return "、".join(str(labels.get(code, code)) for code in value)
    if field.kind == Kind.YES_NO:
        return str(_("是") if value else _("否"))
    if field.kind == Kind.DATE:
        return date_format(_date(value), "DATE_FORMAT")
    return str(dict(field.stored_column.flatchoices).get(value, value))


def masked_value(field: Field, value: str) -> str:
    """A sealed value as every screen shows it."""
    return masked(value) if field.kind == Kind.ID_NUMBER else masked_phone(value)


def choices_of(field: Field) -> type[models.TextChoices]:
    """What the values of a field of several are picked from."""
    assert field.entry.choices, field.name
    return field.entry.choices


def label_of(name: str) -> str:
    """The field's name for its reader."""
    if is_category(name):
        return _("类别：%(label)s") % {"label": codes.Category(name[9:]).label}
    return str(fields()[name].label)


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


def _field_of(holder: str, entry: Entry) -> Field:
    name = entry.column if holder == "child" else f"{holder}_{entry.column}"
    return Field(name, holder, entry)


def _kind_of_column(field: Field) -> Kind:
    if field.entry.choices:
        return Kind.SEVERAL
    column = field.stored_column
    if column.choices:
        return Kind.CHOICE
    if isinstance(column, EncryptedTextField):
        return Kind.SEALED
    if isinstance(column, models.BooleanField):
        return Kind.YES_NO
    return Kind.DATE if isinstance(column, models.DateField) else Kind.TEXT


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
