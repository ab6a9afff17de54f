"""What an entry of a table of questions can say."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from childwelfare.questions.conditions import Conditions
from childwelfare.text.words import Words

LARGEST = 2**31 - 1  # of an integer column


class Kind(StrEnum):
    """What an answer is, and how it is asked for."""

    CHOICE = "choice"
    SEVERAL = "several"
    YES_NO = "yes_no"
    TEXT = "text"
    LONG_TEXT = "long_text"
    DATE = "date"
    TICK = "tick"
    HIDDEN_NUMBER = "hidden_number"


class AskedOf(StrEnum):
    """Whom an answer is about, where brothers and sisters are met at one door and the form is filled in once."""

    DOOR = "door"  # said once; holds for all, also for a child that was not met
    ANY_CHILD = "any_child"  # said once, if any child was met; holds for each that was
    EACH_CHILD = "each_child"  # said of each child, on a line of its own
    ONE_CHILD = "one_child"  # said of the child whose form it is, and of no other


@dataclass(frozen=True)
class Fits:
    """Which answers fit which answer to ``question``, the natural one first.

    ``none``: what is said of an answer where none fits, ``others``: where %(answers)s would.
    """

    question: str
    answers: Mapping[str, tuple[str, ...]]
    none: Words
    others: Words


@dataclass(frozen=True)
class OtherDate:
    """The date that another question asks for; ``problem``: what is said where the two are in the wrong order."""

    question: str
    problem: Words


@dataclass(frozen=True)
class NotLongAfter:
    """At most so many ``days`` after the date that another question asks for: a later one is a slip. ``problem``: what
    is said of it."""

    question: str
    days: int
    problem: Words


@dataclass(frozen=True)
class Opener:
    """Whether there is any of it at all, asked before a question of kind SEVERAL: "no" is an answer too, an empty list.

    It stands in the form alone, under ``name``, as yes and no in the words of ``no`` and ``yes``. ``unnamed``: what is
    said to a yes without any, ``contrary``: to a no with some.
    """

    name: str
    label: Words
    no: Words
    yes: Words
    unnamed: Words
    contrary: Words
    help: Words = ""


@dataclass(frozen=True)
class Question:
    """One question; ``name`` is the key of its answer, and its column where answers have columns.

    What is asked: ``label`` and ``help``; ``help_when`` is help that depends on an answer. ``codes`` of CHOICE and
    SEVERAL, ``across`` how many stand in a row; ``longest`` characters of a text, ``names_people``: no symbols in it;
    ``digits`` and ``decimals`` of a number, ``within`` which it lies; ``until_today``: the calendar offers no later
    day; ``opener`` of SEVERAL, which then has no ``when`` of its own: ValueError.

    When: ``when`` shows it (always, if empty), within its step. ``once_when``: a question of each child that on these
    answers is said once for all who were met.

    What is wrong: ``needed``: it must be answered where it is shown; ``needed_when``: on these answers. ``missing`` is
    then said (%(what)s: the help that holds), ``missing_on_phone`` by phones. ``fits``; ``after`` and ``until``: the
    date is later, or no later, than another one; ``soon_after``: and not long after it. ``default``: what an
    unanswered choice is taken for.

    Last time's answer: ``named_last`` beside the question (CHOICE), ``repeated`` by "as last time". Never for safety.

    The page of a record: ``detail`` is its place among the lines, 0: none; ``detail_label`` where ``label`` doesn't
    serve; ``compared`` with last time; ``marked`` as new whatever it says; ``none``: how an empty list reads.

    ``flags``: {flag: the answers that raise it; () any answer}. ``example`` stands in the API's description, as JSON
    has it; ``sample``: the demo takes one of these. ``api_help``: what the API says of it.
    """

    name: str
    kind: Kind
    label: Words
    help: Words = ""
    help_when: tuple[tuple[Conditions, Words], ...] = ()
    codes: type[models.TextChoices] | None = None
    across: int = 2
    longest: int = 0
    names_people: bool = False
    digits: int = 0
    decimals: int = 0
    within: tuple[int, int] | None = None
    until_today: bool = False
    opener: Opener | None = None
    asked_of: AskedOf = AskedOf.ANY_CHILD
    when: Conditions = ()
    once_when: Conditions = ()
    needed: bool = False
    needed_when: Conditions = ()
    missing: Words = ""
    missing_on_phone: Words = ""
    fits: Fits | None = None
    after: OtherDate | None = None
    until: OtherDate | None = None
    soon_after: NotLongAfter | None = None
    default: Any = None
    named_last: bool = False
    repeated: bool = False
    detail: int = 0
    detail_label: Words = ""
    compared: bool = False
    marked: bool = False
    none: Words = ""
    flags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    example: Any = None
    sample: tuple[Any, ...] = ()
    api_help: Words = ""

    def __post_init__(self) -> None:
        if self.opener and (self.when or self.once_when):
            raise ValueError(
                f"question {self.name!r}: one with an opener is shown on its yes alone; what shows both stands in"
                " `when` of their Step"
            )

    def is_answered(self, value: Any) -> bool:
        if self.kind == Kind.SEVERAL and self.opener is None:
            return bool(value)
        return value is not None and value != ""

    def in_words(self, value: Any) -> Any:
        """How an answer reads, "" where there is none. A date is given as one: the page writes it."""
        if not self.is_answered(value):
            return ""
        if self.kind == Kind.DATE and isinstance(value, str):
            return datetime.date.fromisoformat(value)
        if isinstance(value, bool):
            return _("是") if value else _("否")
        if self.codes is None:
            return value
        labels = dict(self.codes.choices)
        values = value if self.kind == Kind.SEVERAL else [value]
        return _("、").join(str(labels.get(one, one)) for one in values) or str(self.none)

    @property
    def words_if_missing(self) -> Words:
        """What a page or a phone says before anything is sent; ``missing`` may hang on other answers (%(what)s)."""
        said = self.missing_on_phone or (self.missing if not self.help_when else "")
        return said or usual_words(self)

    @property
    def least(self) -> int:
        return self.within[0] if self.within else 0

    @property
    def largest(self) -> int:
        """What a number may be at most: ``within``, else one of ``digits``, and in any case one that a column holds."""
        if self.within:
            return self.within[1]
        return min(10**self.digits - 1, LARGEST) if self.digits else LARGEST

    def last_offered(self, today: datetime.date) -> datetime.date | None:
        """The last day that a calendar offers on ``today``; the date that ``soon_after`` counts from may be before."""
        if self.until_today:
            return today
        return today + datetime.timedelta(days=self.soon_after.days) if self.soon_after else None

    @property
    def blank(self) -> Any:
        """What stands for no answer."""
        if self.kind == Kind.SEVERAL:
            return []
        if self.kind == Kind.TICK:
            return False
        return "" if self.kind in (Kind.CHOICE, Kind.TEXT, Kind.LONG_TEXT) else None


CHOOSE = gettext_lazy("请选择一项。")
FILL_IN = gettext_lazy("这一项要填。")


def usual_words(question: Question) -> Words:
    """What is said where an answer is missing and the entry has no words of its own."""
    return CHOOSE if question.kind in (Kind.CHOICE, Kind.SEVERAL, Kind.YES_NO) else FILL_IN
