"""What an entry of the table of fields (registry.child.field_table) can say of a field."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db import models

from childwelfare.questions.conditions import Conditions
from childwelfare.text.words import Words

CHILD = ("child",)
PARENTS = ("father", "mother")
GRANDPARENTS = ("paternal_grandfather", "paternal_grandmother", "maternal_grandfather", "maternal_grandmother")
GUARDIAN = ("guardian",)
SEALED_LENGTH = 30  # characters of a sealed text


class Kind(StrEnum):
    """What a value is. The column tells it, but for those that a text column holds in a form of its own."""

    TEXT = "text"
    NAME = "name"
    ID_NUMBER = "id_number"
    PHONE = "phone"
    REGION = "region"
    SEALED = "sealed"
    CHOICE = "choice"
    SEVERAL = "several"
    YES_NO = "yes_no"
    DATE = "date"


@dataclass(frozen=True)
class Question:
    """Where and how the form asks. ``step`` and ``group`` are of registry.child.form_steps, "{holder}" in a group is
    the person's relation; within a group fields stand by ``order``, then as in the table.

    ``label``: where the column's name doesn't serve. ``widget``: a name of registry.child.form_fields.
    ``required``: as the column says, unless True or False is said here. ``needed``: asked for before sending wherever
    it is shown, though the server may work it out; ``needed_when``: on these answers. ``missing`` is then said.
    """

    step: str
    order: int
    group: str = ""
    label: Words = ""
    help: Words = ""
    widget: str = ""
    required: bool | None = None
    needed: bool = False
    needed_when: Conditions = ()
    missing: Words = ""


@dataclass(frozen=True)
class Requirement:
    """When a file without the field counts as incomplete (registry.quality.missing).

    ``label`` names what is missing, a parent's with %(who)s. ``when`` takes the case (registry.quality.case.Case) of a
    field of the child or of the guardian, the family member of a parent's. ``categories``: asked only of children who
    hold one of them, and shown to the others only where it is filled. ``order`` among the rules of the section.
    ``source``: the document that asks for it, unless it is the form of 2016.
    """

    label: Words
    order: int
    when: Callable[[Any], bool] = lambda record: True
    categories: tuple[str, ...] = ()
    source: Words = ""


@dataclass(frozen=True)
class ListColumn:
    """A column of the list of files (registry.lists.columns.Column), for what the file's own row holds."""

    order: int
    name: str = ""
    label: Words = ""
    usual: bool = False
    masked: bool = False
    css: str = ""
    sort: str = ""
    tones: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ListFilter:
    """A filter of the list of files (registry.lists.filters.Filter): a choice, or yes and no, in the file's own row."""

    order: int
    label: Words = ""
    first: bool = False
    masked: bool = False


@dataclass(frozen=True)
class Entry:
    """One column of the child's file, or of everybody in a group of its people.

    ``section``: of the file's page (registry.quality.SECTIONS). ``heading``: the field's name at the head of a column
    of a county's sheet, for people after the word for the person (父亲电话); ``synonyms`` are other names for it,
    ``whole`` those that stand without such a word, where "{who}" is one. ``short``: the label on page and paper where
    the column's name is longer. ``sealed_column``: the one behind a property. ``choices``: what several values are
    picked from. ``past``: the date may not lie after today. ``family_wide``: brothers and sisters have it in common.
    ``on_page`` and ``print_block`` (of registry.printing.file): shown there, by itself where the layout doesn't name
    the field. ``readable``: the API tells it. ``visit_order``: a visit may notice that it is otherwise, asked in this
    order; 0: no. ``sample``: the demo takes one of these values.
    """

    column: str
    holders: tuple[str, ...]
    section: str
    question: Question
    heading: str
    synonyms: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    short: Words = ""
    label: Words = ""
    kind: Kind | None = None
    sealed_column: str = ""
    choices: type[models.TextChoices] | None = None
    requirement: Requirement | None = None
    past: bool = False
    family_wide: bool = False
    list_column: ListColumn | None = None
    list_filter: ListFilter | None = None
    on_page: bool = True
    print_block: str = ""
    readable: bool = True
    visit_order: int = 0
    sample: tuple[Any, ...] = ()
