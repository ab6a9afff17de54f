"""The acts of the audit trail in the reader's words. Each concept's ``hooks.py`` adds those that it records."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.db.models import Choices

from childwelfare.hooks import KeyedRegistry, Registry
from childwelfare.text.words import Words


@dataclass(frozen=True)
class Act:
    """``name`` is what ``record_act`` writes; ``label`` what the auditor reads; ``reads_file``: whoever does it reads
    the child's file that it is recorded of, or a part of it. ``codes``: of its details that hold a code, the words of
    each: {detail: {code: word}}."""

    name: str
    label: Words
    reads_file: bool = False
    codes: Mapping[str, Mapping[str, Words]] = field(default_factory=dict)


def words_of(choices: type[Choices]) -> dict[str, Words]:
    """A code list as ``Act.codes`` has it."""
    return {str(value): label for value, label in choices.choices}


AUDIT_ACTS: KeyedRegistry[Act] = KeyedRegistry("acts of the audit trail", key="name")


# concepts above know their own values: words(name of the detail, value) → how it reads, or ""
DETAIL_WORDS: Registry[Callable[[str, str], str]] = Registry("words of what an act's details say")


def acts_that_read_a_file() -> list[str]:
    """The names of the acts that count as a reading of a child's file."""
    return [act.name for act in AUDIT_ACTS.values() if act.reads_file]


def label_of_act(name: str) -> str:
    """The act in words; of an act that nobody declares its name."""
    return str(AUDIT_ACTS[name].label) if name in AUDIT_ACTS else name
