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
    each: {detail: {code: word}}; ``names``: what a detail is called that means here something else than elsewhere."""

    name: str
    label: Words
    reads_file: bool = False
    codes: Mapping[str, Mapping[str, Words]] = field(default_factory=dict)
    names: Mapping[str, Words] = field(default_factory=dict)


def words_of(choices: type[Choices]) -> dict[str, Words]:
    """A code list as ``Act.codes`` has it."""
    return {str(value): label for value, label in choices.choices}


class Acts(KeyedRegistry[Act]):
    """The acts, each under its subject: an auditor who looks for one kind of act chooses among those of a subject."""

    def __init__(self) -> None:
        super().__init__("acts of the audit trail", key="name")
        self._subjects: dict[str, Words] = {}

    def add(self, *acts: Act, order: int = 0, subject: Words = "") -> None:
        super().add(*acts, order=order)
        self._subjects |= {act.name: subject for act in acts}

    def by_subject(self) -> list[tuple[str, list[Act]]]:
        """(subject, its acts), in the order of their first acts."""
        found: dict[str, list[Act]] = {}
        for act in self.values():
            found.setdefault(str(self._subjects.get(act.name, "")), []).append(act)
        return list(found.items())


AUDIT_ACTS = Acts()


# concepts above know their own values: words(name of the detail, value) → how it reads, or ""
DETAIL_WORDS: Registry[Callable[[str, str], str]] = Registry("words of what an act's details say")


# what no entry of the menu leads to, by the first word of the page's or list's name: api-merge-list → merge
PAGES: dict[str, Words] = {}


def acts_that_read_a_file() -> list[str]:
    """The names of the acts that count as a reading of a child's file."""
    return [act.name for act in AUDIT_ACTS.values() if act.reads_file]


def label_of_act(name: str) -> str:
    """The act in words; of an act that nobody declares its name."""
    return str(AUDIT_ACTS[name].label) if name in AUDIT_ACTS else name
