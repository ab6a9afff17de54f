"""The acts of the audit trail in the reader's words. Each concept's ``hooks.py`` adds those that it records."""

from dataclasses import dataclass

from childwelfare.hooks import KeyedRegistry
from childwelfare.text.words import Words


@dataclass(frozen=True)
class Act:
    """``name`` is what ``record_act`` writes; ``label`` what the auditor reads."""

    name: str
    label: Words


AUDIT_ACTS: KeyedRegistry[Act] = KeyedRegistry("acts of the audit trail", key="name")


def label_of_act(name: str) -> str:
    """The act in words; of an act that nobody declares its name."""
    return str(AUDIT_ACTS[name].label) if name in AUDIT_ACTS else name
